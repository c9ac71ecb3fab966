// Sparse Jacobians and Hessians: the pattern is found once, columns that never meet share a sweep.
//
//   exec::SparseJacobian j(y, x, inputs);                   // or exec::sparse_hessian(y, x, inputs) for a scalar y
//   exec::SparseJacobian::Memory m(j);
//   j.run(m, in, nonzeros);                                 // parallel to j.pattern().columns
//
// The pattern is a superset of the entries that can differ from 0, element by element through array
// operations. Where elimination of arrays gives the Jacobian as bands and blocks (derivatives.hpp), these are its
// nonzeros: nothing is coloured. Otherwise columns or rows that never meet share a sweep; colouring is greedy, in
// several orders, the best one kept, and as soon as it is known to be the best the others are left out. References:
// Curtis, Powell, Reid 1974; Gebremedhin, Manne, Pothen, SIAM Review 47 (2005).
#pragma once
#include "wengert/exec/derivatives.hpp"

namespace wengert::exec {

// Compressed sparse rows.
struct Pattern {
  std::size_t rows = 0, cols = 0;
  std::vector<std::uint32_t> begin;    // rows + 1 places in columns
  std::vector<std::uint32_t> columns;  // ascending in each row
  std::size_t nonzeros() const { return columns.size(); }
};

// Elements of y by elements of the input x.
Pattern jacobian_pattern(const Expr& y, const Expr& x);

// A colour for each column: no row has two of one colour.
struct Colouring {
  std::vector<std::uint32_t> colour;
  std::uint32_t colours = 0;
};
Colouring colour_columns(const Pattern& p);
Pattern transposed(const Pattern& p);

struct Scatter;  // opaque

class SparseJacobian {
 public:
  enum class Way : std::uint8_t { cheapest, elimination, colours };

  // Elimination: std::invalid_argument where it can not be carried out.
  SparseJacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {},
                 Way way = Way::cheapest);

  const Pattern& pattern() const;
  Way way() const { return scatter_ != nullptr ? Way::elimination : Way::colours; }
  std::uint32_t colours() const { return colouring_.colours; }  // sweeps; 0 by elimination
  bool forward() const { return forward_; }                     // by columns; otherwise by rows

  class Memory {
   public:
    explicit Memory(const SparseJacobian& j);

   private:
    friend class SparseJacobian;
    Workspace work_;
    std::vector<double> seeds_, products_;
    std::vector<const double*> in_;
    std::vector<double*> out_;
  };
  // nonzeros: pattern().nonzeros() numbers, by rows.
  void run(Memory& m, std::span<const double* const> in, double* nonzeros) const;

 private:
  bool eliminate(const Expr& y, const Expr& x, std::span<const Expr> inputs, const PlanOptions& options, Way way);
  void colour(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options);

  Pattern pattern_;
  bool forward_ = true;
  Colouring colouring_;
  std::vector<std::uint32_t> source_;  // of each nonzero: where it stands among the products
  std::vector<Plan> plan_;             // one
  std::size_t direction_size_ = 0, product_size_ = 0;
  std::shared_ptr<const Scatter> scatter_;  // by elimination
  std::vector<std::uint64_t> sizes_;        // likewise: of the plan's outputs
};

// The second derivatives of a scalar by one input.
SparseJacobian sparse_hessian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {},
                              SparseJacobian::Way way = SparseJacobian::Way::cheapest);

}  // namespace wengert::exec
