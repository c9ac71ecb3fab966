// RoundedComplex: what the complex step computes, together with bounds of what rounding and the step itself did to it.
//
//   RoundedComplex z(Rounded(0.5), Rounded(0x1p-332));   // x + ih
//   sin(z).im                                            // h*cos(0.5), and how far from it a computation may be
//
// Both parts are numbers with bounds (rounded.hpp). The truth that they are bounded against is the one that the complex
// step stands for: the value and h times the derivative. So the squares of imaginary parts, which a complex product
// takes from the real part, count as errors, and so does what is not linear in the imaginary part. Functions are
// carried over by the ends of all parts of their arguments, as they are for real numbers; where the ends enclose a
// branch point, nothing is known. Linear systems are eliminated in such numbers.
#pragma once
#include "wengert/sweep/rounded.hpp"

namespace wengert {

struct RoundedComplex {
  Rounded re, im;

  RoundedComplex() = default;
  explicit RoundedComplex(double x) : re(x) {}
  explicit RoundedComplex(const Rounded& x) : re(x) {}
  RoundedComplex(const Rounded& x, const Rounded& y) : re(x), im(y) {}

  using C = RoundedComplex;
  friend C operator+(const C& a, const C& b) { return {a.re + b.re, a.im + b.im}; }
  friend C operator-(const C& a, const C& b) { return {a.re - b.re, a.im - b.im}; }
  friend C operator-(const C& a) { return {-a.re, -a.im}; }
  friend C operator*(const C& a, const C& b);
  friend C operator/(const C& a, const C& b);
  friend C operator*(double a, const C& b) { return C(a) * b; }
  friend C operator*(const C& a, double b) { return a * C(b); }
  friend C operator/(const C& a, double b) { return a / C(b); }
  friend bool operator==(const C& a, const C& b) { return a.re == b.re && a.im == b.im; }
};

template <>
inline constexpr bool is_complex<RoundedComplex> = true;

// The real part decides.
inline const Rounded& order_of(const RoundedComplex& z) { return z.re; }
inline double scale_of(const RoundedComplex& z) { return std::fabs(z.re.value); }
inline double pivot_size(const RoundedComplex& z) { return std::hypot(z.re.value, z.im.value); }
inline bool truth(const RoundedComplex& c) { return truth(c.re); }
RoundedComplex less(const RoundedComplex& a, const RoundedComplex& b);
RoundedComplex less_equal(const RoundedComplex& a, const RoundedComplex& b);
RoundedComplex equal_to(const RoundedComplex& a, const RoundedComplex& b);
RoundedComplex select(const RoundedComplex& c, const RoundedComplex& a, const RoundedComplex& b);
RoundedComplex larger(const RoundedComplex& a, const RoundedComplex& b);
RoundedComplex smaller(const RoundedComplex& a, const RoundedComplex& b);

RoundedComplex annihilate(const RoundedComplex& g, const RoundedComplex& p);
RoundedComplex annihilate_quotient(const RoundedComplex& g, const RoundedComplex& b);
RoundedComplex xlogy(const RoundedComplex& a, const RoundedComplex& b);

RoundedComplex magnitude(const RoundedComplex& x);
RoundedComplex sign_of(const RoundedComplex& x);
RoundedComplex softsign(const RoundedComplex& x);
RoundedComplex power(const RoundedComplex& x, const RoundedComplex& y);
RoundedComplex sqrt(const RoundedComplex& x);
RoundedComplex hypot(const RoundedComplex& a, const RoundedComplex& b);
RoundedComplex cube_root(const RoundedComplex& x);
RoundedComplex exp(const RoundedComplex& x);
RoundedComplex expm1(const RoundedComplex& x);
RoundedComplex log(const RoundedComplex& x);
RoundedComplex log2(const RoundedComplex& x);
RoundedComplex log10(const RoundedComplex& x);
RoundedComplex log1p(const RoundedComplex& x);
RoundedComplex sin(const RoundedComplex& x);
RoundedComplex cos(const RoundedComplex& x);
RoundedComplex tan(const RoundedComplex& x);
RoundedComplex asin(const RoundedComplex& x);
RoundedComplex acos(const RoundedComplex& x);
RoundedComplex atan(const RoundedComplex& x);
RoundedComplex sinh(const RoundedComplex& x);
RoundedComplex cosh(const RoundedComplex& x);
RoundedComplex tanh(const RoundedComplex& x);
RoundedComplex asinh(const RoundedComplex& x);
RoundedComplex acosh(const RoundedComplex& x);
RoundedComplex atanh(const RoundedComplex& x);

std::unique_ptr<Factors<RoundedComplex>> factorise(const Array<RoundedComplex>& a, const StopAsked* stop = nullptr);

template <>
struct Known<RoundedComplex> {
  static RoundedComplex number(const RoundedComplex&, double c) { return RoundedComplex(c); }
  static RoundedComplex pi(const RoundedComplex& x) { return RoundedComplex(Known<Rounded>::pi(x.re)); }
  static RoundedComplex ln2(const RoundedComplex& x) { return RoundedComplex(Known<Rounded>::ln2(x.re)); }
  static RoundedComplex ln10(const RoundedComplex& x) { return RoundedComplex(Known<Rounded>::ln10(x.re)); }
  static RoundedComplex two_over_sqrt_pi(const RoundedComplex& x) {
    return RoundedComplex(Known<Rounded>::two_over_sqrt_pi(x.re));
  }
};

template <>
struct FromConstant<RoundedComplex> {
  static RoundedComplex make(const Constant& c, const Literals& how) {
    return RoundedComplex(FromConstant<Rounded>::make(c, how));
  }
};

}  // namespace wengert
