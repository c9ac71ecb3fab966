// Misconceptions about differentiation, run on the user's own program beside the truth.
//
//   for (const Misconception& m : misconceptions(problem, point)) print(m.claim, m.shows, m.rows);
//
// Each is what people do by mistake, carried out: the wrong sweep runs over the same local partials that the
// right one has used, the wrong rule is put into the same forward sweep over expressions, the difference
// quotient is formed in double precision. Where a mistake happens to be harmless in this program it says so.
#pragma once
#include <string>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/explain/trace.hpp"

namespace wengert {

struct MisconceptionRow {
  std::string label;  // "dy/dx"
  double mistaken = 0;
  double right = 0;
};

struct Misconception {
  std::string name;    // "assignment", in JSON
  std::string title;   // "= instead of +="
  std::string claim;   // what the mistake is
  bool shows = false;  // in this program, at this point
  std::vector<MisconceptionRow> rows;
  std::string left = "mistaken", right = "right";  // the columns' titles
  std::string note;                                // what happened here
};

// In the order: assignment, order, inner, step, branch, depth, swell. An error of kind limit where the
// program is too large to look at.
Result<std::vector<Misconception>> misconceptions(const Problem& problem, const Point& point);
// The same from sweeps that have been watched already.
std::vector<Misconception> misconceptions(const Problem& problem, const Point& point, const Trace& trace,
                                          const Linearization& graph);

std::string misconceptions_text(const std::vector<Misconception>& all);

}  // namespace wengert
