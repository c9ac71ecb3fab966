// The reference: a program's value, partials and condition numbers in 60 digits, and errors against it.
#pragma once
#include "program.hpp"

namespace wengert::test {

inline constexpr int reference_bits = 208;

std::vector<Decimal> in_digits(const Point& at);

// Of a program with one scalar output and scalar inputs.
struct Reference {
  Decimal value;
  std::vector<Decimal> partials;
  // How much relative errors of the inputs grow: sum of |x_k/f * df/dx_k|, of the value and of each partial.
  std::vector<std::vector<Decimal>> slopes;  // of each partial by each input
  double value_condition = 0;
  std::vector<double> partial_conditions;
};
Reference reference(const Program& program, const Point& at);

// |got - exact| in units of the last place of exact (subnormal places at the bottom); 0 where both are NaN, or exact overflows and got is infinite.
double error_in_ulps(double got, const Decimal& exact);

// The error of a program's value (part -1) or of a partial at a point.
struct Error {
  int part = -1;
  double ulps = 0;
  double condition = 0;
  double got = 0, exact = 0;
  double bar() const { return 4 * (1 + condition); }
};
std::vector<Error> errors(const Program& program, const Point& at);

}  // namespace wengert::test
