#include "wengert/rules/build.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace wengert {

namespace {

constexpr std::int64_t exact_limit = std::int64_t{1} << 53;

// The scalar constant that the node is or repeats.
const Constant* constant_in(const Graph& g, NodeId id) {
  if (g[id].op == op_of<Broadcast>) id = g.arguments(id)[0];
  return g[id].op == Op::constant ? &g.constant_of(id) : nullptr;
}

bool is(const Constant* c, std::int64_t n) { return c != nullptr && c->is(n); }
std::optional<std::int64_t> integer_in(const Constant* c) {
  if (c == nullptr || !c->exact() || c->denominator != 1 || std::abs(c->numerator) >= exact_limit) return {};
  return c->numerator;
}

Expr spread(const Expr& e, Shape to) { return broadcast(e, to); }

struct Rewriter {
  Graph& g;
  Op op;
  std::span<const NodeId> x;
  Shape shape;

  Expr arg(std::size_t i) const { return spread({g, x[i]}, shape); }
  Expr constant(const Constant& c) const { return spread({g, g.constant(c)}, shape); }
  Expr unary(Op o, NodeId a) const { return build(g, o, {&a, 1}); }
  Expr binary(Op o, NodeId a, NodeId b) const {
    const NodeId both[] = {a, b};
    return build(g, o, both);
  }

  // Integers combine where the result is exact in double, and quotients of integers are rationals.
  std::optional<Constant> fold(const Constant* a, const Constant* b) const {
    std::int64_t r = 0;
    // Comparisons of any two constants; where only their nearest doubles are equal, more digits decide.
    if (a != nullptr && b != nullptr && (a->value != b->value || (a->exact() && b->exact()))) {
      if (op == op_of<Less>) return Constant::integer(a->value < b->value);
      if (op == op_of<LessEqual>) return Constant::integer(a->value <= b->value);
      if (op == op_of<Greater>) return Constant::integer(a->value > b->value);
      if (op == op_of<GreaterEqual>) return Constant::integer(a->value >= b->value);
      if (op == op_of<Equal>) return Constant::integer(a->value == b->value);
      if (op == op_of<NotEqual>) return Constant::integer(a->value != b->value);
    }
    const auto m = integer_in(a), n = integer_in(b);
    if (!m || !n) return {};
    if (op == op_of<Add>) r = *m + *n;
    else if (op == op_of<Sub>) r = *m - *n;
    else if (op == op_of<Mul> || op == op_of<StrongMul>) {
      // 0 times a negative number is -0, which is not the integer 0
      if (__builtin_mul_overflow(*m, *n, &r) || (r == 0 && (*m < 0 || *n < 0))) return {};
    }
    else if (op == op_of<Div>) { if (*n == 0 || (*m == 0 && *n < 0)) return {}; return Constant::rational(*m, *n); }
    else return {};
    if (std::abs(r) >= exact_limit) return {};
    return Constant::integer(r);
  }

  std::optional<Expr> product(const Constant* a, const Constant* b, bool strong) const {
    if (is(a, 1)) return arg(1);
    if (is(b, 1)) return arg(0);
    if (is(a, -1)) return unary(op_of<Neg>, arg(1).id);
    if (is(b, -1)) return unary(op_of<Neg>, arg(0).id);
    if (strong) {
      if (is(a, 0) || is(b, 0)) return constant(Constant::integer(0));
      // A finite factor that is not 0 annihilates nothing that the other one does not.
      const auto plain = [](const Constant* c) { return c != nullptr && c->value != 0 && std::isfinite(c->value); };
      if (plain(a) || plain(b)) return binary(op_of<Mul>, x[0], x[1]);
    }
    return {};
  }

  std::optional<Expr> rewrite() const {
    const Constant* a = x.empty() ? nullptr : constant_in(g, x[0]);
    const Constant* b = x.size() < 2 ? nullptr : constant_in(g, x[1]);
    if (x.size() == 2) {
      if (auto c = fold(a, b)) return constant(*c);
    }
    if (op == op_of<Neg>) {
      if (auto n = integer_in(a); n && *n != 0) return constant(Constant::integer(-*n));
      if (a != nullptr && a->exact() && a->numerator != 0) return constant(Constant::rational(-a->numerator, a->denominator));
      if (g[x[0]].op == op_of<Neg>) return spread({g, g.arguments(x[0])[0]}, shape);
    } else if (op == op_of<Sub>) {
      if (is(b, 0)) return arg(0);
      if (g[x[1]].op == op_of<Neg>) return binary(op_of<Add>, x[0], g.arguments(x[1])[0]);
    } else if (op == op_of<Add>) {
      if (g[x[1]].op == op_of<Neg>) return binary(op_of<Sub>, x[0], g.arguments(x[1])[0]);
    } else if (op == op_of<Mul>) {
      return product(a, b, false);
    } else if (op == op_of<StrongMul>) {
      return product(a, b, true);
    } else if (op == op_of<Div>) {
      if (is(b, 1)) return arg(0);
    } else if (op == op_of<Pow>) {
      if (is(b, 1)) return arg(0);
      if (is(b, 0)) return constant(Constant::integer(1));
    } else if (op == op_of<Select>) {
      if (a != nullptr) return arg(a->value != 0 && !std::isnan(a->value) ? 1 : 2);
      if (x[1] == x[2]) return arg(1);
    }
    return {};
  }
};

Shape elementwise_shape(const Graph& g, std::span<const NodeId> x) {
  Shape shape;
  for (NodeId a : x)
    if (!g[a].shape.scalar()) {
      if (!shape.scalar() && shape != g[a].shape)
        throw std::invalid_argument("shapes " + to_string(shape) + " and " + to_string(g[a].shape) + " do not fit");
      shape = g[a].shape;
    }
  return shape;
}

// Array rows that do nothing, or undo their argument.
std::optional<Expr> collapse(Graph& g, Op op, std::span<const NodeId> x, const Params& p) {
  if (x.size() != 1) return {};
  const Node inner = g[x[0]];
  if (op == op_of<Transpose>) {
    if (inner.shape.scalar()) return Expr(g, x[0]);
    if (inner.op == op_of<Transpose>) return Expr(g, g.arguments(x[0])[0]);
  }
  if ((op == op_of<Sum> || op == op_of<Broadcast> || op == op_of<Reshape> || op == op_of<Part>) && inner.shape == p.shape)
    return Expr(g, x[0]);
  if (op == op_of<Reshape> && inner.op == op_of<Reshape>) {
    const NodeId base = g.arguments(x[0])[0];
    return reshape(Expr(g, base), p.shape);
  }
  if (op == op_of<Broadcast> && inner.op == op_of<Broadcast>) {
    const NodeId base = g.arguments(x[0])[0];
    if (g[base].shape.scalar()) return broadcast(Expr(g, base), p.shape);
  }
  if (op == op_of<Part> && inner.op == op_of<Place>) {  // the part that was put there, if it alone covers that place
    const auto parts = g.slices_at(inner.payload);
    std::optional<std::size_t> found;
    const Slice& want = p.slices[0];
    for (std::size_t j = 0; j < parts.size(); ++j) {
      const Slice& s = parts[j];
      const bool apart = s.row >= want.row + want.shape.rows || want.row >= s.row + s.shape.rows ||
                         s.col >= want.col + want.shape.cols || want.col >= s.col + s.shape.cols;
      if (apart) continue;
      if (found || !(s == want)) return {};
      found = j;
    }
    if (found) return Expr(g, g.arguments(x[0])[*found]);
    const auto meets = [&](const Slice& s) {
      return s.row < want.row + want.shape.rows && want.row < s.row + s.shape.rows && s.col < want.col + want.shape.cols &&
             want.col < s.col + s.shape.cols;
    };
    if (std::none_of(parts.begin(), parts.end(), meets)) return spread({g, g.constant(Constant::integer(0))}, p.shape);
  }
  if (op == op_of<Part> && inner.op == op_of<Part>) {
    const Slice& outer = g.slices_at(inner.payload)[0];
    return part(Expr(g, g.arguments(x[0])[0]), {outer.row + p.slices[0].row, outer.col + p.slices[0].col, p.slices[0].shape});
  }
  if (op == op_of<Part> && inner.op == op_of<Broadcast> && g[g.arguments(x[0])[0]].shape.scalar())
    return broadcast(Expr(g, g.arguments(x[0])[0]), p.shape);
  return {};
}

}  // namespace

Expr build(Graph& g, Op op, std::span<const NodeId> arguments, const Params& p) {
  if (row_of(op).elementwise) {
    const Shape shape = elementwise_shape(g, arguments);
    if (auto known = Rewriter{g, op, arguments, shape}.rewrite()) return *known;
    return {g, g.node(op, arguments, shape)};
  }
  if (auto known = collapse(g, op, arguments, p)) return *known;
  const std::uint32_t payload = op == op_of<Part> || op == op_of<Place> ? g.slices(p.slices) : p.number;
  return {g, g.node(op, arguments, p.shape, payload)};
}

Expr Lift<Expr>::apply(Op op, std::span<const Expr> x, const Params& p) {
  NodeId few[4];
  std::vector<NodeId> ids;
  std::span<NodeId> all(few, std::min<std::size_t>(x.size(), 4));
  if (x.size() > 4) {
    ids.resize(x.size());
    all = ids;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i].graph != x[0].graph) throw std::invalid_argument("the expressions belong to two graphs");
    all[i] = x[i].id;
  }
  return build(*x[0].graph, op, all, p);
}

Expr strong_quotient(const Expr& g, const Expr& b) {
  const Constant* c = constant_in(*g.graph, g.id);
  const Constant* d = constant_in(*b.graph, b.id);
  const auto plain = [](const Constant* k) { return k != nullptr && k->value != 0 && std::isfinite(k->value); };
  if (plain(c) || plain(d)) return g / b;
  return annihilate(g, 1.0 / b);
}

}  // namespace wengert
