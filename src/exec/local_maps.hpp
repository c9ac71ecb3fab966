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
  std::uint32_t vertices = 0;  // in the order of evaluation; the input is the first, the output the last
  std::vector<Edge> edges;
};

// Of y by the input x. Absent where an operation's local Jacobian is no such map. With a graph, maps hold
// expressions of it; without, their places alone.
std::optional<LinearizedProgram> linearize(const Expr& y, const Expr& x);

}  // namespace wengert::exec
