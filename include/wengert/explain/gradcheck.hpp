// Is this gradient right? Finite differences, the complex step and the slope of Taylor's remainder decide,
// and say which side is wrong where they do not agree.
//
//   GradCheck c = gradcheck(problem, point, {{2.0}, {3.0}});     a gradient from elsewhere, or none: the reverse mode's
//   c.right                            false
//   c.verdict                          "the supplied derivative by z is wrong: 3 where it is 2"
//   c.culprit                          "z"
//
// Differences in double precision lose digits, so none of them judges. The judge is a central difference in 330
// digits (810 where the slope is far smaller than the value) with a step of 1e-100: it knows no rule of differentiation, has no visible error of its own, and keeps out of the reach of
// kinks nearby. Where both sides of the point differ, the gradient is right if it lies between the one-sided slopes.
// Four evaluations in many digits for each element, and a few for the curve and the slope.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "wengert/modes/mode.hpp"

namespace wengert {

struct CurvePoint {
  double h = 0;
  double one_sided = 0, central = 0;  // errors of differences with this step, relative to the derivative (absolute where it is 0)
};

enum class Wrong : std::uint8_t {
  nobody,     // supplied and finite differences both hold
  supplied,   // the supplied derivative is wrong
  numeric,    // it is right, and finite differences in double precision do not resolve it
  kink,       // the point is on a kink; it lies between the one-sided slopes
  rounding,   // it differs, but by no more than rounding does to the right formula here
  undefined,  // there is no derivative here
};
std::string_view to_string(Wrong wrong);

struct InputCheck {
  std::string name;                   // "x", "W, element 3"
  std::size_t input = 0, element = 0, output = 0;  // of the worst output element
  double supplied = 0;
  double truth = 0;                   // by many digits
  double left = 0, right = 0;         // one-sided, likewise
  double finite = 0, estimate = 0;    // by differences in double precision, and their own error
  std::optional<double> complex_step;
  double noise = 0;                   // of the values beside the point: their rounding, measured against many digits
  double best_h = 0;                  // where the central difference's error is least, by noise and third derivative
  std::optional<double> slope;        // of log |f(x+h) - f(x) - h g| by log h; none where the remainder vanishes
  Wrong wrong = Wrong::nobody;
  std::string why;
};

struct GradCheck {
  bool right = true;
  Wrong wrong = Wrong::nobody;        // of the culprit
  std::string culprit;                // the input to look at; empty if there is none
  std::string verdict;                // in a sentence
  std::vector<InputCheck> inputs;     // every element that was looked at, worst first
  std::vector<CurvePoint> curve;      // the V-curve of the first of them, h falling
};

struct GradCheckOptions {
  double tolerance = 1e-6;            // relative, beside what rounding explains
  std::size_t most_elements = 256;    // looked at one by one; of more, groups are halved until the wrong ones are found
};

// supplied: parallel to problem.wrt, each the Jacobian by that input by rows; empty for the reverse mode's.
GradCheck gradcheck(const Problem& problem, const Point& point, const std::vector<Block>& supplied = {}, const GradCheckOptions& options = {});

// For a terminal, at most 100 columns; and the curve for a spreadsheet: "h,one_sided,central".
std::string gradcheck_text(const GradCheck& c);
std::string curve_csv(const std::vector<CurvePoint>& curve);

}  // namespace wengert
