// Derivatives as expressions: the sweeps over Expr, graph to graph.
//
//   Expr dy = derivative(y, x);          // forward sweep: textbook rewriting by a scalar, shaped like y
//   Expr g = gradient(y, W);             // reverse sweep: the adjoint program, shaped like W
//
// The result's nodes carry the spans of the primal nodes that they come from. Absent dependence
// gives zeros of the right shape. Linear in the nodes that y depends on (jacobian: times the smaller
// of its dimensions' sizes; hessian: times the size of x). wrt are input nodes.
#pragma once
#include <span>
#include <unordered_map>
#include <vector>

#include "wengert/core/expr.hpp"

namespace wengert {

// Which form partials take: as they are evaluated (accurate), or as the blackboard writes them (for printing).
enum class Form { stable, shown };

// dy/dx for a scalar input x, shaped like y.
Expr derivative(const Expr& y, const Expr& x, Form form = Form::stable);
// dy/dx for every scalar input in wrt, each shaped like y.
std::vector<Expr> derivatives(const Expr& y, std::span<const Expr> wrt, Form form = Form::stable);
// sum over k of (dy/dx_k) v_k; v_k is shaped like x_k.
Expr jvp(const Expr& y, std::span<const Expr> x, std::span<const Expr> v, Form form = Form::stable);
// The adjoints of all wrt for the cotangent w, which is shaped like y.
std::vector<Expr> vjp(const Expr& y, std::span<const Expr> wrt, const Expr& w, Form form = Form::stable);
// vjp of a scalar y with cotangent 1.
Expr gradient(const Expr& y, const Expr& x, Form form = Form::stable);
// Elements of y by elements of x, both flattened by rows.
Expr jacobian(const Expr& y, const Expr& x, Form form = Form::stable);
// The Jacobian of the gradient.
Expr hessian(const Expr& y, const Expr& x, Form form = Form::stable);

// y with inputs replaced by expressions of the same shape.
Expr substitute(const Expr& y, const std::unordered_map<NodeId, Expr>& replacements);

}  // namespace wengert
