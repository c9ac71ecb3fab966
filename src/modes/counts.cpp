// What the modes cost by exact operation counts, and which one to take.
#include <algorithm>
#include <limits>

#include "implementation.hpp"
#include "wengert/modes/price.hpp"

namespace wengert {

OperationCount value_operations(const Graph& graph, NodeId output) {
  return count_sweeps(Tape::record(graph, std::span(&output, 1))).value;
}

std::size_t cheapest_of(std::span<const Workload> offered) {
  constexpr double nearly = 1.1, far_shorter = 1.2;
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const Workload& w : offered) least = std::min(least, w.operations.total());
  std::size_t best = 0, shortest = 0;
  double best_seconds = std::numeric_limits<double>::infinity(), shortest_seconds = best_seconds;
  for (std::size_t k = 0; k < offered.size(); ++k) {
    const double seconds = offered[k].seconds();
    const bool few = static_cast<double>(offered[k].operations.total()) <= nearly * static_cast<double>(least);
    if (few && seconds < best_seconds) best_seconds = seconds, best = k;
    if (seconds < shortest_seconds) shortest_seconds = seconds, shortest = k;
  }
  return far_shorter * shortest_seconds < best_seconds ? shortest : best;
}

Mode cheapest(const Problem& problem, double longest) {
  std::vector<Mode> modes;
  std::vector<Workload> offered;
  for (const Mode mode : chosen_from) {
    if (preparing_seconds(mode, problem) > longest) continue;
    const Prepared f = prepare(mode, problem);
    if (!f.unavailable().empty()) continue;
    modes.push_back(mode);
    offered.push_back(f.workload());
  }
  return modes[cheapest_of(offered)];
}

}  // namespace wengert
