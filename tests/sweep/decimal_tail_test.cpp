// erfc far out in many digits, against 1 - erf with guard bits for all that cancels.
#include <doctest/doctest.h>

#include <cmath>

#include "wengert/sweep/decimal.hpp"

namespace wengert::test {

TEST_CASE("erfc has all its digits wherever its series changes, and takes no thousands of guard bits") {
  for (const int bits : {60, 174, 522, 1044, 2088})
    for (const double x : {0.5, 1.5, 5.0, 6.5, 7.25, 11.0, 12.5, 19.5, 20.5, 27.75, 28.5, 39.0, 40.5, 58.75}) {
      CAPTURE(bits);
      CAPTURE(x);
      const int guard = static_cast<int>(x * x * 1.4427) + 128;
      Decimal wide(x, bits + guard), one(1.0, bits + guard), reference(0.0, bits + guard);
      mpfr_erf(reference.get(), wide.get(), MPFR_RNDN);
      reference = one - reference;
      const Decimal y = erfc(Decimal(x, bits));
      CHECK(y.bits() == bits);
      CHECK(abs(y - reference) <= abs(reference) * std::ldexp(1.0, -std::min(bits - 2, 1000)));
      Decimal relative = abs(y - reference) / reference;
      if (bits > 1000) CHECK((relative == 0.0 || mpfr_get_exp(relative.get()) <= -(bits - 2)));
    }
}

TEST_CASE("erfc of what is far beyond all doubles, of infinities and of negative numbers") {
  CHECK(erfc(Decimal(INFINITY, 174)) == 0.0);
  CHECK(erfc(Decimal(-INFINITY, 174)) == 2.0);
  CHECK(isnan(erfc(Decimal(std::nan(""), 174))));
  CHECK(erfc(Decimal(-59.0, 174)).to_double() == 2);
  CHECK(erfc(Decimal(1e300, 174)).to_double() == 0);
  CHECK(erfc(Decimal(2e4, 174)) > 0.0);  // exp(-4e8)
  CHECK(erfc(Decimal(3.0, 174)).to_double() == doctest::Approx(std::erfc(3.0)).epsilon(1e-15));
}

}  // namespace wengert::test
