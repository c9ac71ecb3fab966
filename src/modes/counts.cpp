// What the modes cost by exact operation counts.
#include "implementation.hpp"

namespace wengert {

OperationCount value_operations(const Graph& graph, NodeId output) {
  return count_sweeps(Tape::record(graph, std::span(&output, 1))).value;
}

Mode cheapest(const Problem& problem) {
  Mode best = Mode::reverse;
  std::uint64_t least = prepare(best, problem).operations().total();
  // Building the symbolic derivative is not worth more than what it could save.
  const std::uint64_t n = problem.inputs(), m = problem.outputs();
  for (Mode mode : {Mode::forward, Mode::symbolic}) {
    if (mode == Mode::symbolic && n * m > 64) continue;
    const std::uint64_t cost = prepare(mode, problem).operations().total();
    if (cost < least) {
      least = cost;
      best = mode;
    }
  }
  return best;
}

}  // namespace wengert
