#include "wengert/sweep/differentiate.hpp"

#include "wengert/rules/build.hpp"
#include "wengert/sweep/matrix_form.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

namespace {

using Frame = SymbolicFrame<Expr>;

Tape record(const Expr& y, std::span<const Expr> wrt) { return Tape::record(*y.graph, std::span(&y.id, 1), ids(wrt)); }

// The frame whose values are the nodes themselves.
Frame frame_on(const Tape& tape, Graph& graph, Form form) {
  Frame f(tape);
  for (SlotId s = 0; s < tape.slot_count(); ++s) f.values[s] = Expr(graph, tape.node(s));
  f.shown = form == Form::shown;
  return f;
}

// New nodes that a step made take the span of the node that it stepped on.
template <class Step>
void with_span(Graph& graph, NodeId primal, Step&& step) {
  const auto before = static_cast<NodeId>(graph.size());
  step();
  const Span span = graph.span(primal);
  if (span.known())
    for (auto id = before; id < graph.size(); ++id) graph.add_span(id, span);
}

void forward(Frame& f, Graph& graph) {
  for (const Instruction& i : f.tape.code())
    if (f.active(i.out)) with_span(graph, f.tape.node(i), [&] { kernel<Frame>(i.op).push(f, i); });
}

void reverse(Frame& f, Graph& graph) {
  const auto code = f.tape.code();
  for (std::size_t k = code.size(); k-- > 0;)
    if (f.active(code[k].out)) with_span(graph, f.tape.node(code[k]), [&] { kernel<Frame>(code[k].op).pull(f, code[k]); });
}

Expr ones(Graph& graph, Shape shape) { return broadcast(number(graph, 1), shape); }
Expr zeros(Graph& graph, Shape shape) { return broadcast(number(graph, 0), shape); }

}  // namespace

Expr jvp(const Expr& y, std::span<const Expr> x, std::span<const Expr> v, Form form) {
  Graph& graph = *y.graph;
  const Tape tape = record(y, x);
  Frame f = frame_on(tape, graph, form);
  f.clear_tangents();
  for (std::size_t k = 0; k < x.size(); ++k)
    if (const SlotId s = tape.wrt()[k]; s != Tape::no_slot) f.tangents[s] = v[k];
  forward(f, graph);
  const Expr t = f.tangents[tape.outputs()[0]];
  return present(t) ? t : zeros(graph, y.shape());
}

std::vector<Expr> derivatives(const Expr& y, std::span<const Expr> wrt, Form form) {
  std::vector<Expr> out;
  const Expr one = number(*y.graph, 1);
  for (const Expr& x : wrt) out.push_back(jvp(y, std::span(&x, 1), std::span(&one, 1), form));
  return out;
}

Expr derivative(const Expr& y, const Expr& x, Form form) { return derivatives(y, std::span(&x, 1), form)[0]; }

std::vector<Expr> vjp(const Expr& y, std::span<const Expr> wrt, const Expr& w, Form form) {
  Graph& graph = *y.graph;
  const Tape tape = record(y, wrt);
  Frame f = frame_on(tape, graph, form);
  f.clear_adjoints();
  f.accumulate(tape.outputs()[0], w);
  reverse(f, graph);
  std::vector<Expr> out;
  for (std::size_t k = 0; k < wrt.size(); ++k) {
    const SlotId s = tape.wrt()[k];
    const Expr a = s == Tape::no_slot ? Expr() : f.adjoint(s);
    out.push_back(present(a) ? a : zeros(graph, wrt[k].shape()));
  }
  return out;
}

Expr gradient(const Expr& y, const Expr& x, Form form) {
  return vjp(y, std::span(&x, 1), ones(*y.graph, y.shape()), form)[0];
}

namespace {

// 1 at one element of the shape, 0 elsewhere.
Expr unit_array(Graph& graph, Shape shape, std::uint64_t element) {
  if (shape.scalar()) return number(graph, 1);
  const Slice at{static_cast<std::uint32_t>(element / shape.cols), static_cast<std::uint32_t>(element % shape.cols), {}};
  const Expr one = number(graph, 1);
  return Lift<Expr>::array<Place>({.shape = shape, .slices = {&at, 1}}, std::span(&one, 1));
}

// Rows (or columns) put together into a matrix.
Expr assemble(Shape shape, const std::vector<Expr>& lines, bool as_rows) {
  if (lines.size() == 1) return reshape(lines[0], shape);
  std::vector<Slice> slices;
  std::vector<Expr> pieces;
  for (std::uint32_t k = 0; k < lines.size(); ++k) {
    const Shape line = as_rows ? Shape{1, shape.cols} : Shape{shape.rows, 1};
    slices.push_back(as_rows ? Slice{k, 0, line} : Slice{0, k, line});
    pieces.push_back(reshape(lines[k], line));
  }
  return Lift<Expr>::array<Place>({.shape = shape, .slices = slices}, pieces);
}

}  // namespace

Expr jacobian(const Expr& y, const Expr& x, Form form) {
  Graph& graph = *y.graph;
  const auto m = y.shape().size(), n = x.shape().size();
  const Shape shape{static_cast<std::uint32_t>(m), static_cast<std::uint32_t>(n)};
  // For a reader a matrix formula, unless it would say element by element what a short list says better.
  if (form == Form::shown && m > 1 && n > 1) {
    constexpr std::uint64_t short_list = 64;
    if (const auto found = matrix_form(y, x, form); found && found->matrix && !(found->picks && m * n <= short_list)) return *found->matrix;
  }
  std::vector<Expr> lines;
  const bool by_rows = m <= n;
  for (std::uint64_t k = 0; k < (by_rows ? m : n); ++k) {
    if (by_rows) {
      lines.push_back(vjp(y, std::span(&x, 1), unit_array(graph, y.shape(), k), form)[0]);
    } else {
      const Expr v = unit_array(graph, x.shape(), k);
      lines.push_back(jvp(y, std::span(&x, 1), std::span(&v, 1), form));
    }
  }
  return assemble(shape, lines, by_rows);
}

Expr hessian(const Expr& y, const Expr& x, Form form) { return jacobian(gradient(y, x, form), x, form); }

Expr substitute(const Expr& y, const std::unordered_map<NodeId, Expr>& replacements) {
  Graph& graph = *y.graph;
  const Tape tape = Tape::record(graph, std::span(&y.id, 1));
  Frame f(tape);
  std::vector<bool> changed(tape.slot_count());
  for (SlotId s = 0; s < tape.slot_count(); ++s) {
    const auto it = replacements.find(tape.node(s));
    changed[s] = it != replacements.end();
    f.values[s] = changed[s] ? it->second : Expr(graph, tape.node(s));
  }
  for (const Instruction& i : tape.code()) {
    bool differs = false;
    for (SlotId a : tape.arguments(i)) differs = differs || changed[a];
    if (!differs) continue;
    with_span(graph, tape.node(i), [&] { kernel<Frame>(i.op).value(f, i); });
    changed[i.out] = true;
  }
  return f.values[tape.outputs()[0]];
}

}  // namespace wengert
