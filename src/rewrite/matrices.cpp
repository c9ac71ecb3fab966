// Operations on whole arrays with simplified arguments.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert::rewrite {

namespace {

constexpr std::size_t transposed_factors = 16;  // of a product that a transpose is moved into
constexpr std::size_t nested_parts = 256;  // of an array that is a part of another one

bool identity(const Graph& g, NodeId id) {
  if (g[id].op != op_of<DiagonalMatrix>) return false;
  const NodeId d = g.arguments(id)[0];
  return g[d].op == op_of<Broadcast> && g.is_constant(g.arguments(d)[0], 1);
}

const std::unordered_set<NodeId>& none_known() {
  static const std::unordered_set<NodeId> none;
  return none;
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
    case number_of<Broadcast>: return repeated_line(x[0], n.shape);
    case number_of<Kron>: return kronecker(x[0], x[1]);
    case number_of<Sum>: return reduction(original, x[0]);
    case number_of<Place>: {
      const auto slices = g.slices_at(n.payload);
      return places(n.shape, {slices.begin(), slices.end()}, x);
    }
    case number_of<Part>: {
      const Slice s = g.slices_at(n.payload)[0];
      return part_of(x[0], s);
    }
    case number_of<Reshape>:
      if (g[x[0]].shape.vector() && g[x[0]].shape.transposed() == n.shape) return transposed(x[0]);
      if (Scaled s = scalars_of(*this, x[0]); !s.trivial) return rescaled(*this, std::move(s.scalars), build(op_of<Reshape>, {s.rest}, n.shape));
      if (g[x[0]].op == op_of<Broadcast> && g[g.arguments(x[0])[0]].shape.scalar())
        return repeated(g.arguments(x[0])[0], n.shape);
      return build(op_of<Reshape>, {x[0]}, n.shape);
    case number_of<Iterate>: case number_of<IterateAdjoint>: return g.node(n.op, x, n.shape, simplified_loop(n.payload));
    default: return g.node(n.op, x, n.shape, n.payload);
  }
}

// The loop with its body simplified; bodies nest as deep as functions call each other.
std::uint32_t Workshop::simplified_loop(std::uint32_t loop) {
  Loop body = g.loop_at(loop);
  const NodeId before = std::exchange(body.output, wengert::simplify({g, body.output}).id);
  return before == body.output ? loop : g.loop(std::move(body));
}

// A row or column repeated: multiples of it outside.
NodeId Workshop::repeated_line(NodeId x, Shape to) {
  if (g[x].shape.scalar() || g[x].shape == to) return repeated(x, to);
  Scaled s = scalars_of(*this, x);
  return s.trivial ? repeated(x, to) : rescaled(*this, std::move(s.scalars), repeated(s.rest, to));
}

NodeId Workshop::kronecker(NodeId a, NodeId b) {
  const Shape shape = kron_shape(g[a].shape, g[b].shape);
  if (g[a].shape.scalar() || g[b].shape.scalar()) return multiplied(a, b);
  if (is_zero(a) || is_zero(b)) {
    fire(Rule::zero_matrix);
    return repeated(integer(0), shape);
  }
  if (identity(g, a) && identity(g, b)) {
    fire(Rule::identity_matrix);
    return build(op_of<DiagonalMatrix>, {repeated(integer(1), {shape.rows, 1})}, shape);
  }
  Scaled left = scalars_of(*this, a), right = scalars_of(*this, b);
  const NodeId product_node = build(op_of<Kron>, {left.rest, right.rest}, shape);
  if (left.trivial && right.trivial) return product_node;
  fire(Rule::scalar_out);
  left.scalars.insert(left.scalars.end(), right.scalars.begin(), right.scalars.end());
  return rescaled(*this, std::move(left.scalars), product_node);
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
  // Of a vector; with a matrix the product reads better as it is.
  if ((left || g[b].op == op_of<DiagonalMatrix>) && shape.vector()) {
    fire(Rule::diagonal_product);
    NodeId d = g.arguments(left ? a : b)[0];
    if (g[d].shape.column() != left) d = transposed(d);
    d = repeated(d, shape);
    return left ? multiplied(d, b) : multiplied(a, d);
  }
  if (const auto line = picked(a, b)) return *line;
  return build(op_of<MatMul>, {a, b}, shape);
}

// A product with a unit vector is a column or a row.
std::optional<NodeId> Workshop::picked(NodeId a, NodeId b) {
  const auto unit = [&](NodeId v) -> std::optional<std::uint32_t> {
    if (g[v].op != op_of<Place> || g.arguments(v).size() != 1 || !is_number(g.arguments(v)[0], 1)) return {};
    const Slice s = g.slices_at(g[v].payload)[0];
    if (!s.shape.scalar() || !g[v].shape.vector()) return {};
    return s.row + s.col;
  };
  const bool right = g[b].shape.column() && unit(b).has_value();
  if (!right && (g[a].shape.rows != 1 || !unit(a))) return {};
  fire(Rule::picked);
  const NodeId matrix = right ? a : b;
  const std::uint32_t k = *unit(right ? b : a);
  const Shape s = g[matrix].shape;
  return part_of(matrix, right ? Slice{0, k, {s.rows, 1}} : Slice{k, 0, {1, s.cols}});
}

// Of a transposed array: the transposed part, so that parts of one array are seen to be that.
NodeId Workshop::part_of(NodeId array_node, const Slice& s) {
  const auto plain = [&](NodeId of, Slice at) { return wengert::build(g, op_of<Part>, std::span(&of, 1), {.shape = at.shape, .slices = {&at, 1}}).id; };
  const Op op = g[array_node].op;
  // An element of a function of a list is the function of an element.
  if (s.shape.scalar() && op >= Op::first_row && (row_of(op).elementwise || op == op_of<Abstract>)) {
    const std::vector<NodeId> arguments(g.arguments(array_node).begin(), g.arguments(array_node).end());
    if (std::any_of(arguments.begin(), arguments.end(), [&](NodeId a) { return g[a].op == op_of<Place>; })) {
      std::vector<NodeId> elements;
      for (NodeId a : arguments) elements.push_back(g[a].shape.scalar() ? a : plain(a, s));
      if (op == op_of<Abstract>) return g.node(op, elements, {}, g[array_node].payload);
      return wengert::build(g, op, elements).id;
    }
  }
  if (op != op_of<Transpose>) return plain(array_node, s);
  return transposed(plain(g.arguments(array_node)[0], {s.col, s.row, s.shape.transposed()}));
}

NodeId Workshop::turned_places(NodeId place) {
  const Shape shape = g[place].shape.transposed();
  std::vector<Slice> at;
  std::vector<NodeId> what(g.arguments(place).begin(), g.arguments(place).end());
  for (const Slice& s : g.slices_at(g[place].payload)) at.push_back({s.col, s.row, s.shape.transposed()});
  for (NodeId& a : what) a = transposed(a);
  return wengert::build(g, op_of<Place>, what, {.shape = shape, .slices = at}).id;
}

NodeId Workshop::turned(NodeId a) {
  const Shape shape = g[a].shape.transposed();
  const Op op = g[a].op;
  if (g[a].shape.scalar() || op == op_of<DiagonalMatrix>) return a;
  if (op == op_of<Place>) return turned_places(a);
  if (op == op_of<Broadcast>) return repeated(turned(g.arguments(a)[0]), shape);
  if (op == op_of<Kron>) {
    const NodeId left = g.arguments(a)[0], right = g.arguments(a)[1];
    return build(op_of<Kron>, {transposed(left), transposed(right)}, shape);
  }
  return build(op_of<Transpose>, {a}, shape);
}

// Moves into products (a few levels deep), multiples, and sums where that makes no more of them.
NodeId Workshop::transposed(NodeId a) {
  const Shape shape = g[a].shape.transposed();
  const Op op = g[a].op;
  if ((op == op_of<Add> || op == op_of<Sub>) && width.contains(a) && width[a] <= 4) {
    std::vector<Term> terms = collect({{a}});
    const auto already = std::count_if(terms.begin(), terms.end(), [&](const Term& t) { return g[t.base].op == op_of<Transpose>; });
    if (2 * already >= static_cast<std::ptrdiff_t>(terms.size()) && std::all_of(terms.begin(), terms.end(), [&](const Term& t) { return g[t.base].shape == g[a].shape; })) {
      std::vector<Item> items;
      for (const Term& t : terms) items.push_back({transposed(t.base), t.coefficient});
      return sum(std::move(items), shape);
    }
  }
  if (op != op_of<MatMul> && op != op_of<Mul> && op != op_of<Div> && op != op_of<Neg>) return turned(a);
  Scaled s = scalars_of(*this, a);
  NodeId out = no_node;
  if (g[s.rest].op == op_of<MatMul>) {
    fire(Rule::transpose_product);
    // (A*B*C)' is C'*B'*A'.
    std::vector<NodeId> factors, todo{s.rest};
    while (!todo.empty()) {
      const NodeId at = todo.back();
      todo.pop_back();
      if (g[at].op == op_of<MatMul> && factors.size() + todo.size() < transposed_factors) {
        todo.push_back(g.arguments(at)[0]);
        todo.push_back(g.arguments(at)[1]);
      } else {
        factors.push_back(at);
      }
    }
    for (NodeId f : factors) {
      const NodeId next = turned(f);
      out = out == no_node ? next : diagonal_or_matmul(out, next);
    }
  } else {
    if (!s.trivial) fire(Rule::transpose_scalar);
    out = turned(s.rest);
  }
  return s.trivial ? out : rescaled(*this, std::move(s.scalars), out);
}

NodeId Workshop::reduction(NodeId original, NodeId x) {
  const Node n = g[original];
  const auto sum_of = [&](NodeId a) {
    if (sums != nullptr && (n.payload == along::all ? sums->all : n.payload == along::rows ? sums->columns : none_known()).contains(a)) {
      fire(Rule::sums_to_one);
      return repeated(integer(1), n.shape);
    }
    const bool turned_over = n.payload == along::all && g[a].op == op_of<Transpose>;
    return build(n.op, {turned_over ? g.arguments(a)[0] : a}, n.shape, n.payload);
  };
  // Along its only dimension, a vector's elements are all taken.
  if (n.shape.scalar() && n.payload != along::all) {
    const NodeId all = g.node(n.op, {&x, 1}, n.shape, along::all);
    return reduction(all, x);
  }
  if (is_zero(x)) {
    fire(Rule::zero_factor);
    return repeated(integer(0), n.shape);
  }
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
NodeId Workshop::places(Shape shape, const std::vector<Slice>& slices, const std::vector<NodeId>& x) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, std::vector<NodeId>> parts;
  const auto put = [&](const Slice& s, NodeId a) {
    if (!is_zero(a)) parts[{s.row, s.col, s.shape.rows, s.shape.cols}].push_back(a);
  };
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
  if (const auto all = gathered(at, what, shape)) {
    fire(Rule::gathered);
    return *all;
  }
  return wengert::build(g, op_of<Place>, what, {.shape = shape, .slices = at}).id;
}

// Parts that stand where they were cut from are the array again: [v[1], v[2]] is v. Term by term, if
// all are sums: the rows of A' + A.
std::optional<NodeId> Workshop::gathered(const std::vector<Slice>& at, const std::vector<NodeId>& what, Shape shape) {
  std::uint64_t covered = 0;
  for (const Slice& s : at) covered += s.shape.size();
  if (covered != shape.size() || what.size() < 2) return {};
  std::vector<std::vector<Term>> terms;
  for (NodeId a : what) {
    terms.push_back(collect({{a}}));
    if (terms.back().empty() || terms.back().size() > 4 || terms.back().size() != terms[0].size()) return {};
  }
  // The array that the term is a part of, turned if it is a row of a column.
  const auto origin = [&](NodeId part, const Slice& s) -> std::optional<std::pair<NodeId, bool>> {
    const bool turned = g[part].op == op_of<Transpose>;
    if (turned) part = g.arguments(part)[0];
    if (g[part].op != op_of<Part>) return {};
    const NodeId base = g.arguments(part)[0];
    Slice from = g.slices_at(g[part].payload)[0];
    const bool scalar_of_turned = from.shape.scalar() && g[base].shape != shape;
    if (turned || scalar_of_turned) from = {from.col, from.row, from.shape.transposed()};
    const Shape whole = turned || scalar_of_turned ? g[base].shape.transposed() : g[base].shape;
    if (whole != shape || !(from == s)) return {};
    return std::pair{base, turned || scalar_of_turned};
  };
  std::vector<Item> out;
  std::vector<std::vector<bool>> used(what.size());
  for (std::size_t k = 0; k < what.size(); ++k) used[k].assign(terms[k].size(), false);
  for (const Term& first : terms[0]) {
    const auto from = origin(first.base, at[0]);
    if (!from) return {};
    for (std::size_t k = 0; k < what.size(); ++k) {
      bool found = false;
      for (std::size_t j = 0; j < terms[k].size() && !found; ++j) {
        const auto difference = add(terms[k][j].coefficient, first.coefficient.negated());
        if (used[k][j] || !difference || !difference->is(0) || origin(terms[k][j].base, at[k]) != from) continue;
        used[k][j] = found = true;
      }
      if (!found) return {};
    }
    out.push_back({from->second ? transposed(from->first) : from->first, first.coefficient});
  }
  return sum(std::move(out), shape);
}

}  // namespace wengert::rewrite
