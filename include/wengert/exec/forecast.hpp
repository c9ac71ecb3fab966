// Interpreted or compiled: what a gradient takes either way, and from how many evaluations on compiling pays.
//
//   exec::Forecast f = exec::forecast(y, wrt, inputs, at);
//   if (expected > f.pays_from()) ...                          // PlanOptions::native
//
// The memory is known before anything runs; times are measured, a few milliseconds at most.
#pragma once
#include "wengert/exec/derivatives.hpp"

namespace wengert::exec {

struct Forecast {
  std::size_t steps = 0;
  std::size_t plan_bytes = 0, workspace_bytes = 0;  // of the interpreter; the latter is the peak of numbers in a run
  double interpreter_seconds = 0;                   // an evaluation of the value and the gradient
  double native_seconds = 0;                        // 0: nothing of it can be compiled here
  double compile_seconds = 0;
  // Evaluations; infinite where compiling never pays.
  double pays_from() const;
};

// at[k]: the elements of input k. Throws std::invalid_argument where a plan does.
Forecast forecast(const Expr& y, std::span<const Expr> wrt, std::span<const Expr> inputs,
                  std::span<const double* const> at);

// Without compiling or running anything: from what one evaluation by the interpreter takes, and from what machine code
// usually takes.
Forecast expected(const Plan& plan, double interpreter_seconds);

}  // namespace wengert::exec
