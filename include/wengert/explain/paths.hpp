// The sum over paths: every way from an input to the output with the product of its local partials.
//
//   const Trace t = trace(problem, point);
//   const Result<Linearization> graph = linearize(t);
//   const Paths p = paths(t, *graph);
//   p.count                                      // "8"; exact, however large
//   p.listed[0].vertices, .product               // x, a, d, y: 1210.28...
//   p.sums[0].sum, .derivative                   // of all paths from x, and the sweep's derivative
//
// Paths run between scalars: the elements of a trace's rows. The partials are the trace's own. Two
// edges between the same scalars, as in x*x, are two paths. Counting is linear in the edges, listing in
// what is listed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "wengert/explain/trace.hpp"

namespace wengert {

// The program at one point as a graph of scalars, with a partial on every edge.
struct Linearization {
  struct Vertex {
    std::string name;     // "a", "z[2]", "W[1,3]"
    std::size_t row = 0;  // of the trace
    std::size_t element = 0;
  };
  struct Edge {
    std::size_t from = 0, to = 0;
    double partial = 0;
  };
  std::vector<Vertex> vertices;      // users after what they use
  std::vector<Edge> edges;           // by their end, in the order of its arguments
  std::vector<std::size_t> inputs;   // vertices, parallel to Trace::seeds; no_vertex where nothing depends on it
  std::vector<std::size_t> outputs;  // vertices, by element of the output; no_vertex where it is constant
  static constexpr std::size_t no_vertex = static_cast<std::size_t>(-1);

  // By vertex, the numbers of the edges that leave it, in the order of the users.
  std::vector<std::vector<std::size_t>> leaving() const;
};

// Elements that are only copied (x[1] of x, a list of scalars) are the vertex that they copy. An error of
// kind limit where there would be more than so many edges, or where the trace left entries out.
Result<Linearization> linearize(const Trace& trace, std::size_t edge_limit = 200'000);

struct Path {
  std::size_t input = 0;              // of Linearization::inputs
  std::vector<std::size_t> vertices;  // from the input to the output
  std::vector<double> partials;       // one fewer
  double product = 1;                 // from the left
};

// All paths from one input.
struct PathSum {
  std::size_t input = 0;
  std::string count;  // exact
  std::size_t listed = 0;
  std::optional<double> sum;         // of the products, if all are listed
  std::optional<double> derivative;  // by the sweep
  bool agrees = true;                // the sum is the derivative up to rounding
};

struct PathsOptions {
  std::size_t limit = 100;          // paths listed; every input gets its share
  std::size_t element = 0;          // of an array output
  std::vector<std::size_t> inputs;  // of Linearization::inputs; empty: all
};

struct Paths {
  std::vector<Path> listed;     // by input, then in the order of the users at each fork
  std::vector<PathSum> sums;    // parallel to the inputs asked for
  std::string count;            // of all, exact
  std::string multiplications;  // of all products, one path after another, exact
  bool complete = true;         // all are listed
};

Paths paths(const Trace& trace, const Linearization& graph, const PathsOptions& options = {});

// "x-a-d-y"
std::string path_name(const Linearization& graph, const Path& path);
// For the terminal: the paths, their sums, and how the two sweeps factor them.
std::string paths_text(const Trace& trace, const Linearization& graph, const Paths& paths, std::size_t width = 100);
// An align* environment: each path with its product, and the sums.
std::string paths_latex(const Trace& trace, const Linearization& graph, const Paths& paths, int digits = 0);

}  // namespace wengert
