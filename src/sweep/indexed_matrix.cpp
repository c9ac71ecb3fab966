// From index notation back to matrices: summed indices are products, repeated ones are diagonals.
#include <algorithm>

#include "indexed.hpp"

namespace wengert::indexed {

namespace {

bool is_one(const Expr& e) {
  const Expr inner = e.node().op == op_of<Broadcast> ? argument(e, 0) : e;
  return inner.node().op == Op::constant && e.graph->constant_of(inner.id).value == 1;
}
bool is_identity(const Expr& e) { return e.node().op == op_of<DiagonalMatrix> && is_one(argument(e, 0)); }
// The inverse as `solve` left it: solve(A, eye(n)).
bool is_solve(const Expr& e) { return e.node().op == op_of<Solve> && is_identity(argument(e, 1)); }

Expr settled(const Expr& e) {
  if (!is_solve(e)) return e;
  const Expr inverse = apply_array<Inv>({.shape = e.shape()}, {argument(e, 0)});
  return e.node().payload == transposed_system ? transpose(inverse) : inverse;
}
Expr product_of(const Expr& a, const Expr& b) {
  if (is_identity(a)) return b;
  if (is_identity(b)) return a;
  if (is_solve(a)) return solve({}, argument(a, 0), settled(b), a.node().payload);
  return matmul(a, settled(b));
}
Expr diagonal_of(const Expr& column) {
  const auto n = column.shape().rows;
  return apply_array<DiagonalMatrix>({.shape = {n, n}}, {column});
}
Expr each(const Expr& a, const Expr& b) { return present(a) ? settled(a) * settled(b) : b; }

struct Edge {
  Index a, b;
  Expr array;  // the elements of a by those of b
  Expr from(Index i) const { return i == a ? array : transpose(array); }
  Index other(Index i) const { return i == a ? b : a; }
  bool joins(Index i, Index j) const { return (a == i && b == j) || (a == j && b == i); }
};
struct Vertex {
  Index at;
  Expr column;
};

// A term as a graph whose vertices are indices.
class Net {
 public:
  Net(Graph& graph, const IndexedForm& form, const IndexedTerm& term) : g_(graph), form_(form), term_(term) {
    for (const IndexedFactor& f : term.factors) {
      if (f.same())
        same_.push_back({f.row, f.col, {}});
      else if (f.row == no_index && f.col == no_index)
        scale(f.array);
      else if (f.col == no_index)
        vertices_.push_back({f.row, f.array});
      else if (f.row == no_index)
        vertices_.push_back({f.col, transpose(f.array)});
      else
        edges_.push_back({f.row, f.col, f.array});
    }
  }

  std::optional<Expr> matrix() {
    if (!contract()) return {};
    const auto free = [&](Index i) { return size(i) > 1; };
    for (const Edge& e : same_)
      if (e.joins(value_row, value_col) || e.joins(variable_row, variable_col)) return {};
    // An index that stands alone may belong to either factor of a Kronecker product.
    for (int choice = 0; choice < 4; ++choice) {
      const bool both_out = free(value_row) && free(value_col), both_in = free(variable_row) && free(variable_col);
      if (((choice & 1) != 0 && both_out) || ((choice & 2) != 0 && both_in)) continue;
      bool second[4];
      for (Index i : {value_row, value_col}) second[i] = both_out ? i == value_col : (choice & 1) != 0;
      for (Index i : {variable_row, variable_col}) second[i] = both_in ? i == variable_col : (choice & 2) != 0;
      if (separates(second)) return assembled(second);
    }
    return {};
  }

 private:
  std::uint32_t size(Index i) const {
    switch (i) {
      case value_row:
        return form_.value.rows;
      case value_col:
        return form_.value.cols;
      case variable_row:
        return form_.variable.rows;
      case variable_col:
        return form_.variable.cols;
      default:
        return term_.sums[static_cast<std::size_t>(i - first_summed)];
    }
  }
  void scale(const Expr& s) { scalar_ = present(scalar_) ? scalar_ * s : s; }

  void merge_parallel() {
    for (std::size_t i = 0; i < edges_.size(); ++i)
      for (std::size_t j = i + 1; j < edges_.size();) {
        if (!edges_[j].joins(edges_[i].a, edges_[i].b)) {
          ++j;
          continue;
        }
        edges_[i].array = each(edges_[i].array, edges_[j].from(edges_[i].a));
        edges_.erase(edges_.begin() + static_cast<std::ptrdiff_t>(j));
      }
  }

  std::vector<Expr> take_vertices(Index i) {
    std::vector<Expr> out;
    for (const Vertex& v : vertices_)
      if (v.at == i) out.push_back(v.column);
    std::erase_if(vertices_, [&](const Vertex& v) { return v.at == i; });
    return out;
  }
  Expr column_at(Index i) {  // all of them together; absent if there is none
    Expr all;
    for (const Expr& v : take_vertices(i)) all = each(all, v);
    return all;
  }
  std::vector<Edge> take_edges(Index i) {
    std::vector<Edge> out;
    for (const Edge& e : edges_)
      if (e.a == i || e.b == i) out.push_back(e);
    std::erase_if(edges_, [&](const Edge& e) { return e.a == i || e.b == i; });
    return out;
  }

  // Sums every summed index away, those with few neighbours first, along a chain from the value's side.
  bool contract() {
    for (;;) {
      merge_parallel();
      Index best = no_index;
      std::size_t least = 4;
      for (std::size_t k = 0; k < term_.sums.size(); ++k) {
        const Index s = first_summed + static_cast<Index>(k);
        if (term_.sums[k] == 0 || std::find(gone_.begin(), gone_.end(), s) != gone_.end()) continue;
        std::size_t degree = 0;
        bool at_the_value = false;
        for (const Edge& e : edges_)
          if (e.a == s || e.b == s) {
            ++degree;
            at_the_value = at_the_value || e.other(s) == value_row || e.other(s) == value_col;
          }
        const std::size_t order = degree < 2 ? degree : degree > 2 ? 4 : at_the_value ? 2 : 3;
        if (best != no_index && order >= least) continue;
        best = s;
        least = order;
      }
      if (best == no_index) return true;
      if (least == 4) return false;
      gone_.push_back(best);
      sum_over(best);
    }
  }

  void sum_over(Index s) {
    const std::vector<Edge> near = take_edges(s);
    if (near.empty()) {
      const std::vector<Expr> v = take_vertices(s);
      if (v.size() == 2) return scale(matmul(transpose(v[0]), v[1]));
      Expr all;
      for (const Expr& x : v) all = each(all, x);
      return scale(total(all, along::all));
    }
    const Expr v = column_at(s);
    if (near.size() == 1) {
      const Index a = near[0].other(s);
      const Expr m = near[0].from(a);
      vertices_.push_back({a, present(v) ? product_of(m, v) : total(settled(m), along::cols)});
      return;
    }
    const bool turn = near[1].other(s) < near[0].other(s);
    const Edge &first = near[turn ? 1 : 0], &second = near[turn ? 0 : 1];
    const Index a = first.other(s), b = second.other(s);
    const Expr left = present(v) ? product_of(first.from(a), diagonal_of(v)) : first.from(a), right = second.from(s);
    if (a == b)
      vertices_.push_back({a, total(each(left, transpose(right)), along::cols)});
    else
      edges_.push_back({a, b, product_of(left, right)});
  }

  bool cross(const Edge& e) const {
    return (std::min(e.a, e.b) < variable_row) && (std::max(e.a, e.b) >= variable_row);
  }
  bool separates(const bool (&second)[4]) const {
    const auto fits = [&](const Edge& e) { return !cross(e) || second[e.a] == second[e.b]; };
    return std::all_of(edges_.begin(), edges_.end(), fits) && std::all_of(same_.begin(), same_.end(), fits);
  }

  Expr ones(Shape s) { return broadcast(number(g_, 1), s); }

  // The part of the term between one index of the value and one of the variable (either may be absent).
  Expr between(Index o, Index i) {
    Expr u = o == no_index ? Expr() : column_at(o), v = i == no_index ? Expr() : column_at(i), m;
    const std::uint32_t rows = o == no_index ? 1 : size(o), cols = i == no_index ? 1 : size(i);
    bool equal = false;
    for (const Edge& e : edges_)
      if (e.joins(o, i)) m = each(m, e.from(o));
    for (const Edge& e : same_) equal = equal || e.joins(o, i);
    if (equal) {
      if (present(m)) u = each(u, apply_array<Diagonal>({.shape = {rows, 1}}, {settled(m)}));
      if (present(v)) u = each(u, v);
      return diagonal_of(present(u) ? u : ones({rows, 1}));
    }
    if (present(m)) {
      m = settled(m);
      if (present(u)) m = product_of(diagonal_of(u), m);
      return present(v) ? product_of(m, diagonal_of(v)) : m;
    }
    if (i == no_index) return present(u) ? u : ones({rows, 1});
    const Expr row = present(v) ? transpose(v) : ones({1, cols});
    if (o == no_index) return row;
    return matmul(present(u) ? u : ones({rows, 1}), row);
  }

  Expr flat(Index i,
            Index j) {  // the elements of the edge between both, by rows, in one column; absent if there is none
    Expr all;
    for (const Edge& e : edges_)
      if (e.joins(i, j)) all = each(all, e.from(i));
    return present(all) ? reshape(all, {static_cast<std::uint32_t>(all.shape().size()), 1}) : all;
  }

  static Expr kronecker(const Expr& a, const Expr& b) {
    if (a.shape().scalar()) return a * b;
    if (b.shape().scalar()) return a * b;
    if (is_identity(a) && is_identity(b))
      return diagonal_of(broadcast(number(*a.graph, 1), {a.shape().rows * b.shape().rows, 1}));
    return kron(a, b, 0);
  }

  Expr assembled(const bool (&second)[4]) {
    const Expr left = flat(value_row, value_col), right = flat(variable_row, variable_col);
    const bool crossed =
        std::any_of(edges_.begin(), edges_.end(), [&](const Edge& e) { return cross(e); }) || !same_.empty();
    const auto on = [&](bool side, Index a, Index b) {
      if (size(a) > 1 && second[a] == side) return a;
      return size(b) > 1 && second[b] == side ? b : no_index;
    };
    Expr result;
    if ((present(left) || present(right)) && !crossed) {
      const auto column = [&](Expr all, Index i, Index j) {
        const bool plain =
            std::none_of(vertices_.begin(), vertices_.end(), [&](const Vertex& v) { return v.at == i || v.at == j; });
        if (present(all) && plain) return all;
        const Expr rest =
            kronecker(between(size(i) > 1 ? i : no_index, no_index), between(size(j) > 1 ? j : no_index, no_index));
        return each(all, rest);
      };
      result = matmul(column(left, value_row, value_col), transpose(column(right, variable_row, variable_col)));
    } else {
      const Index o[] = {on(false, value_row, value_col), on(true, value_row, value_col)};
      const Index i[] = {on(false, variable_row, variable_col), on(true, variable_row, variable_col)};
      for (int side = 0; side < 2; ++side) {
        if (o[side] == no_index && i[side] == no_index) continue;
        const Expr factor = between(o[side], i[side]);
        result = present(result) ? kronecker(result, factor) : factor;
      }
      if (present(left)) result = product_of(diagonal_of(left), result);
      if (present(right)) result = product_of(result, diagonal_of(right));
    }
    if (!present(result)) result = ones({1, 1});  // of a number by a number
    return present(scalar_) ? scalar_ * result : result;
  }

  Graph& g_;
  const IndexedForm& form_;
  const IndexedTerm& term_;
  Expr scalar_;
  std::vector<Vertex> vertices_;
  std::vector<Edge> edges_, same_;
  std::vector<Index> gone_;
};

}  // namespace

std::optional<Expr> matrix_of(Graph& graph, const IndexedForm& form, const IndexedTerm& term) {
  return Net(graph, form, term).matrix();
}

}  // namespace wengert::indexed
