// The error of a command line that asks for something impossible.
#pragma once
#include <string>

#include "wengert/core/diagnostic.hpp"

namespace wengert::app {

inline Diagnostic usage(std::string message, std::string help = {}) {
  return {.kind = Kind::usage, .message = std::move(message), .help = std::move(help)};
}

// "`a`", "`a` and `b`", "`a`, `b` and `c`"
inline std::string enumerated(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + ("`" + names[i] + "`");
  return out;
}

}  // namespace wengert::app
