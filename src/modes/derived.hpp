// Derivatives of a problem as programs: written in a graph of their own, each when it is first asked
// for, under a lock. So a prepared mode stays usable from many threads, and the problem's graph is
// left as it was.
#pragma once
#include <mutex>
#include <optional>

#include "implementation.hpp"
#include "wengert/exec/accumulated.hpp"
#include "wengert/sweep/extract.hpp"

namespace wengert {

class Derived {
 public:
  enum class What { jacobian, hessian, jvp, vjp, accumulation, second_accumulation };

  explicit Derived(const Problem& p);
  // The outputs of `jacobian`: the value, then the Jacobian by each of wrt. Of `hessian`: the value, then a block for each
  // pair of wrt, row by row. Of `jvp`: the one column. Of `vjp`: an adjoint for each of wrt. Of an accumulation: the
  // value, then the nodes of the Jacobian by all of wrt, or (second) of the gradient's; these throw
  // std::invalid_argument where they can not be made.
  const Tape& tape(What what) const;
  const exec::AccumulatedJacobian& accumulated(What what) const;
  // The complex step's Hessian is a Jacobian of this gradient, a column over all elements of wrt.
  Problem gradient() const;
  // A point of the problem as one of its copy.
  Point translated(const Point& point) const;
  // The tape evaluated. `seeds` are the directions of `jvp` or, one for the output, of `vjp`.
  NumericFrame<double> evaluated(What what, const Point& point, std::span<const std::vector<double>> seeds = {}) const;

 private:
  std::vector<NodeId> outputs_of(What what) const;
  NodeId gradient_column() const;

  Extract own_;
  std::vector<Expr> wrt_;
  std::vector<Expr> seeds_;  // inputs for directions: one shaped like each of wrt, then one like the output
  bool textbook_ = false;    // by scalars, so few that the forward sweep is taken for each
  mutable std::mutex lock_;  // guards what follows, and building in the own graph
  mutable std::optional<Tape> tapes_[6];
  mutable std::optional<exec::AccumulatedJacobian> accumulated_[2];
  mutable NodeId gradient_ = no_node;
};

}  // namespace wengert
