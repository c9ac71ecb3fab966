#include "steps_rules.hpp"

#include <algorithm>

#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::steps {

bool is_sum(Op op) { return op == op_of<Add> || op == op_of<Sub> || op == op_of<Neg>; }

namespace {

bool is_product(Op op) {
  return op == op_of<Mul> || op == op_of<StrongMul> || op == op_of<MatMul> || op == op_of<StrongMatMul>;
}

std::string binary_rule(Op op, bool first, bool second, const Graph& graph, NodeId exponent) {
  if (is_product(op)) return first && second ? "product rule" : "constant factor";
  if (op == op_of<Div>) return first && second ? "quotient rule" : first ? "constant factor" : "reciprocal rule";
  if (op != op_of<Pow>) return {};
  if (first && second) return "power with variable base and exponent";
  if (second) return "exponential rule";
  return graph[exponent].op == Op::constant ? "power rule" : "power rule with constant exponent";
}

}  // namespace

Applied name_rule(const Graph& graph, NodeId node, const std::vector<bool>& varies,
                  const std::function<bool(NodeId)>& is_seed) {
  const Op op = graph[node].op;
  const Row& row = row_of(op);
  const auto x = graph.arguments(node);
  Applied rule;
  std::vector<NodeId> varying;
  for (std::size_t j = 0; j < x.size(); ++j)
    if (varies[j]) varying.push_back(x[j]);
  if (op == op_of<Neg>)
    rule.name = "constant factor";
  else if (is_sum(op))
    rule.name = "sum rule";
  else if (x.size() == 2)
    rule.name = binary_rule(op, varies[0], varies[1], graph, x[1]);
  if (op == op_of<Place>) rule.name = "element by element";
  if (op == op_of<Abstract>)
    rule.name = "derivative of " + graph.abstract_function_at(abstract_name(graph[node].payload));
  if (rule.name.empty()) rule.name = row.linear ? "linearity" : std::string(row.info->rule);
  // A chain rule, or that of a power, of something else than a function of a number.
  const bool own = !row.linear && !row.elementwise && op != op_of<Abstract> &&
                   (rule.name == "chain rule" || rule.name == "power rule");
  if (rule.name.empty() || own) rule.name = "rule for " + std::string(row.info->name);
  const bool two = varying.size() == 2 && (is_product(op) || op == op_of<Div> || op == op_of<Pow>);
  const bool outer = !row.linear && !is_sum(op) && !is_product(op) && rule.name != "constant factor";
  if (two) {
    rule.inner = varying;
  } else if (outer && varying.size() == 1 && !is_seed(varying[0])) {
    rule.chain = true;
    rule.inner = varying;
  }
  return rule;
}

SweepFrame frame_of(const Tape& tape, Graph& graph) {
  SweepFrame f(tape);
  for (SlotId s = 0; s < tape.slot_count(); ++s) f.values[s] = Expr(graph, tape.node(s));
  f.shown = true;
  f.clear_tangents();
  return f;
}

Expr pushed(SweepFrame& f, const Instruction& i) {
  kernel<SweepFrame>(i.op).push(f, i);
  return f.tangents[i.out];
}

namespace {
Stated same(const Expr& e) { return {e, e}; }
}  // namespace

// The rule is stated on letters, simplified, and then read for the arguments: what these are made of stays as it is.
Stated blackboard_rule(SweepFrame& f, const Instruction& i, Graph& graph) {
  const Op op = i.op;
  if (!row_of(op).elementwise || is_sum(op) || is_product(op) || op == op_of<Select>) return same(pushed(f, i));
  static constexpr const char* letters[] = {"u", "v", "w"};
  static constexpr const char* derivatives[] = {"du", "dv", "dw"};
  const auto slots = f.tape.arguments(i);
  std::vector<NodeId> arguments;
  std::vector<Expr> tangents;
  std::unordered_map<NodeId, Expr> meaning;
  for (std::size_t j = 0; j < slots.size(); ++j) {
    const Expr value = f.values[slots[j]], tangent = f.tangents[slots[j]];
    const bool known = value.node().op == Op::constant;
    arguments.push_back(known ? value.id : graph.input(letters[j], value.shape()));
    if (!known) meaning.emplace(arguments[j], value);
    tangents.push_back(present(tangent) ? variable(graph, derivatives[j], tangent.shape()) : Expr());
    if (present(tangent)) meaning.emplace(tangents[j].id, tangent);
  }
  const Expr e = build(graph, op, arguments);
  const Tape small = Tape::record(graph, std::span(&e.id, 1), arguments);
  if (small.code().size() != 1) return same(pushed(f, i));
  SweepFrame stated = frame_of(small, graph);
  for (std::size_t j = 0; j < arguments.size(); ++j) stated.tangents[small.arguments(small.code()[0])[j]] = tangents[j];
  const Expr rule = pushed(stated, small.code()[0]);
  if (!present(rule)) return same(rule);
  const Expr whole = substitute(simplify(rule), meaning);
  if (rule.node().op != op_of<Add>) return same(whole);
  const auto terms = graph.arguments(rule.id);
  const Expr first(graph, terms[0]), second(graph, terms[1]);
  return {whole, substitute(simplify(first) + simplify(second), meaning)};
}

}  // namespace wengert::steps
