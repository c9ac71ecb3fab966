// Structure that repeats in a program: the layers of a network, the steps of a loop that is written out.
#pragma once
#include <vector>

#include "wengert/explain/trace.hpp"

namespace wengert::drawing {

// Rows first, ..., first + period*times - 1: `times` copies of `period` operations, each of which uses what the copy
// before made, values from outside, or inputs of its own.
struct Repetition {
  std::size_t first = 0, period = 0, times = 0;
  std::size_t end() const { return first + period * times; }
};

// The repetitions that save the most, in the order of the rows; they do not overlap. Operations times the longest
// period that is looked for.
std::vector<Repetition> repetitions(const Trace& trace);

}  // namespace wengert::drawing
