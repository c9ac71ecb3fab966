// Constants as text.
#pragma once
#include <string>

#include "precedence.hpp"
#include "wengert/core/graph.hpp"

namespace wengert::print {

struct Number {
  Level level = atom;
  std::string text;
};

// A rational as p/q, a decimal as it was written where a double cannot hold it, else the fewest
// digits that read back. `unsigned_`: without its sign.
Number constant_text(const Constant& c, bool unsigned_);

}  // namespace wengert::print
