// Numbers as LaTeX writes them.
#pragma once
#include <string>

namespace wengert::explain {

// "-1.5e-9", "nan", "inf": what `shortest` writes.
bool is_number(const std::string& text);
// 1.5e-9 as 1.5 \cdot 10^{-9}; NaN and infinities by their signs.
std::string latex_number(const std::string& text);

}  // namespace wengert::explain
