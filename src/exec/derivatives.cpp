#include "wengert/exec/derivatives.hpp"

#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::exec {

Plan gradient_plan(const Expr& y, std::span<const Expr> wrt, std::span<const Expr> inputs, PlanOptions options) {
  Graph& graph = *y.graph;
  std::vector<NodeId> outputs{y.id};
  for (const Expr& g : vjp(y, wrt, broadcast(number(graph, 1), y.shape()))) outputs.push_back(g.id);
  return {graph, outputs, ids(inputs), std::move(options)};
}

Jacobian hessian_plan(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options) {
  return {gradient(y, x), x, inputs, std::move(options)};
}

}  // namespace wengert::exec
