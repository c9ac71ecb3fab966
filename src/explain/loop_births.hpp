// NaN and infinities that are born inside of loops: the operation of the body, and the round.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "wengert/sweep/frame.hpp"

namespace wengert::explain {

struct LoopBirth {
  const Tape* tape;  // of the body that the operation stands in, which may be a loop within the loop
  Instruction by;
  std::vector<double> operands;  // of an elementwise operation, of one element
  double made;                   // its value, or its slope
  bool in_value;
  std::string message;  // "log of -1 is nan: outside its domain, in round 3 of the loop"
};

// The first operation that made a NaN or an infinity from finite operands in the first round that ends in one; the loop
// itself may end in numbers again. A thousand rounds are looked at, or a million where it does not.
std::optional<LoopBirth> value_in_loop(const NumericFrame<double>& frame, const Instruction& loop);
// The first operation whose slope is infinite or no number where its value is finite; a thousand rounds are looked at.
std::optional<LoopBirth> slope_in_loop(const NumericFrame<double>& frame, const Instruction& loop);

}  // namespace wengert::explain
