#include "wengert/sweep/matrix_form.hpp"

#include <algorithm>

#include "indexed.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

namespace {

using Frame = SymbolicFrame<Indexed>;

Indexed tangent_of(const Expr& y, const Expr& x, Form form) {
  Graph& graph = *y.graph;
  const Tape tape = Tape::record(graph, std::span(&y.id, 1), std::span(&x.id, 1));
  Frame f(tape);
  for (SlotId s = 0; s < tape.slot_count(); ++s) f.values[s] = indexed::plain(Expr(graph, tape.node(s)));
  f.shown = form == Form::shown;
  f.clear_tangents();
  if (const SlotId s = tape.wrt()[0]; s != Tape::no_slot) f.tangents[s] = indexed::identity(graph, x.shape());
  push_forward(f);
  const Indexed& t = f.tangents[tape.outputs()[0]];
  return present(t) ? t : indexed::plain(broadcast(number(graph, 0), y.shape()));
}

std::optional<Expr> matrix_of(Graph& graph, const IndexedForm& entries) {
  const Shape shape{static_cast<std::uint32_t>(entries.value.size()),
                    static_cast<std::uint32_t>(entries.variable.size())};
  Expr sum;
  for (const IndexedTerm& term : entries.terms) {
    const std::optional<Expr> one = indexed::matrix_of(graph, entries, term);
    if (!one) return {};
    const Expr whole = broadcast(*one, shape);
    sum = present(sum) ? sum + whole : whole;
  }
  return present(sum) ? sum : broadcast(number(graph, 0), shape);
}

}  // namespace

std::optional<MatrixForm> matrix_form(const Expr& y, const Expr& x, Form form) {
  // Elements by rows stay elements by rows: a reshape of the result changes nothing.
  Expr value = y;
  while (value.node().op == op_of<Reshape>) value = {*y.graph, y.graph->arguments(value.id)[0]};
  try {
    const Indexed t = tangent_of(value, x, form);
    MatrixForm out{{value.shape(), x.shape(), t.terms}, {}, false};
    if (!t.varies && !(t.plain.node().op == op_of<Broadcast> || t.plain.node().op == Op::constant)) return {};
    out.matrix = matrix_of(*y.graph, out.entries);
    for (const IndexedTerm& term : t.terms) out.picks = out.picks || term.picks;
    return out;
  } catch (const NoIndexNotation&) {
    return {};
  }
}

}  // namespace wengert
