// Rounded: a double together with a bound of what rounding did to it so far: a running error analysis.
//
//   Rounded x(1e8);                    // exact
//   Rounded y = cos(x*x + 1.0);        // y.value as a double computes it; the true one is within y.bound, to first
//   order
//
// An operation adds what it rounds itself (nothing where the result is exact, otherwise so many units of 2^-53 of it; a
// subnormal result half the smallest number) to what its operands' bounds become by it. Functions carry an operand's
// bound over by their values at its two ends, so one that saturates stays bounded and a jump that rounding reaches
// counts in full. A comparison that rounding could turn is bounded by 1, and a choice by it by the other branch. The
// bound is infinite where rounding decides whether there is a number at all: a divisor that it cannot tell from 0, a
// result too large for a double. Infinities and NaNs that arise from exact numbers (log(0)) are exact.
//
// Source: N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.3; backward errors of linear systems:
// ch. 9. Twice to ten times the work of doubles.
#pragma once
#include <cstdint>

#include "wengert/sweep/frame.hpp"

namespace wengert {

struct Rounded {
  double value = 0;
  double bound = 0;          // absolute, never NaN
  std::uint64_t origin = 0;  // of what is not exact: the same in all copies of a number, and in nothing else

  Rounded() = default;
  explicit Rounded(double v) : value(v) {}
  Rounded(double v, double b) : value(v), bound(b), origin(b == 0 ? 0 : another()) {}
  bool exact() const { return bound == 0; }

  friend Rounded operator+(const Rounded& a, const Rounded& b);
  friend Rounded operator-(const Rounded& a, const Rounded& b) { return a + -b; }
  friend Rounded operator*(const Rounded& a, const Rounded& b);
  friend Rounded operator/(const Rounded& a, const Rounded& b);
  friend Rounded operator-(const Rounded& a) { return {-a.value, a.bound}; }
  friend Rounded operator+(const Rounded& a, double b) { return a + Rounded(b); }
  friend Rounded operator-(const Rounded& a, double b) { return a - Rounded(b); }
  friend Rounded operator*(const Rounded& a, double b) { return a * Rounded(b); }
  friend Rounded operator/(const Rounded& a, double b) { return a / Rounded(b); }
  friend Rounded operator+(double a, const Rounded& b) { return Rounded(a) + b; }
  friend Rounded operator-(double a, const Rounded& b) { return Rounded(a) - b; }
  friend Rounded operator*(double a, const Rounded& b) { return Rounded(a) * b; }
  friend Rounded operator/(double a, const Rounded& b) { return Rounded(a) / b; }

  // Which way the program goes: as doubles do. Rows that let a comparison decide a value use less, equal_to, select.
  friend bool operator==(const Rounded& a, const Rounded& b) { return a.value == b.value; }
  friend bool operator<(const Rounded& a, const Rounded& b) { return a.value < b.value; }
  friend bool operator<=(const Rounded& a, const Rounded& b) { return a.value <= b.value; }
  friend bool operator>(const Rounded& a, const Rounded& b) { return a.value > b.value; }
  friend bool operator>=(const Rounded& a, const Rounded& b) { return a.value >= b.value; }
  friend bool operator==(const Rounded& a, double b) { return a.value == b; }
  friend bool operator<(const Rounded& a, double b) { return a.value < b; }
  friend bool operator<=(const Rounded& a, double b) { return a.value <= b; }
  friend bool operator>(const Rounded& a, double b) { return a.value > b; }
  friend bool operator>=(const Rounded& a, double b) { return a.value >= b; }

 private:
  static std::uint64_t another();
};

template <>
inline constexpr bool is_real<Rounded> = true;

Rounded less(const Rounded& a, const Rounded& b);
Rounded less_equal(const Rounded& a, const Rounded& b);
Rounded equal_to(const Rounded& a, const Rounded& b);
Rounded select(const Rounded& c, const Rounded& a, const Rounded& b);
Rounded larger(const Rounded& a, const Rounded& b);
Rounded smaller(const Rounded& a, const Rounded& b);
bool truth(const Rounded& c);
inline bool isinf(const Rounded& a) { return std::isinf(a.value); }

// Strong products: an exact 0 annihilates whatever the other factor is.
Rounded annihilate(const Rounded& g, const Rounded& p);
Rounded annihilate_quotient(const Rounded& g, const Rounded& b);
Rounded xlogy(const Rounded& a, const Rounded& b);

Rounded abs(const Rounded& x);
Rounded magnitude(const Rounded& x);
Rounded sign_of(const Rounded& x);
Rounded floor(const Rounded& x);
Rounded ceil(const Rounded& x);
Rounded round(const Rounded& x);
Rounded round_half_away(const Rounded& x);
Rounded modulo(const Rounded& a, const Rounded& b);
Rounded sqrt(const Rounded& x);
Rounded cube_root(const Rounded& x);
Rounded hypot(const Rounded& a, const Rounded& b);
Rounded power(const Rounded& x, const Rounded& y);
Rounded exp(const Rounded& x);
Rounded expm1(const Rounded& x);
Rounded log(const Rounded& x);
Rounded log2(const Rounded& x);
Rounded log10(const Rounded& x);
Rounded log1p(const Rounded& x);
Rounded sin(const Rounded& x);
Rounded cos(const Rounded& x);
Rounded tan(const Rounded& x);
Rounded asin(const Rounded& x);
Rounded acos(const Rounded& x);
Rounded atan(const Rounded& x);
Rounded atan2(const Rounded& y, const Rounded& x);
Rounded sinh(const Rounded& x);
Rounded cosh(const Rounded& x);
Rounded tanh(const Rounded& x);
Rounded asinh(const Rounded& x);
Rounded acosh(const Rounded& x);
Rounded atanh(const Rounded& x);
Rounded sigmoid(const Rounded& x);
Rounded erf(const Rounded& x);
Rounded erfc(const Rounded& x);
Rounded gamma_function(const Rounded& x);
Rounded log_gamma(const Rounded& x);
Rounded digamma(const Rounded& x);
Rounded polygamma(const Rounded& n, const Rounded& x);
Rounded polygamma_rise(const Rounded& n, const Rounded& a, const Rounded& b);
Rounded beta_function(const Rounded& a, const Rounded& b);

// What an elementwise function of doubles becomes: the bound is what its value changes by where each argument goes to
// either end of its own, all of them together too, and some units for its own rounding.
Rounded by_ends(double (*f)(const double*), const Rounded* x, std::size_t count, double units);

Array<Rounded> strong_multiply(const Array<Rounded>& a, const Array<Rounded>& b, const StopAsked* stop = nullptr);
std::unique_ptr<Factors<Rounded>> factorise(const Array<Rounded>& a, const StopAsked* stop = nullptr);
Array<Rounded> cofactors(const Array<Rounded>& a, const StopAsked* stop);

template <>
struct Known<Rounded> {
  static Rounded number(const Rounded&, double c) { return Rounded(c); }
  static Rounded pi(const Rounded&) { return nearest(Known<double>::pi(0)); }
  static Rounded ln2(const Rounded&) { return nearest(Known<double>::ln2(0)); }
  static Rounded ln10(const Rounded&) { return nearest(Known<double>::ln10(0)); }
  static Rounded two_over_sqrt_pi(const Rounded&) { return nearest(Known<double>::two_over_sqrt_pi(0)); }

 private:
  static Rounded nearest(double c) { return {c, c * 0x1p-53}; }
};

// Constants of a program are the doubles nearest to them in every mode; fractions are exact in the reference.
template <>
struct FromConstant<Rounded> {
  static Rounded make(const Constant& c, const Literals& how);
};

}  // namespace wengert
