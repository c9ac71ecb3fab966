#include "wengert/rules/numeric.hpp"

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
    bm::policies::evaluation_error<bm::policies::ignore_error>, bm::policies::promote_double<false>>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool pole(double x) { return x <= 0 && x == std::floor(x); }

}  // namespace

double power(double x, double y) { return std::pow(x, y); }

// Integer powers by multiplication: the general formula goes through the argument's angle, near pi
// for a negative base, and would drown a tiny imaginary part.
std::complex<double> power(const std::complex<double>& x, const std::complex<double>& y) {
  const double n = y.real();
  if (y.imag() == 0 && n == std::floor(n) && std::fabs(n) <= 1024) {
    std::complex<double> result = 1.0, square = x;
    for (auto k = static_cast<unsigned>(std::fabs(n)); k != 0; k >>= 1) {
      if (k & 1u) result *= square;
      square *= square;
    }
    return n < 0 ? 1.0 / result : result;
  }
  if (x == 0.0) return n > 0 ? 0.0 : std::pow(x, y);
  return std::exp(y * std::log(x));
}

double cube_root(double x) { return std::cbrt(x); }

std::complex<double> cube_root(const std::complex<double>& x) {
  if (x == 0.0) return 0.0;
  return x.real() < 0 ? -std::exp(std::log(-x) / 3.0) : std::exp(std::log(x) / 3.0);
}

std::complex<double> expm1(const std::complex<double>& z) {
  const double a = std::expm1(z.real()), s = std::sin(z.imag() / 2);
  return {a * std::cos(z.imag()) - 2 * s * s, std::exp(z.real()) * std::sin(z.imag())};
}

std::complex<double> log1p(const std::complex<double>& z) {
  const double x = z.real(), y = z.imag();
  return {0.5 * std::log1p(2 * x + (x * x + y * y)), std::atan2(y, 1 + x)};
}

std::complex<double> log2(const std::complex<double>& z) { return std::log(z) / 0.693147180559945309417; }

double gamma_function(double x) { return pole(x) && x != 0 ? nan : std::tgamma(x); }

double log_gamma(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);
}

double digamma(double x) { return pole(x) ? nan : bm::digamma(x, Quiet{}); }

double polygamma(double n, double x) {
  if (!(n >= 0) || n != std::floor(n) || n > 1e6 || pole(x)) return nan;
  if (n == 0) return digamma(x);
  if (x == std::numeric_limits<double>::infinity()) return 0;
  return bm::polygamma(static_cast<int>(n), x, Quiet{});
}

double beta_function(double a, double b) {
  if (!(a > 0) || !(b > 0)) return nan;
  return bm::beta(a, b, Quiet{});
}

}  // namespace wengert
