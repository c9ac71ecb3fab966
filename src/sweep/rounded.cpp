#include "wengert/sweep/rounded.hpp"

#include <algorithm>

namespace wengert {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unit = 0x1p-53;
constexpr double smallest_normal = std::numeric_limits<double>::min();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
constexpr double elementary = 10;  // units of a library function: 1 ulp, and 4 more of its version for vectors
constexpr double special = 40;     // of gamma and its relatives: the page of accuracies
constexpr double beta_units = 700;

double known(double bound) { return std::isnan(bound) ? infinity : bound; }

// What a step rounds by itself, where it is not exact.
double own(double y, double units) {
  return units * unit * std::fabs(y) + (std::fabs(y) < smallest_normal ? smallest : 0);
}

// The result of arithmetic: what is not a number, or infinite, is exact if the operands were exact and no number was
// too large.
Rounded made(double y, double carried, bool step_exact, bool exact_operands, bool too_large) {
  if (!std::isfinite(y)) return {y, exact_operands && !too_large ? 0 : infinity};
  return {y, known(carried + (step_exact ? 0 : own(y, 1)))};
}

// The two ends of x; an infinite bound leaves nothing of it.
struct Ends {
  double low, high, share;  // share: what the bound is of the distance, which is at least to the next double
};
Ends ends(const Rounded& x) {
  if (std::isinf(x.bound) || !std::isfinite(x.value)) return {-infinity, infinity, 1};
  const double step = std::max(x.bound, std::max(std::fabs(x.value) * 2 * unit, smallest));
  return {x.value - step, x.value + step, x.bound / step};
}

template <class F>
double swing(F&& f, double y, const Rounded& x) {
  if (x.exact()) return 0;
  const Ends e = ends(x);
  return known(e.share * std::max(known(std::fabs(f(e.high) - y)), known(std::fabs(f(e.low) - y))));
}

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

bool sum_exact(double a, double b) {
  const double y = a + b, part = y - a;
  return (a - (y - part)) + (b - part) == 0;
}
bool product_exact(double a, double b, double y) {
  return std::fma(a, b, -y) == 0 && (std::fabs(y) >= smallest_normal * 0x1p54 || a == 0 || b == 0);
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

bool surely_apart(const Rounded& a, const Rounded& b) {
  return (a.exact() && b.exact()) || std::fabs(a.value - b.value) > a.bound + b.bound;
}
// What an element is compared with is often itself.
bool same(const Rounded& a, const Rounded& b) {
  return a.origin == b.origin && !a.exact() && !b.exact() && std::isfinite(a.bound);
}
Rounded compared(bool holds, const Rounded& a, const Rounded& b) {
  return {holds ? 1.0 : 0.0, surely_apart(a, b) || same(a, b) ? 0.0 : 1.0};
}

// An extreme of two, where rounding may choose the other.
Rounded one_of(const Rounded& chosen, const Rounded& a, const Rounded& b) {
  return surely_apart(a, b) || same(a, b) ? chosen : Rounded(chosen.value, std::max(a.bound, b.bound));
}

// The product of two bounded numbers; strong: an exact 0 annihilates.
Rounded product(const Rounded& a, const Rounded& b, bool strong) {
  if (strong && ((a.value == 0 && a.exact()) || (b.value == 0 && b.exact())))
    return Rounded(0.0 * (a.value == 0 ? a.value : b.value));
  const double y = a.value * b.value;
  const auto part = [](double factor, const Rounded& other) {
    return other.exact() || factor == 0 ? 0 : std::fabs(factor) * other.bound + smallest;
  };
  const double carried = part(a.value, b) + part(b.value, a) + (a.exact() || b.exact() ? 0 : a.bound * b.bound);
  if (strong && std::isnan(y) && (a.value == 0 || b.value == 0)) return {0, infinity};
  return made(y, carried, product_exact(a.value, b.value, y), a.exact() && b.exact(),
              std::isfinite(a.value) && std::isfinite(b.value));
}

}  // namespace

// A number of its own for each: numbers are made in one thread and never compared with those of another.
std::uint64_t Rounded::another() {
  thread_local std::uint64_t last = 0;
  return ++last;
}

Rounded operator+(const Rounded& a, const Rounded& b) {
  const double y = a.value + b.value;
  return made(y, a.bound + b.bound, sum_exact(a.value, b.value) || std::fabs(y) < smallest_normal, a.exact() && b.exact(),
              std::isfinite(a.value) && std::isfinite(b.value));
}

Rounded operator*(const Rounded& a, const Rounded& b) { return product(a, b, false); }

Rounded operator/(const Rounded& a, const Rounded& b) {
  const double y = a.value / b.value;
  const bool exact = a.exact() && b.exact();
  if (b.value == 0 || !std::isfinite(b.value)) {
    if (!std::isfinite(y)) return {y, exact || (b.exact() && std::fabs(a.value) > a.bound) ? 0 : infinity};
    return {y, b.exact() && std::isfinite(a.bound) ? 0 : infinity};  // a finite number by infinity
  }
  if (!(std::fabs(b.value) > b.bound)) return {y, infinity};
  const double from = a.bound + (b.exact() ? 0 : std::fabs(y) * b.bound);
  const double carried = from == 0 ? 0 : from / (std::fabs(b.value) - b.bound) + smallest;
  const bool step_exact =
      a.value == 0 || (std::fma(y, b.value, -a.value) == 0 && std::fabs(a.value) >= smallest_normal * 0x1p54);
  return made(y, carried, step_exact, exact, std::isfinite(a.value));
}

Rounded less(const Rounded& a, const Rounded& b) { return compared(a.value < b.value, a, b); }
Rounded less_equal(const Rounded& a, const Rounded& b) { return compared(a.value <= b.value, a, b); }
Rounded equal_to(const Rounded& a, const Rounded& b) { return compared(a.value == b.value, a, b); }
bool truth(const Rounded& c) { return truth(c.value); }

Rounded select(const Rounded& c, const Rounded& a, const Rounded& b) {
  const Rounded &taken = truth(c.value) ? a : b, &left = truth(c.value) ? b : a;
  if (c.exact() || c.bound < std::fabs(c.value)) return taken;
  if (taken.value == left.value) return {taken.value, std::max(taken.bound, left.bound)};
  return {taken.value, std::max(taken.bound, known(std::fabs(taken.value - left.value) + left.bound))};
}
Rounded larger(const Rounded& a, const Rounded& b) {
  const Rounded& chosen = a.value != a.value ? a : b.value != b.value ? b : a.value < b.value ? b : a;
  return one_of(chosen, a, b);
}
Rounded smaller(const Rounded& a, const Rounded& b) {
  const Rounded& chosen = a.value != a.value ? a : b.value != b.value ? b : b.value < a.value ? b : a;
  return one_of(chosen, a, b);
}

Rounded annihilate(const Rounded& g, const Rounded& p) { return product(g, p, true); }
Rounded annihilate_quotient(const Rounded& g, const Rounded& b) {
  if (g.value == 0 && g.exact()) return Rounded(g.value);
  const Rounded y = g / b;
  if (!std::isnan(y.value)) return y;
  return g.value == 0 || std::isinf(b.value) ? Rounded(0, y.bound) : y;
}
Rounded xlogy(const Rounded& a, const Rounded& b) {
  if (a.value != 0) return a * log(b);
  return a.exact() ? Rounded(0.0) : Rounded(0, known((a * log(b)).bound));
}

Rounded by_ends(double (*f)(const double*), const Rounded* x, std::size_t count, double units) {
  constexpr std::size_t most = 3;
  double at[most] = {};
  bool exact = true;
  for (std::size_t k = 0; k < count; ++k) at[k] = x[k].value, exact = exact && x[k].exact();
  const double y = f(at);
  if (exact || !std::isfinite(y))
    return {y, exact ? (std::isfinite(y) && y != std::round(y) ? own(y, units) : 0) : infinity};
  std::size_t corners = 1;
  for (std::size_t k = 0; k < count; ++k) corners *= 3;
  double most_changed = 0;
  for (std::size_t corner = 1; corner < corners; ++corner) {
    std::size_t rest = corner;
    for (std::size_t k = 0; k < count; ++k, rest /= 3) {
      const Ends e = x[k].exact() ? Ends{x[k].value, x[k].value, 1} : ends(x[k]);
      at[k] = rest % 3 == 0 ? x[k].value : rest % 3 == 1 ? e.low : e.high;
    }
    most_changed = std::max(most_changed, known(std::fabs(f(at) - y)));
  }
  return {y, most_changed + own(y, units)};
}

Rounded abs(const Rounded& x) { return {std::fabs(x.value), x.bound}; }
Rounded magnitude(const Rounded& x) { return abs(x); }
// Steps from integer to integer: exact but where rounding reaches the next one.
Rounded sign_of(const Rounded& x) {
  return {sign_of(x.value), swing([](double t) { return sign_of(t); }, sign_of(x.value), x)};
}
Rounded floor(const Rounded& x) {
  return {std::floor(x.value), swing([](double t) { return std::floor(t); }, std::floor(x.value), x)};
}
Rounded ceil(const Rounded& x) {
  return {std::ceil(x.value), swing([](double t) { return std::ceil(t); }, std::ceil(x.value), x)};
}
Rounded round(const Rounded& x) {
  return {std::round(x.value), swing([](double t) { return std::round(t); }, std::round(x.value), x)};
}
Rounded round_half_away(const Rounded& x) { return round(x); }

// a - b*floor(a/b), where floor jumps if rounding reaches an integer.
Rounded modulo(const Rounded& a, const Rounded& b) {
  const double y = modulo(a.value, b.value);
  if (a.exact() && b.exact()) return {y, std::isfinite(y) ? own(y, 1) * (y == std::fmod(a.value, b.value) ? 0 : 1) : 0};
  const Rounded turns = floor(a / b);
  return {y,
          known(a.bound + std::fabs(turns.value) * b.bound + turns.bound * (std::fabs(b.value) + b.bound) + own(y, 1))};
}

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
  const double carried = swing([&](double t) { return power(t, y.value); }, p, x) +
                         swing([&](double t) { return power(x.value, t); }, p, y);
  return {p, known(carried + (exact && power_exact(x.value, y.value) ? 0 : own(p, elementary)))};
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
Rounded atan(const Rounded& x) {
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
Rounded polygamma(const Rounded& n, const Rounded& x) {
  return with_poles([&](double t) { return polygamma(n.value, t); }, x, x.value == 0 ? Pole::exact : Pole::too_large);
}
Rounded polygamma_rise(const Rounded& n, const Rounded& a, const Rounded& b) {
  const double y = polygamma_rise(n.value, a.value, b.value);
  const bool exact = a.exact() && b.exact();
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

Array<Rounded> strong_multiply(const Array<Rounded>& a, const Array<Rounded>& b, const StopAsked* stop) {
  Array<Rounded> out({a.shape().rows, b.shape().cols});
  if (b.size() < 1000) stop = nullptr;
  for (std::size_t i = 0; i < a.shape().rows; ++i, ask_whether_to_stop(stop))
    for (std::size_t l = 0; l < a.shape().cols; ++l)
      for (std::size_t j = 0; j < b.shape().cols; ++j) out.at(i, j) = out(i, j) + annihilate(a(i, l), b(l, j));
  return out;
}

Rounded FromConstant<Rounded>::make(const Constant& c, const Literals&) {
  if (!c.exact()) return Rounded(c.value);
  const Rounded top(static_cast<double>(c.numerator)), bottom(static_cast<double>(c.denominator));
  const bool large = std::fabs(top.value) > 0x1p53 || bottom.value > 0x1p53;
  return {c.value, large ? 2 * unit * std::fabs(c.value) : (top / bottom).bound};
}

}  // namespace wengert
