// The reference's polygamma functions: many digits on both sides of 0, next to poles, next to zeros.
#include <doctest/doctest.h>

#include <cmath>

#include "wengert/sweep/decimal.hpp"

namespace wengert {
namespace {

Decimal at_bits(double x, int bits) { return {x, bits}; }

double relative_difference(const Decimal& a, const Decimal& b) { return abs((a - b) / b).to_double(); }

constexpr double places[] = {0.3,     1,     2.5,  17.25, 1e6,     1e-200,       -0.25,        -0.5,   -1e-9,
                             -1e-200, -2.75, -3.5, -17.1, -1000.3, -5 + 0x1p-40, -5 - 0x1p-40, -1.4616};

TEST_CASE("fifty digits of polygamma do not change when a hundred and fifty are asked for") {
  for (const int n : {1, 2, 3, 7, 20})
    for (const double x : places) {
      CAPTURE(n);
      CAPTURE(x);
      const Decimal few = polygamma(Decimal(n), at_bits(x, 174)), many = polygamma(Decimal(n), at_bits(x, 506));
      CHECK(relative_difference(few, many) < 0x1p-170);
    }
}

TEST_CASE("polygamma rises by a power from one place to the next") {
  for (const int n : {1, 2, 3, 8, 31})
    for (const double x : {0.3, 2.5, -0.25, -2.75, -17.125, -5 + 0x1p-20}) {
      CAPTURE(n);
      CAPTURE(x);
      const int bits = 400;
      Decimal step(n % 2 == 0 ? 1.0 : -1.0, bits);
      for (int k = 1; k <= n; ++k) step = step * static_cast<double>(k);
      for (int k = 0; k <= n; ++k) step = step / at_bits(x, bits);
      const Decimal here = polygamma(Decimal(n), at_bits(x, bits)),
                    there = polygamma(Decimal(n), at_bits(x, bits) + 1.0);
      const Decimal scale = abs(step) + abs(here);
      CHECK(abs((there - here - step) / scale).to_double() < 0x1p-385);
    }
}

TEST_CASE("polygamma is the derivative of the one before on both sides of 0") {
  for (const int n : {0, 1, 2, 5})
    for (const double x : {0.7, 3.25, -0.4, -6.3}) {
      CAPTURE(n);
      CAPTURE(x);
      const int bits = 900;
      const Decimal h(0x1p-200, bits), c = at_bits(x, bits);
      const Decimal slope = (polygamma(Decimal(n), c + h) - polygamma(Decimal(n), c - h)) / (h * 2.0);
      CHECK(relative_difference(slope, polygamma(Decimal(n + 1), c)) < 0x1p-300);
    }
}

TEST_CASE("polygamma of even order keeps its digits next to a zero") {
  // -0.1432... of order 2, found by halving
  double low = -0.5, high = -0.05;
  for (int k = 0; k < 60; ++k) {
    const double mid = 0.5 * (low + high);
    (polygamma(Decimal(2.0), at_bits(mid, 300)) < 0.0) == (polygamma(Decimal(2.0), at_bits(low, 300)) < 0.0)
        ? low = mid
        : high = mid;
  }
  const Decimal few = polygamma(Decimal(2.0), at_bits(low, 174)), many = polygamma(Decimal(2.0), at_bits(low, 1000));
  CHECK(abs(many).to_double() < 1e-10);
  CHECK(relative_difference(few, many) < 0x1p-170);
}

TEST_CASE("the rise of polygamma by a tiny step is the step's powers, and meets the difference where both are used") {
  for (const int n : {0, 1, 4})
    for (const double a : {0.4, 3.25, 1e5})
      for (const double ratio : {0x1p-59, 0x1p-61, -0x1p-61, 0x1p-70, 0x1p-300}) {
        CAPTURE(n);
        CAPTURE(a);
        CAPTURE(ratio);
        const Decimal rise = polygamma_rise(Decimal(n), at_bits(a, 174), at_bits(a * ratio, 174));
        const Decimal from = at_bits(a, 1200), by = at_bits(a * ratio, 1200);
        const Decimal difference = polygamma(Decimal(n), from + by) - polygamma(Decimal(n), from);
        CHECK(relative_difference(rise, difference) < 0x1p-170);
      }
}

TEST_CASE("the rise of polygamma by nothing is nothing") {
  CHECK(polygamma_rise(Decimal(0.0), at_bits(2, 174), at_bits(0, 174)) == 0.0);
  CHECK(polygamma_rise(Decimal(1.0), at_bits(2, 174), at_bits(0, 174)) == 0.0);
}

TEST_CASE("polygamma has no value at a pole, at a broken order and beyond the highest one") {
  CHECK(isnan(polygamma(Decimal(1.0), at_bits(-3, 174))));
  CHECK(isnan(polygamma(Decimal(1.0), at_bits(0, 174))));
  CHECK(isnan(polygamma(Decimal(1.5), at_bits(2, 174))));
  CHECK(isnan(polygamma(Decimal(-1.0), at_bits(2, 174))));
  CHECK(isnan(polygamma(Decimal(1e9), at_bits(2, 174))));
  CHECK(polygamma(Decimal(3.0), at_bits(INFINITY, 174)).to_double() == 0);
}

}  // namespace
}  // namespace wengert
