// Where one way overtakes another as inputs become more: found by search on programs of any size, not only on those of
// the sweep.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cell.hpp"

namespace wengert::mode_costs {

enum class Overtaking { reverse_forward, symbolic_both };
std::string_view to_string(Overtaking what);  // "reverse overtakes forward", "symbolic overtakes both"

// For so many outputs, the number of inputs from which on it happens; none where it does not within the sweep.
struct Crossover {
  Overtaking what = Overtaking::reverse_forward;
  std::string family;
  std::size_t outputs = 1;
  std::optional<std::size_t> counted, measured;
  std::size_t programs = 0;  // that were looked at between the sizes of the sweep
};

// The least size from which on `wins` holds, where it holds at high and not at low: the distance is bisected until
// neighbours, or sizes within a twentieth of each other, are left. halves: sizes are powers of two.
struct Found {
  std::size_t size = 0, steps = 0;
};
Found bisected(std::size_t low, std::size_t high, bool halves, const std::function<bool(std::size_t)>& wins);

// rows: of the sweep, which bracket the search. progress: told of every family and number of outputs.
std::vector<Crossover> crossovers(const std::vector<Row>& rows, const Effort& effort,
                                  const std::function<void(const Family&, Size)>& progress);

}  // namespace wengert::mode_costs
