// The Jacobian of a family by every way of running it: sweeps over the tape, plans swept forwards and backwards,
// elimination (cross-country), compressed by colours, machine code, exported C; and sweeps by the number of tangents
// that go at once.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "families.hpp"

namespace wengert::mode_costs {

struct Execution {
  std::string family;
  Size size;
  std::string way;
  double prepare_seconds = 0;  // from the text
  std::optional<double> seconds, median, spread;
  double error = 0;    // relative to the largest element, against the reverse mode
  std::string absent;  // why it was not run
  bool wrong = false;
  std::optional<double> pays_from;  // of machine code: evaluations, as the engine expects before anything is compiled
};
// longest: seconds of one evaluation that is repeated; each: of repeating.
std::vector<Execution> executions(const Family& family, Size size, double each);

// From how many evaluations on machine code pays for its making, against the plan that is interpreted.
struct Compiling {
  std::string family;
  Size size;
  std::optional<double> expected;     // before anything is compiled; of a gradient only
  std::optional<double> evaluations;  // by what was measured; none where it never pays
};
std::vector<Compiling> compiling_pays(const std::vector<Execution>& all);

struct Chunk {
  std::string family;
  Size size;
  std::size_t width = 1;  // tangents a sweep
  double seconds = 0;
};
std::vector<Chunk> chunks(const Family& family, Size size, double each);

}  // namespace wengert::mode_costs
