// A part of a graph, copied into a graph of its own, so that building there (derivatives, say)
// disturbs nobody: a prepared function derives in its own graph, whatever other threads do with the first.
#pragma once
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "wengert/core/graph.hpp"

namespace wengert {

struct Extract {
  std::unique_ptr<Graph> graph;                 // handles (Expr) stay valid when the extract is moved
  std::vector<NodeId> outputs;                  // parallel to those asked for
  std::vector<NodeId> inputs;                   // likewise
  std::unordered_map<NodeId, NodeId> original;  // of each copied input outside of loops' bodies
};

// What `outputs` depend on, with spans and the bodies of loops; `inputs` are copied even where no output
// depends on them. Linear in the nodes copied.
Extract extract(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> inputs);

}  // namespace wengert
