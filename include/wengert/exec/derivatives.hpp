// Plans of derivatives: the reverse and forward sweeps over expressions, executed.
//
//   exec::Plan f = exec::gradient_plan(y, wrt, inputs);                 // outputs: y, then its gradient by each of wrt
//   exec::Jacobian j(y, x, inputs);                                     // rows or columns are lanes: computed together
//   j.run(workspace, in, value, matrix);                                // matrix: y.size() x x.size(), by rows
//
// A Jacobian is swept forwards or backwards, whichever has fewer directions; what does not depend on the
// direction is computed once. Inputs are input nodes of the graph; wrt are some of them.
#pragma once

#include "wengert/core/expr.hpp"
#include "wengert/exec/plan.hpp"

namespace wengert::exec {

// The value and the adjoints of wrt for the cotangent 1.
Plan gradient_plan(const Expr& y, std::span<const Expr> wrt, std::span<const Expr> inputs, PlanOptions options = {});

class Jacobian {
 public:
  enum class Sweep : std::uint8_t { forward, reverse };

  Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {});
  Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, Sweep sweep, PlanOptions options);

  class Memory {
   public:
    explicit Memory(const Jacobian& j);

   private:
    friend class Jacobian;
    Workspace value_, directions_;
    std::vector<double> seeds_, transposed_;
  };
  // in[k]: the elements of input k; value (may be null): of y; matrix: y.size() x x.size(), by rows.
  void run(Memory& m, std::span<const double* const> in, double* value, double* matrix) const;
  Sweep sweep() const { return sweep_; }

 private:
  Sweep sweep_;
  std::size_t rows_, cols_;
  Plan value_, directions_;
};

// The second derivatives of a scalar by one input: forwards over the reverse sweep.
Jacobian hessian_plan(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options = {});

}  // namespace wengert::exec
