// The sheets of the lesson: what each of its commands tells, for every writer of sheet.hpp.
//
//   to_svg(trace_sheet(t, {.pictures = true}), "the evaluation trace")
#pragma once
#include "wengert/explain/eliminate.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/explain/sheet.hpp"
#include "wengert/explain/steps.hpp"
#include "wengert/explain/trace.hpp"
#include "wengert/explain/why.hpp"

namespace wengert {

struct SheetOptions {
  std::size_t width = 100;   // characters that a line of a terminal has
  int digits = 0;            // of every number; 0: the fewest that read back
  bool pictures = false;     // graphs too, for writers that draw
  std::size_t columns = 24;  // of tangents, at most
  bool partials = true;      // of a trace
};

// Values and tangents, local partials, adjoints with every `+=`; the graph.
Sheet trace_sheet(const Trace& trace, const SheetOptions& options = {});
// The paths with their products, their sums, and how the two sweeps factor them; the graph with the paths as trails.
Sheet paths_sheet(const Trace& trace, const Linearization& graph, const Paths& paths, const SheetOptions& options = {});
// The orders compared, the steps of each; the graph as the best order leaves it, step by step.
Sheet eliminate_sheet(const Linearization& graph, const Eliminations& eliminations, const SheetOptions& options = {});
// One line a step, as many steps as asked for.
Sheet derivation_sheet(const Derivation& derivation, std::size_t steps = static_cast<std::size_t>(-1));
Sheet misconceptions_sheet(const std::vector<Misconception>& all, const SheetOptions& options = {});

// The scalars of the graph as boxes, the partials on the arrows; edges of the given numbers are in order and may be
// fewer than all (after an elimination, other ones).
Drawing draw(const Linearization& graph, const std::vector<Linearization::Edge>& edges);

}  // namespace wengert
