#include "wengert/rules/numeric.hpp"

#include "wengert/core/limits.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <math.h>  // lgamma_r

namespace wengert {

namespace {

namespace bm = boost::math;
using Quiet = bm::policies::policy<
    bm::policies::domain_error<bm::policies::ignore_error>, bm::policies::pole_error<bm::policies::ignore_error>,
    bm::policies::overflow_error<bm::policies::ignore_error>, bm::policies::underflow_error<bm::policies::ignore_error>,
    bm::policies::evaluation_error<bm::policies::ignore_error>, bm::policies::rounding_error<bm::policies::ignore_error>,
    bm::policies::promote_double<false>>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool pole(double x) { return x <= 0 && x == std::floor(x); }

}  // namespace

// What a product or a quotient rounds once needs no call.
double power(double x, double y) {
  if (y == 2) return x * x;
  if (y == 1) return x;
  if (y == -1) return 1 / x;
  return std::pow(x, y);
}

// By size and angle: the logarithm of a large base would lose digits of the value. A negative base with
// an integer exponent is turned around: its angle is near pi, where a tiny imaginary part would drown.
std::complex<double> power(const std::complex<double>& x, const std::complex<double>& y) {
  // What a product makes needs no angle, which would lose an imaginary part far above the real one.
  if (y == 2.0) return x * x;
  if (y == 1.0) return x;
  const double n = y.real();
  if (x == 0.0) return n > 0 ? 0.0 : std::pow(0.0, n);
  if (x.real() == 0 && y.imag() == 0 && n == std::floor(n) && std::fabs(n) < 0x1p53) {
    // Quarter turns are exact: (ih)^2 has no imaginary part, which cos and sin would leave a rest of.
    const double radius = std::pow(x.imag(), n);
    const int quarter = static_cast<int>(std::fmod(std::fmod(n, 4) + 4, 4));
    if (quarter == 0) return {radius, 0};
    if (quarter == 1) return {0, radius};
    return quarter == 2 ? std::complex<double>(-radius, 0) : std::complex<double>(0, -radius);
  }
  if (x.real() < 0 && y.imag() == 0 && n == std::floor(n)) {
    const std::complex<double> turned = power(-x, y);
    return std::fmod(n, 2) == 0 ? turned : -turned;
  }
  const double size = std::hypot(x.real(), x.imag()), angle = std::atan2(x.imag(), x.real());
  const double radius = std::pow(size, n) * std::exp(-y.imag() * angle);
  const double turn = n * angle + (y.imag() == 0 ? 0.0 : y.imag() * std::log(size));
  return {radius * std::cos(turn), radius * std::sin(turn)};
}

// The C library's root is up to 4 ulp off; one Newton step from it is within 1.
double cube_root(double x) {
  const double y = std::cbrt(x);
  if (!(std::fabs(x) > 1e-280 && std::fabs(x) < 1e300)) return y;
  const double square = y * y, rest = std::fma(y, y, -square);
  return y - (std::fma(square, y, -x) + rest * y) / (3 * square);
}

std::complex<double> cube_root(const std::complex<double>& x) {
  if (x.real() < 0) return -cube_root(-x);
  return std::polar(std::cbrt(std::hypot(x.real(), x.imag())), std::atan2(x.imag(), x.real()) / 3.0);
}

std::complex<double> expm1(const std::complex<double>& z) {
  const double a = std::expm1(z.real()), s = std::sin(z.imag() / 2);
  return {a * std::cos(z.imag()) - 2 * s * s, std::exp(z.real()) * std::sin(z.imag())};
}

std::complex<double> log1p(const std::complex<double>& z) {
  const double x = z.real(), y = z.imag();
  const double size = std::fabs(x) > 0.5 ? std::log(std::hypot(1 + x, y)) : 0.5 * std::log1p(2 * x + (x * x + y * y));
  return {size, std::atan2(y, 1 + x)};
}

std::complex<double> log2(const std::complex<double>& z) { return std::log(z) / 0.693147180559945309417; }

double gamma_function(double x) { return pole(x) && x != 0 ? nan : std::tgamma(x); }

double log_gamma(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);
}

// Boost reflects by way of 1 - x, which rounds away the distance to a pole; x - round(x) is exact.
double digamma(double x) {
  if (pole(x)) return nan;
  if (x > 0) return x > 1e300 ? std::log(x) : bm::digamma(x, Quiet{});
  if (!(x > -0x1p52)) return nan;  // every double out there is a pole
  constexpr double pi = 3.14159265358979323846;
  return bm::digamma(1 - x, Quiet{}) - pi / std::tan(pi * (x - std::round(x)));
}

double polygamma(double n, double x) {
  if (!(n >= 0) || n != std::floor(n) || n > highest_polygamma_order || std::isnan(x) || x == -std::numeric_limits<double>::infinity() || pole(x)) return nan;
  if (n == 0) return digamma(x);
  if (x == std::numeric_limits<double>::infinity()) return 0;
  return bm::polygamma(static_cast<int>(n), x, Quiet{});
}

// By the recurrence up to where the asymptotic series holds (Abramowitz and Stegun 6.4.6, 6.4.11), each of
// its powers as a difference of its own: no two of the large terms cancel.
double polygamma_rise(double n, double a, double b) {
  if (!(n >= 0) || n != std::floor(n) || n > 100 || !(a > 0) || !(a + b > 0)) return nan;
  if (a + b == std::numeric_limits<double>::infinity()) return std::isinf(a) ? nan : n == 0 ? b : -polygamma(n, a);
  double x = a;
  const auto fall = [&](double m) { return std::expm1(-m * std::log1p(b / x)) / std::pow(x, m); };  // (x + b)^-m - x^-m
  const double factorial = std::tgamma(n + 1);
  double rise = 0;
  for (; x < 20 + n; x += 1) rise -= factorial * fall(n + 1);
  constexpr double bernoulli[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330};
  rise -= (n == 0 ? -std::log1p(b / x) : std::tgamma(n) * fall(n)) + factorial / 2 * fall(n + 1);
  double scale = 0;  // (2k + n - 1)!/(2k)!
  for (int k = 1; k <= 10; ++k) {
    scale = n == 0 ? 1.0 / (2 * k) : k == 1 ? std::tgamma(n + 2) / 2 : scale * (2 * k + n - 2) * (2 * k + n - 1) / ((2.0 * k - 1) * (2 * k));
    rise -= bernoulli[k - 1] * scale * fall(2 * k + n);
  }
  return std::fmod(n, 2) == 0 ? rise : -rise;
}

double beta_function(double a, double b) {
  if (!(a > 0) || !(b > 0)) return nan;
  if (std::isinf(a) || std::isinf(b)) return 0;
  return bm::beta(a, b, Quiet{});
}

}  // namespace wengert
