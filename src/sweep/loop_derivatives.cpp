#include "loop_derivatives.hpp"

#include <unordered_map>
#include <unordered_set>

#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

// Nodes of one graph made again in another, inputs and loops once each.
class Copier {
 public:
  Copier(const Graph& from, Graph& to) : from_(from), to_(to) {}

  NodeId node(NodeId root) {
    for (NodeId id : from_.reachable({&root, 1}))
      if (!made_.contains(id)) made_[id] = make(id);
    return made_.at(root);
  }

  std::uint32_t loop(std::uint32_t id) {
    const Loop& old = from_.loop_at(id);
    Loop copy{old.name, old.count, node(old.state), {}, no_node, old.captured};
    for (NodeId p : old.parameters) copy.parameters.push_back(node(p));
    copy.output = node(old.output);
    return to_.loop(std::move(copy));
  }

 private:
  NodeId make(NodeId id) {
    const Node& n = from_[id];
    if (n.op == Op::constant) return to_.constant(from_.constant_of(id));
    if (n.op == Op::input) return to_.input(from_.input_of(id).name, n.shape, from_.input_of(id).constant);
    if (n.op == Op::iota) return to_.iota(n.payload, n.shape.rows);
    std::vector<NodeId> arguments;
    for (NodeId a : from_.arguments(id)) arguments.push_back(made_.at(a));
    std::uint32_t payload = n.payload;
    if (n.op == op_of<Part> || n.op == op_of<Place>)
      payload = to_.slices(from_.slices_at(payload));
    else if (n.op == op_of<Iterate> || n.op == op_of<IterateAdjoint>)
      payload = loop(payload);
    return to_.node(n.op, arguments, n.shape, payload);
  }

  const Graph& from_;
  Graph& to_;
  std::unordered_map<NodeId, NodeId> made_;
};

std::vector<Expr> arguments_of(Graph& g, const Loop& loop) {
  std::vector<Expr> x{Expr(g, loop.state)};
  for (NodeId p : loop.parameters) x.emplace_back(g, p);
  return x;
}

}  // namespace

Expr above(const Expr& a, const Expr& b) {
  const Shape s = a.shape(), t = b.shape();
  const Slice slices[] = {{0, 0, s}, {s.rows, 0, t}};
  const Expr parts[] = {a, b};
  return Lift<Expr>::array<Place>({.shape = {s.rows + t.rows, s.cols}, .slices = slices}, parts);
}
Expr upper(const Expr& a) { return part(a, {0, 0, {a.shape().rows / 2, a.shape().cols}}); }
Expr lower(const Expr& a) { return part(a, {a.shape().rows / 2, 0, {a.shape().rows / 2, a.shape().cols}}); }

TangentLoop tangent_loop(Graph& g, std::uint32_t id) {
  const Loop loop = g.loop_at(id);
  const Shape shape = g[loop.state].shape;
  const Expr both = variable(g, loop.name.substr(0, loop.name.find('\'')) + "_state", {2 * shape.rows, shape.cols});
  Loop result{loop.name + "'", loop.count, both.id, loop.parameters, no_node, 0};
  const std::vector<Expr> x = arguments_of(g, loop);
  std::vector<Expr> dx{lower(both)};
  std::unordered_set<std::string> names{g.input_of(both.id).name};  // a second derivative has a first one's names
  for (NodeId p : loop.parameters) names.insert(g.input_of(p).name);
  for (NodeId p : loop.parameters) {
    std::string name = g.input_of(p).name + "_tangent";
    while (!names.insert(name).second) name += "2";
    const Expr tangent = variable(g, std::move(name), g[p].shape);
    result.parameters.push_back(tangent.id);
    dx.push_back(tangent);
  }
  const Expr y(g, loop.output);
  const Expr body = above(y, jvp(y, x, dx));
  result.output = substitute(body, {{loop.state, upper(both)}}).id;
  return {g.loop(std::move(result)), both.shape()};
}

LoopDerivatives::LoopDerivatives(const Graph& graph, std::uint32_t loop) : loop_(Copier(graph, graph_).loop(loop)) {}

const LoopBody& LoopDerivatives::tangent() {
  const std::lock_guard lock(making_);
  if (tangent_ == nullptr) tangent_ = record_loop(graph_, tangent_loop(graph_, loop_).loop, true);
  return *tangent_;
}

const BackwardStep& LoopDerivatives::backward() {
  const std::lock_guard lock(making_);
  if (backward_) return *backward_;
  const Loop loop = graph_.loop_at(loop_);
  const std::vector<Expr> x = arguments_of(graph_, loop);
  const Expr y(graph_, loop.output), w = variable(graph_, "cotangent", y.shape());
  std::vector<NodeId> outputs;
  for (const Expr& g : vjp(y, x, w)) outputs.push_back(g.id);
  BackwardStep step{Tape::record(graph_, outputs), {}, Tape::no_slot};
  const auto slot_of = [&](NodeId input) {
    for (const Tape::Given& given : step.tape.inputs())
      if (given.node == input) return given.slot;
    return Tape::no_slot;
  };
  for (const Expr& e : x) step.arguments.push_back(slot_of(e.id));
  step.cotangent = slot_of(w.id);
  backward_ = std::move(step);
  return *backward_;
}

std::shared_ptr<const LoopBody> record_loop(const Graph& graph, std::uint32_t id, bool reversed) {
  const Loop& loop = graph.loop_at(id);
  std::vector<NodeId> wrt{loop.state};
  wrt.insert(wrt.end(), loop.parameters.begin(), loop.parameters.end());
  LoopBody body{Tape::record(graph, std::span(&loop.output, 1), wrt), loop.count, id, graph[loop.state].shape, {}, {}};
  for (NodeId p : loop.parameters) body.parameters.push_back(graph[p].shape);
  if (reversed) body.derivatives = std::make_shared<LoopDerivatives>(graph, id);
  return std::make_shared<const LoopBody>(std::move(body));
}

}  // namespace wengert
