// Expressions as a type of number: rows applied to Expr append nodes to the graph.
//
//   Graph g;
//   Expr x = variable(g, "x"), z = variable(g, "z");
//   Expr y = exp(x * z) + x * z / log(x);        // the node that the text exp(x*z) + x*z/log(x) gives
//
// The local rewrites made here hold for every double (NaN, infinities and -0 included): x*1, x/1, x-0,
// --x, x^1, x^0, integers folded where exact, a strong product with a constant that is not 0.
// Mixing expressions of two graphs, or shapes that do not fit, throws std::invalid_argument.
#pragma once
#include <stdexcept>

#include "wengert/core/expr.hpp"
#include "wengert/rules/table.hpp"

namespace wengert {

// The node of a row applied to arguments of one graph. Elementwise rows find their shape; for array
// rows p.shape is the result's.
Expr build(Graph& graph, Op op, std::span<const NodeId> arguments, const Params& p = {});

inline Expr variable(Graph& g, std::string name, Shape shape = {}) { return {g, g.input(std::move(name), shape)}; }
inline Expr number(Graph& g, double value) { return {g, g.constant(Constant::real(value))}; }
Expr strong_quotient(const Expr& g, const Expr& b);

inline Shape shape_of(const Expr& e) { return e.shape(); }
inline bool present(const Expr& e) { return e.graph != nullptr; }

template <>
struct Lift<Expr> {
  static constexpr bool lifted = true;
  template <class R, class... A>
  static Expr call(const A&... x) {
    const Expr all[] = {x...};
    return apply(op_of<R>, all, {});
  }
  template <class R>
  static Expr array(const Params& p, std::span<const Expr> x) { return apply(op_of<R>, x, p); }
  static Expr like(const Expr& x, double c) { return number(*x.graph, c); }
  static Expr zero(const Expr& x, Shape shape) { return broadcast(like(x, 0.0), shape); }
  static Expr annihilate(const Expr& g, const Expr& p) { return call<StrongMul>(g, p); }
  static Expr annihilate_quotient(const Expr& g, const Expr& b) { return strong_quotient(g, b); }
  static Expr pi_like(const Expr& x) { return {*x.graph, x.graph->constant(Constant::pi())}; }
  static Expr ln2_like(const Expr& x) { return call<Log>(like(x, 2.0)); }
  static Expr ln10_like(const Expr& x) { return call<Log>(like(x, 10.0)); }
  static Expr two_over_sqrt_pi_like(const Expr& x) { return like(x, 2.0) / call<Sqrt>(pi_like(x)); }

 private:
  static Expr apply(Op op, std::span<const Expr> x, const Params& p);
};

}  // namespace wengert
