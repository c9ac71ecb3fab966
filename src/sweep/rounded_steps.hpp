// What the steps of a running error analysis share: what a step rounds by itself, and what its arguments' bounds become
// by it (rounded.hpp).
#pragma once
#include <algorithm>

#include "wengert/sweep/rounded.hpp"

namespace wengert::bounds {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double unit = 0x1p-53;
inline constexpr double smallest_normal = std::numeric_limits<double>::min();
inline constexpr double smallest = std::numeric_limits<double>::denorm_min();

inline double known(double bound) { return std::isnan(bound) ? infinity : bound; }

// What a step rounds by itself, where it is not exact.
inline double own(double y, double units) {
  return units * unit * std::fabs(y) + (std::fabs(y) < smallest_normal ? smallest : 0);
}

// The result of arithmetic: what is not a number, or infinite, is exact if the operands were exact and no number was
// too large.
inline Rounded made(double y, double carried, bool step_exact, bool exact_operands, bool too_large) {
  if (!std::isfinite(y)) return {y, exact_operands && !too_large ? 0 : infinity};
  return {y, known(carried + (step_exact ? 0 : own(y, 1)))};
}

// The two ends of x; an infinite bound leaves nothing of it.
struct Ends {
  double low, high, share;  // share: what the bound is of the distance, which is at least to the next double
};
inline Ends ends(const Rounded& x) {
  if (std::isinf(x.bound) || !std::isfinite(x.value)) return {-infinity, infinity, 1};
  const double step = std::max(x.bound, std::max(std::fabs(x.value) * 2 * unit, smallest));
  return {x.value - step, x.value + step, x.bound / step};
}

template <class F>
double swing(F&& f, double y, const Rounded& x) {
  if (x.exact()) return 0;
  if (std::isinf(x.bound)) return infinity;  // it may be no number: then this is none, whatever f is bounded by
  const Ends e = ends(x);
  return known(e.share * std::max(known(std::fabs(f(e.high) - y)), known(std::fabs(f(e.low) - y))));
}

inline bool sum_exact(double a, double b) {
  const double y = a + b, part = y - a;
  return (a - (y - part)) + (b - part) == 0;
}
inline bool product_exact(double a, double b, double y) {
  return std::fma(a, b, -y) == 0 && (std::fabs(y) >= smallest_normal * 0x1p54 || a == 0 || b == 0);
}

}  // namespace wengert::bounds
