#include "wengert/exec/forecast.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace wengert::exec {

namespace {

constexpr double measured_for = 2e-3;  // seconds a plan
constexpr double usual_gain = 2.5;     // of machine code
constexpr double begin_seconds = 5e-5, step_seconds = 5e-7;  // to plan and compile

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The least of several runs: what else the machine does only adds.
double seconds_of(const Plan& plan, std::span<const double* const> at, std::span<double* const> out) {
  Workspace w(plan);
  plan.run(w, at, out);
  double best = std::numeric_limits<double>::infinity();
  const double end = now() + measured_for;
  for (std::size_t calls = 1; now() < end; calls = std::min<std::size_t>(2 * calls, 64)) {
    const double begin = now();
    for (std::size_t k = 0; k < calls; ++k) plan.run(w, at, out);
    best = std::min(best, (now() - begin) / static_cast<double>(calls));
  }
  return best;
}

}  // namespace

double Forecast::pays_from() const {
  if (native_seconds == 0 || native_seconds >= interpreter_seconds) return std::numeric_limits<double>::infinity();
  return compile_seconds / (interpreter_seconds - native_seconds);
}

Forecast expected(const Plan& plan, double interpreter_seconds) {
  return {.steps = plan.steps(),
          .plan_bytes = plan.bytes(),
          .workspace_bytes = plan.workspace_bytes(),
          .interpreter_seconds = interpreter_seconds,
          .native_seconds = interpreter_seconds / usual_gain,
          .compile_seconds = begin_seconds + step_seconds * static_cast<double>(plan.steps())};
}

Forecast forecast(const Expr& y, std::span<const Expr> wrt, std::span<const Expr> inputs,
                  std::span<const double* const> at) {
  std::vector<std::vector<double>> results{std::vector<double>(y.shape().size())};
  for (const Expr& x : wrt) results.emplace_back(x.shape().size());
  std::vector<double*> out;
  for (auto& r : results) out.push_back(r.data());
  const Plan plan = gradient_plan(y, wrt, inputs);
  Forecast f{.steps = plan.steps(), .plan_bytes = plan.bytes(), .workspace_bytes = plan.workspace_bytes()};
  f.interpreter_seconds = seconds_of(plan, at, out);
  double begin = now();
  const Plan interpreted = gradient_plan(y, wrt, inputs);  // once more, for what preparing takes alone
  const double prepared = now() - begin;
  begin = now();
  const Plan compiled = gradient_plan(y, wrt, inputs, {.native = true});
  f.compile_seconds = std::max(now() - begin - prepared, 0.0);
  if (compiled.native()) f.native_seconds = seconds_of(compiled, at, out);
  return f;
}

}  // namespace wengert::exec
