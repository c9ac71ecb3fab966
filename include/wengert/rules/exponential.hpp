// Rows: exponentials, logarithms, roots, hyperbolic functions.
#pragma once
#include "wengert/rules/arithmetic.hpp"

namespace wengert {

struct Exp : Elementwise<1> {
  static constexpr Info info{.name = "exp", .help = "e to the power x", .rule = "exponential rule", .latex = "\\exp", .c = "exp($a)"};
  static auto value(const auto& x) { return exp(x); }
  static auto d0(const auto& y, const auto&) { return y; }
};
struct Expm1 : Elementwise<1> {
  static constexpr Info info{.name = "expm1", .help = "exp(x) - 1, accurate near 0", .rule = "exponential rule", .c = "expm1($a)"};
  static auto value(const auto& x) { return expm1(x); }
  static auto d0(const auto&, const auto& x) { return exp(x); }
};
struct Log : Elementwise<1> {
  static constexpr Info info{.name = "log", .help = "natural logarithm (also ln)", .range = {{0.1, 9}}, .rule = "logarithm rule", .latex = "\\log", .c = "log($a)"};
  static auto value(const auto& x) { return log(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / x; }
  static void pull(const auto& g, const auto&, const auto& x, auto& sink) { sink.add(0, annihilate_quotient(g, x)); }
};
struct Log2 : Elementwise<1> {
  static constexpr Info info{.name = "log2", .help = "logarithm to base 2", .range = {{0.1, 9}}, .rule = "logarithm rule", .latex = "\\log_2", .c = "log2($a)"};
  static auto value(const auto& x) { return log2(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / (x * ln2_like(x)); }
};
struct Log10 : Elementwise<1> {
  static constexpr Info info{.name = "log10", .help = "logarithm to base 10", .range = {{0.1, 9}}, .rule = "logarithm rule", .latex = "\\log_{10}", .c = "log10($a)"};
  static auto value(const auto& x) { return log10(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / (x * ln10_like(x)); }
};
struct Log1p : Elementwise<1> {
  static constexpr Info info{.name = "log1p", .help = "log(1 + x), accurate near 0", .range = {{-0.9, 9}}, .rule = "logarithm rule", .c = "log1p($a)"};
  static auto value(const auto& x) { return log1p(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / (1.0 + x); }
};
struct Sqrt : Elementwise<1> {
  static constexpr Info info{.name = "sqrt", .help = "square root", .range = {{0.1, 9}}, .rule = "power rule", .latex = "\\sqrt", .c = "sqrt($a)"};
  static auto value(const auto& x) { return sqrt(x); }
  static auto d0(const auto& y, const auto&) { return 0.5 / y; }
};
struct Cbrt : Elementwise<1> {
  static constexpr Info info{.name = "cbrt", .help = "cube root, also of negative numbers", .range = {{0.1, 9}}, .ratio = 5, .rule = "power rule", .latex = "\\sqrt[3]", .c = "cbrt($a)"};
  static auto value(const auto& x) { return cube_root(x); }
  static auto d0(const auto& y, const auto&) { return 1.0 / (3.0 * (y * y)); }
};

struct Sinh : Elementwise<1> {
  static constexpr Info info{.name = "sinh", .help = "hyperbolic sine", .rule = "hyperbolic rule", .latex = "\\sinh", .c = "sinh($a)"};
  static auto value(const auto& x) { return sinh(x); }
  static auto d0(const auto&, const auto& x) { return cosh(x); }
};
struct Cosh : Elementwise<1> {
  static constexpr Info info{.name = "cosh", .help = "hyperbolic cosine", .rule = "hyperbolic rule", .latex = "\\cosh", .c = "cosh($a)"};
  static auto value(const auto& x) { return cosh(x); }
  static auto d0(const auto&, const auto& x) { return sinh(x); }
};
// 1 - tanh^2 cancels; (1/cosh)^2 does not, and does not overflow on its way to 0.
struct Tanh : Elementwise<1> {
  static constexpr Info info{.name = "tanh", .help = "hyperbolic tangent", .ratio = 5, .rule = "hyperbolic rule", .latex = "\\tanh", .c = "tanh($a)"};
  static auto value(const auto& x) { return tanh(x); }
  static auto d0(const auto&, const auto& x) { const auto s = 1.0 / cosh(x); return s * s; }
  static auto shown0(const auto& y, const auto&) { return 1.0 - power(y, like(y, 2.0)); }
};
struct Asinh : Elementwise<1> {
  static constexpr Info info{.name = "asinh", .help = "inverse hyperbolic sine", .rule = "inverse hyperbolic rule", .c = "asinh($a)"};
  static auto value(const auto& x) { return asinh(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / hypot(like(x, 1.0), x); }
  static auto shown0(const auto&, const auto& x) { return 1.0 / sqrt(1.0 + power(x, like(x, 2.0))); }
};
struct Acosh : Elementwise<1> {
  static constexpr Info info{.name = "acosh", .help = "inverse hyperbolic cosine", .range = {{1.1, 9}}, .ratio = 8, .rule = "inverse hyperbolic rule", .c = "acosh($a)"};
  static auto value(const auto& x) { return acosh(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)); }
  static auto shown0(const auto&, const auto& x) { return 1.0 / sqrt(power(x, like(x, 2.0)) - 1.0); }
};
struct Atanh : Elementwise<1> {
  static constexpr Info info{.name = "atanh", .help = "inverse hyperbolic tangent", .range = {{-0.95, 0.95}}, .ratio = 6, .rule = "inverse hyperbolic rule", .c = "atanh($a)"};
  static auto value(const auto& x) { return atanh(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / ((1.0 - x) * (1.0 + x)); }
  static auto shown0(const auto&, const auto& x) { return 1.0 / (1.0 - power(x, like(x, 2.0))); }
};

using ExponentialRows = Rows<Exp, Expm1, Log, Log2, Log10, Log1p, Sqrt, Cbrt, Sinh, Cosh, Tanh, Asinh, Acosh, Atanh>;

}  // namespace wengert
