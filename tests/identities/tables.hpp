#pragma once
#include <span>

#include "identity.hpp"

namespace wengert::test {

std::span<const Identity> gradient_identities();
std::span<const Identity> jacobian_identities();

}  // namespace wengert::test
