#include "wengert/lower/lower.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "machine.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

namespace {

// Everything that can go wrong, as a diagnostic.
template <class F>
auto guarded(const Span& span, F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const lowering::Refusal& r) {
    return r.diagnostic;
  } catch (const Stopped& s) {
    Diagnostic d = s.diagnostic;
    if (!d.span.known()) d.span = span;
    return d;
  } catch (const lowering::NotElementwise&) {
    return Diagnostic{Kind::internal, "a loop could not be unrolled", span, {}, {}};
  } catch (const std::bad_alloc&) {
    return Diagnostic{Kind::memory, "there is not enough memory", span, {}, {}};
  } catch (const std::length_error&) {
    return Diagnostic{Kind::memory, "there is not enough memory", span, {}, {}};
  } catch (const std::exception& e) {
    return Diagnostic{Kind::internal, e.what(), span, {}, {}};
  }
}

template <class F>
Result<Expr> run(Program& program, const LowerOptions& options, const Span& span, F&& f) {
  lowering::Machine machine(program, options.form);
  auto result = guarded(span, [&]() -> Result<Expr> { return f(machine); });
  if (options.met_free != nullptr) *options.met_free = machine.met_free();
  if (options.jacobian != nullptr && result) *options.jacobian = machine.root_jacobian();
  return result;
}

}  // namespace

Result<Expr> lower(Program& program, const Piece& piece, const LowerOptions& options) {
  // A large text makes about as many nodes as its tree has; room is made at most once for each doubling.
  if (const std::size_t written = piece.text->tree.nodes.size(); written > 4096 && written > 2 * program.graph.size())
    program.graph.reserve(program.graph.size() + written);
  return run(program, options, piece.text->tree.span(piece.root), [&](lowering::Machine& m) { return m.expression(piece, options.as_inputs); });
}

Result<Expr> lower_name(Program& program, SymbolId name, const LowerOptions& options) {
  if (const NodeId known = program.lowered(options.form, name); known != no_node && options.as_inputs.empty())
    return Expr(program.graph, known);
  return run(program, options, program.variable(name).declared, [&](lowering::Machine& m) { return m.definition(name, options.as_inputs); });
}

std::vector<NodeId> inputs_of(const Graph& graph, NodeId node) {
  if (graph[node].op == Op::input) return {node};
  std::vector<NodeId> inputs;
  for (NodeId id : graph.reachable({&node, 1}))
    if (graph[id].op == Op::input) inputs.push_back(id);
  return inputs;
}

Diagnostic without_numbers(const std::string& function, const Span& span) {
  return {Kind::name, "`" + function + "` is an abstract function: it stands in formulas, and has no values", span,
          "to compute with it, define it: " + function + "(x) = ...", {}};
}

Result<std::vector<double>> value_of(Program& program, NodeId node, const Span& span, std::string_view why) {
  const Graph& graph = program.graph;
  if (graph[node].op == Op::input)
    if (const auto it = program.point.find(node); it != program.point.end()) return it->second;
  return guarded(span, [&]() -> Result<std::vector<double>> {
    const Tape tape = Tape::record(graph, {&node, 1});
    if (tape.elements() > 4 * program.limits.elements || tape.elements() > 0xffffffffu)
      return Diagnostic{Kind::limit, "the values of this expression take more than " + std::to_string(4 * program.limits.elements) + " numbers", span, {}, {}};
    for (const Instruction& i : tape.code())
      if (i.op == op_of<Abstract>) return without_numbers(graph.abstract_function_at(abstract_name(tape.payload(i))), span);
    for (const Tape::Given& g : tape.inputs())
      if (!program.point.contains(g.node)) {
        const std::string& name = graph.input_of(g.node).name;
        return Diagnostic{Kind::name, "`" + name + "` has no value" + (why.empty() ? "" : ", and " + std::string(why) + " needs one"), span,
                          "give it one: " + name + " = ...", {}};
      }
    NumericFrame<double> frame(tape);
    for (const Tape::Given& g : tape.inputs()) {
      const auto& numbers = program.point.at(g.node);
      for (std::size_t k = 0; k < numbers.size(); ++k) frame.values.set(tape.offset(g.slot) + k, numbers[k]);
    }
    evaluate(frame);
    const SlotId out = tape.outputs()[0];
    const auto all = frame.values.all();
    const auto begin = all.begin() + tape.offset(out);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(tape.shape(out).size()));
  });
}

Result<std::int64_t> integer_of(Program& program, NodeId node, const Span& span, std::string_view what) {
  const std::string name(what);
  if (!program.graph[node].shape.scalar()) return Diagnostic{Kind::shape, name + " must be one number, and this is " + to_string(program.graph[node].shape), span, {}, {}};
  const auto numbers = value_of(program, node, span, what);
  if (!numbers) return numbers.error();
  const double x = (*numbers)[0];
  if (std::isnan(x) || x != std::floor(x)) return Diagnostic{Kind::shape, name + " must be an integer, and this is " + lowering::shortest_text(x), span, {}, {}};
  if (std::fabs(x) >= 9007199254740992.0) return Diagnostic{Kind::limit, name + " is too large", span, {}, {}};
  return static_cast<std::int64_t>(x);
}

bool is_closed(const Program& program, const Piece& piece) {
  const ast::Tree& tree = piece.text->tree;
  std::unordered_set<SymbolId> bound;
  const auto bind = [&](std::uint32_t iterations) {
    for (const ast::Iterator& i : tree.iterations[iterations]) bound.insert(piece.text->symbols[i.name]);
  };
  bool closed = true;
  std::vector<SymbolId> names;
  const auto constant = [&](SymbolId s) {
    return is_constant_name(program.name(s)) && program.variable(s).role == Role::free;
  };
  each_node(tree, piece.root, [&](ast::Id id) {
    if (!closed) return;
    const ast::Node& n = tree.nodes[id];
    if (n.tag == ast::Tag::name) {
      const SymbolId s = piece.text->symbols[n.a];
      if (tree.iterations.empty()) closed = constant(s);  // nothing binds it
      else names.push_back(s);
    } else if (n.tag == ast::Tag::comprehension) {
      bind(n.b);
    } else if (n.tag == ast::Tag::call) {
      const ast::Call& call = tree.calls[n.a];
      if (call.iterations != ast::none) bind(call.iterations);
      const std::string& f = tree.names[call.name];
      closed = closed && f != "iterate" && is_builtin_function(f);
    }
  });
  for (SymbolId s : names) {
    if (bound.contains(s)) continue;
    closed = closed && constant(s);
  }
  return closed;
}

std::vector<std::string> builtin_functions() {
  std::vector<std::string> names;
  for (const Row& r : rows())
    if (r.elementwise && r.info->language && r.info->notation == Notation::call) names.emplace_back(r.info->name);
  for (const auto& list : {lowering::scalar_builtins(), lowering::array_builtins()})
    for (const auto& b : list) names.emplace_back(b.name);
  for (const char* more : {"ln", "arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "diff", "grad", "jacobian", "hessian", "jvp", "vjp", "iterate"})
    names.emplace_back(more);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  // Of two names that are as near to a misspelling, the shorter one is meant: `siin` is sin, not sign.
  std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  return names;
}

bool is_builtin_function(std::string_view name) {
  return static_cast<bool>(lowering::find_callable(name)) || lowering::is_derivative(name) || name == "iterate";
}

}  // namespace wengert
