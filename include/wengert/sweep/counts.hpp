// Exact operation counts of the sweeps over a tape, by one run of each over Counted.
#pragma once
#include "wengert/rules/arrays.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert {

struct SweepCounts {
  OperationCount value;     // one evaluation
  OperationCount partials;  // of one forward sweep, whatever the number of tangents
  OperationCount tangent;   // more for each tangent
  OperationCount pull;      // one reverse sweep
};

SweepCounts count_sweeps(const Tape& tape);
OperationCount scaled(OperationCount c, std::uint64_t times);

}  // namespace wengert
