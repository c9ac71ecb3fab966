#include "rounded_steps.hpp"

namespace wengert {

using namespace bounds;

namespace {

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
  const double carried = part(a.value, b) + part(b.value, a) + (a.exact() || b.exact() ? 0 : a.bound * b.bound + smallest);
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
  return made(y, a.bound + b.bound, sum_exact(a.value, b.value) || std::fabs(y) < smallest_normal,
              a.exact() && b.exact(), std::isfinite(a.value) && std::isfinite(b.value));
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
