// A Jacobian accumulated cross-country: the linearised program's vertices eliminated, every product written as nodes.
//
//   const exec::AccumulatedJacobian j(y, wrt);             // in the cheapest order that is found
//   j.nodes()                                              // what is computed: by a tape, a plan, machine code, C
//   j.fill(numbers, matrix);                               // their numbers put where they stand
//
// Vertices are arrays where operations are: a product of diagonals costs as many multiplications as they have entries,
// one of matrices is a matrix product. With scalars it is the elimination that exec/elimination.hpp plans.
// Griewank and Walther, Evaluating Derivatives, chapters 9 and 10.
#pragma once
#include <memory>
#include <optional>
#include <span>

#include "wengert/core/expr.hpp"
#include "wengert/exec/elimination.hpp"

namespace wengert::exec {

struct Assembly;  // opaque

class AccumulatedJacobian {
 public:
  // wrt: inputs, each once. Throws std::invalid_argument where an operation's local Jacobian, or a product of two, has
  // no form that is known.
  AccumulatedJacobian(const Expr& y, std::span<const Expr> wrt, std::optional<EliminationOrder> order = {});

  const std::vector<NodeId>& nodes() const { return nodes_; }
  std::uint64_t numbers() const { return numbers_; }  // elements of all nodes
  // numbers: the elements of the nodes, one node after the other. matrix: y.size() by the elements of all of wrt, by
  // rows.
  void fill(const double* numbers, double* matrix) const;
  std::uint64_t additions() const { return additions_; }  // made by `fill`

  EliminationOrder order() const { return order_; }
  double products() const { return products_; }  // multiplications and additions, local partials left out
  bool proven() const { return proven_; }        // no order takes fewer

 private:
  std::shared_ptr<const Assembly> assembly_;
  std::vector<NodeId> nodes_;
  std::uint64_t numbers_ = 0, additions_ = 0;
  EliminationOrder order_ = EliminationOrder::forward;
  double products_ = 0;
  bool proven_ = false;
};

}  // namespace wengert::exec
