// What a gradient takes over its value, and what compiling takes an operation.
#pragma once
#include "problem.hpp"

namespace wengert::bench {

struct Overhead {
  std::string what, engine;
  double figure = 0, bar = 0;
};

// Of a gradient at one point.
std::vector<Overhead> overheads(const Problem& p);

}  // namespace wengert::bench
