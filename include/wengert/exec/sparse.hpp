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
// Of a Hessian, from the gradient by x: an element is 0 if the one across the diagonal must be.
Pattern hessian_pattern(const Expr& gradient, const Expr& x);

// A colour for each column: no row has two of one colour.
struct Colouring {
  std::vector<std::uint32_t> colour;
  std::uint32_t colours = 0;
};
Colouring colour_columns(const Pattern& p);
// For a symmetric pattern: neighbours differ, and no path of four vertices has two colours. Every entry can then be
// read off the products with the colours' sums of columns, in its own row or in its mirror's.
Colouring colour_star(const Pattern& p);
// Some rows are swept backwards, the others forwards.
struct TwoSided {
  std::vector<std::uint8_t> by_row;  // of each row: backwards
  Colouring rows, columns;           // of those rows; of the columns in the other rows
  std::uint32_t colours() const { return rows.colours + columns.colours; }
};
TwoSided colour_both(const Pattern& p);
Pattern transposed(const Pattern& p);

struct Scatter;  // opaque

class SparseJacobian {
 public:
  enum class Way : std::uint8_t { cheapest, elimination, colours };

  // Elimination: std::invalid_argument where it can not be carried out. symmetric: it is a Hessian.
  SparseJacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {},
                 Way way = Way::cheapest, bool symmetric = false);

  const Pattern& pattern() const;
  Way way() const { return scatter_ != nullptr ? Way::elimination : Way::colours; }
  std::uint32_t colours() const { return forward_colours() + backward_colours(); }  // sweeps; 0 by elimination
  std::uint32_t forward_colours() const { return sides_[0] ? sides_[0]->colouring.colours : 0; }
  std::uint32_t backward_colours() const { return sides_[1] ? sides_[1]->colouring.colours : 0; }

  class Memory {
   public:
    // threads: at most so many compute colours at once, where there are many.
    explicit Memory(const SparseJacobian& j, std::size_t threads = 1);

   private:
    friend class SparseJacobian;
    std::vector<Workspace> work_[2];
    std::vector<double> seeds_[2], products_;
    std::vector<const double*> in_;
    std::vector<double*> out_;
  };
  // nonzeros: pattern().nonzeros() numbers, by rows.
  void run(Memory& m, std::span<const double* const> in, double* nonzeros) const;

 private:
  // Products with sums of columns, or of rows.
  struct Side {
    Colouring colouring;
    Plan plan;
    std::size_t direction_size = 0, product_size = 0;
  };
  bool eliminate(const Expr& y, const Expr& x, std::span<const Expr> inputs, const PlanOptions& options, Way way);
  void colour(const Expr& y, const Expr& x, std::span<const Expr> inputs, const PlanOptions& options, bool symmetric);
  void add_side(bool forward, Colouring colouring, const Expr& y, const Expr& x, std::span<const Expr> inputs,
                PlanOptions options);
  std::uint32_t place_of(bool forward, std::size_t element, std::uint32_t colour) const;
  void run_side(Memory& m, bool forward, std::span<const double* const> in) const;

  Pattern pattern_;
  std::optional<Side> sides_[2];       // forwards, backwards
  std::vector<std::uint32_t> source_;  // of each nonzero: where it stands among the products, the forward ones first
  std::vector<Plan> plan_;             // by elimination: one
  std::shared_ptr<const Scatter> scatter_;  // likewise
  std::vector<std::uint64_t> sizes_;        // likewise: of the plan's outputs
};

// The second derivatives of a scalar by one input.
SparseJacobian sparse_hessian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {},
                              SparseJacobian::Way way = SparseJacobian::Way::cheapest);

}  // namespace wengert::exec
