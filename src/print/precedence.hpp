// How tightly the parts of a printed expression bind, loosest first.
#pragma once
#include <cstdint>

namespace wengert::print {

enum Level : std::uint8_t { whole, or_level, and_level, not_level, comparison, sum, product, power, postfix, atom };

}  // namespace wengert::print
