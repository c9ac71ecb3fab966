// An expression: a handle to a node of a graph. Copying it copies two words.
//
// Arithmetic and functions on Expr (rules/expr.hpp) append nodes to the shared graph; mixing
// expressions of two graphs is an error.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "wengert/core/graph.hpp"

namespace wengert {

struct Expr {
  Graph* graph = nullptr;
  NodeId id = no_node;

  Expr() = default;
  Expr(Graph& g, NodeId node) : graph(&g), id(node) {}

  const Node& node() const { return (*graph)[id]; }
  Shape shape() const { return node().shape; }
  friend bool operator==(const Expr&, const Expr&) = default;
};

// Their nodes, in the same order.
inline std::vector<NodeId> ids(std::span<const Expr> all) {
  std::vector<NodeId> out;
  out.reserve(all.size());
  for (const Expr& e : all) out.push_back(e.id);
  return out;
}

}  // namespace wengert
