// Rows: functions in pieces, with their conventions where the pieces meet.
#pragma once
#include "wengert/rules/trigonometric.hpp"

namespace wengert {

// Derivative 0 everywhere, by every argument.
template <int Arity>
struct Flat : Elementwise<Arity> {
  static constexpr unsigned differentiable = 0;
};

struct Abs : Elementwise<1> {
  static constexpr Info info{.name = "abs", .help = "absolute value", .range = {{0.2, 4}}, .cost = Cost::add, .rule = "absolute value", .convention = "abs'(0) = 0", .c = "fabs($a)"};
  static auto value(const auto& x) { return magnitude(x); }
  static auto d0(const auto&, const auto& x) { return sign_of(x); }
  static bool kink(double x) { return x == 0; }
};
struct Sign : Flat<1> {
  static constexpr Info info{.name = "sign", .help = "-1, 0 or 1", .range = {{0.2, 4}}, .cost = Cost::add, .rule = "piecewise constant", .convention = "sign' = 0 everywhere", .c = "wg_sign($a)"};
  static auto value(const auto& x) { return sign_of(x); }
  static bool kink(double x) { return x == 0; }
};
struct Step : Flat<1> {
  static constexpr Info info{.name = "step", .help = "1 where x >= 0, else 0", .range = {{0.2, 4}}, .cost = Cost::add, .rule = "piecewise constant", .convention = "step(0) = 1, step' = 0 everywhere", .c = "wg_step($a)"};
  template <Base T> static T value(const T& x) { return order_of(x) != order_of(x) ? x : less_equal(T(0.0), x); }
  static bool kink(double x) { return x == 0; }
};
struct Floor : Flat<1> {
  static constexpr Info info{.name = "floor", .help = "largest integer not above x", .range = {{0.2, 0.8}}, .cost = Cost::add, .rule = "piecewise constant", .convention = "floor' = 0 everywhere", .c = "floor($a)"};
  template <Base T> static T value(const T& x) { return T(floor(order_of(x))); }
  static bool kink(double x) { return x == std::floor(x); }
};
struct Ceil : Flat<1> {
  static constexpr Info info{.name = "ceil", .help = "smallest integer not below x", .range = {{0.2, 0.8}}, .cost = Cost::add, .rule = "piecewise constant", .convention = "ceil' = 0 everywhere", .c = "ceil($a)"};
  template <Base T> static T value(const T& x) { return T(ceil(order_of(x))); }
  static bool kink(double x) { return x == std::floor(x); }
};
struct Round : Flat<1> {
  static constexpr Info info{.name = "round", .help = "nearest integer, halves away from zero", .range = {{0.6, 1.4}}, .cost = Cost::add, .rule = "piecewise constant", .convention = "round' = 0 everywhere", .c = "round($a)"};
  template <Base T> static T value(const T& x) { return T(round(order_of(x))); }
  static bool kink(double x) { return std::fabs(x - std::trunc(x)) == 0.5; }
};
struct Mod : Elementwise<2> {
  static constexpr Info info{.name = "mod", .help = "remainder of a/b with the sign of b", .range = {{2.2, 3.8}, {1.95, 2.05}}, .ratio = 6, .rule = "piecewise linear", .convention = "1 by a, -floor(a/b) by b", .analytic = false, .c = "wg_mod($a, $b)"};
  template <Base T> static T value(const T& a, const T& b) { return modulo(a, b); }
  static auto d0(const auto& y, const auto&, const auto&) { return like(y, 1.0); }
  static auto d1(const auto&, const auto& a, const auto& b) { return -floor(a / b); }
  static bool kink(double a, double b) { return std::fmod(a, b) == 0; }
};
struct Max : Elementwise<2> {
  static constexpr Info info{.name = "max", .help = "the larger; NaN if either is", .range = {{2.2, 4}, {-4, 2}}, .cost = Cost::add, .rule = "branch", .convention = "tied arguments share the derivative equally", .latex = "\\max", .c = "wg_max($a, $b)"};
  static auto value(const auto& a, const auto& b) { return larger(a, b); }
  static auto d0(const auto& y, const auto& a, const auto& b) { return select(equal_to(a, b), like(y, 0.5), less(b, a)); }
  static auto d1(const auto& y, const auto& a, const auto& b) { return select(equal_to(a, b), like(y, 0.5), less(a, b)); }
  static bool kink(double a, double b) { return a == b; }
};
struct Min : Elementwise<2> {
  static constexpr Info info{.name = "min", .help = "the smaller; NaN if either is", .range = {{2.2, 4}, {-4, 2}}, .cost = Cost::add, .rule = "branch", .convention = "tied arguments share the derivative equally", .latex = "\\min", .c = "wg_min($a, $b)"};
  static auto value(const auto& a, const auto& b) { return smaller(a, b); }
  static auto d0(const auto& y, const auto& a, const auto& b) { return select(equal_to(a, b), like(y, 0.5), less(a, b)); }
  static auto d1(const auto& y, const auto& a, const auto& b) { return select(equal_to(a, b), like(y, 0.5), less(b, a)); }
  static bool kink(double a, double b) { return a == b; }
};

struct Relu : Elementwise<1> {
  static constexpr Info info{.name = "relu", .help = "max(0, x)", .range = {{0.2, 4}}, .cost = Cost::add, .rule = "branch", .convention = "relu'(0) = 0", .c = "($a <= 0.0 ? 0.0 : $a)"};
  template <Base T> static T value(const T& x) { return order_of(x) <= 0 ? T(0.0) : x; }
  static auto d0(const auto&, const auto& x) { return less(like(x, 0.0), x); }
  static bool kink(double x) { return x == 0; }
};
struct Elu : Elementwise<2> {
  static constexpr Info info{.name = "elu", .help = "x where x > 0, else alpha*(exp(x) - 1)", .range = {{-4, -0.1}, {0.5, 2}}, .ratio = 7, .rule = "branch", .convention = "elu'(0) = alpha", .c = "($a > 0.0 ? $a : $b * expm1($a))"};
  template <Base T> static T value(const T& x, const T& alpha) { return order_of(x) > 0 ? x : T(alpha * expm1(x)); }
  static auto d0(const auto& y, const auto& x, const auto& alpha) { const auto zero = like(x, 0.0); return select(less(zero, x), like(y, 1.0), alpha * exp(x)); }
  static auto d1(const auto&, const auto& x, const auto&) { const auto zero = like(x, 0.0); return select(less(zero, x), zero, expm1(x)); }
  static bool kink(double x, double alpha) { return x == 0 && alpha != 1; }
};
struct LeakyRelu : Elementwise<2> {
  static constexpr Info info{.name = "leaky_relu", .help = "x where x > 0, else alpha*x", .range = {{-4, -0.1}, {0.01, 0.5}}, .cost = Cost::mul, .rule = "branch", .convention = "leaky_relu'(0) = alpha", .c = "($a > 0.0 ? $a : $b * $a)"};
  template <Base T> static T value(const T& x, const T& alpha) { return order_of(x) > 0 ? x : T(alpha * x); }
  static auto d0(const auto& y, const auto& x, const auto& alpha) { return select(less(like(x, 0.0), x), like(y, 1.0), alpha); }
  static auto d1(const auto&, const auto& x, const auto&) { const auto zero = like(x, 0.0); return select(less(zero, x), zero, x); }
  static bool kink(double x, double alpha) { return x == 0 && alpha != 1; }
};
struct Hinge : Elementwise<2> {
  static constexpr Info info{.name = "hinge", .help = "hinge loss max(0, 1 - y*a); hinge(a, y)", .range = {{-4, 0}, {0.5, 2}}, .cost = Cost::mul, .ratio = 6, .rule = "branch", .convention = "on the margin the active side's slope, -y", .c = "wg_hinge($a, $b)"};
  template <Base T> static T value(const T& a, const T& y) { const T m = y * a; return order_of(m) > 1 ? T(0.0) : T(T(1.0) - m); }
  static auto d0(const auto& h, const auto& a, const auto& y) { return select(less(like(h, 1.0), y * a), like(h, 0.0), -y); }
  static auto d1(const auto& h, const auto& a, const auto& y) { return select(less(like(h, 1.0), y * a), like(h, 0.0), -a); }
  static bool kink(double a, double y) { return y * a == 1; }
};

using PiecewiseRows = Rows<Abs, Sign, Step, Floor, Ceil, Round, Mod, Max, Min, Relu, Elu, LeakyRelu, Hinge>;

}  // namespace wengert
