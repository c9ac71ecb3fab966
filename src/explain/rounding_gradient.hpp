// A Hessian as the Jacobian of a gradient, for the bounds of its rounding.
#pragma once
#include "wengert/modes/mode.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/extract.hpp"

namespace wengert::explain {

// The gradient as one column over all elements of wrt, in a graph of its own.
inline NodeId write_gradient(const Extract& own) {
  Graph& graph = *own.graph;
  std::vector<Expr> wrt, parts;
  for (const NodeId w : own.inputs) wrt.emplace_back(graph, w);
  std::vector<Slice> slices;
  std::uint32_t elements = 0;
  for (const Expr& g : vjp(Expr(graph, own.outputs[0]), wrt, number(graph, 1))) {
    const auto size = static_cast<std::uint32_t>(g.shape().size());
    parts.push_back(reshape(g, {size, 1}));
    slices.push_back({elements, 0, {size, 1}});
    elements += size;
  }
  return Lift<Expr>::array<Place>({.shape = {elements, 1}, .slices = slices}, parts).id;
}

// A point of the program as one of its copy.
inline Point translated(const Extract& own, const Point& point) {
  Point at;
  for (const auto& [copy, original] : own.original)
    if (const auto it = point.find(original); it != point.end()) at.emplace(copy, it->second);
  return at;
}

}  // namespace wengert::explain
