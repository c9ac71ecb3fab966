// Jacobians by elimination on the level of arrays: the local Jacobians multiplied in an order that costs little.
#pragma once
#include "local_maps.hpp"
#include "wengert/exec/elimination.hpp"

namespace wengert::exec {

struct Accumulation {
  LinearMap map;                        // elements of y by elements of all of wrt in order, as expressions
  EliminationOrder order = EliminationOrder::forward;
  std::vector<std::uint32_t> sequence;  // of the vertices that were eliminated
  double cost = 0;                      // operations, local Jacobians left out
  bool proven = false;                  // no order costs less
  bool filled_up = false;               // with entries that are 0: no sparse derivative
};

// order: absent, the cheapest of several. Absent if no order can be carried out with products of two indices.
std::optional<Accumulation> accumulate(const Expr& y, std::span<const Expr> wrt,
                                       std::optional<EliminationOrder> order = {});

// Multiplications and additions of all directions' tangents or adjoints, whichever are fewer, counted as the elimination
// counts them.
double sweep_cost(const Expr& y, std::span<const Expr> wrt);

}  // namespace wengert::exec
