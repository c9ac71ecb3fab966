// Operations on whole arrays with simplified arguments.
#include <map>
#include <tuple>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert::rewrite {

namespace {

constexpr int transposes_inside = 8;    // products in products that a transpose is moved into
constexpr std::size_t nested_parts = 256;  // of an array that is a part of another one

bool identity(const Graph& g, NodeId id) {
  if (g[id].op != op_of<DiagonalMatrix>) return false;
  const NodeId d = g.arguments(id)[0];
  return g[d].op == op_of<Broadcast> && g.is_constant(g.arguments(d)[0], 1);
}

// s*A as the scalars s and the array A.
struct Scaled {
  std::vector<Item> scalars;
  NodeId rest = no_node;
  bool trivial = true;
};

Scaled scalars_of(Workshop& w, NodeId id) {
  Monomial m = w.take_apart(id), rest;
  Scaled out;
  if (!m.coefficient.is(1)) out.scalars.push_back({w.constant(m.coefficient)});
  for (const Factor& f : m.factors) {
    if (!w.shape_of(f).scalar()) {
      rest.factors.push_back(f);
      continue;
    }
    Monomial one;
    one.factors.push_back(f);
    out.scalars.push_back({w.product(std::move(one), {})});
  }
  out.trivial = out.scalars.empty();
  out.rest = out.trivial ? id : w.product(std::move(rest), w.g[id].shape);
  return out;
}

NodeId rescaled(Workshop& w, std::vector<Item> scalars, NodeId array) {
  const Shape shape = w.g[array].shape;
  scalars.push_back({array});
  return w.product(w.take_apart(std::move(scalars)), shape);
}

}  // namespace

NodeId Workshop::array(NodeId original, const std::vector<NodeId>& x) {
  const Node n = g[original];
  switch (static_cast<std::uint16_t>(n.op)) {
    case number_of<MatMul>: case number_of<StrongMatMul>: return matmul(x[0], x[1]);
    case number_of<Transpose>: return transposed(x[0]);
    case number_of<Broadcast>: return repeated(x[0], n.shape);
    case number_of<Sum>: return reduction(original, x[0]);
    case number_of<Place>: return places(original, x);
    case number_of<Part>: {
      const Slice s = g.slices_at(n.payload)[0];
      return wengert::build(g, n.op, x, {.shape = n.shape, .slices = {&s, 1}}).id;
    }
    default: return wengert::build(g, n.op, x, {.shape = n.shape, .number = n.payload}).id;
  }
}

NodeId Workshop::matmul(NodeId a, NodeId b) {
  const Shape shape{g[a].shape.rows, g[b].shape.cols};
  if (is_zero(a) || is_zero(b)) {
    fire(Rule::zero_matrix);
    return repeated(integer(0), shape);
  }
  if (g[a].shape.scalar() || g[b].shape.scalar()) {
    fire(Rule::single_element);
    return multiplied(a, b);
  }
  Scaled left = scalars_of(*this, a), right = scalars_of(*this, b);
  if (left.trivial && right.trivial) return diagonal_or_matmul(a, b);
  fire(Rule::scalar_out);
  left.scalars.insert(left.scalars.end(), right.scalars.begin(), right.scalars.end());
  return rescaled(*this, std::move(left.scalars), diagonal_or_matmul(left.rest, right.rest));
}

NodeId Workshop::diagonal_or_matmul(NodeId a, NodeId b) {
  const Shape shape{g[a].shape.rows, g[b].shape.cols};
  if (identity(g, a) || identity(g, b)) {
    fire(Rule::identity_matrix);
    return identity(g, a) ? b : a;
  }
  const bool left = g[a].op == op_of<DiagonalMatrix>;
  if (left || g[b].op == op_of<DiagonalMatrix>) {
    fire(Rule::diagonal_product);
    NodeId d = g.arguments(left ? a : b)[0];
    if (g[d].shape.column() != left) d = transposed(d);
    d = repeated(d, shape);
    return left ? multiplied(d, b) : multiplied(a, d);
  }
  return build(op_of<MatMul>, {a, b}, shape);
}

// Moves into products (a few levels deep), multiples and repetitions.
NodeId Workshop::transposed(NodeId a) {
  const Shape shape = g[a].shape.transposed();
  if (g[a].shape.scalar()) return a;
  const auto plain = [&](NodeId n) { return build(op_of<Transpose>, {n}, g[n].shape.transposed()); };
  const Op op = g[a].op;
  if (op == op_of<Broadcast>) {
    const NodeId inner_node = g.arguments(a)[0];
    return repeated(g[inner_node].shape.scalar() ? inner_node : plain(inner_node), shape);
  }
  if (op == op_of<DiagonalMatrix>) return a;
  if (op != op_of<MatMul> && op != op_of<Mul> && op != op_of<Div> && op != op_of<Neg>) return plain(a);
  Scaled s = scalars_of(*this, a);
  NodeId out = no_node;
  if (g[s.rest].op == op_of<MatMul>) {
    fire(Rule::transpose_product);
    // (A*B*C)' is C'*(B'*A'), printed without brackets from the left.
    std::vector<NodeId> factors;
    NodeId at = s.rest;
    for (int k = 0; k < transposes_inside && g[at].op == op_of<MatMul>; ++k) {
      factors.push_back(g.arguments(at)[1]);
      at = g.arguments(at)[0];
    }
    factors.push_back(at);
    for (NodeId f : factors) {
      const NodeId turned = plain(f);
      out = out == no_node ? turned : build(op_of<MatMul>, {out, turned}, {g[out].shape.rows, g[turned].shape.cols});
    }
  } else {
    if (!s.trivial) fire(Rule::transpose_scalar);
    out = plain(s.rest);
  }
  return s.trivial ? out : rescaled(*this, std::move(s.scalars), out);
}

NodeId Workshop::reduction(NodeId original, NodeId x) {
  const Node n = g[original];
  const auto sum_of = [&](NodeId a) { return build(n.op, {a}, n.shape, n.payload); };
  if (is_zero(x)) {
    fire(Rule::zero_factor);
    return repeated(integer(0), n.shape);
  }
  if (n.payload == along::all && g[x].op == op_of<Transpose>) return sum_of(g.arguments(x)[0]);
  if (g[x].op == op_of<Broadcast> && g[g.arguments(x)[0]].shape.scalar()) {
    fire(Rule::sum_of_equal);
    const auto count = static_cast<std::int64_t>(g[x].shape.size() / n.shape.size());
    return repeated(scaled(Number::integer(count), g.arguments(x)[0]), n.shape);
  }
  const Op op = g[x].op;
  if (op == op_of<Mul> || op == op_of<Div> || op == op_of<Neg> || op == op_of<MatMul>) {
    Scaled s = scalars_of(*this, x);
    if (!s.trivial) {
      fire(Rule::sum_of_scaled);
      return rescaled(*this, std::move(s.scalars), sum_of(s.rest));
    }
  }
  return sum_of(x);
}

// Parts of parts are parts; equal rectangles are added; zeros need no part.
NodeId Workshop::places(NodeId original, const std::vector<NodeId>& x) {
  const Shape shape = g[original].shape;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, std::vector<NodeId>> parts;
  const auto put = [&](const Slice& s, NodeId a) {
    if (!is_zero(a)) parts[{s.row, s.col, s.shape.rows, s.shape.cols}].push_back(a);
  };
  const std::vector<Slice> slices(g.slices_at(g[original].payload).begin(), g.slices_at(g[original].payload).end());
  for (std::size_t j = 0; j < x.size(); ++j) {
    const bool nested = g[x[j]].op == op_of<Place> && g.arguments(x[j]).size() <= nested_parts;
    if (!nested) {
      put(slices[j], x[j]);
      continue;
    }
    fire(Rule::nested_places);
    const std::vector<Slice> theirs(g.slices_at(g[x[j]].payload).begin(), g.slices_at(g[x[j]].payload).end());
    const std::vector<NodeId> arguments(g.arguments(x[j]).begin(), g.arguments(x[j]).end());
    for (std::size_t k = 0; k < theirs.size(); ++k) put({slices[j].row + theirs[k].row, slices[j].col + theirs[k].col, theirs[k].shape}, arguments[k]);
  }
  if (parts.empty()) {
    fire(Rule::zero_places);
    return repeated(integer(0), shape);
  }
  std::vector<Slice> at;
  std::vector<NodeId> what;
  bool ones_on_the_diagonal = shape.rows == shape.cols && parts.size() == shape.rows;
  for (auto& [key, all] : parts) {
    const auto [row, col, rows, cols] = key;
    NodeId total = all[0];
    if (all.size() > 1) {
      std::vector<Item> items;
      for (NodeId a : all) items.push_back({a});
      total = sum(std::move(items), {rows, cols});
    }
    at.push_back({row, col, {rows, cols}});
    what.push_back(total);
    ones_on_the_diagonal = ones_on_the_diagonal && row == col && at.back().shape.scalar() && is_number(total, 1);
  }
  if (ones_on_the_diagonal && shape.rows > 1) {
    fire(Rule::identity_places);
    return build(op_of<DiagonalMatrix>, {repeated(integer(1), {shape.rows, 1})}, shape);
  }
  if (what.size() == 1 && at[0].shape == shape) return what[0];
  return wengert::build(g, op_of<Place>, what, {.shape = shape, .slices = at}).id;
}

}  // namespace wengert::rewrite
