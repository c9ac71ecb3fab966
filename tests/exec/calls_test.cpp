// Machine code around calls: what waits for them, what is shared across them, and what is looked at only behind them.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../tools/calls.hpp"
#include "engines.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::test {
namespace {

// Quotients by the same numbers before and behind calls, sines and cosines of one angle, sums of negatives.
Program quotients_and_calls(Shape shape) {
  Program p;
  const Expr a = p.input("a", shape), b = p.input("b", shape), c = p.input("c", shape), d = p.input("d", shape);
  const Expr first = exp(a * b) / c + sin(a) / c, second = cos(a) / d + log(b * b + 1.0) / d;
  const Expr third = Lift<Expr>::call<Tanh>(a / c) * (b / d) - exp(-(d * d)) + -(a / d);
  const Expr y = first * second + third * sin(b) * cos(b) - -(c / d);
  p.output = shape.scalar() ? y : total(y, along::all);
  p.text = "quotients and calls";
  return p;
}

void check_near(const Program& p, const Point& at) {
  std::vector<Expr> outputs{p.output};
  for (const Expr& e : vjp(p.output, p.inputs, number(*p.graph, 1))) outputs.push_back(e);
  for (const exec::PlanOptions& options : every_engine(exec::Mathematics::fast)) {
    const auto got = run_plan(p, outputs, at, options);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const Point expected = value(with_output(p, outputs[k]), at);
      CAPTURE(describe(with_output(p, outputs[k]), at));
      CAPTURE(options.native);
      CAPTURE(static_cast<int>(options.instructions));
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(got[k][i]);
        CAPTURE(expected[i]);
        if (std::isfinite(expected[i]))
          REQUIRE(std::fabs(got[k][i] - expected[i]) <= 1e-12 * std::fmax(1, std::fabs(expected[i])));
        else
          REQUIRE((got[k][i] == expected[i] || (got[k][i] != got[k][i] && expected[i] != expected[i])));
      }
    }
  }
}

}  // namespace

TEST_CASE("quotients by shared divisors before and behind calls are those of the sweeps") {
  Random random(501);
  for (const Shape shape : {Shape{}, Shape{37, 1}}) {
    const Program p = quotients_and_calls(shape);
    for (int k = 0; k < 10; ++k) check_near(p, random.around_one(p.size()));
  }
}

TEST_CASE("a divisor of 0, infinite, none or without a reciprocal is found behind the calls that come between") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  Random random(502);
  for (const Shape shape : {Shape{}, Shape{37, 1}}) {
    const Program p = quotients_and_calls(shape);
    const std::size_t n = p.size() / 4;
    for (std::size_t which = 0; which < 4; ++which)
      for (const double special : {0.0, inf, -inf, std::numeric_limits<double>::quiet_NaN(), 5e-324}) {
        Point at = random.around_one(p.size());
        at[which * n + n / 2] = special;
        check_near(p, at);
      }
  }
}

}  // namespace wengert::test
