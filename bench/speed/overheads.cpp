// What a gradient takes over its value, in operations and in time, and what compiling takes an operation.
#include "overheads.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "loaded.hpp"
#include "wengert/exec/code_memory.hpp"
#include "wengert/exec/derivatives.hpp"
#include "wengert/sweep/counts.hpp"

namespace wengert::bench {

namespace {

constexpr double measured_for = 0.1;   // seconds, both together
constexpr double prepared_for = 0.06;  // all together, or three times each

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Work of known inputs and outputs, timed.
template <class Work>
class Run {
 public:
  Run(const Work& work, const std::vector<std::uint64_t>& sizes) : work_(work) {
    for (std::uint64_t n : sizes) out_.emplace_back(n);
    for (auto& o : out_) to_.push_back(o.data());
    while (once() * static_cast<double>(calls_) < 1e-4) calls_ *= 2;
  }
  double once() {
    const double begin = now();
    for (std::size_t k = 0; k < calls_; ++k) work_(to_);
    return (now() - begin) / static_cast<double>(calls_);
  }
  double value() const { return out_[0][0]; }

 private:
  Work work_;
  std::vector<std::vector<double>> out_;
  std::vector<double*> to_;
  std::size_t calls_ = 1;
};

// Turn by turn; the least of each.
template <class Value, class Gradient>
double ratio(Run<Value>& value, Run<Gradient>& gradient) {
  double best_value = 1e300, best_gradient = 1e300;
  for (const double end = now() + measured_for; now() < end;) {
    best_value = std::min(best_value, value.once());
    best_gradient = std::min(best_gradient, gradient.once());
  }
  return best_gradient / best_value;
}

std::vector<std::uint64_t> sizes_of(const Loaded& l) {
  std::vector<std::uint64_t> sizes{l.y.shape().size()};
  for (const Expr& x : l.wrt) sizes.push_back(x.shape().size());
  return sizes;
}

double times_the_value(const Loaded& l, const std::vector<const double*>& in, const exec::PlanOptions& options) {
  std::vector<NodeId> inputs;
  for (const Expr& x : l.inputs) inputs.push_back(x.id);
  const auto run = [&in](exec::Plan plan) {
    const auto w = std::make_shared<exec::Workspace>(plan);
    return [&in, plan = std::move(plan), w](std::vector<double*>& to) { plan.run(*w, in, to); };
  };
  Run value(run(exec::Plan(*l.y.graph, {l.y.id}, inputs, options)), {l.y.shape().size()});
  Run gradient(run(exec::gradient_plan(l.y, l.wrt, l.inputs, options)), sizes_of(l));
  return ratio(value, gradient);
}

double times_the_value_by_hand(const Problem& p, const Loaded& l, const std::vector<const double*>& in) {
  const auto run = [&](auto f) { return [&in, &p, f](std::vector<double*>& to) { f(in.data(), to.data(), p.size); }; };
  Run value(run(p.value_by_hand), {l.y.shape().size()});
  Run gradient(run(p.by_hand), sizes_of(l));
  const double scale = std::max(std::fabs(value.value()), std::fabs(gradient.value()));
  if (std::fabs(value.value() - gradient.value()) > 1e-10 * scale)
    throw std::runtime_error(p.name + ": two values by hand");
  return ratio(value, gradient);
}

// Microseconds that machine code takes more than instructions for the interpreter, by the number of these: with room
// for many plans, and with pages of its own. Turn by turn; the least of each.
struct Compiling {
  double together, alone;
};

Compiling compiling(const Loaded& l, exec::PlanOptions options) {
  std::vector<exec::PlanOptions> ways(3, options);
  ways[0].native = false;
  ways[1].code_memory = std::make_shared<exec::CodeMemory>();
  std::array<double, 3> best{1e300, 1e300, 1e300};
  std::size_t steps = 1;
  const double end = now() + prepared_for;
  for (int k = 0; k < 3 || now() < end; ++k)
    for (std::size_t way = 0; way < ways.size(); ++way) {
      const double begin = now();
      const exec::Plan plan = exec::gradient_plan(l.y, l.wrt, l.inputs, ways[way]);
      best[way] = std::min(best[way], now() - begin);
      if (way == 0) steps = plan.steps();
    }
  const auto more = [&](double s) { return std::max(0.0, s - best[0]) * 1e6 / static_cast<double>(steps); };
  return {more(best[1]), more(best[2])};
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
  if (p.value_by_hand != nullptr) all.push_back({"gradient over value", "hand", times_the_value_by_hand(p, l, in), 0});
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
    const Compiling c = compiling(l, options);
    all.push_back({"microseconds to compile an operation", "native " + name, c.together, 0.5});
    all.push_back({"the same with pages of its own", "native " + name, c.alone, 0});
  }
  return all;
}

}  // namespace wengert::bench
