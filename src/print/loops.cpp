#include "loops.hpp"

#include <algorithm>

#include "wengert/rules/table.hpp"

namespace wengert::print {

namespace {

bool derived(const Loop& loop) { return loop.name.find('\'') != std::string::npos; }

// A derived loop has its function's name with a prime for each derivative: f' runs f_tangent, f'' f_tangent2.
std::string plain_name(const Loop& loop) {
  const std::size_t prime = loop.name.find('\'');
  if (prime == std::string::npos) return loop.name;
  const std::size_t primes = loop.name.size() - prime;
  return loop.name.substr(0, prime) + "_tangent" + (primes > 1 ? std::to_string(primes) : "");
}

// The state and the parameters, captured ones last.
std::vector<NodeId> inputs_of(const Loop& loop) {
  std::vector<NodeId> inputs{loop.state};
  inputs.insert(inputs.end(), loop.parameters.begin(), loop.parameters.end());
  return inputs;
}

std::string listed(const Graph& graph, const std::vector<NodeId>& inputs, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t k = from; k < to; ++k) out += (k > from ? ", " : "") + graph.input_of(inputs[k]).name;
  return out;
}

}  // namespace

std::span<const NodeId> written_arguments(const Graph& graph, NodeId id) {
  const auto x = graph.arguments(id);
  return x.first(x.size() - graph.loop_at(graph[id].payload).captured);
}

std::size_t adjoint_argument(const Graph& graph, NodeId id) {
  if (graph[id].op != op_of<Part>) return Loops::every;
  const NodeId column = graph.arguments(id)[0];
  if (graph[column].op != op_of<IterateAdjoint>) return Loops::every;
  const Slice s = graph.slices_at(graph[id].payload)[0];
  const std::vector<NodeId> inputs = inputs_of(graph.loop_at(graph[column].payload));
  std::size_t at = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const std::size_t size = graph[inputs[k]].shape.size();
    if (s.row == at && s.shape.rows == size) return k;
    at += size;
  }
  return Loops::every;
}

bool is_adjoint_part(const Graph& graph, NodeId id) { return adjoint_argument(graph, id) != Loops::every; }

Loops::Loops(std::span<const Expr> all, bool own) : graph_(*all[0].graph) {
  std::vector<std::uint32_t> order;
  std::vector<NodeId> todo;
  for (const Expr& e : all) todo.push_back(e.id);
  while (!todo.empty()) {
    const NodeId root = todo.back();
    todo.pop_back();
    find(root, order, todo, own);
  }
  std::reverse(order.begin(), order.end());
  for (const std::uint32_t loop : order) {
    if (own || derived(graph_.loop_at(loop))) add_body(loop);
    for (const auto& [use, name] : adjoints_)
      if (use.first == loop) add_adjoint(use);
  }
}

// The loops below a node, each moved behind those found before: a loop inside another one is written first.
void Loops::find(NodeId root, std::vector<std::uint32_t>& order, std::vector<NodeId>& todo, bool own) {
  const auto whole = [&](NodeId id) {
    if (graph_[id].op == op_of<IterateAdjoint>) adjoints_[{graph_[id].payload, every}];
  };
  whole(root);
  for (NodeId id : graph_.reachable({&root, 1})) {
    if (const std::size_t k = adjoint_argument(graph_, id); k != every)
      adjoints_[{graph_[graph_.arguments(id)[0]].payload, k}];
    else if (graph_[id].op >= Op::first_row)
      for (NodeId a : graph_.arguments(id)) whole(a);
    if (graph_[id].op != op_of<Iterate> && graph_[id].op != op_of<IterateAdjoint>) continue;
    const std::uint32_t loop = graph_[id].payload;
    std::erase(order, loop);
    order.push_back(loop);
    if (own || derived(graph_.loop_at(loop))) todo.push_back(graph_.loop_at(loop).output);
  }
}

const std::string& Loops::name(std::uint32_t loop) const {
  const auto it = names_.find(loop);
  return it != names_.end() ? it->second : graph_.loop_at(loop).name;
}

std::string Loops::unused(const std::string& stem) {
  std::string name = stem;
  for (int k = 1; std::find(taken_.begin(), taken_.end(), name) != taken_.end(); ++k)
    name = stem + "_" + std::to_string(k);
  taken_.push_back(name);
  return name;
}

void Loops::add_body(std::uint32_t id) {
  const Loop& loop = graph_.loop_at(id);
  const std::vector<NodeId> inputs = inputs_of(loop);
  names_[id] = unused(plain_name(loop));
  functions_.push_back(
      {names_[id] + "(" + listed(graph_, inputs, 0, inputs.size() - loop.captured) + ")", loop.output, {}});
}

void Loops::add_adjoint(const Use& use) {
  const Loop& loop = graph_.loop_at(use.first);
  const std::vector<NodeId> inputs = inputs_of(loop);
  const std::size_t passed = inputs.size() - loop.captured;
  const auto input_name = [&](std::size_t k) { return graph_.input_of(inputs[k]).name; };
  std::string cotangent = "w";
  for (std::size_t k = 0; k < inputs.size(); ++k)
    if (input_name(k) == cotangent) cotangent += "_", k = 0;
  const std::string& name = adjoints_[use] =
      unused(names_.contains(use.first)
                 ? names_[use.first] + (use.second == every ? "_adjoint" : "_by_" + input_name(use.second))
                 : plain_name(loop) + (use.second == every ? "_adjoint" : "_by_" + input_name(use.second)));
  std::string run = "iterate(" + Loops::name(use.first) + ", " + input_name(0) + ", " + std::to_string(loop.count);
  if (passed > 1) run += ", " + listed(graph_, inputs, 1, passed);
  const auto adjoint = [&](std::size_t k) { return "vjp(" + run + "), " + input_name(k) + ", " + cotangent + ")"; };
  LoopFunction f{name + "(" + cotangent + ", " + listed(graph_, inputs, 0, passed) + ")", no_node, {}};
  if (use.second != every) {
    f.text = adjoint(use.second);
  } else {
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const Shape shape = graph_[inputs[k]].shape;
      f.text += (k == 0 ? "[" : ", ") +
                (shape.cols == 1 ? adjoint(k) : "reshape(" + adjoint(k) + ", " + std::to_string(shape.size()) + ", 1)");
    }
    f.text += "]";
  }
  functions_.push_back(std::move(f));
}

}  // namespace wengert::print
