// Plans of derivatives: the reverse and forward sweeps over expressions, executed.
//
//   exec::Plan f = exec::gradient_plan(y, wrt, inputs);                 // outputs: y, then its gradient by each of wrt
//   exec::Jacobian j(y, x, inputs);                                     // rows or columns are lanes: computed together
//   j.run(workspace, in, value, matrix);                                // matrix: y.size() x x.size(), by rows
//
// A Jacobian is swept forwards or backwards, whichever has fewer directions, what does not depend on the
// direction being computed once; or it is the product of the operations' local Jacobians (diagonals, bands,
// matrices), multiplied in the order that costs least: vertex elimination with arrays as vertices. The
// cheaper of both by count. Inputs are input nodes of the graph; wrt are some of them.
#pragma once

#include <optional>

#include "wengert/core/expr.hpp"
#include "wengert/exec/elimination.hpp"
#include "wengert/exec/plan.hpp"

namespace wengert::exec {

// The value and the adjoints of wrt for the cotangent 1.
Plan gradient_plan(const Expr& y, std::span<const Expr> wrt, std::span<const Expr> inputs, PlanOptions options = {});

struct Assembly;  // opaque

class Jacobian {
 public:
  enum class Sweep : std::uint8_t { forward, reverse, elimination };

  Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {});
  Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, Sweep sweep, PlanOptions options);
  // By elimination in this order; std::invalid_argument where an operation's local Jacobian, or a product of two,
  // has no form that is known.
  Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, EliminationOrder order, PlanOptions options);

  class Memory {
   public:
    // threads: at most so many compute directions at once; the result does not depend on it.
    explicit Memory(const Jacobian& j, std::size_t threads = 1);

   private:
    friend class Jacobian;
    Workspace value_;
    std::vector<Workspace> directions_;
    std::vector<double> seeds_, transposed_;  // by elimination: the numbers that are put together, the value
    std::vector<const double*> in_;
    std::vector<double*> out_;
  };
  // in[k]: the elements of input k; value (may be null): of y; matrix: y.size() x x.size(), by rows.
  void run(Memory& m, std::span<const double* const> in, double* value, double* matrix) const;
  Sweep sweep() const { return sweep_; }
  // Operations of the products of local Jacobians; those themselves left out. 0 of a swept one.
  double products() const { return products_; }
  bool proven() const { return proven_; }  // no other order takes fewer
  std::size_t workspace_bytes() const;     // of a Memory

 private:
  bool eliminate(const Expr& y, const Expr& x, std::span<const Expr> inputs, std::optional<EliminationOrder> order,
                 const PlanOptions& options, double limit);
  void prepare_sweep(const Expr& y, const Expr& x, std::span<const Expr> inputs, Sweep sweep, PlanOptions options);
  void run_elimination(Memory& m, std::span<const double* const> in, double* value, double* matrix) const;

  Sweep sweep_ = Sweep::forward;
  std::size_t rows_, cols_;
  std::vector<Plan> value_, directions_;  // one or none; by elimination, the first has all
  std::shared_ptr<const Assembly> assembly_;
  double products_ = 0;
  bool proven_ = false;
};

// The second derivatives of a scalar by one input: forwards over the reverse sweep.
Jacobian hessian_plan(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {});

}  // namespace wengert::exec
