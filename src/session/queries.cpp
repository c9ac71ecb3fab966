// Questions about a program: an expression, what it depends on, and what is missing.
#include <algorithm>

#include "state.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::session {

std::vector<std::string> missing_names(const Program& program, const std::vector<NodeId>& inputs) {
  std::vector<std::string> missing;
  for (NodeId i : inputs)
    if (!program.point.contains(i)) missing.push_back(program.graph.input_of(i).name);
  return missing;
}

std::string advice_for_missing(const Program& program, const std::vector<std::string>& missing) {
  constexpr std::size_t looked_at = 20;
  std::vector<std::string> known;
  for (SymbolId s = 0; s < program.symbols() && !missing.empty(); ++s)
    if (program.variable(s).role != Role::free) known.push_back(program.name(s));
  std::string advice;
  std::size_t told = 0;
  for (std::size_t k = 0; k < missing.size() && k < looked_at; ++k) {
    const std::string& name = missing[k];
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = nearest(name, known);
    if (!near) continue;
    if (told++ > 0) advice += "; ";
    advice += (missing.size() > 1 ? "for `" + name + "`, " : std::string()) + "did you mean `" + *near + "`?";
    if (told == 3) break;
  }
  return advice;
}

Diagnostic without_value(const Program& program, NodeId input, const Span& span) {
  const std::string& name = program.graph.input_of(input).name;
  std::string help = advice_for_missing(program, {name});
  if (help.empty()) help = "give it one: " + name + " = ...";
  Diagnostic d{Kind::name, "`" + name + "` has no value", span, std::move(help), {}};
  // Where it stands, if that is in the same text.
  for (const Span& s : program.graph.spans(input))
    if (s.source == span.source && s.begin >= span.begin && s.end <= span.end) {
      d.span = s;
      break;
    }
  return d;
}

namespace {

// `grad(e)` as a whole statement.
bool is_gradient_by_all(const ast::Tree& tree, ast::Id root) {
  const ast::Node& n = tree.nodes[root];
  if (n.tag != ast::Tag::call) return false;
  const ast::Call& call = tree.calls[n.a];
  return tree.names[call.name] == "grad" && call.arguments.size() == 1 && call.iterations == ast::none && call.primes == 0;
}

std::string stripped(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<NodeId> in_order(const Program& program, std::vector<NodeId> inputs) {
  const auto order = [&](NodeId i) {
    const SymbolId s = program.symbol_of(i);
    return s == no_symbol ? ~std::uint64_t{0} : program.variable(s).order;
  };
  std::stable_sort(inputs.begin(), inputs.end(), [&](NodeId a, NodeId b) { return order(a) < order(b); });
  return inputs;
}

}  // namespace

Result<Query> make_query(Program& program, const Asked& asked) {
  Query q;
  q.span = asked.span;
  q.silent = asked.silent;
  q.text = stripped(program.sources.text(asked.span));
  const ast::Tree& tree = asked.text->tree;
  auto source = std::make_shared<QuerySource>();
  source->piece = {asked.text, asked.root, program.next_time()};
  std::optional<Expr> expression;
  if (is_gradient_by_all(tree, asked.root)) {
    const Piece inner{asked.text, tree.calls[tree.nodes[asked.root].a].arguments[0], source->piece.time};
    const auto e = lower(program, inner);
    if (!e) return e.error();
    const auto inputs = inputs_of(program.graph, e->id);
    const auto free = std::count_if(inputs.begin(), inputs.end(), [&](NodeId i) { return !program.graph.input_of(i).constant; });
    if (free > 1) {
      if (!e->shape().scalar())
        return Diagnostic{Kind::shape, "grad wants a scalar to differentiate, and this is " + to_string(e->shape()), tree.span(inner.root),
                          "for the derivatives of every element, write jacobian(e, x)", {}};
      q.all_gradients = true;
      expression = *e;
      source->piece = inner;
    }
  }
  if (!expression) {
    const auto e = lower(program, source->piece);
    if (!e) return e.error();
    expression = *e;
  }
  q.expression = *expression;
  std::uint64_t elements = 0;
  const Graph& graph = program.graph;
  std::vector<NodeId> inputs;
  for (NodeId id : graph.reachable({&q.expression.id, 1})) {
    elements += graph[id].shape.size();
    if (graph[id].op == Op::input) inputs.push_back(id);
    if (graph[id].op != op_of<Abstract>) continue;
    const std::string& name = graph.abstract_function_at(abstract_name(graph[id].payload));
    if (std::find(q.abstract.begin(), q.abstract.end(), name) == q.abstract.end()) q.abstract.push_back(name);
  }
  if (elements > 4 * program.limits.elements)
    return Diagnostic{Kind::limit, "the values of this expression take " + std::to_string(elements) + " numbers, more than the limit of " + std::to_string(4 * program.limits.elements), q.span, {}, {}};
  q.all_inputs = in_order(program, std::move(inputs));
  for (NodeId i : q.all_inputs)
    if (!graph.input_of(i).constant) q.inputs.push_back(i);
  q.missing = missing_names(program, q.all_inputs);
  q.missing_help = advice_for_missing(program, q.missing);
  q.source = std::move(source);
  return q;
}

}  // namespace wengert::session
