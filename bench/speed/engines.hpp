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
  double prepared = 0;    // seconds from the text to here
  std::size_t bytes = 0;  // of the plan and its workspace, or of the C source
};

std::vector<const double*> inputs_of(const Problem& p);
// The results' memory: the value, then the derivative by each input that is asked for.
void make_room(Ready& r, const Problem& p, std::size_t value_size);

std::unique_ptr<Ready> by_hand(const Problem& p);
// Throws std::runtime_error with the reason if it can not.
std::unique_ptr<Ready> engine(const Problem& p, exec::InstructionSet instructions, bool native);
std::unique_ptr<Ready> exported_c(const Problem& p);

}  // namespace wengert::bench
