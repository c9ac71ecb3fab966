#include "loop.hpp"

#include <algorithm>

#include "layout.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/checkpoints.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/extract.hpp"

namespace wengert::exec {

namespace {

constexpr std::uint64_t rounds_between_questions = 1024;
constexpr std::uint64_t kept_numbers = std::uint64_t{1} << 24;  // of states, by a reverse sweep

using Numbers = std::vector<double>;

// The numbers in lanes.
Numbers in_lanes(const double* x, std::size_t n, std::size_t width, bool varying) {
  if (varying) return {x, x + n * width};
  Numbers out;
  out.reserve(n * width);
  for (std::size_t e = 0; e < n; ++e) out.insert(out.end(), width, x[e]);
  return out;
}

void call(const Plan& plan, Workspace& w, std::size_t width, std::span<const double* const> in,
          std::span<double* const> out) {
  if (width == 1)
    plan.run(w, in, out);
  else
    plan.run(w, width, in, out);
}

// The state and the parameters, as the body's plan takes them.
class Stepping {
 public:
  Stepping(const LoopProgram& loop, std::size_t width, std::span<const double* const> parameters)
      : loop_(loop), width_(width), work_(*loop.forward), next_(loop.state * width) {
    in_.push_back(nullptr);
    in_.insert(in_.end(), parameters.begin(), parameters.end());
  }
  void operator()(Numbers& state) {
    in_[0] = state.data();
    double* to = next_.data();
    call(*loop_.forward, work_, width_, in_, std::span(&to, 1));
    state.swap(next_);
  }

 private:
  const LoopProgram& loop_;
  std::size_t width_;
  Workspace work_;
  Numbers next_;
  std::vector<const double*> in_;
};

void run_adjoint(const LoopProgram& loop, std::size_t width, std::span<const double* const> in,
                 std::span<const std::uint8_t> varying, double* out) {
  const auto parameters = in.subspan(2);
  Stepping step(loop, width, parameters);
  Workspace work(*loop.backward);
  Numbers g = in_lanes(in[0], loop.state, width, varying[0] != 0);
  std::vector<Numbers> results{Numbers(loop.state * width)}, sums;
  for (std::uint64_t n : loop.parameters) {
    results.emplace_back(n * width);
    sums.emplace_back(n * width);
  }
  std::vector<const double*> from{nullptr};
  from.insert(from.end(), parameters.begin(), parameters.end());
  from.push_back(nullptr);
  std::uint64_t round = 0;
  const auto back = [&](const Numbers& state) {
    if (round++ % rounds_between_questions == 0) ask_whether_to_stop(loop.forward->layout().stop);
    std::vector<double*> to;
    for (Numbers& r : results) to.push_back(r.data());
    from.front() = state.data();
    from.back() = g.data();
    call(*loop.backward, work, width, from, to);
    g.swap(results[0]);
    for (std::size_t k = 0; k < sums.size(); ++k)
      for (std::size_t e = 0; e < sums[k].size(); ++e) sums[k][e] += results[k + 1][e];
  };
  const std::uint64_t room = std::max<std::uint64_t>(kept_numbers / (loop.state * width), 3);
  go_back(in_lanes(in[1], loop.state, width, varying[1] != 0), loop.count, room, step, back);
  out = std::copy(g.begin(), g.end(), out);
  for (const Numbers& s : sums) out = std::copy(s.begin(), s.end(), out);
}

}  // namespace

std::shared_ptr<const LoopProgram> make_loop(const Graph& graph, std::uint32_t payload, bool adjoint,
                                             const std::vector<bool>& varying, const PlanOptions& options) {
  const Loop& body = graph.loop_at(payload);
  auto loop = std::make_shared<LoopProgram>();
  loop->adjoint = adjoint;
  loop->count = body.count;
  loop->state = graph[body.state].shape.size();
  std::vector<NodeId> ends{body.state};
  for (NodeId p : body.parameters) {
    loop->parameters.push_back(graph[p].shape.size());
    ends.push_back(p);
  }
  // In a graph of its own, where it can be derived.
  const Extract own = extract(graph, std::span(&body.output, 1), ends);
  PlanOptions mine = options;
  mine.shared.clear();
  for (std::size_t k = 0; k < varying.size(); ++k)
    if (!varying[k]) mine.shared.push_back(own.inputs[1 + k]);
  loop->forward.emplace(*own.graph, std::vector<NodeId>{own.outputs[0]}, own.inputs, mine);
  if (!adjoint) return loop;
  std::vector<Expr> wrt;
  for (NodeId x : own.inputs) wrt.emplace_back(*own.graph, x);
  const Expr next(*own.graph, own.outputs[0]), g = variable(*own.graph, "cotangent", next.shape());
  std::vector<NodeId> inputs = own.inputs, outputs;
  inputs.push_back(g.id);
  for (const Expr& e : vjp(next, wrt, g)) outputs.push_back(e.id);
  loop->backward.emplace(*own.graph, outputs, inputs, mine);
  return loop;
}

void run_loop(const LoopProgram& loop, std::size_t width, std::span<const double* const> in,
              std::span<const std::uint8_t> varying, double* out) {
  if (loop.adjoint) return run_adjoint(loop, width, in, varying, out);
  Stepping step(loop, width, in.subspan(1));
  Numbers state = in_lanes(in[0], loop.state, width, varying[0] != 0);
  for (std::uint64_t k = 0; k < loop.count; ++k) {
    if (k % rounds_between_questions == 0) ask_whether_to_stop(loop.forward->layout().stop);
    step(state);
  }
  std::copy(state.begin(), state.end(), out);
}

}  // namespace wengert::exec
