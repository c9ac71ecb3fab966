// Jacobians by elimination on the level of arrays: the local Jacobians multiplied in an order that costs little.
#pragma once
#include "local_maps.hpp"
#include "wengert/exec/elimination.hpp"

namespace wengert::exec {

struct Accumulation {
  LinearMap map;                        // elements of y by elements of x, as expressions
  std::vector<std::uint32_t> sequence;  // of the vertices that were eliminated
  double cost = 0;                      // operations, local Jacobians left out
  bool proven = false;                  // no order costs less
};

// order: absent, the cheapest of several. Absent if no order can be carried out with products of two indices.
std::optional<Accumulation> accumulate(const Expr& y, const Expr& x, std::optional<EliminationOrder> order = {});

}  // namespace wengert::exec
