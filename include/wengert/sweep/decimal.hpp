// Decimal: a real number of as many digits as asked for (MPFR), the reference that errors are measured
// against. Each number carries its precision; a result has the larger precision of its operands, so
// nothing global is set. Constants such as Decimal(0.5) have 53 bits and are exact.
#pragma once
#include <mpfr.h>

#include <algorithm>
#include <string>

#include "wengert/rules/linear_algebra.hpp"

namespace wengert {

class Decimal {
 public:
  Decimal() : Decimal(0.0) {}
  explicit Decimal(double value) { mpfr_init2(m_, 53); mpfr_set_d(m_, value, MPFR_RNDN); }
  Decimal(double value, int bits) { mpfr_init2(m_, bits); mpfr_set_d(m_, value, MPFR_RNDN); }
  // Text such as "0.1", rounded to so many bits.
  Decimal(const std::string& text, int bits) { mpfr_init2(m_, bits); mpfr_set_str(m_, text.c_str(), 10, MPFR_RNDN); }
  Decimal(const Decimal& o) { mpfr_init2(m_, mpfr_get_prec(o.m_)); mpfr_set(m_, o.m_, MPFR_RNDN); }
  Decimal(Decimal&& o) noexcept { mpfr_init2(m_, 2); mpfr_swap(m_, o.m_); }
  Decimal& operator=(Decimal o) noexcept { mpfr_swap(m_, o.m_); return *this; }
  ~Decimal() { mpfr_clear(m_); }

  static int bits_for(int digits) { return static_cast<int>(static_cast<double>(digits) * 3.3219280948873626) + 8; }
  int bits() const { return static_cast<int>(mpfr_get_prec(m_)); }
  double to_double() const { return mpfr_get_d(m_, MPFR_RNDN); }
  // The shortest of at most `digits` significant digits; "nan", "inf", "-inf".
  std::string to_string(int digits) const;
  mpfr_srcptr get() const { return m_; }
  mpfr_ptr get() { return m_; }

  // A result of the larger precision of both, made by f(result, a, b).
  template <class F>
  static Decimal of(F&& f, const Decimal& a, const Decimal& b) {
    Decimal r(Bits{std::max(a.bits(), b.bits())});
    f(r.m_, a.m_, b.m_, MPFR_RNDN);
    return r;
  }
  template <class F>
  static Decimal of(F&& f, const Decimal& a) {
    Decimal r(Bits{a.bits()});
    f(r.m_, a.m_, MPFR_RNDN);
    return r;
  }

  friend Decimal operator+(const Decimal& a, const Decimal& b) { return of(mpfr_add, a, b); }
  friend Decimal operator-(const Decimal& a, const Decimal& b) { return of(mpfr_sub, a, b); }
  friend Decimal operator*(const Decimal& a, const Decimal& b) { return of(mpfr_mul, a, b); }
  friend Decimal operator/(const Decimal& a, const Decimal& b) { return of(mpfr_div, a, b); }
  friend Decimal operator-(const Decimal& a) { return of(mpfr_neg, a); }
  Decimal& operator+=(const Decimal& o) { return *this = *this + o; }
  Decimal& operator-=(const Decimal& o) { return *this = *this - o; }
  Decimal& operator*=(const Decimal& o) { return *this = *this * o; }
  Decimal& operator/=(const Decimal& o) { return *this = *this / o; }
  friend Decimal operator+(const Decimal& a, double b) { return a + Decimal(b); }
  friend Decimal operator-(const Decimal& a, double b) { return a - Decimal(b); }
  friend Decimal operator*(const Decimal& a, double b) { return a * Decimal(b); }
  friend Decimal operator/(const Decimal& a, double b) { return a / Decimal(b); }
  friend Decimal operator+(double a, const Decimal& b) { return Decimal(a) + b; }
  friend Decimal operator-(double a, const Decimal& b) { return Decimal(a) - b; }
  friend Decimal operator*(double a, const Decimal& b) { return Decimal(a) * b; }
  friend Decimal operator/(double a, const Decimal& b) { return Decimal(a) / b; }

  friend bool operator==(const Decimal& a, const Decimal& b) { return mpfr_equal_p(a.m_, b.m_) != 0; }
  friend bool operator<(const Decimal& a, const Decimal& b) { return mpfr_less_p(a.m_, b.m_) != 0; }
  friend bool operator<=(const Decimal& a, const Decimal& b) { return mpfr_lessequal_p(a.m_, b.m_) != 0; }
  friend bool operator>(const Decimal& a, const Decimal& b) { return mpfr_greater_p(a.m_, b.m_) != 0; }
  friend bool operator>=(const Decimal& a, const Decimal& b) { return mpfr_greaterequal_p(a.m_, b.m_) != 0; }
  friend bool operator==(const Decimal& a, double b) { return mpfr_nan_p(a.m_) == 0 && mpfr_cmp_d(a.m_, b) == 0; }
  friend bool operator<(const Decimal& a, double b) { return mpfr_nan_p(a.m_) == 0 && mpfr_cmp_d(a.m_, b) < 0; }
  friend bool operator<=(const Decimal& a, double b) { return mpfr_nan_p(a.m_) == 0 && mpfr_cmp_d(a.m_, b) <= 0; }
  friend bool operator>(const Decimal& a, double b) { return mpfr_nan_p(a.m_) == 0 && mpfr_cmp_d(a.m_, b) > 0; }
  friend bool operator>=(const Decimal& a, double b) { return mpfr_nan_p(a.m_) == 0 && mpfr_cmp_d(a.m_, b) >= 0; }

  friend bool isinf(const Decimal& a) { return mpfr_inf_p(a.m_) != 0; }
  friend bool isnan(const Decimal& a) { return mpfr_nan_p(a.m_) != 0; }
  friend Decimal exp(const Decimal& a) { return of(mpfr_exp, a); }
  friend Decimal expm1(const Decimal& a) { return of(mpfr_expm1, a); }
  friend Decimal log(const Decimal& a) { return of(mpfr_log, a); }
  friend Decimal log2(const Decimal& a) { return of(mpfr_log2, a); }
  friend Decimal log10(const Decimal& a) { return of(mpfr_log10, a); }
  friend Decimal log1p(const Decimal& a) { return of(mpfr_log1p, a); }
  friend Decimal sqrt(const Decimal& a) { return of(mpfr_sqrt, a); }
  friend Decimal cube_root(const Decimal& a) { return of(mpfr_cbrt, a); }
  friend Decimal abs(const Decimal& a) { return of(mpfr_abs, a); }
  friend Decimal floor(const Decimal& a) { Decimal r(a); mpfr_floor(r.m_, a.m_); return r; }
  friend Decimal ceil(const Decimal& a) { Decimal r(a); mpfr_ceil(r.m_, a.m_); return r; }
  friend Decimal round(const Decimal& a) { Decimal r(a); mpfr_round(r.m_, a.m_); return r; }
  friend Decimal fmod(const Decimal& a, const Decimal& b) { return of(mpfr_fmod, a, b); }
  // NaN beyond 2^10000, which no double reaches: they would need as many digits of pi.
  friend Decimal sin(const Decimal& a);
  friend Decimal cos(const Decimal& a);
  friend Decimal tan(const Decimal& a);
  friend Decimal asin(const Decimal& a) { return of(mpfr_asin, a); }
  friend Decimal acos(const Decimal& a) { return of(mpfr_acos, a); }
  friend Decimal atan(const Decimal& a) { return of(mpfr_atan, a); }
  friend Decimal atan2(const Decimal& a, const Decimal& b) { return of(mpfr_atan2, a, b); }
  friend Decimal sinh(const Decimal& a) { return of(mpfr_sinh, a); }
  friend Decimal cosh(const Decimal& a) { return of(mpfr_cosh, a); }
  friend Decimal tanh(const Decimal& a) { return of(mpfr_tanh, a); }
  friend Decimal asinh(const Decimal& a) { return of(mpfr_asinh, a); }
  friend Decimal acosh(const Decimal& a) { return of(mpfr_acosh, a); }
  friend Decimal atanh(const Decimal& a) { return of(mpfr_atanh, a); }
  friend Decimal power(const Decimal& a, const Decimal& b) { return of(mpfr_pow, a, b); }
  friend Decimal erf(const Decimal& a) { return of(mpfr_erf, a); }
  friend Decimal erfc(const Decimal& a);
  friend Decimal gamma_function(const Decimal& a) { return of(mpfr_gamma, a); }
  friend Decimal log_gamma(const Decimal& a) {
    int sign = 0;
    Decimal r(a);
    mpfr_lgamma(r.m_, &sign, a.m_, MPFR_RNDN);
    return r;
  }
  // Without a value at its poles, 0 among them, as in doubles.
  friend Decimal digamma(const Decimal& a) { return a == 0.0 ? Decimal(std::nan(""), a.bits()) : of(mpfr_digamma, a); }
  friend Decimal beta_function(const Decimal& a, const Decimal& b);
  friend Decimal polygamma(const Decimal& n, const Decimal& x);  // n up to 200; NaN beyond
  friend Decimal polygamma_rise(const Decimal& n, const Decimal& a, const Decimal& b);

 private:
  struct Bits { int bits; };
  explicit Decimal(Bits b) { mpfr_init2(m_, b.bits); }
  mpfr_t m_;
};

template <>
inline constexpr bool is_real<Decimal> = true;

std::unique_ptr<Factors<Decimal>> factorise(const Array<Decimal>& a, const StopAsked* stop = nullptr);

template <>
struct Known<Decimal> {
  static Decimal number(const Decimal& x, double c) { return {c, std::max(x.bits(), 53)}; }
  static Decimal pi(const Decimal& x) { return filled<mpfr_const_pi>(x); }
  static Decimal ln2(const Decimal& x) { return filled<mpfr_const_log2>(x); }
  static Decimal ln10(const Decimal& x) { return log(number(x, 10.0)); }
  static Decimal two_over_sqrt_pi(const Decimal& x) { return 2.0 / sqrt(pi(x)); }

 private:
  template <auto Constant>
  static Decimal filled(const Decimal& x) {
    Decimal r(x);
    Constant(r.get(), MPFR_RNDN);
    return r;
  }
};

}  // namespace wengert
