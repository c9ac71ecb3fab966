// Vertex elimination: the chain rule on a graph, one intermediate value at a time.
//
// To eliminate a vertex, every way into it is joined to every way out of it: the edge from p to s gets
// c(p,v)*c(v,s) added. When no intermediate vertex is left, the edges from inputs to outputs are the
// Jacobian. The order decides the cost: from the inputs on it is forward mode, from the outputs back
// reverse mode, and the best order may be neither.
//
//   const Result<Eliminations> all = compare_orders(*linearize(trace(problem, point)));
//   for (const Elimination& e : all->ways) ... to_string(e.order), e.multiplications
//
// Griewank and Walther, Evaluating Derivatives, chapter 9; Naumann 2004. Finding the best order is
// NP-complete: it is searched for over sets of eliminated vertices within a budget.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "wengert/exec/elimination.hpp"
#include "wengert/explain/paths.hpp"

namespace wengert {

std::string_view to_string(EliminationOrder order);

struct EliminationUpdate {
  std::size_t from = 0, to = 0;  // vertices
  double amount = 0;             // the product that was added
  double partial = 0;            // of the edge afterwards
  bool made = false;             // the edge was not there before
};

struct EliminationStep {
  std::size_t vertex = 0;
  std::size_t in = 0, out = 0;  // ways in and out
  std::vector<EliminationUpdate> updates;
  std::uint64_t multiplications = 0, additions = 0;  // so far
};

struct Elimination {
  EliminationOrder order = EliminationOrder::forward;
  std::vector<EliminationStep> steps;
  std::uint64_t multiplications = 0, additions = 0;
  std::vector<double> jacobian;  // outputs by inputs, by rows
  bool proven = true;            // no order needs fewer multiplications; only of the optimal one
};

struct EliminationOptions {
  std::size_t search_limit = 200'000;  // sets of vertices that the search for the best order looks at
  std::size_t vertex_limit = 2000;     // intermediate vertices; a larger graph is not eliminated
};

// The vertices to eliminate, in the order of evaluation: on a path, and neither input nor output.
// (An output has no users: where one of a program's is used again, the graph has a copy of it.)
std::vector<std::size_t> intermediates(const Linearization& graph);
// What this order of the intermediates costs and gives.
Elimination eliminate(const Linearization& graph, const std::vector<std::size_t>& sequence);

struct Eliminations {
  std::vector<Elimination> ways;  // forward, reverse, Markowitz, optimal
  double difference = 0;          // the largest between their Jacobians, relative to the largest entry
};
// An error of kind limit for a graph that is too large.
Result<Eliminations> compare_orders(const Linearization& graph, const EliminationOptions& options = {});

// The order alone; `proven` as in Elimination.
std::vector<std::size_t> elimination_sequence(const Linearization& graph, EliminationOrder order,
                                              std::size_t search_limit, bool& proven);

// For the terminal: the comparison, then the steps of each order.
std::string eliminate_text(const Linearization& graph, const Eliminations& eliminations, std::size_t width = 100);

}  // namespace wengert
