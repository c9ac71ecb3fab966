// What a gradient takes over its value, in operations and in time, and what compiling takes an operation.
#include "overheads.hpp"

#include <algorithm>
#include <chrono>

#include "loaded.hpp"
#include "wengert/exec/derivatives.hpp"
#include "wengert/sweep/counts.hpp"

namespace wengert::bench {

namespace {

constexpr double measured_for = 0.1;   // seconds, both together
constexpr double prepared_for = 0.02;  // or three times

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Run {
  exec::Plan plan;
  exec::Workspace workspace{plan};
  std::vector<std::vector<double>> out;
  std::vector<double*> to;

  Run(exec::Plan p, const std::vector<std::uint64_t>& sizes) : plan(std::move(p)) {
    for (std::uint64_t n : sizes) out.emplace_back(n);
    for (auto& o : out) to.push_back(o.data());
  }
  double once(const std::vector<const double*>& in, std::size_t calls) {
    const double begin = now();
    for (std::size_t k = 0; k < calls; ++k) plan.run(workspace, in, to);
    return (now() - begin) / static_cast<double>(calls);
  }
  std::size_t calls(const std::vector<const double*>& in) {
    std::size_t n = 1;
    while (once(in, n) * static_cast<double>(n) < 1e-4) n *= 2;
    return n;
  }
};

// Turn by turn; the least of each.
double times_the_value(const Loaded& l, const std::vector<const double*>& in, const exec::PlanOptions& options) {
  std::vector<NodeId> inputs;
  for (const Expr& x : l.inputs) inputs.push_back(x.id);
  std::vector<std::uint64_t> sizes{l.y.shape().size()};
  Run value(exec::Plan(*l.y.graph, {l.y.id}, inputs, options), sizes);
  for (const Expr& x : l.wrt) sizes.push_back(x.shape().size());
  Run gradient(exec::gradient_plan(l.y, l.wrt, l.inputs, options), sizes);
  const std::size_t few = value.calls(in), fewer = gradient.calls(in);
  double best_value = 1e300, best_gradient = 1e300;
  for (const double end = now() + measured_for; now() < end;) {
    best_value = std::min(best_value, value.once(in, few));
    best_gradient = std::min(best_gradient, gradient.once(in, fewer));
  }
  return best_gradient / best_value;
}

double seconds_to_prepare(const Loaded& l, exec::PlanOptions options, bool native, std::size_t& steps) {
  options.native = native;
  double best = 1e300;
  const double end = now() + prepared_for;
  for (int k = 0; k < 3 || now() < end; ++k) {
    const double begin = now();
    const exec::Plan plan = exec::gradient_plan(l.y, l.wrt, l.inputs, options);
    best = std::min(best, now() - begin);
    if (!native) steps = plan.steps();
  }
  return best;
}

}  // namespace

std::vector<Overhead> overheads(const Problem& p) {
  const Loaded l(p);
  std::vector<const double*> in;
  for (const Given& g : p.inputs) in.push_back(g.numbers.data());
  std::vector<NodeId> wrt;
  for (const Expr& x : l.wrt) wrt.push_back(x.id);
  const SweepCounts counts = count_sweeps(Tape::record(*l.y.graph, std::span(&l.y.id, 1), wrt));
  std::vector<Overhead> all{
      {"gradient over value", "counted operations",
       static_cast<double>(counts.value.total() + counts.pull.total()) / static_cast<double>(counts.value.total()), 4}};
  using Set = exec::InstructionSet;
  constexpr const char* names[] = {"baseline", "avx2", "avx512"};
  for (const Set set : {Set::avx2, Set::avx512}) {
    if (set > exec::widest_instructions()) continue;
    const std::string name = names[static_cast<int>(set)];
    exec::PlanOptions options{.instructions = set};
    all.push_back({"gradient over value", "interpreter " + name, times_the_value(l, in, options), 3});
    options.native = true;
    const exec::Plan native = exec::gradient_plan(l.y, l.wrt, l.inputs, options);
    if (!native.native()) continue;
    all.push_back({"gradient over value", "native " + name, times_the_value(l, in, options), 2.5});
    std::size_t steps = 1;
    const double interpreted = seconds_to_prepare(l, options, false, steps);
    const double compiled = seconds_to_prepare(l, options, true, steps);
    all.push_back({"microseconds to compile an operation", "native " + name,
                   std::max(0.0, compiled - interpreted) * 1e6 / static_cast<double>(steps), 0.5});
  }
  return all;
}

}  // namespace wengert::bench
