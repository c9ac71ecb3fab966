// Linear operations on terms in index notation: indices are renamed, factors are multiplied in.
#include "indexed.hpp"

#include <algorithm>

namespace wengert::indexed {

namespace {

constexpr std::size_t most_terms = 48, most_factors = 32;

bool is_number(const Expr& e, std::int64_t n) {
  const Expr inner = e.node().op == op_of<Broadcast> ? argument(e, 0) : e;
  return e.graph->is_constant(inner.id, n) ||
         (inner.node().op == Op::constant && e.graph->constant_of(inner.id).value == static_cast<double>(n));
}
Expr identity_matrix(Graph& g, std::uint32_t n) {
  return n == 1 ? number(g, 1) : apply_array<DiagonalMatrix>({.shape = {n, n}}, {broadcast(number(g, 1), {n, 1})});
}

void rename(IndexedTerm& t, Index from, Index to) {
  for (IndexedFactor& f : t.factors) {
    if (f.row == from) f.row = to;
    if (f.col == from) f.col = to;
  }
}

Index fresh(IndexedTerm& t, std::uint32_t size) {
  t.sums.push_back(size);
  return first_summed + static_cast<Index>(t.sums.size() - 1);
}

// Multiplies by the elements of an array at these indices, taken apart as far as that is free.
void multiply(IndexedTerm& t, Expr e, Index row, Index col) {
  for (;;) {
    const Op op = e.node().op;
    if (op == op_of<Broadcast>) {
      e = argument(e, 0);
    } else if (op == op_of<Transpose>) {
      e = argument(e, 0);
      std::swap(row, col);
    } else {
      break;
    }
    if (e.shape().rows == 1) row = no_index;
    if (e.shape().cols == 1) col = no_index;
  }
  if (e.shape().rows == 1) row = no_index;
  if (e.shape().cols == 1) col = no_index;
  if (is_number(e, 1)) return;
  const Op op = e.node().op;
  if (op == op_of<DiagonalMatrix>) {
    const Expr d = argument(e, 0);
    t.factors.push_back({{}, row, col});
    return d.shape().cols == 1 ? multiply(t, d, row, no_index) : multiply(t, d, no_index, row);
  }
  if ((op == op_of<MatMul> || op == op_of<StrongMatMul>)&&argument(e, 0).shape().cols == 1 && !e.shape().scalar()) {
    multiply(t, argument(e, 0), row, no_index);
    return multiply(t, argument(e, 1), no_index, col);
  }
  if (t.factors.size() >= most_factors) throw NoIndexNotation{};
  t.factors.push_back({e, row, col});
}

bool uses(const IndexedTerm& t, Index i) {
  return std::any_of(t.factors.begin(), t.factors.end(),
                     [&](const IndexedFactor& f) { return f.row == i || f.col == i; });
}

// Equalities with a summed index are carried out; a sum of what does not depend on its index is a multiple.
void normalise(Graph& g, IndexedTerm& t) {
  for (std::size_t k = 0; k < t.factors.size();) {
    IndexedFactor& f = t.factors[k];
    if (!f.same()) {
      if (f.row == f.col && f.row != no_index)
        f = {apply_array<Diagonal>({.shape = {f.array.shape().rows, 1}}, {f.array}), f.row, no_index};
      ++k;
      continue;
    }
    const Index a = std::max(f.row, f.col), b = std::min(f.row, f.col);
    if (a != b && a < first_summed) {
      ++k;
      continue;
    }
    t.factors.erase(t.factors.begin() + static_cast<std::ptrdiff_t>(k));
    if (a == b) continue;
    rename(t, a, b);
    t.sums[static_cast<std::size_t>(a - first_summed)] = 0;
    k = 0;
  }
  for (std::size_t s = 0; s < t.sums.size(); ++s)
    if (t.sums[s] != 0 && !uses(t, first_summed + static_cast<Index>(s))) {
      if (t.sums[s] > 1) t.factors.push_back({{g, g.constant(Constant::integer(t.sums[s]))}, no_index, no_index});
      t.sums[s] = 0;
    }
}

template <class F>
Indexed each_term(const Indexed& a, Shape shape, F&& f) {
  Indexed out = a;
  out.shape = shape;
  for (IndexedTerm& t : out.terms) {
    f(t);
    normalise(*a.graph, t);
  }
  return out;
}

bool zero(const Indexed& a) { return !a.varies && is_number(a.plain, 0); }

}  // namespace

Indexed plain(const Expr& e) { return {e, false, e.shape(), {}, e.graph}; }

Indexed identity(Graph& graph, Shape shape) {
  IndexedTerm t;
  if (shape.rows > 1) t.factors.push_back({{}, value_row, variable_row});
  if (shape.cols > 1) t.factors.push_back({{}, value_col, variable_col});
  return {{}, true, shape, {t}, &graph};
}

Indexed added(const Indexed& a, const Indexed& b, bool minus) {
  const Indexed second = minus && b.varies ? times(plain(number(*b.graph, -1)), b) : b;
  if (zero(b)) return a;
  if (zero(a)) return second;
  if (!a.varies || !b.varies || a.terms.size() + b.terms.size() > most_terms) throw NoIndexNotation{};
  Indexed out = a;
  if (b.shape.size() > a.shape.size()) out.shape = b.shape;
  out.terms.insert(out.terms.end(), second.terms.begin(), second.terms.end());
  return out;
}

Indexed times(const Indexed& a, const Indexed& b) {
  if (a.varies == b.varies) throw NoIndexNotation{};
  const Indexed& tangent = a.varies ? a : b;
  const Expr& factor = a.varies ? b.plain : a.plain;
  if (is_number(factor, 0))
    return plain(
        broadcast(number(*a.graph, 0), tangent.shape.size() > factor.shape().size() ? tangent.shape : factor.shape()));
  const Shape shape = tangent.shape.size() > factor.shape().size() ? tangent.shape : factor.shape();
  return each_term(tangent, shape, [&](IndexedTerm& t) { multiply(t, factor, value_row, value_col); });
}

// Each branch times 1 where it is chosen; a branch that does not vary is 0.
Indexed chosen(const Expr& c, const Indexed& a, const Indexed& b) {
  const Expr once = c.node().op == op_of<Broadcast> && argument(c, 0).shape().scalar() ? argument(c, 0) : c;
  const Expr one = number(*c.graph, 1), nothing = number(*c.graph, 0);
  const auto masked = [&](const Indexed& branch, const Expr& mask) {
    return branch.varies ? times(plain(mask), branch) : branch;
  };
  return added(masked(a, select(once, one, nothing)), masked(b, select(once, nothing, one)), false);
}

Indexed product(const Indexed& a, const Indexed& b) {
  if (a.varies == b.varies) throw NoIndexNotation{};
  const Shape l = shape_of(a), r = shape_of(b), shape{l.rows, r.cols};
  return each_term(a.varies ? a : b, shape, [&](IndexedTerm& t) {
    const Index s = l.cols > 1 ? fresh(t, l.cols) : no_index;
    rename(t, a.varies ? value_col : value_row, s);
    if (a.varies)
      multiply(t, b.plain, s, value_col);
    else
      multiply(t, a.plain, value_row, s);
  });
}

Indexed transposed(const Indexed& a) {
  return each_term(a, a.shape.transposed(), [](IndexedTerm& t) {
    const Index aside = -2;
    rename(t, value_row, aside);
    rename(t, value_col, value_row);
    rename(t, aside, value_col);
  });
}

Indexed summed(const Indexed& a, std::uint32_t dimension) {
  const Shape s = a.shape;
  return each_term(a, reduced(s, dimension), [&](IndexedTerm& t) {
    if (dimension != along::cols && s.rows > 1) rename(t, value_row, fresh(t, s.rows));
    if (dimension != along::rows && s.cols > 1) rename(t, value_col, fresh(t, s.cols));
  });
}

Indexed repeated(const Indexed& a, Shape to) {
  Indexed out = a;
  out.shape = to;
  return out;
}

namespace {

// The elements from `first` on of one index; where there is one, the index is gone.
void restrict(Graph& g, IndexedTerm& t, Index i, std::uint32_t first, std::uint32_t count, std::uint32_t whole) {
  if (count == whole) return;
  t.picks = true;
  const auto some = [&](const Expr& e, bool row) {
    const Shape s = e.shape();
    return row ? wengert::part(e, {first, 0, {count, s.cols}}) : wengert::part(e, {0, first, {s.rows, count}});
  };
  for (IndexedFactor& f : t.factors) {
    if (f.row != i && f.col != i) continue;
    if (f.same()) f.array = identity_matrix(g, whole);
    if (f.row == i) f.array = some(f.array, true);
    if (f.col == i) f.array = some(f.array, false);
    if (count == 1) (f.row == i ? f.row : f.col) = no_index;
  }
}

}  // namespace

Indexed part(const Indexed& a, const Slice& s) {
  return each_term(a, s.shape, [&](IndexedTerm& t) {
    restrict(*a.graph, t, value_row, s.row, s.shape.rows, a.shape.rows);
    restrict(*a.graph, t, value_col, s.col, s.shape.cols, a.shape.cols);
  });
}

Indexed placed(std::span<const Indexed> x, std::span<const Slice> at, Shape shape) {
  Indexed out{{}, true, shape, {}, x[0].graph};
  const auto embed = [&](IndexedTerm& t, Index i, std::uint32_t first, std::uint32_t count, std::uint32_t whole) {
    if (count == whole) return;
    t.picks = true;
    const Expr columns = wengert::part(identity_matrix(*out.graph, whole), {0, first, {whole, count}});
    const Index s = count > 1 ? fresh(t, count) : no_index;
    rename(t, i, s);
    t.factors.push_back({columns, i, s});
  };
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (zero(x[k])) continue;
    if (!x[k].varies || out.terms.size() + x[k].terms.size() > most_terms) throw NoIndexNotation{};
    for (IndexedTerm t : x[k].terms) {
      embed(t, value_row, at[k].row, at[k].shape.rows, shape.rows);
      embed(t, value_col, at[k].col, at[k].shape.cols, shape.cols);
      normalise(*out.graph, t);
      out.terms.push_back(std::move(t));
    }
  }
  return out;
}

Indexed reshaped(const Indexed& a, Shape to) {
  if (!a.shape.vector() || !to.vector()) throw NoIndexNotation{};
  return to == a.shape ? a : transposed(a);
}

Indexed diagonal_matrix(const Indexed& a) {
  const auto n = static_cast<std::uint32_t>(a.shape.size());
  return each_term(a, {n, n}, [&](IndexedTerm& t) {
    if (a.shape.rows == 1) rename(t, value_col, value_row);
    t.factors.push_back({{}, value_row, value_col});
  });
}

Indexed diagonal(const Indexed& a) {
  return each_term(a, {a.shape.rows, 1}, [](IndexedTerm& t) { rename(t, value_col, value_row); });
}

// A product with the triangle of ones: the running sums of the identity.
Indexed running_sums(const Indexed& a, std::uint32_t how) {
  std::uint32_t dimension = how & 3u;
  if (dimension == along::all) {
    if (!a.shape.vector()) throw NoIndexNotation{};
    dimension = a.shape.cols == 1 ? along::rows : along::cols;
  }
  const std::uint32_t n = dimension == along::rows ? a.shape.rows : a.shape.cols;
  if (n == 1) return a;
  const Index i = dimension == along::rows ? value_row : value_col;
  const Expr triangle = apply_array<Cumsum>({.shape = {n, n}, .number = along::rows}, {identity_matrix(*a.graph, n)});
  return each_term(a, a.shape, [&](IndexedTerm& t) {
    const Index s = fresh(t, n);
    rename(t, i, s);
    const bool backwards = (how & Cumsum::backwards) != 0;
    t.factors.push_back({triangle, backwards ? s : i, backwards ? i : s});
  });
}

Indexed solved(const Indexed& a, const Indexed& b, std::uint32_t how) {
  if (a.varies) throw NoIndexNotation{};
  if (a.plain.shape().scalar()) return times(b, plain(1.0 / a.plain));
  // Written so that a product with it is again a linear system.
  const Expr inverse = solve({}, a.plain, identity_matrix(*a.graph, a.plain.shape().rows), how);
  return product(plain(inverse), b);
}

}  // namespace wengert::indexed
