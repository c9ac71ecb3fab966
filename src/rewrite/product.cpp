// Canonical products: coefficient, scalars, arrays; one quotient; the sign outside.
#include <algorithm>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert::rewrite {

NodeId Workshop::build(Op op, std::initializer_list<NodeId> x, Shape shape, std::uint32_t number) {
  return wengert::build(g, op, {x.begin(), x.size()}, {.shape = shape, .number = number}).id;
}

NodeId Workshop::repeated(NodeId x, Shape to) {
  if (g[x].shape == to || to.scalar()) return x;  // where a scalar is asked for, the shape is the operands' own
  return build(op_of<Broadcast>, {x}, to);
}

// The factor, or its inverse, as a node.
NodeId Workshop::power_node(const Factor& f, bool inverted) {
  if (f.symbol != no_node) {
    if (g[f.base].op == Op::constant && g.constant_of(f.base).exactness == Constant::Exactness::e) return build(op_of<Exp>, {f.symbol});
    return build(op_of<Pow>, {f.base, f.symbol});
  }
  const Number exponent = inverted ? f.exponent.negated() : f.exponent;
  if (exponent.is(1)) return f.base;
  if (exponent.exact && exponent.p == 1 && exponent.q == 2) return build(op_of<Sqrt>, {f.base});
  return build(op_of<Pow>, {f.base, constant(exponent)});
}

// The scalar written before the first matrix: 2*A*B.
NodeId Workshop::attach(NodeId scalar, NodeId matrix) {
  std::vector<NodeId> chain{matrix};
  while (chain.size() < 16 && g[chain.back()].op == op_of<MatMul>) chain.push_back(g.arguments(chain.back())[0]);
  NodeId out = product(take_apart({Item{scalar}, Item{chain.back()}}), g[chain.back()].shape);
  for (std::size_t k = chain.size() - 1; k-- > 0;) out = build(op_of<MatMul>, {out, g.arguments(chain[k])[1]}, g[chain[k]].shape);
  return out;
}

// Times an array with one part that is not 0: only that part counts. v.*[0, x, 0] is [0, x*v[2], 0].
std::optional<NodeId> Workshop::placed_product(const Monomial& m, Shape shape) {
  const auto placed = std::find_if(m.factors.begin(), m.factors.end(), [&](const Factor& f) {
    return g[f.base].op == op_of<Place> && g.arguments(f.base).size() == 1 && f.exponent.is(1) && f.symbol == no_node;
  });
  if (placed == m.factors.end() || (m.factors.size() == 1 && m.coefficient.is(1))) return {};
  const Slice at = g.slices_at(g[placed->base].payload)[0];
  Monomial inside{m.coefficient, {}};
  const std::vector<Factor> factors = m.factors;
  const NodeId place = placed->base;
  for (Factor f : factors) {
    if (f.base == place) {
      f.base = g.arguments(place)[0];
    } else if (!shape_of(f).scalar()) {
      if (f.symbol != no_node && !g[f.symbol].shape.scalar()) f.symbol = part_of(f.symbol, at);
      if (!g[f.base].shape.scalar()) f.base = part_of(f.base, at);
    }
    inside.factors.push_back(f);
  }
  fire(Rule::picked);
  std::vector<Item> items;
  for (const Factor& f : inside.factors) items.push_back({product({Number::integer(1), {f}}, shape_of(f))});
  items.push_back({constant(inside.coefficient)});
  const NodeId part = product(take_apart(std::move(items)), at.shape);
  return wengert::build(g, op_of<Place>, std::span(&part, 1), {.shape = shape, .slices = {&at, 1}}).id;
}

// A multiple of a diagonal matrix is the diagonal matrix of multiples: 3*diag(v) is diag(3*v), but 3*eye(n) stays.
std::optional<NodeId> Workshop::diagonal_product(const Monomial& m, Shape shape) {
  const auto is_array = [&](const Factor& f) { return !shape_of(f).scalar(); };
  if (std::count_if(m.factors.begin(), m.factors.end(), is_array) != 1 || (m.factors.size() == 1 && m.coefficient.is(1))) return {};
  const Factor matrix = *std::find_if(m.factors.begin(), m.factors.end(), is_array);
  if (g[matrix.base].op != op_of<DiagonalMatrix> || !matrix.exponent.is(1) || matrix.symbol != no_node) return {};
  const NodeId elements = g.arguments(matrix.base)[0];
  if (number(elements)) return {};
  Monomial inside = take_apart(elements);
  const auto coefficient = multiply(inside.coefficient, m.coefficient);
  if (!coefficient) return {};
  inside.coefficient = *coefficient;
  for (const Factor& f : m.factors)
    if (f.base != matrix.base) inside.factors.push_back(f);
  return build(op_of<DiagonalMatrix>, {product(std::move(inside), g[elements].shape)}, shape);
}

NodeId Workshop::product(Monomial m, Shape shape) {
  const auto singular = [&](const Factor& f) {
    if (g[f.base].op != Op::constant) return false;
    const double c = g.constant_of(f.base).value;
    return c - c != 0 || (c == 0 && f.exponent.negative());
  };
  if (m.coefficient.value == 0) {
    if (std::none_of(m.factors.begin(), m.factors.end(), singular)) {
      if (!m.factors.empty()) fire(Rule::zero_factor);
      return repeated(integer(0), shape);
    }
  }
  std::vector<std::pair<std::string, const Factor*>> sorted;
  for (const Factor& f : m.factors) sorted.emplace_back(factor_key(f), &f);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  if (const auto placed = placed_product(m, shape)) return *placed;

  if (const auto diagonal = diagonal_product(m, shape)) return *diagonal;

  // A lone sum takes the sign into its terms.
  if (m.coefficient.is(-1) && sorted.size() == 1 && sorted[0].second->exponent.is(1) && sorted[0].second->symbol == no_node) {
    const NodeId only = sorted[0].second->base;
    if ((g[only].op == op_of<Add> || g[only].op == op_of<Sub>) && width[only] <= 32)
      return repeated(sum({{only, Number::integer(-1)}}, g[only].shape), shape);
  }

  const Number& c = m.coefficient;
  const bool fraction = c.exact && !(c.decimal && c.q != 1 && c.constant().exactness != Constant::Exactness::rational);
  Number top = c, bottom = Number::integer(1);
  if (fraction) {
    top = Number::integer(c.p);
    bottom = Number::integer(c.q);
  }
  std::vector<NodeId> above, below, arrays_above;
  bool outside = false;  // the sign
  for (const auto& [key, f] : sorted) {
    const bool inverted = f->symbol == no_node && f->exponent.negative();
    const NodeId node = power_node(*f, inverted);
    if (inverted) below.push_back(node);
    else (g[node].shape.scalar() ? above : arrays_above).push_back(node);
  }
  if (top.is(-1) && (!above.empty() || !arrays_above.empty())) {
    outside = true;
    top = Number::integer(1);
  }
  if (above.empty() && arrays_above.empty() && below.empty()) return repeated(constant(c), shape);
  if (!top.is(1)) above.insert(above.begin(), constant(top));
  if (!bottom.is(1)) below.insert(below.begin(), constant(bottom));

  const auto chained = [&](const std::vector<NodeId>& all) {
    NodeId out = no_node;
    for (NodeId n : all) out = out == no_node ? n : build(op_of<Mul>, {out, n});
    return out;
  };
  NodeId result = chained(above);
  if (arrays_above.size() == 1 && g[arrays_above[0]].op == op_of<MatMul> && result != no_node) {
    result = attach(result, arrays_above[0]);
  } else {
    for (NodeId n : arrays_above) result = result == no_node ? n : build(op_of<Mul>, {result, n});
  }
  if (result == no_node) result = integer(1);
  if (!below.empty()) result = build(op_of<Div>, {result, chained(below)});
  if (outside) result = build(op_of<Neg>, {result});
  result = repeated(result, shape);
  width[result] = static_cast<std::uint32_t>(m.factors.size() + 1);
  return result;
}

NodeId Workshop::scaled(const Number& c, NodeId node) {
  if (c.is(1)) return node;
  const Op op = g[node].op;
  if (op == op_of<Add> || op == op_of<Sub> || op == op_of<Neg>) {
    if (c.is(-1)) return sum({{node, c}}, g[node].shape);
  }
  Monomial m = take_apart(node);
  const auto all = multiply(m.coefficient, c);
  if (!all) return build(op_of<Mul>, {constant(c), node});
  m.coefficient = *all;
  return product(std::move(m), g[node].shape);
}

NodeId Workshop::multiplied(NodeId a, NodeId b) { return product(take_apart({Item{a}, Item{b}}), wider(g[a].shape, g[b].shape)); }

NodeId Workshop::raised(NodeId base, const Number& exponent) { return product(take_apart({Item{base, exponent}}), g[base].shape); }

}  // namespace wengert::rewrite
