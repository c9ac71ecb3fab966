// Rows: trigonometric functions and their inverses; arguments and results in radians.
#pragma once
#include "wengert/rules/exponential.hpp"

namespace wengert {

struct Sin : Elementwise<1> {
  static constexpr Info info{.name = "sin", .help = "sine", .rule = "sine rule", .latex = "\\sin", .c = "sin($a)"};
  static auto value(const auto& x) { return sin(x); }
  static auto d0(const auto&, const auto& x) { return cos(x); }
};
struct Cos : Elementwise<1> {
  static constexpr Info info{.name = "cos", .help = "cosine", .rule = "cosine rule", .latex = "\\cos", .c = "cos($a)"};
  static auto value(const auto& x) { return cos(x); }
  static auto d0(const auto&, const auto& x) { return -sin(x); }
};
struct Tan : Elementwise<1> {
  static constexpr Info info{.name = "tan", .help = "tangent", .range = {{-1.4, 1.4}}, .ratio = 5, .rule = "tangent rule", .latex = "\\tan", .c = "tan($a)"};
  static auto value(const auto& x) { return tan(x); }
  static auto d0(const auto&, const auto& x) { const auto c = cos(x); return 1.0 / (c * c); }
};
struct Sec : Elementwise<1> {
  static constexpr Info info{.name = "sec", .help = "secant, 1/cos", .range = {{-1.4, 1.4}}, .rule = "secant rule", .latex = "\\sec", .c = "1.0 / cos($a)"};
  static auto value(const auto& x) { return decltype(cos(x))(1.0) / cos(x); }
  static auto d0(const auto& y, const auto& x) { return y * tan(x); }
};
struct Csc : Elementwise<1> {
  static constexpr Info info{.name = "csc", .help = "cosecant, 1/sin", .range = {{0.2, 2.9}}, .ratio = 6, .rule = "cosecant rule", .latex = "\\csc", .c = "1.0 / sin($a)"};
  static auto value(const auto& x) { return decltype(sin(x))(1.0) / sin(x); }
  static auto d0(const auto&, const auto& x) { const auto s = sin(x); return -cos(x) / (s * s); }
};
struct Cot : Elementwise<1> {
  static constexpr Info info{.name = "cot", .help = "cotangent, cos/sin", .range = {{0.2, 2.9}}, .ratio = 5, .rule = "cotangent rule", .latex = "\\cot", .c = "1.0 / tan($a)"};
  static auto value(const auto& x) { return decltype(tan(x))(1.0) / tan(x); }
  static auto d0(const auto&, const auto& x) { const auto s = sin(x); return -1.0 / (s * s); }
};
struct Versin : Elementwise<1> {
  static constexpr Info info{.name = "versin", .help = "versed sine, 1 - cos(x) without cancellation", .rule = "versed sine rule", .c = "2.0 * sin(0.5 * $a) * sin(0.5 * $a)"};
  template <Base T> static T value(const T& x) { const T s = sin(T(0.5) * x); return T(2.0) * s * s; }
  static auto d0(const auto&, const auto& x) { return sin(x); }
};
struct Asin : Elementwise<1> {
  static constexpr Info info{.name = "asin", .help = "inverse sine", .range = {{-0.95, 0.95}}, .ratio = 7, .rule = "inverse sine rule", .latex = "\\arcsin", .c = "asin($a)"};
  static auto value(const auto& x) { return asin(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / sqrt((1.0 - x) * (1.0 + x)); }
  static auto shown0(const auto&, const auto& x) { return 1.0 / sqrt(1.0 - power(x, like(x, 2.0))); }
};
struct Acos : Elementwise<1> {
  static constexpr Info info{.name = "acos", .help = "inverse cosine", .range = {{-0.95, 0.95}}, .ratio = 7, .rule = "inverse cosine rule", .latex = "\\arccos", .c = "acos($a)"};
  static auto value(const auto& x) { return acos(x); }
  static auto d0(const auto&, const auto& x) { return -1.0 / sqrt((1.0 - x) * (1.0 + x)); }
  static auto shown0(const auto&, const auto& x) { return -1.0 / sqrt(1.0 - power(x, like(x, 2.0))); }
};
struct Atan : Elementwise<1> {
  static constexpr Info info{.name = "atan", .help = "inverse tangent", .ratio = 5, .rule = "inverse tangent rule", .latex = "\\arctan", .c = "atan($a)"};
  static auto value(const auto& x) { return atan(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / (1.0 + x * x); }
  static auto shown0(const auto&, const auto& x) { return 1.0 / (1.0 + power(x, like(x, 2.0))); }
};
// At the origin value and derivatives are 0; elsewhere through hypot, which neither overflows nor underflows.
struct Atan2 : Elementwise<2> {
  static constexpr Info info{.name = "atan2", .help = "angle of the point (x, y); atan2(y, x)", .range = {{0.2, 4}, {-4, 4}}, .ratio = 10, .rule = "inverse tangent rule", .convention = "0 by both arguments at (0, 0)", .analytic = false, .c = "wg_atan2($a, $b)"};
  template <Base T> static T value(const T& y, const T& x) { return y == 0 && x == 0 ? T(0.0) : T(atan2(y, x)); }
  static auto d0(const auto&, const auto& y, const auto& x) { const auto h = hypot(y, x); const auto zero = like(x, 0.0); return select(equal_to(h, zero), zero, x / h / h); }
  static auto d1(const auto&, const auto& y, const auto& x) { const auto h = hypot(y, x); const auto zero = like(x, 0.0); return select(equal_to(h, zero), zero, -(y / h / h)); }
  static auto shown0(const auto&, const auto& y, const auto& x) { return x / (power(x, like(x, 2.0)) + power(y, like(x, 2.0))); }
  static auto shown1(const auto&, const auto& y, const auto& x) { return -(y / (power(x, like(x, 2.0)) + power(y, like(x, 2.0)))); }
  static bool kink(double y, double x) { return y == 0 && x <= 0; }
};
struct Hypot : Elementwise<2> {
  static constexpr Info info{.name = "hypot", .help = "sqrt(a^2 + b^2) without overflow", .range = {{0.2, 4}, {0.2, 4}}, .ratio = 6, .rule = "power rule", .convention = "0 by both arguments at (0, 0)", .c = "hypot($a, $b)"};
  template <Base T> static T value(const T& a, const T& b) { return hypot(a, b); }
  static auto d0(const auto& y, const auto& a, const auto&) { const auto zero = like(y, 0.0); return select(equal_to(y, zero), zero, a / y); }
  static auto d1(const auto& y, const auto&, const auto& b) { const auto zero = like(y, 0.0); return select(equal_to(y, zero), zero, b / y); }
  static auto shown0(const auto& y, const auto& a, const auto&) { return a / y; }
  static auto shown1(const auto& y, const auto&, const auto& b) { return b / y; }
  static bool kink(double a, double b) { return a == 0 && b == 0; }
};

using TrigonometricRows = Rows<Sin, Cos, Tan, Sec, Csc, Cot, Versin, Asin, Acos, Atan, Atan2, Hypot>;

}  // namespace wengert
