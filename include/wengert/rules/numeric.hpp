// Values of primitives for the base types of number, where the C++ library has none.
//
// Stable over the whole domain; special functions are the C library's or Boost.Math's. Versions for
// other base types (50 digits) are overloads in their own headers, found by argument-dependent lookup.
#pragma once
#include <cmath>
#include <complex>
#include <limits>

#include "wengert/rules/row.hpp"

namespace wengert {

// Rows call functions by these names; other types of number add their overloads.
using std::abs; using std::acos; using std::acosh; using std::asin; using std::asinh; using std::atan;
using std::atan2; using std::atanh; using std::cbrt; using std::ceil; using std::cos; using std::cosh; using std::erf;
using std::erfc; using std::exp; using std::expm1; using std::floor; using std::fmod; using std::isinf;
using std::log; using std::log10; using std::log1p; using std::log2; using std::round; using std::sin;
using std::sinh; using std::sqrt; using std::tan; using std::tanh;

// --- the real part decides comparisons of complex numbers: right for functions that are analytic in pieces
template <Real T>
const T& order_of(const T& x) { return x; }
inline double order_of(const std::complex<double>& z) { return z.real(); }

template <Base T> T less(const T& a, const T& b) { return T(order_of(a) < order_of(b) ? 1.0 : 0.0); }
template <Base T> T less_equal(const T& a, const T& b) { return T(order_of(a) <= order_of(b) ? 1.0 : 0.0); }
template <Base T> T equal_to(const T& a, const T& b) { return T(order_of(a) == order_of(b) ? 1.0 : 0.0); }
template <Base T> bool truth(const T& c) {
  const auto& r = order_of(c);
  return r != 0 && r == r;  // a NaN condition takes the second branch
}
template <Base T> T select(const T& c, const T& a, const T& b) { return truth(c) ? a : b; }

// The sweeps' product: 0 where either factor is 0, whatever the other one is; g*p otherwise.
template <Base T>
T annihilate(const T& g, const T& p) {
  const T product = g * p;
  return product == product || !(g == T(0.0) || p == T(0.0)) ? product : T(0.0);
}
template <Base T> bool surely_finite(const T& x) { return x - x == T(0.0); }
// annihilate(g, 1/b) by one division.
template <Base T>
T annihilate_quotient(const T& g, const T& b) {
  const T quotient = g / b;
  if (quotient == quotient) return quotient;
  if (g == T(0.0)) return T(0.0);
  if constexpr (Real<T>) {
    if (isinf(b)) return T(0.0);
  }
  return quotient;
}

// --- powers
double power(double x, double y);
std::complex<double> power(const std::complex<double>& x, const std::complex<double>& y);
double cube_root(double x);
std::complex<double> cube_root(const std::complex<double>& x);
std::complex<double> expm1(const std::complex<double>& z);
std::complex<double> log1p(const std::complex<double>& z);
std::complex<double> log2(const std::complex<double>& z);

// The number itself, by size, or for complex ones their real part: what a formula is scaled by.
inline double scale_of(const std::complex<double>& z) { return std::fabs(z.real()); }

// sqrt(a^2 + b^2), which neither overflows nor underflows.
template <Base T> T hypot(const T& a, const T& b) {
  if constexpr (Real<T>) {
    if constexpr (std::is_same_v<T, double>) return std::hypot(a, b);
    else { if (isinf(a) || isinf(b)) return abs(isinf(a) ? a : b); return sqrt(T(a * a + b * b)); }
  } else {
    const double m = std::fmax(scale_of(a), scale_of(b));
    if (m == 0 || std::isinf(m)) return std::sqrt(a * a + b * b);
    const T p = a / m, q = b / m;
    return m * std::sqrt(p * p + q * q);
  }
}

// --- special functions
double gamma_function(double x);  // std::tgamma, with the sign convention NaN at negative integers
double log_gamma(double x);       // the thread-safe lgamma
double digamma(double x);
double polygamma(double n, double x);  // the n-th derivative of digamma; n a non-negative integer
double polygamma_rise(double n, double a, double b);  // polygamma(n, a + b) - polygamma(n, a), for positive a, a + b
double beta_function(double a, double b);

// --- constants in the type of x
template <class T> T pi_like(const T& x) {
  if constexpr (Lifted<T>) return Lift<T>::pi_like(x); else return Known<T>::pi(x);
}
template <class T> T ln2_like(const T& x) {
  if constexpr (Lifted<T>) return Lift<T>::ln2_like(x); else return Known<T>::ln2(x);
}
template <class T> T ln10_like(const T& x) {
  if constexpr (Lifted<T>) return Lift<T>::ln10_like(x); else return Known<T>::ln10(x);
}
template <class T> T two_over_sqrt_pi_like(const T& x) {
  if constexpr (Lifted<T>) return Lift<T>::two_over_sqrt_pi_like(x); else return Known<T>::two_over_sqrt_pi(x);
}

// --- activation functions
template <Base T>
T sigmoid(const T& x) {
  if (order_of(x) >= 0) return T(1.0) / (T(1.0) + exp(-x));
  const T e = exp(x);
  return e / (T(1.0) + e);
}
// log(x/(1-x)); near 1/2 both logs nearly cancel, so their quotient goes through log1p.
template <Base T>
T logit(const T& x) {
  if (order_of(x) > 0.25 && order_of(x) < 0.75) return log1p((x - T(1.0) + x) / (T(1.0) - x));
  return log(x / (T(1.0) - x));
}
template <Base T>
T softplus(const T& x) {
  if (order_of(x) > 0) return x + log1p(exp(-x));
  return log1p(exp(x));
}
template <Base T>
T magnitude(const T& x) { return order_of(x) < 0 ? T(-x) : order_of(x) == 0 ? T(x * x) : x; }
template <Real T>
T magnitude(const T& x) { return abs(x); }
template <Real T>
T softsign(const T& x) { return x / (T(1.0) + magnitude(x)); }
// The imaginary part of 1/(1 + |x|) does not cancel as that of x/(1 + |x|) does.
template <Complex T>
T softsign(const T& x) {
  const bool below = order_of(x) < 0;
  const T d = T(1.0) / (T(1.0) + (below ? -x : x));
  return {(x * d).real(), below ? d.imag() : -d.imag()};
}
template <Base T>
T sign_of(const T& x) {
  const auto& r = order_of(x);
  if (r != r) return x;
  return T(r > 0 ? 1.0 : r < 0 ? -1.0 : 0.0);
}
// The remainder with the sign of the divisor; fmod is exact where a - b*floor(a/b) is not.
template <Real T>
T modulo(const T& a, const T& b) {
  const T r = fmod(a, b);
  return r != 0 && ((r < 0) != (b < 0)) ? T(r + b) : r;
}
template <Real T>
T round_half_away(const T& x) { return round(x); }
template <Real T>
T larger(const T& a, const T& b) { return a != a ? a : b != b ? b : a < b ? b : a; }
template <Real T>
T smaller(const T& a, const T& b) { return a != a ? a : b != b ? b : b < a ? b : a; }
template <Complex T>
T larger(const T& a, const T& b) { return a != a ? a : b != b ? b : order_of(a) < order_of(b) ? b : a; }
template <Complex T>
T smaller(const T& a, const T& b) { return a != a ? a : b != b ? b : order_of(b) < order_of(a) ? b : a; }

}  // namespace wengert
