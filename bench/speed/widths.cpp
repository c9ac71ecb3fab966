#include "widths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>

#include "loaded.hpp"
#include "wengert/exec/plan.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::bench {

namespace {

constexpr std::size_t most_directions = 64, widest = 64, first_lanes = 8;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Sweeps over the tape, `width` tangents at a time.
class Sweeps {
 public:
  Sweeps(const Loaded& l, const Problem& p)
      : tape_(Tape::record(*l.y.graph, std::span(&l.y.id, 1), std::span(&l.wrt[0].id, 1))), frame_(tape_) {
    for (const Tape::Given& g : tape_.inputs()) {
      const std::string& name = l.y.graph->input_of(g.node).name;
      const auto given = std::find_if(p.inputs.begin(), p.inputs.end(), [&](const Given& x) { return x.name == name; });
      for (std::size_t e = 0; e < given->numbers.size(); ++e)
        frame_.values.set(tape_.offset(g.slot) + e, given->numbers[e]);
    }
    evaluate(frame_);
  }
  void run(std::size_t directions, std::size_t width) {
    for (std::size_t first = 0; first < directions; first += width) {
      const std::size_t count = std::min(width, directions - first);
      frame_.clear_tangents(count);
      for (std::size_t t = 0; t < count; ++t) frame_.tangents[t].set(tape_.offset(tape_.wrt()[0]) + first + t, 1.0);
      push_forward(frame_);
    }
  }

 private:
  Tape tape_;
  NumericFrame<double> frame_;
};

// The tangent as a program, its directions in the lanes of a plan.
class Lanes {
 public:
  Lanes(const Loaded& l, const Problem& p, std::size_t directions, std::size_t width, exec::InstructionSet set)
      : direction_(variable(*l.y.graph, "direction", l.wrt[0].shape())),
        tangent_(jvp(l.y, std::span(l.wrt.data(), 1), std::span(&direction_, 1))),
        plan_(*l.y.graph, {tangent_.id}, inputs(l), options(l, width, set)),
        workspace_(plan_),
        seeds_(l.wrt[0].shape().size() * directions),
        out_(tangent_.shape().size() * directions),
        directions_(directions) {
    for (std::size_t k = 0; k < directions; ++k) seeds_[k * directions + k] = 1;
    for (const Given& g : p.inputs) in_.push_back(g.numbers.data());
    in_.push_back(seeds_.data());
  }
  void run() {
    double* to = out_.data();
    plan_.run(workspace_, directions_, in_, std::span(&to, 1));
  }

 private:
  Expr direction_, tangent_;
  exec::Plan plan_;
  exec::Workspace workspace_;
  std::vector<double> seeds_, out_;
  std::size_t directions_;
  std::vector<const double*> in_;

  std::vector<NodeId> inputs(const Loaded& l) const {
    std::vector<NodeId> all;
    for (const Expr& x : l.inputs) all.push_back(x.id);
    all.push_back(direction_.id);
    return all;
  }
  static exec::PlanOptions options(const Loaded& l, std::size_t width, exec::InstructionSet set) {
    exec::PlanOptions o{.width = static_cast<std::uint32_t>(width), .instructions = set};
    for (const Expr& x : l.inputs) o.shared.push_back(x.id);
    return o;
  }
};

// The least time of each, in turns.
std::vector<double> least(const std::vector<std::function<void()>>& calls, double seconds) {
  std::vector<double> best(calls.size(), 1e300);
  const double end = now() + seconds;
  for (int round = 0; now() < end || round < 5; ++round)
    for (std::size_t k = 0; k < calls.size(); ++k) {
      std::size_t n = 0;
      const double begin = now();
      do {
        calls[k]();
        ++n;
      } while (now() - begin < 5e-5);
      best[k] = std::min(best[k], (now() - begin) / static_cast<double>(n));
    }
  return best;
}

Problem program(const char* name, std::size_t n, std::string text) {
  return {name, n, Work::jacobian, std::move(text), {{"x", column(n), Numbers(12).list(n, 0.5, 1.5)}}};
}

}  // namespace

std::vector<Problem> width_problems() {
  std::string expression = "x[1]";
  for (int k = 2; k <= 32; ++k) expression = fmt::format("sin({})*x[{}] + x[{}]", expression, k, k / 2);
  std::vector<Problem> all{program("expression", 32, expression), program("elementwise", 64, "x.*exp(-x.^2)./(1 + x)"),
                           program("elementwise", 256, "x.*exp(-x.^2)./(1 + x)"),
                           program("sum", 4096, "sum(exp(x).*sin(x) + x.^3)")};
  for (Problem& p : problems())
    if (p.name == "network" || p.name == "bundle" || p.name == "rosenbrock")
      if (p.work == Work::jacobian || p.work == Work::gradient) all.push_back(std::move(p));
  return all;
}

std::size_t directions_of(const Problem& p) { return std::min<std::size_t>(most_directions, p.inputs[0].shape.size()); }

std::vector<Width> widths(const Problem& p, double seconds) {
  const Loaded l(p);
  const std::size_t n = directions_of(p);
  Sweeps sweeps(l, p);
  std::vector<std::unique_ptr<Lanes>> lanes;
  std::vector<std::function<void()>> calls;
  std::vector<Width> all;
  for (std::size_t w = 1; w <= std::min(widest, n); w *= 2) {
    all.push_back({.tangents = w, .avx2 = {}, .avx512 = {}});
    calls.push_back([&, w] { sweeps.run(n, w); });
  }
  using Set = exec::InstructionSet;
  for (const Set set : {Set::avx2, Set::avx512})
    for (std::size_t w = first_lanes; w <= std::min(widest, n) && set <= exec::widest_instructions(); w *= 2) {
      lanes.push_back(std::make_unique<Lanes>(l, p, n, w, set));
      calls.push_back([&, k = lanes.size() - 1] { lanes[k]->run(); });
    }
  const std::vector<double> best = least(calls, seconds);
  auto next = best.begin();
  for (Width& w : all) w.swept = *next++ / static_cast<double>(n);
  for (auto member : {&Width::avx2, &Width::avx512})
    for (Width& w : all)
      if (w.tangents >= first_lanes && next != best.end()) w.*member = *next++ / static_cast<double>(n);
  return all;
}

}  // namespace wengert::bench
