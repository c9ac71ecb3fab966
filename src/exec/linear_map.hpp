// Linear maps between flattened arrays, as sums of terms whose numbers stand at places that are affine in two indices.
//
// Entry (i, j) of a term's rectangle stands in row `row.of(i, j)` and column `col.of(i, j)` of the map. Identities,
// diagonals, bands, selections, repetitions, sums, outer products and dense matrices are one term each, and the
// product of two of them is one again wherever it needs no third index. So a program's local Jacobians are multiplied
// as what they are: two diagonals in n operations, two dense matrices by a matrix product.
#pragma once
#include <map>
#include <optional>
#include <tuple>

#include "wengert/core/expr.hpp"

namespace wengert::exec {

// Affine in the indices of a rectangle. An axis of one element has stride 0.
struct Places {
  std::int64_t at = 0, i = 0, j = 0;
  std::int64_t of(std::int64_t a, std::int64_t b) const { return at + a * i + b * j; }
  friend auto operator<=>(const Places&, const Places&) = default;
};

// The numbers of a term: an expression of the rectangle's shape, or a scalar that all entries have. Where only the
// cost of products is asked for, there is no expression.
struct Entries {
  Expr numbers;
  bool repeated = false, one = false;
};

struct Term {
  std::int64_t rows = 1, cols = 1;  // of the rectangle: i < rows, j < cols
  Places row, col;
  Entries entries;
  std::int64_t count() const { return rows * cols; }
};
// The same entries for the transposed map: where they stand changes places, not what they are.
inline Term transposed(Term t) {
  std::swap(t.row, t.col);
  return t;
}

// A matrix p x q, n times, no two of them in the same rows or columns: the matrix with an identity, as Kronecker's
// product. Entry (i, k) of copy c stands in row i*n + c and column k*n + c (`inner`: A (x) I), or in row c*p + i and
// column c*q + k (I (x) A).
struct CopiedMatrix {
  Entries matrix;
  std::int64_t p = 1, q = 1, n = 1;
  bool inner = false;
};

class LinearMap {
 public:
  using Key = std::tuple<std::int64_t, std::int64_t, Places, Places>;
  using Terms = std::map<Key, Entries>;

  LinearMap() = default;
  LinearMap(std::int64_t rows, std::int64_t cols) : rows_(rows), cols_(cols) {}

  std::int64_t rows() const { return rows_; }
  std::int64_t cols() const { return cols_; }
  std::size_t size() const { return terms_.size(); }
  std::vector<Term> terms() const;
  // Where the whole map is one: its terms, copy by copy, say the same.
  const std::optional<CopiedMatrix>& copies() const { return copies_; }

 private:
  friend class MapAlgebra;
  std::int64_t rows_ = 0, cols_ = 0;
  Terms terms_;
  std::optional<CopiedMatrix> copies_;
};

// Builds maps. Without a graph it only counts.
class MapAlgebra {
 public:
  explicit MapAlgebra(Graph* graph) : graph_(graph) {}

  // Multiplications and additions so far; one within a matrix product counts a quarter.
  double cost() const { return cost_; }
  // Lines of numbers that are read or written one after the other, however short.
  double lines() const { return lines_; }
  // A map was filled with entries that are 0.
  bool filled_up() const { return filled_up_; }
  Entries entries(const Expr& numbers) const;
  Entries one() const;

  void add(LinearMap& map, Term term);
  void add(LinearMap& map, const LinearMap& more);
  void add(LinearMap& map, const CopiedMatrix& k);
  // The map's terms, which say so in a way of their own, are these copies.
  static void mark(LinearMap& map, const CopiedMatrix& k) { map.copies_ = k; }
  // second * first; absent where the product has no such form. `last`: it is multiplied with no other.
  std::optional<LinearMap> product(const LinearMap& second, const LinearMap& first, bool last = false);
  // Many terms that fill most of a small matrix become one. What is multiplied with no other is put together in the
  // end.
  void compact(LinearMap& map);

 private:
  using Product = std::optional<std::vector<Term>>;  // no term: 0
  Product pair(const Term& b, const Term& a);
  Product with_line(const Term& b, const Term& a);
  Product with_row(const Term& b, const Term& a);
  Product line_in_line(const Term& b, const Term& a);
  Product wide(const Term& b, const Term& a);
  Product contracted(Term b, Term a);
  Product one_by_one(const Term& b, const Term& a);
  Product in_step(const Term& b, Term a);
  Product with_copies(Term b, const CopiedMatrix& a);
  CopiedMatrix transposed_copies(CopiedMatrix k) const;
  bool by_copies(LinearMap& out, const LinearMap& second, const LinearMap& first);
  bool by_terms(LinearMap& out, const LinearMap& second, const LinearMap& first);
  std::optional<Term> densified(const LinearMap& map);

  void normalise(Term& t);
  void sum_axis(Term& t, bool over_cols);
  Term swapped(Term t);
  Term rectangle(const Term& t, std::int64_t i, std::int64_t j, std::int64_t rows, std::int64_t cols);
  // Numbers k + ki*i + kj*j of a line as a rectangle; absent where that is not a matter of slices.
  std::optional<Entries> gather(const Term& line, std::int64_t k, std::int64_t ki, std::int64_t kj, std::int64_t rows,
                                std::int64_t cols);
  Entries times(const Entries& a, const Entries& b, std::int64_t count, std::int64_t lines = 1);
  Entries outer(const Entries& column, const Entries& row, std::int64_t rows, std::int64_t cols);
  Entries matrix_product(const Entries& a, const Entries& b, std::int64_t rows, std::int64_t inner, std::int64_t cols);
  void charge(double operations, std::int64_t lines = 1) {
    cost_ += operations;
    lines_ += operations > 1 ? static_cast<double>(lines) : 0;
  }
  Expr filled(const Entries& e, std::int64_t rows, std::int64_t cols) const;

  Graph* graph_;
  double cost_ = 0, lines_ = 0;
  bool filled_up_ = false;
};

inline Shape shape_for(std::int64_t rows, std::int64_t cols) {
  return {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(cols)};
}

}  // namespace wengert::exec
