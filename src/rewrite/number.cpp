#include "number.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <numeric>

namespace wengert::rewrite {

namespace {

constexpr std::int64_t exact_in_double = std::int64_t{1} << 53;

std::optional<Number> make(std::int64_t p, std::int64_t q, bool decimal) {
  if (q == 0 || q == INT64_MIN || p == INT64_MIN) return {};
  Number n = Number::rational(p, q);
  n.decimal = decimal;
  return n;
}

std::optional<Number> inexact(double value, bool decimal) {
  if (!std::isfinite(value)) return {};
  return Number{false, decimal, 0, 1, value};
}

// "-12.5e-3" as p/q.
std::optional<Number> rational_of(const std::string& text) {
  std::int64_t p = 0, q = 1;
  int digits = 0, exponent = 0;
  bool point = false, negative = false;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.') { point = true; continue; }
    if (text[i] < '0' || text[i] > '9') return {};
    if ((p != 0 || text[i] != '0') && ++digits > 15) return {};
    p = 10 * p + (text[i] - '0');
    if (point) --exponent;
  }
  if (i < text.size()) {
    const long e = std::strtol(text.c_str() + i + 1, nullptr, 10);
    if (std::labs(e) > 18) return {};
    exponent += static_cast<int>(e);
  }
  for (; exponent > 0; --exponent)
    if (__builtin_mul_overflow(p, std::int64_t{10}, &p)) return {};
  for (; exponent < 0; ++exponent)
    if (__builtin_mul_overflow(q, std::int64_t{10}, &q)) return {};
  return make(negative ? -p : p, q, true);
}

}  // namespace

Number Number::rational(std::int64_t p, std::int64_t q) {
  const std::int64_t g = std::gcd(p, q) == 0 ? 1 : std::gcd(p, q), s = q < 0 ? -1 : 1;
  Number n{true, false, s * (p / g), s * (q / g), 0};
  n.value = static_cast<double>(n.p) / static_cast<double>(n.q);
  return n;
}

std::optional<Number> Number::of(const Constant& c) {
  switch (c.exactness) {
    case Constant::Exactness::rational: return rational(c.numerator, c.denominator);
    case Constant::Exactness::decimal:
      if (auto n = rational_of(c.text)) return n;
      return inexact(c.value, true);
    case Constant::Exactness::real:
      // Halves, quarters and the like, which rules are written with, are meant exactly.
      for (std::int64_t q = 1; q <= 1024; q *= 2)
        if (const double p = c.value * static_cast<double>(q); p == std::floor(p) && std::fabs(p) < 1e15) return rational(static_cast<std::int64_t>(p), q);
      return inexact(c.value, false);
    case Constant::Exactness::pi:
    case Constant::Exactness::e: return {};
  }
  return {};
}

Number Number::negated() const {
  Number n = *this;
  n.p = -p;
  n.value = p == 0 && exact ? 0 : -value;
  return n;
}

Constant Number::constant() const {
  if (!exact) return Constant::real(value);
  if (!decimal || q == 1) return Constant::rational(p, q);
  std::int64_t rest = q;
  while (rest % 2 == 0) rest /= 2;
  while (rest % 5 == 0) rest /= 5;
  if (rest != 1) return std::abs(p) < exact_in_double && q < exact_in_double ? Constant::rational(p, q) : Constant::real(value);
  std::string text = fmt::format("{}", value);
  return Constant::decimal(value, std::move(text));
}

std::optional<Number> add(const Number& a, const Number& b) {
  const bool decimal = a.decimal || b.decimal;
  if (!a.exact || !b.exact) return inexact(a.value + b.value, decimal);
  std::int64_t x = 0, y = 0, q = 0, p = 0;
  const std::int64_t g = std::gcd(a.q, b.q);
  if (__builtin_mul_overflow(a.p, b.q / g, &x) || __builtin_mul_overflow(b.p, a.q / g, &y) || __builtin_add_overflow(x, y, &p) ||
      __builtin_mul_overflow(a.q, b.q / g, &q))
    return {};
  return make(p, q, decimal);
}

std::optional<Number> multiply(const Number& a, const Number& b) {
  const bool decimal = a.decimal || b.decimal;
  if (!a.exact || !b.exact) return a.is(0) || b.is(0) ? Number::integer(0) : inexact(a.value * b.value, decimal);
  const Number left = Number::rational(a.p, b.q), right = Number::rational(b.p, a.q);
  std::int64_t p = 0, q = 0;
  if (__builtin_mul_overflow(left.p, right.p, &p) || __builtin_mul_overflow(left.q, right.q, &q)) return {};
  return make(p, q, decimal);
}

std::optional<Number> inverse(const Number& a) {
  if (a.value == 0) return {};
  if (!a.exact) return inexact(1 / a.value, a.decimal);
  return make(a.q, a.p, a.decimal);
}

std::optional<Number> power(const Number& a, std::int64_t n) {
  if (std::abs(n) > 64) return {};
  std::optional<Number> base = n < 0 ? inverse(a) : a, result = Number::integer(1);
  for (std::int64_t k = 0; k < std::abs(n) && base && result; ++k) result = multiply(*result, *base);
  return base ? result : std::nullopt;
}

std::optional<Number> exact_root(const Number& a, std::int64_t n) {
  if (!a.exact || a.p < 0 || n < 2 || n > 62) return {};
  const auto root = [n](std::int64_t x) -> std::optional<std::int64_t> {
    const auto r = static_cast<std::int64_t>(std::llround(std::pow(static_cast<double>(x), 1.0 / static_cast<double>(n))));
    const auto back = power(Number::integer(r), n);
    if (back && back->is(x)) return r;
    return {};
  };
  const auto p = root(a.p), q = root(a.q);
  if (!p || !q) return {};
  return make(*p, *q, a.decimal);
}

}  // namespace wengert::rewrite
