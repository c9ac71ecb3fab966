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
  constexpr double material = 5e-7;  // seconds; what saves less is not worth more operations
  if (offered.empty()) return 0;
  const auto shortest_of = [&](double most_operations) {
    std::size_t best = offered.size();
    for (std::size_t k = 0; k < offered.size(); ++k)
      if (static_cast<double>(offered[k].operations.total()) <= most_operations &&
          (best == offered.size() || offered[k].seconds() < offered[best].seconds()))
        best = k;
    return best;
  };
  std::size_t fewest = 0;
  for (std::size_t k = 1; k < offered.size(); ++k)
    if (offered[k].operations.total() < offered[fewest].operations.total()) fewest = k;
  const auto saves = [&](std::size_t to, std::size_t from) {
    return offered[from].seconds() - offered[to].seconds() > material;
  };
  const std::size_t near = shortest_of(nearly * static_cast<double>(offered[fewest].operations.total()));
  const std::size_t taken = saves(near, fewest) ? near : fewest;
  const std::size_t shortest = shortest_of(std::numeric_limits<double>::infinity());
  return saves(shortest, taken) && far_shorter * offered[shortest].seconds() < offered[taken].seconds() ? shortest
                                                                                                        : taken;
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
