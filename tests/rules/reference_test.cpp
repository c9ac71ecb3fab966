// Every scalar row against 50 digits.
#include <doctest/doctest.h>

#include "../tools/calls.hpp"
#include "../tools/reference.hpp"

namespace wengert::test {
namespace {

// (f(x + h) - f(x - h))/(2h) along input k, far below what is lost to rounding in 60 digits.
template <class F>
Decimal quotient(F&& f, const Point& at, std::size_t k) {
  const Decimal step(1e-15, reference_bits);
  std::vector<Decimal> up = in_digits(at), down = up;
  up[k] = up[k] + step;
  down[k] = down[k] - step;
  return (f(up) - f(down)) / (2.0 * step);
}

TEST_CASE("first and second partials are the derivatives of a row's value, to 25 digits, whatever its formulas are") {
  const Literals how{.bits = reference_bits};
  for (const Row& row : rows()) {
    Random random = random_for(row, 5);
    if (!row.elementwise) continue;
    const Program p = scalar_program(row);
    for (int i = 0; i < 3; ++i) {
      const Point at = sample(row, random);
      CAPTURE(describe(p, at));
      const Reference exact = reference(p, at);
      const auto check = [](const Decimal& got, const Decimal& expected, const Decimal& scale) {
        CHECK(abs(got - expected).to_double() <= 1e-25 * (std::fabs(expected.to_double()) + std::fabs(scale.to_double())));
      };
      for (std::size_t k = 0; k < at.size(); ++k) {
        if (!varies(row, k)) continue;
        CAPTURE(k);
        check(exact.partials[k], quotient([&](const auto& x) { return Sweep<Decimal>(p, x, how).value()[0]; }, at, k), exact.value);
        for (std::size_t j = 0; j < at.size(); ++j) {
          CAPTURE(j);
          const auto partial = [&](const auto& x) { return Sweep<Decimal>(p, x, how).pull({Decimal(1.0, reference_bits)})[j]; };
          check(exact.slopes[j][k], quotient(partial, at, k), exact.partials[j]);
        }
      }
    }
  }
}

TEST_CASE("the form of a derivative that is shown equals the form that is evaluated, to 40 digits") {
  for (const Row& row : rows()) {
    Random random = random_for(row, 6);
    if (!row.elementwise) continue;
    const Program p = scalar_program(row);
    for (std::size_t k = 0; k < p.inputs.size(); ++k) {
      if (!varies(row, k)) continue;
      for (const Expr& shown : {derivative(p.output, p.inputs[k], Form::shown), gradient(p.output, p.inputs[k], Form::shown)}) {
        const Program q = with_output(p, shown);
        for (int i = 0; i < 3; ++i) {
          const Point at = sample(row, random);
          CAPTURE(describe(p, at));
          const Decimal a = reference(p, at).partials[k];
          // Constants as they are written: pi and logarithms to all digits.
          const Decimal b = Sweep<Decimal>(q, in_digits(at), {.bits = reference_bits, .as_written = true}).value()[0];
          CHECK(abs(a - b).to_double() <= 1e-40 * std::fabs(a.to_double()));
        }
      }
    }
  }
}

TEST_CASE("values and partials are as accurate as four units in the last place and the condition number allow") {
  for (const Row& row : rows()) {
    Random random = random_for(row, 7);
    if (!row.elementwise) continue;
    const Program p = scalar_program(row);
    for (int i = 0; i < 20; ++i) {
      const Point at = sample(row, random);
      CAPTURE(describe(p, at));
      for (const Error& e : errors(p, at)) {
        CAPTURE(e.part);
        CAPTURE(e.condition);
        CHECK(e.ulps <= e.bar());
      }
    }
  }
}

}  // namespace
}  // namespace wengert::test
