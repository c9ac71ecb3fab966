#include "wengert/sweep/extract.hpp"

#include <algorithm>

#include "wengert/rules/table.hpp"

namespace wengert {

namespace {

bool is_loop(Op op) { return op == op_of<Iterate> || op == op_of<IterateAdjoint>; }
bool has_slices(Op op) { return op == op_of<Part> || op == op_of<Place>; }

// The nodes to copy, arguments before users. A body stands before its loop; bodies nest as deep as functions do, and
// become roots.
std::vector<NodeId> nodes_to_copy(const Graph& from, std::vector<NodeId>& roots) {
  for (std::vector<std::uint32_t> seen;;) {
    const std::vector<NodeId> order = from.reachable(roots);
    const std::size_t before = seen.size();
    for (const NodeId id : order) {
      if (!is_loop(from[id].op) || std::find(seen.begin(), seen.end(), from[id].payload) != seen.end()) continue;
      const Loop& body = from.loop_at(from[id].payload);
      seen.push_back(from[id].payload);
      roots.push_back(body.state);
      roots.insert(roots.end(), body.parameters.begin(), body.parameters.end());
      roots.push_back(body.output);
    }
    if (seen.size() == before) return order;
  }
}

// Where each node's copy is: in a list by its number, unless few nodes of a large graph are copied.
class Numbers {
 public:
  explicit Numbers(const std::vector<NodeId>& order) {
    const std::size_t end = order.empty() ? 0 : std::size_t{order.back()} + 1;
    if (end / 8 <= order.size()) list_.assign(end, no_node);
  }
  void set(NodeId id, NodeId copy) {
    if (id < list_.size())
      list_[id] = copy;
    else
      few_[id] = copy;
  }
  NodeId at(NodeId id) const { return id < list_.size() ? list_[id] : few_.at(id); }

 private:
  std::vector<NodeId> list_;
  std::unordered_map<NodeId, NodeId> few_;
};

class Copier {
 public:
  // order: all nodes that will be copied.
  Copier(const Graph& from, Graph& to, const std::vector<NodeId>& order) : from_(from), to_(to), copies_(order) {
    to.reserve(order.size());
  }

  void copy(NodeId id) {
    const Node& n = from_[id];
    const NodeId made = made_from(id, n);
    to_.add_span(made, from_.span(id));  // where a copy's node is written is asked once
    if (const std::string* name = from_.name_of(id)) to_.name(made, *name);
    copies_.set(id, made);
  }

  NodeId operator[](NodeId id) const { return copies_.at(id); }

 private:
  NodeId made_from(NodeId id, const Node& n) {
    if (n.op == Op::constant) return to_.constant(from_.constant_of(id));
    if (n.op == Op::input) {
      const Input& input = from_.input_of(id);
      return to_.input(input.name, input.shape, input.constant);
    }
    if (n.op == Op::iota) return to_.iota(n.payload, n.shape.rows);
    arguments_.clear();
    for (const NodeId a : from_.arguments(id)) arguments_.push_back(copies_.at(a));
    std::uint32_t payload = n.payload;
    if (has_slices(n.op)) payload = to_.slices(from_.slices_at(n.payload));
    if (is_loop(n.op)) payload = loop(n.payload);
    if (n.op == op_of<Abstract>) payload = abstract_number(to_.abstract_function(from_.abstract_function_at(abstract_name(n.payload))), abstract_order(n.payload));
    return to_.node(n.op, arguments_, n.shape, payload);
  }

  // A loop keeps its one number, whoever refers to it.
  std::uint32_t loop(std::uint32_t id) {
    const auto [known, fresh] = loops_.try_emplace(id, 0u);
    if (fresh) {
      Loop body = from_.loop_at(id);
      body.state = copies_.at(body.state);
      for (NodeId& p : body.parameters) p = copies_.at(p);
      body.output = copies_.at(body.output);
      known->second = to_.loop(std::move(body));
    }
    return known->second;
  }

  const Graph& from_;
  Graph& to_;
  Numbers copies_;
  std::unordered_map<std::uint32_t, std::uint32_t> loops_;
  std::vector<NodeId> arguments_;
};

}  // namespace

Extract extract(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> inputs) {
  Extract result{std::make_unique<Graph>(), {}, {}, {}};
  result.graph->stop_with(graph);
  std::vector<NodeId> roots(outputs.begin(), outputs.end());
  roots.insert(roots.end(), inputs.begin(), inputs.end());
  const std::size_t without_bodies = roots.size();
  const std::vector<NodeId> order = nodes_to_copy(graph, roots);
  Copier copies(graph, *result.graph, order);
  for (const NodeId id : order) copies.copy(id);
  for (const NodeId id : outputs) result.outputs.push_back(copies[id]);
  for (const NodeId id : inputs) result.inputs.push_back(copies[id]);
  const auto note_inputs = [&](std::span<const NodeId> nodes) {
    for (const NodeId id : nodes)
      if (graph[id].op == Op::input) result.original.emplace(copies[id], id);
  };
  if (roots.size() == without_bodies)
    note_inputs(order);
  else
    note_inputs(graph.reachable(std::span(roots).first(without_bodies)));
  return result;
}

}  // namespace wengert
