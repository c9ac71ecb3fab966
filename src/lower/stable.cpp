// The stable forms that the language promises: made once, here, so that every mode sees the same node.
//
// Each is equal in the reals on the whole domain; none overflows where the value does not.
//   log(sigmoid(x)) = -softplus(-x)        log(1 - sigmoid(x)) = -softplus(x)
//   log(1 + exp(x)) = softplus(x)          log(sum(exp(x)))    = logsumexp(x)
//   log(softmax(v)) = log_softmax(v), of a part of it too
#include "site.hpp"

namespace wengert::lowering {

namespace {

Expr call(Op op, const Expr& x) { return build(*x.graph, op, {&x.id, 1}); }

const Expr argument(const Expr& x, std::size_t k) { return {*x.graph, x.graph->arguments(x.id)[k]}; }

bool is_one(const Expr& x) {
  const Expr inner = x.node().op == op_of<Broadcast> ? argument(x, 0) : x;
  return inner.graph->is_constant(inner.id, 1);
}

// log of what a softmax went into by moving elements about.
Expr log_of_softmax(const Expr& x) {
  std::vector<Expr> moves;
  Expr at = x;
  while (at.node().op == op_of<Part> || at.node().op == op_of<Transpose> || at.node().op == op_of<Reshape>) {
    moves.push_back(at);
    at = argument(at, 0);
  }
  if (at.node().op != op_of<Softmax>) return {};
  const Expr v = argument(at, 0);
  Expr y = apply_array<LogSoftmax>({.shape = at.shape(), .number = at.node().payload}, {v});
  for (std::size_t k = moves.size(); k-- > 0;) {
    const Expr& m = moves[k];
    if (m.node().op == op_of<Part>) y = part(y, Slice(m.graph->slices_at(m.node().payload)[0]));
    else if (m.node().op == op_of<Transpose>) y = transpose(y);
    else y = reshape(y, m.shape());
  }
  return y;
}

Expr stable_logarithm(const Expr& x) {
  const Op op = x.node().op;
  if (op == op_of<Sigmoid>) return -call(op_of<Softplus>, -argument(x, 0));
  if (op == op_of<Add>) {
    for (std::size_t k : {0u, 1u})
      if (is_one(argument(x, k)) && argument(x, 1 - k).node().op == op_of<Exp>) return call(op_of<Softplus>, argument(argument(x, 1 - k), 0));
  }
  if (op == op_of<Sub> && is_one(argument(x, 0)) && argument(x, 1).node().op == op_of<Sigmoid>)
    return -call(op_of<Softplus>, argument(argument(x, 1), 0));
  if (op == op_of<Sum> && argument(x, 0).node().op == op_of<Exp>)
    return apply_array<LogSumExp>({.shape = x.shape(), .number = x.node().payload}, {argument(argument(x, 0), 0)});
  return log_of_softmax(x);
}

}  // namespace

Value logarithm(const Site& s, const Value& x) {
  const Expr stable = stable_logarithm(x.e);
  if (present(stable)) return {stable, x.lanes};
  return elementwise(s, op_of<Log>, {&x, 1});
}

Value cross_entropy(const Site& s, const Value& p, const Value& y) {
  const Value x[] = {p, y};
  if (p.lanes != 0 || y.lanes != 0) throw NotElementwise{};
  if (p.shape() != y.shape())
    s.refuse_shapes("cross_entropy wants equal shapes, and these are " + to_string(p.shape()) + " and " + to_string(y.shape()), x, equal_shapes_advice(s, x, 0, 1));
  const Expr log_p = log_of_softmax(p.e);
  const Expr terms = present(log_p) ? y.e * log_p : xlogy(y.e, p.e);
  return {-total(terms, along::all)};
}

}  // namespace wengert::lowering
