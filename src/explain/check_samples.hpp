// Random points at which expressions are compared in many digits.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "wengert/core/expr.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/sweep/decimal.hpp"

namespace wengert::checking {

enum class Compared : std::uint8_t { equal, different, undefined };

// Two values of an expression at a point: in 60 digits, and if they differ by rounding perhaps, in more.
Compared compare(const Expr& a, const Expr& b, const Point& at);

// The value in 60 digits; nothing where an element is not finite.
std::optional<std::vector<Decimal>> value_of(const Expr& e, const Point& at, int digits = 60);
bool near(const std::vector<Decimal>& a, const std::vector<Decimal>& b);

// Points where all of the expressions have finite values, from boxes of several sizes around different places;
// `first` is tried first. At most `count`.
std::vector<Point> common_points(std::span<const Expr> all, const Point& first, std::size_t count);

}  // namespace wengert::checking
