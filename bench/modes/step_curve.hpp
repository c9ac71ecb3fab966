// The error of difference quotients against their step: the V of one-sided and central differences, of one
// extrapolation, and the complex step, which has none.
#pragma once
#include <string>
#include <vector>

namespace wengert::mode_costs {

struct StepError {
  std::string method;  // "one-sided", "central", "Richardson", "complex"
  double h = 0;
  double error = 0;  // relative to the derivative in 50 digits
};

// Of the lecture's expression by x, at steps from 0.1 down to 1e-15.
std::vector<StepError> step_curve();

}  // namespace wengert::mode_costs
