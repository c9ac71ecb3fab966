// Orders of vertex elimination on a linearised program.
//
// To eliminate a vertex, every way into it is joined to every way out of it. In which order the vertices go decides
// how many products that takes: from the inputs on it is forward mode, from the outputs back reverse mode, and the
// best order may be neither.
//
//   exec::EliminationGraph g{.vertices = 4, .edges = {{0, 1}, {1, 2}, {1, 3}}, .inputs = {0}, .outputs = {2, 3}};
//   bool proven;
//   auto order = exec::elimination_sequence(g, EliminationOrder::optimal, 200'000, proven);   // {1}
//
// Griewank and Walther, Evaluating Derivatives, chapter 9; Naumann 2004. Finding the best order is
// NP-complete: it is searched for over sets of eliminated vertices within a budget.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wengert {

// Markowitz: next the vertex with the fewest products (ways in times ways out), the latest of several.
enum class EliminationOrder : std::uint8_t { forward, reverse, markowitz, optimal };

namespace exec {

// Vertices in the order of evaluation; an output has no users. Edges stand once for each pair.
struct EliminationGraph {
  std::size_t vertices = 0;
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  std::vector<std::size_t> inputs, outputs;
};

// Edges on a path from an input to an output; the vertices on such paths that are neither.
std::vector<std::pair<std::size_t, std::size_t>> edges_on_paths(const EliminationGraph& graph);
std::vector<std::size_t> intermediates(const EliminationGraph& graph);

// The intermediates in that order. proven: no other order needs fewer products (only of the optimal one);
// search_limit: sets of vertices that the search looks at.
std::vector<std::size_t> elimination_sequence(const EliminationGraph& graph, EliminationOrder order,
                                              std::size_t search_limit, bool& proven);
// How many products eliminating in this order takes.
std::uint64_t elimination_products(const EliminationGraph& graph, const std::vector<std::size_t>& sequence);

}  // namespace exec
}  // namespace wengert
