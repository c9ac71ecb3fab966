// How formulas grow: a value that the next one uses several times, so many steps deep.
//
// The textbook writes a derivative as a tree, where what is used again is written again; a formula that shares its
// parts is as long as the program. The length of the tree is counted without writing it.
#pragma once
#include <vector>

namespace wengert::mode_costs {

struct Swell {
  int uses = 1, depth = 1;
  double value_tree = 0, tree = 0;      // operations of the value and of its derivative, written out
  double value_shared = 0, shared = 0;  // with every part once
  double forward = 0, reverse = 0;      // operations of the sweeps, the value with them
};

std::vector<Swell> swells(int deepest);

}  // namespace wengert::mode_costs
