// A sweep as JSON lines and as tables for a terminal.
#pragma once
#include <string>
#include <vector>

#include "crossing.hpp"
#include "extras.hpp"
#include "machine.hpp"
#include "model.hpp"
#include "verdicts.hpp"

namespace wengert::mode_costs {

struct Sweep {
  Machine machine;
  std::vector<std::size_t> sizes;
  std::vector<Row> rows;
  std::vector<Row> deep;  // over depth and uses
  std::vector<Crossover> crossings;
  Model model;       // fitted to every row that was run
  ModelError error;  // of a model fitted to every second cell, on the other cells
  Extras extras;
  double seconds = 0;     // of the processor, for all of it
  double longest = 0.05;  // what was predicted to take longer was not run
};

// A machine, then a line a cell and mode, the costs of the model, crossovers, verdicts.
std::string json_lines(const Sweep& sweep);
std::string tables(const Sweep& sweep);
std::string json_lines(const Extras& extras);
std::string tables(const Extras& extras);

std::string time_of(double seconds);

}  // namespace wengert::mode_costs
