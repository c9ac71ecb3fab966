// The engines that a problem is given to.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "problem.hpp"
#include "wengert/exec/plan.hpp"

namespace wengert::bench {

// Prepared: call runs the work once, from the inputs to `out`.
struct Ready {
  std::function<void()> call;
  std::vector<std::vector<double>> out;
  std::vector<double*> to;
  double prepared = 0;  // seconds from the text to here
};

std::unique_ptr<Ready> by_hand(const Problem& p);
// Throws std::runtime_error with the reason if it can not.
std::unique_ptr<Ready> engine(const Problem& p, exec::InstructionSet instructions, bool native);

}  // namespace wengert::bench
