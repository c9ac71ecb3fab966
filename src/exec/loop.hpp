// Loops in plans: the body is a plan of its own, run again and again.
#pragma once
#include <optional>

#include "wengert/exec/plan.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::exec {

// `iterate` from its first state and parameters, or its adjoint from the cotangent, the first state and the parameters.
struct LoopProgram {
  bool adjoint = false;
  std::uint64_t count = 0, state = 0;  // times, elements
  std::vector<std::uint64_t> parameters;
  std::optional<Plan> forward;   // from the state and the parameters to the next state
  std::optional<Plan> backward;  // of an adjoint: from these and the cotangent to the adjoints of both
};

// varying: of each parameter, if the loop differs from point to point; otherwise empty.
std::shared_ptr<const LoopProgram> make_loop(const Graph& graph, std::uint32_t payload, bool adjoint,
                                             const std::vector<bool>& varying, const PlanOptions& options);

// in[k]: argument k, its elements in `width` lanes if varying[k] says so; out likewise, always in lanes.
void run_loop(const LoopProgram& loop, std::size_t width, std::span<const double* const> in,
              std::span<const std::uint8_t> varying, double* out);

}  // namespace wengert::exec
