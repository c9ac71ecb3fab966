// What is measured beside the sweep over inputs and outputs.
#pragma once
#include "executions.hpp"
#include "step_curve.hpp"
#include "swell.hpp"

namespace wengert::mode_costs {

struct Extras {
  std::vector<StepError> steps;
  std::vector<Swell> swells;
  std::vector<Execution> executions;
  std::vector<Compiling> compiling;
  std::vector<Chunk> chunks;
};

}  // namespace wengert::mode_costs
