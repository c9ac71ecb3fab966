// The parts of an array (Place) arranged as people write them: rows of blocks, with zeros in the gaps.
#pragma once
#include <vector>

#include "wengert/core/graph.hpp"

namespace wengert::print {

// A rectangle: arguments that are added up, or zeros if there are none.
struct Block {
  Shape shape;
  std::vector<NodeId> terms;
};

// Rows of blocks: each row's blocks have one height and stand side by side. Or (`upright`) columns
// of blocks, which have one width and stand one above the other.
struct Grid {
  bool upright = false;
  std::vector<std::vector<Block>> lines;
  bool scalars() const;  // every block is 1x1
};

// Grids that add up to the array; one, unless rectangles overlap or interlock.
std::vector<Grid> arrange(const Graph& graph, NodeId place);

}  // namespace wengert::print
