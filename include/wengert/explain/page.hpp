// The lesson of one program as one HTML file that needs nothing else: no network, no fonts, no libraries.
//
//   std::ofstream("quiz.html") << page(problem, point, {.title = "exp(x*z)"});
//
// Both sweeps can be stepped through with buttons, keys and a slider, the graph lighting up as the tables fill;
// below, the derivation, the paths, the orders of elimination and the misconceptions. Everything is computed and
// written here; the script only shows and hides. Without a script, and in print, all of it is visible.
#pragma once
#include <string>

#include "wengert/core/diagnostic.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert {

struct PageOptions {
  std::string title;            // the program's text
  std::size_t derivations = 4;  // inputs that the derivation is written out for
};

Result<std::string> page(const Problem& problem, const Point& point, const PageOptions& options);

}  // namespace wengert
