// Coefficients: exact rationals in 64 bits as long as they fit, else doubles.
//
// A decimal literal of up to 15 digits is the rational that it writes; a result that a decimal took
// part in is a decimal again where it has few digits (2*0.1 is 0.2), and an integer where it is one.
#pragma once
#include <cstdint>
#include <optional>

#include "wengert/core/graph.hpp"

namespace wengert::rewrite {

struct Number {
  bool exact = true;
  bool decimal = false;  // came from decimals: prints as one
  std::int64_t p = 0, q = 1;
  double value = 0;

  static Number integer(std::int64_t n) { return {true, false, n, 1, static_cast<double>(n)}; }
  static Number rational(std::int64_t p, std::int64_t q);
  // Nothing for pi, e, infinities and NaN, which stay symbols.
  static std::optional<Number> of(const Constant& c);

  bool is(std::int64_t n) const { return exact && p == n && q == 1; }
  bool integral() const { return exact && q == 1; }
  bool negative() const { return value < 0; }
  bool even() const { return integral() && p % 2 == 0; }
  Number negated() const;
  Constant constant() const;
};

// Nothing where the result does not fit 64 bits, or is not finite.
std::optional<Number> add(const Number& a, const Number& b);
std::optional<Number> multiply(const Number& a, const Number& b);
std::optional<Number> inverse(const Number& a);
// a^n for an integer n; nothing too for 0 to a negative power.
std::optional<Number> power(const Number& a, std::int64_t n);
// The root of a perfect n-th power.
std::optional<Number> exact_root(const Number& a, std::int64_t n);

}  // namespace wengert::rewrite
