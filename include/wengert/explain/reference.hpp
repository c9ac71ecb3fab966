// Value and derivatives in many digits: what every mode's error is measured against.
//
// The program is the same to the last literal: decimal literals are the nearest doubles unless
// `as_written` asks for the decimal numbers themselves.
#pragma once
#include <optional>
#include <vector>

#include "wengert/modes/mode.hpp"
#include "wengert/sweep/decimal.hpp"
#include "wengert/sweep/frame.hpp"

namespace wengert {

struct Reference {
  std::vector<Decimal> value;
  std::vector<std::vector<Decimal>> blocks;  // parallel to Problem::wrt
};

// One reverse sweep an output or one forward sweep an input, whichever are fewer.
Reference reference_at(const Problem& problem, const Point& point, const Literals& literals);
// One sweep: the one block of a jvp for directions parallel to wrt; an adjoint for each of wrt of a vjp for a
// cotangent shaped like the output.
Reference reference_jvp(const Problem& problem, const Point& point, const std::vector<std::vector<double>>& directions, const Literals& literals);
Reference reference_vjp(const Problem& problem, const Point& point, const std::vector<double>& cotangent, const Literals& literals);
// The Hessian of a scalar output, by rows.
std::vector<Decimal> reference_hessian(const Problem& problem, const Point& point, const Literals& literals);

// The slope of an element of the output by an element of wrt[k], from differences of values over a tiny step in so many
// more digits that neither cancellation nor curvature shows: no rule of differentiation has a part in it. None where
// the slopes to both sides differ, where the step leads from one piece of floor, a comparison or argmax to another, or
// where still more digits give another slope.
std::optional<double> reference_slope(const Problem& problem, const Point& point, std::size_t k, std::size_t by, std::size_t output, int bits);

// |x - reference| in units in the last place of the reference as a double; 0 where both are NaN or the same infinity.
double ulps(double x, const Decimal& reference);
double relative_error(double x, const Decimal& reference);

}  // namespace wengert
