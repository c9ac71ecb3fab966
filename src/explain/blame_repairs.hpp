// What to write instead: patterns around an operation that made a NaN or an infinity, and their repairs.
#pragma once
#include <span>
#include <string>

#include "wengert/core/graph.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::explain {

// An operation that made a number that is none.
struct Trouble {
  const Graph& graph;
  const Tape& tape;
  NodeId node;
  const double* x;     // its operands
  double made;
  bool in_value;       // else its partial, or a product with it

  Op op() const { return graph[node].op; }
  NodeId argument(std::size_t k) const { return graph.arguments(node)[k]; }
  // A node of the program that uses this one by that operation; no_node if there is none.
  NodeId user(NodeId of, Op by) const;
};

// The help of the first pattern in the table that fits; empty if none does.
std::string repair(const Trouble& t);
// Every help of the table, for the reference and the tests.
std::vector<std::string> known_repairs();

}  // namespace wengert::explain
