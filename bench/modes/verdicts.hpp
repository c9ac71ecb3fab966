// What a sweep settles: the fastest mode of each cell, and what the choice by counts costs.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cell.hpp"

namespace wengert::mode_costs {

// How much more the mode that `auto` takes costs than the best of those it chooses from.
struct Regret {
  std::size_t cells = 0;
  double within = 0, worst = 1;  // the share of cells within the tolerance; the largest ratio
  std::size_t unprepared = 0;    // cells where a mode is cheaper that takes too long to prepare
};
std::optional<double> counted_cost(const Row& row);
std::optional<double> measured_cost(const Row& row);  // only of what was run
Regret regret(const std::vector<Row>& rows, double tolerance,
              const std::function<std::optional<double>(const Row&)>& cost);

// The cheapest mode of a cell by time, and whether another one is as good within the band.
inline constexpr double tie = 1.15;
struct Winner {
  const Row* row = nullptr;
  bool tied = false;
};
Winner winner(const std::vector<const Row*>& cell);

// The rows of one cell after another.
std::vector<std::vector<const Row*>> cells_of(const std::vector<Row>& rows);

}  // namespace wengert::mode_costs
