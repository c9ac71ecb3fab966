#include <algorithm>

#include "implementation.hpp"

namespace wengert {

namespace {

constexpr std::size_t textbook_scalars = 64;  // by more scalars the reverse sweep is taken

// The value, and the Jacobian by each of wrt.
std::vector<NodeId> derivative_nodes(const Problem& p) {
  Graph& graph = *p.graph;
  const Expr y(graph, p.output);
  std::vector<NodeId> out{p.output};
  std::vector<Expr> wrt;
  bool scalars = p.wrt.size() <= textbook_scalars;
  for (NodeId w : p.wrt) {
    wrt.emplace_back(graph, w);
    scalars = scalars && graph[w].shape.scalar();
  }
  if (scalars) {
    for (const Expr& d : derivatives(y, wrt)) out.push_back(d.id);
  } else if (y.shape().scalar()) {
    for (const Expr& a : vjp(y, wrt, number(graph, 1))) out.push_back(a.id);
  } else {
    for (const Expr& x : wrt) out.push_back(jacobian(y, x).id);
  }
  return out;
}

}  // namespace

SymbolicMode::SymbolicMode(const Problem& p) : program(p), derivative(Tape::record(*p.graph, derivative_nodes(p))) {
  operations = count_sweeps(derivative).value;
}

Derivative SymbolicMode::jacobian(const Point& point) const {
  NumericFrame<double> f = frame_at(derivative, point);
  evaluate(f);
  Derivative d;
  d.value = take(f, f.values, derivative.outputs()[0]);
  for (std::size_t k = 0; k < program.shapes.size(); ++k) d.blocks.push_back(take(f, f.values, derivative.outputs()[k + 1]));
  return d;
}

Hessian SymbolicMode::hessian(const Point& point) const {
  Graph& graph = *program.problem.graph;
  const Expr y(graph, program.problem.output);
  std::vector<Expr> wrt;
  for (NodeId w : program.problem.wrt) wrt.emplace_back(graph, w);
  const bool scalars = wrt.size() <= textbook_scalars &&
                       std::all_of(wrt.begin(), wrt.end(), [](const Expr& x) { return x.shape().scalar(); });
  const std::vector<Expr> first = scalars ? derivatives(y, wrt) : vjp(y, wrt, number(graph, 1));
  std::vector<NodeId> nodes;
  for (const Expr& g : first)
    for (const Expr& x : wrt) nodes.push_back((scalars ? wengert::derivative(g, x) : wengert::jacobian(g, x)).id);
  const Tape tape = Tape::record(graph, nodes);
  NumericFrame<double> f = frame_at(tape, point);
  evaluate(f);

  Hessian h;
  const std::size_t n = program.n();
  h.value = value_at(graph, y.id, point);
  h.matrix.assign(n * n, 0.0);
  std::size_t at = 0, top = 0;
  for (const Shape& rows : program.shapes) {
    std::size_t left = 0;
    for (const Shape& columns : program.shapes) {
      const auto block = take(f, f.values, tape.outputs()[at++]);
      for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < columns.size(); ++j) h.matrix[(top + i) * n + left + j] = block[i * columns.size() + j];
      left += columns.size();
    }
    top += rows.size();
  }
  return h;
}

}  // namespace wengert
