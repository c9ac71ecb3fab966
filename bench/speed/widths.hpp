// Forward mode by its width: how many tangents go at once.
#pragma once
#include <optional>

#include "problem.hpp"

namespace wengert::bench {

struct Width {
  std::size_t tangents = 1;
  double swept = 0;  // seconds a tangent, by sweeps over the tape; what they share is divided among them
  // By a plan with so many lanes, where lanes come in such numbers.
  std::optional<double> avx2, avx512;
};

// With all inputs as directions, or the first 64 of them; each width in turn, the least of many.
std::vector<Width> widths(const Problem& p, double seconds);
std::size_t directions_of(const Problem& p);

// Those that are measured.
std::vector<Problem> width_problems();

}  // namespace wengert::bench
