// The functions that written C brings along.
#pragma once
#include <span>

namespace wengert::exec {

struct CHelper {
  const char* name;
  const char* text;
};

// In an order in which each is defined before it is called.
std::span<const CHelper> c_helper_list();

}  // namespace wengert::exec
