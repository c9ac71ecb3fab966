// The linearised program: its values as vertices, local Jacobians as linear maps on the edges.
#pragma once
#include "linear_map.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::exec {

struct LinearizedProgram {
  struct Edge {
    std::uint32_t from, to;
    LinearMap map;
  };
  // In the order of evaluation. The first is all inputs together, one after the other; the last is the output.
  std::uint32_t vertices = 0;
  std::vector<Edge> edges;
};

// Of y by these inputs, each listed once. Absent where an operation's local Jacobian is no such map.
std::optional<LinearizedProgram> linearize(const Expr& y, std::span<const Expr> wrt);

}  // namespace wengert::exec
