// The functions of numbers with bounds: those of the library for doubles, carried over by the ends of their arguments.
#include "rounded_steps.hpp"

namespace wengert {

using namespace bounds;

namespace {

constexpr double elementary = 10;  // units of a library function: 1 ulp, and 4 more of its version for vectors
constexpr double special = 40;     // of gamma and its relatives: the page of accuracies
constexpr double beta_units = 700;

enum class Zero { exact, underflow };  // what a result of 0 from an exact argument is
enum class Pole { exact, too_large };  // what an infinite result from an exact finite argument is

// A function of the library, carried over by its ends.
template <class F>
Rounded function(F&& f, const Rounded& x, double units, Zero zero = Zero::exact, Pole pole = Pole::exact) {
  const double y = f(x.value);
  if (!std::isfinite(y))
    return {y, x.exact() && (std::isnan(y) || std::isinf(x.value) || pole == Pole::exact) ? 0 : infinity};
  const bool step_exact = y == 0 && x.exact() && zero == Zero::exact;
  return {y, known(swing(f, y, x) + (step_exact || (std::isinf(x.value) && x.exact()) ? 0 : own(y, units)))};
}

// At one point the value is exact: exp(0).
template <class F>
Rounded exact_at(double at, F&& f, const Rounded& x, Zero zero, Pole pole) {
  return x.exact() && x.value == at ? Rounded(f(at)) : function(f, x, elementary, zero, pole);
}

// Gamma and its relatives have poles at the integers up to 0.
bool reaches_pole(const Rounded& x) {
  if (x.exact()) return false;
  const Ends e = ends(x);
  return !(e.low > 0) && std::floor(e.low) != std::floor(e.high);
}
template <class F>
Rounded with_poles(F&& f, const Rounded& x, Pole pole) {
  Rounded y = function(f, x, special, Zero::underflow, pole);
  if (reaches_pole(x)) y.bound = infinity;
  return y;
}

}  // namespace

Rounded sqrt(const Rounded& x) {
  const auto f = [](double t) { return std::sqrt(t); };
  const double y = f(x.value);
  if (x.exact() && std::isfinite(y) && std::fma(y, y, -x.value) == 0) return Rounded(y);
  return function(f, x, 1);
}
Rounded cube_root(const Rounded& x) {
  const double y = cube_root(x.value);
  if (x.exact() && y == std::round(y) && std::fabs(y) < 0x1p17 && y * y * y == x.value) return Rounded(y);
  return function([](double t) { return cube_root(t); }, x, elementary);
}
namespace {

// Whether y is the root of a^2 + b^2, none of which was rounded.
bool root_exact(double a, double b, double y) {
  const double p = a * a, q = b * b;
  return product_exact(a, a, p) && product_exact(b, b, q) && sum_exact(p, q) && std::fma(y, y, -(p + q)) == 0;
}

}  // namespace

Rounded hypot(const Rounded& a, const Rounded& b) {
  const double y = std::hypot(a.value, b.value);
  const bool exact = a.exact() && b.exact();
  if (!std::isfinite(y)) return {y, exact && !(std::isfinite(a.value) && std::isfinite(b.value)) ? 0 : infinity};
  return {y, known(a.bound + b.bound + (exact && root_exact(a.value, b.value, y) ? 0 : own(y, elementary)))};
}

namespace {

// Small integer powers of numbers of few digits are exact.
bool power_exact(double x, double n) {
  if (n != std::round(n) || std::fabs(n) > 64) return x == 1;
  double y = 1;
  for (int k = static_cast<int>(std::fabs(n)); k > 0; --k) {
    if (!product_exact(y, x, y * x)) return false;
    y *= x;
  }
  int exponent = 0;
  return n >= 0 || std::fabs(std::frexp(y, &exponent)) == 0.5;
}

}  // namespace

Rounded power(const Rounded& x, const Rounded& y) {
  const double p = power(x.value, y.value);
  const bool exact = x.exact() && y.exact();
  if (!std::isfinite(p))
    return {p, exact && (std::isnan(p) || x.value == 0 || std::isinf(x.value) || std::isinf(y.value)) ? 0 : infinity};
  // Between its ends it may go through a pole, or be anything where nothing is known of an argument.
  const bool pole = !x.exact() && std::fabs(x.value) <= x.bound && y.value - y.bound < 0;
  if (pole || std::isinf(x.bound) || std::isinf(y.bound)) return {p, infinity};
  const auto by_base = [&](double e) { return swing([e](double t) { return power(t, e); }, power(x.value, e), x); };
  double by_bases = by_base(y.value);
  // At 1^0 it changes by neither alone.
  if (!x.exact() && !y.exact()) by_bases = std::max({by_bases, by_base(ends(y).low), by_base(ends(y).high)});
  const double by_exponent = swing([&](double t) { return power(x.value, t); }, p, y);
  return {p, known(by_bases + by_exponent + (exact && power_exact(x.value, y.value) ? 0 : own(p, elementary)))};
}

Rounded exp(const Rounded& x) {
  return exact_at(
      0, [](double t) { return std::exp(t); }, x, Zero::underflow, Pole::too_large);
}
Rounded expm1(const Rounded& x) {
  return function([](double t) { return std::expm1(t); }, x, elementary, Zero::exact, Pole::too_large);
}
Rounded log(const Rounded& x) {
  return function([](double t) { return std::log(t); }, x, elementary);
}
Rounded log2(const Rounded& x) {
  return function([](double t) { return std::log2(t); }, x, elementary);
}
Rounded log10(const Rounded& x) {
  return function([](double t) { return std::log10(t); }, x, elementary);
}
Rounded log1p(const Rounded& x) {
  return function([](double t) { return std::log1p(t); }, x, elementary);
}

// No more than 2 apart, and half the square of the bound from the tangent.
Rounded sin(const Rounded& x) {
  const double y = std::sin(x.value);
  if (!std::isfinite(x.value)) return {y, x.exact() ? 0 : infinity};
  if (x.exact() && y == 0) return Rounded(y);
  return {y, std::min(2.0, x.bound * (std::fabs(std::cos(x.value)) + x.bound / 2)) + own(y, elementary)};
}
Rounded cos(const Rounded& x) {
  const double y = std::cos(x.value);
  if (!std::isfinite(x.value)) return {y, x.exact() ? 0 : infinity};
  if (x.exact() && x.value == 0) return Rounded(y);
  return {y, std::min(2.0, x.bound * (std::fabs(std::sin(x.value)) + x.bound / 2)) + own(y, elementary)};
}
Rounded tan(const Rounded& x) {
  Rounded y = function([](double t) { return std::tan(t); }, x, elementary);
  // It rises everywhere but over a pole.
  const Ends e = ends(x);
  if (!x.exact() && !(x.bound < 1 && std::tan(e.low) <= y.value && y.value <= std::tan(e.high))) y.bound = infinity;
  return y;
}
Rounded asin(const Rounded& x) {
  return function([](double t) { return std::asin(t); }, x, elementary);
}
Rounded acos(const Rounded& x) {
  return function([](double t) { return std::acos(t); }, x, elementary);
}
// pi/2 at infinity is rounded, too.
Rounded atan(const Rounded& x) {
  if (std::isinf(x.value) && x.exact()) return {std::atan(x.value), own(std::atan(x.value), 1)};
  return function([](double t) { return std::atan(t); }, x, elementary);
}
Rounded atan2(const Rounded& y, const Rounded& x) {
  const double angle = std::atan2(y.value, x.value);
  if (std::isnan(angle)) return {angle, y.exact() && x.exact() ? 0 : infinity};
  constexpr double turn = 6.283185307179587;
  if (y.value == 0 && x.value < 0) return {angle, turn};  // the sign of a 0 is none that is promised
  if (y.exact() && x.exact()) return {angle, angle == 0 ? 0 : own(angle, elementary)};
  if (!(std::hypot(y.value, x.value) > y.bound + x.bound)) return {angle, turn};
  const double carried = swing([&](double t) { return std::atan2(t, x.value); }, angle, y) +
                         swing([&](double t) { return std::atan2(y.value, t); }, angle, x);
  return {angle, std::min(turn, carried) + own(angle, elementary)};
}
Rounded sinh(const Rounded& x) {
  return function([](double t) { return std::sinh(t); }, x, elementary, Zero::exact, Pole::too_large);
}
Rounded cosh(const Rounded& x) {
  return exact_at(
      0, [](double t) { return std::cosh(t); }, x, Zero::exact, Pole::too_large);
}
Rounded tanh(const Rounded& x) {
  return function([](double t) { return std::tanh(t); }, x, elementary);
}
Rounded asinh(const Rounded& x) {
  return function([](double t) { return std::asinh(t); }, x, elementary);
}
Rounded acosh(const Rounded& x) {
  return function([](double t) { return std::acosh(t); }, x, elementary);
}
Rounded atanh(const Rounded& x) {
  return function([](double t) { return std::atanh(t); }, x, elementary);
}
Rounded sigmoid(const Rounded& x) {
  return function([](double t) { return sigmoid(t); }, x, 2 * elementary, Zero::underflow);
}
Rounded erf(const Rounded& x) {
  return function([](double t) { return std::erf(t); }, x, elementary);
}
Rounded erfc(const Rounded& x) {
  return exact_at(
      0, [](double t) { return std::erfc(t); }, x, Zero::underflow, Pole::exact);
}

Rounded gamma_function(const Rounded& x) {
  return with_poles([](double t) { return gamma_function(t); }, x, x.value == 0 ? Pole::exact : Pole::too_large);
}
Rounded log_gamma(const Rounded& x) {
  Rounded y = with_poles([](double t) { return log_gamma(t); }, x, x.value > 0 ? Pole::too_large : Pole::exact);
  return x.exact() && (x.value == 1 || x.value == 2) ? Rounded(y.value) : y;
}
// The reflection of negative arguments adds two terms.
Rounded digamma(const Rounded& x) {
  Rounded y = with_poles([](double t) { return digamma(t); }, x, Pole::exact);
  if (x.value < 0) y.bound += special * unit * (3 + std::log(1 - x.value));
  return y;
}
// Whether a rounded order is an integer, rounding decides.
Rounded polygamma(const Rounded& n, const Rounded& x) {
  if (!n.exact()) return {polygamma(n.value, x.value), infinity};
  return with_poles([&](double t) { return polygamma(n.value, t); }, x, x.value == 0 ? Pole::exact : Pole::too_large);
}
Rounded polygamma_rise(const Rounded& n, const Rounded& a, const Rounded& b) {
  const double y = polygamma_rise(n.value, a.value, b.value);
  const bool exact = a.exact() && b.exact();
  if (!n.exact()) return {y, infinity};
  if (!std::isfinite(y)) return {y, exact ? 0 : infinity};
  const double carried = swing([&](double t) { return polygamma_rise(n.value, t, b.value); }, y, a) +
                         swing([&](double t) { return polygamma_rise(n.value, a.value, t); }, y, b);
  return {y, known(carried + (y == 0 && exact ? 0 : own(y, special)))};
}
Rounded beta_function(const Rounded& a, const Rounded& b) {
  const double y = beta_function(a.value, b.value);
  const bool exact = a.exact() && b.exact();
  if (!std::isfinite(y)) return {y, exact && std::isnan(y) ? 0 : infinity};
  const double carried = swing([&](double t) { return beta_function(t, b.value); }, y, a) +
                         swing([&](double t) { return beta_function(a.value, t); }, y, b);
  return {y, known(carried + own(y, beta_units))};
}

}  // namespace wengert
