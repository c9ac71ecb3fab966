// Rows: special functions, and the smooth activation functions of networks.
#pragma once
#include "wengert/rules/piecewise.hpp"

namespace wengert {

struct Erf : Elementwise<1> {
  static constexpr Info info{.name = "erf", .help = "error function", .ratio = 5, .rule = "error function rule", .analytic = false, .c = "erf($a)"};
  static auto value(const auto& x) { return erf(x); }
  static auto d0(const auto&, const auto& x) { return two_over_sqrt_pi_like(x) * exp(-(x * x)); }
};
struct Erfc : Elementwise<1> {
  static constexpr Info info{.name = "erfc", .help = "1 - erf(x), accurate for large x", .ratio = 5, .rule = "error function rule", .analytic = false, .c = "erfc($a)"};
  static auto value(const auto& x) { return erfc(x); }
  static auto d0(const auto&, const auto& x) { return -(two_over_sqrt_pi_like(x) * exp(-(x * x))); }
};
struct Gamma : Elementwise<1> {
  static constexpr Info info{.name = "gamma", .help = "gamma function", .range = {{0.2, 9}}, .rule = "gamma rule", .latex = "\\Gamma", .analytic = false, .c = "wg_gamma($a)"};
  static auto value(const auto& x) { return gamma_function(x); }
  static auto d0(const auto& y, const auto& x) { return y * digamma(x); }
};
struct Lgamma : Elementwise<1> {
  static constexpr Info info{.name = "lgamma", .help = "logarithm of |gamma(x)|", .range = {{0.2, 9}}, .rule = "gamma rule", .latex = "\\ln\\Gamma", .analytic = false, .c = "lgamma($a)"};
  static auto value(const auto& x) { return log_gamma(x); }
  static auto d0(const auto&, const auto& x) { return digamma(x); }
};
struct Digamma : Elementwise<1> {
  static constexpr Info info{.name = "digamma", .help = "derivative of lgamma", .range = {{0.2, 9}}, .rule = "gamma rule", .latex = "\\psi", .analytic = false, .c = "wg_digamma($a)"};
  static auto value(const auto& x) { return digamma(x); }
  static auto d0(const auto&, const auto& x) { return polygamma(like(x, 1.0), x); }
};
// The order is an integer, not a variable: derivative 0 by it.
struct Polygamma : Elementwise<2> {
  static constexpr Info info{.name = "polygamma", .help = "polygamma(n, x): n-th derivative of digamma", .range = {{2, 2}, {0.2, 9}}, .rule = "gamma rule", .latex = "\\psi", .analytic = false, .c = "wg_polygamma($a, $b)"};
  static auto value(const auto& n, const auto& x) { return polygamma(n, x); }
  static constexpr unsigned differentiable = 0b10;
  static auto d1(const auto&, const auto& n, const auto& x) { return polygamma(n + like(n, 1.0), x); }
};
// What polygamma rises by from a to a + b: their difference would cancel where b is small beside a.
struct PolygammaRise : Elementwise<3> {
  static constexpr Info info{.name = "polygamma_rise", .help = "polygamma(n, a + b) - polygamma(n, a) without cancellation", .range = {{1, 1}, {0.2, 9}, {0.2, 9}}, .ratio = 9, .rule = "gamma rule", .analytic = false, .c = "wg_polygamma_rise($a, $b, $c)"};
  static auto value(const auto& n, const auto& a, const auto& b) { return polygamma_rise(n, a, b); }
  static constexpr unsigned differentiable = 0b110;
  static auto d1(const auto&, const auto& n, const auto& a, const auto& b) { return polygamma_rise(n + like(n, 1.0), a, b); }
  static auto d2(const auto&, const auto& n, const auto& a, const auto& b) { return polygamma(n + like(n, 1.0), a + b); }
};
struct Beta : Elementwise<2> {
  static constexpr Info info{.name = "beta", .help = "beta function gamma(a)*gamma(b)/gamma(a + b)", .range = {{0.2, 5}, {0.2, 5}}, .ratio = 8, .rule = "gamma rule", .latex = "\\mathrm{B}", .analytic = false, .c = "wg_beta($a, $b)"};
  static auto value(const auto& a, const auto& b) { return beta_function(a, b); }
  static auto d0(const auto& y, const auto& a, const auto& b) { return -(y * polygamma_rise(like(a, 0.0), a, b)); }
  static auto d1(const auto& y, const auto& a, const auto& b) { return -(y * polygamma_rise(like(a, 0.0), b, a)); }
  static auto shown0(const auto& y, const auto& a, const auto& b) { return y * (digamma(a) - digamma(a + b)); }
  static auto shown1(const auto& y, const auto& a, const auto& b) { return y * (digamma(b) - digamma(a + b)); }
};

// --- networks

// y*(1 - y) loses 1 - y for large x; sigmoid(-x) is 1 - y.
struct Sigmoid : Elementwise<1> {
  static constexpr Info info{.name = "sigmoid", .help = "1/(1 + exp(-x)) (also written as the Greek letter)", .rule = "sigmoid rule", .latex = "\\sigma", .c = "wg_sigmoid($a)"};
  static auto value(const auto& x) { return sigmoid(x); }
  static auto d0(const auto& y, const auto& x) { return y * sigmoid(-x); }
  static auto shown0(const auto& y, const auto&) { return y * (1.0 - y); }
};
struct Logit : Elementwise<1> {
  static constexpr Info info{.name = "logit", .help = "log(x/(1 - x)), the inverse of sigmoid", .range = {{0.05, 0.95}}, .ratio = 5, .rule = "logarithm rule", .c = "wg_logit($a)"};
  static auto value(const auto& x) { return logit(x); }
  static auto d0(const auto&, const auto& x) { return 1.0 / (x * (1.0 - x)); }
};
struct Softplus : Elementwise<1> {
  static constexpr Info info{.name = "softplus", .help = "log(1 + exp(x)), the integral of sigmoid", .rule = "logarithm rule", .c = "wg_softplus($a)"};
  static auto value(const auto& x) { return softplus(x); }
  static auto d0(const auto&, const auto& x) { return sigmoid(x); }
};
struct Softsign : Elementwise<1> {
  static constexpr Info info{.name = "softsign", .help = "x/(1 + |x|)", .ratio = 6, .rule = "quotient rule", .c = "$a / (1.0 + fabs($a))"};
  template <Base T> static T value(const T& x) { return softsign(x); }
  static auto d0(const auto&, const auto& x) { const auto d = 1.0 + magnitude(x); return 1.0 / (d * d); }
};
struct Silu : Elementwise<1> {
  static constexpr Info info{.name = "silu", .help = "x*sigmoid(x), also called swish", .ratio = 7, .rule = "product rule", .c = "$a * wg_sigmoid($a)"};
  template <Base T> static T value(const T& x) { return x * sigmoid(x); }
  static auto d0(const auto&, const auto& x) { return sigmoid(x) * (1.0 + x * sigmoid(-x)); }
};
// x times the normal distribution function.
struct Gelu : Elementwise<1> {
  static constexpr Info info{.name = "gelu", .help = "x*(1 + erf(x/sqrt(2)))/2", .ratio = 11, .rule = "product rule", .analytic = false, .c = "0.5 * $a * erfc(-$a / sqrt(2.0))"};
  template <Real T> static T value(const T& x) { return T(0.5) * x * erfc(-x / sqrt(like(x, 2.0))); }
  static auto d0(const auto&, const auto& x) {
    return 0.5 * erfc(-x / sqrt(like(x, 2.0))) + x * exp(-0.5 * (x * x)) / sqrt(2.0 * pi_like(x));
  }
};
struct XLogY : Elementwise<2> {
  static constexpr Info info{.name = "xlogy", .help = "a*log(b), 0 where a is 0", .range = {{0.2, 4}, {0.2, 4}}, .ratio = 6, .rule = "product rule", .c = "($a == 0.0 ? 0.0 : $a * log($b))"};
  static auto value(const auto& a, const auto& b) { return xlogy(a, b); }
  static auto d0(const auto&, const auto&, const auto& b) { return log(b); }
  static auto d1(const auto&, const auto& a, const auto& b) { return annihilate_quotient(a, b); }
  static auto shown1(const auto&, const auto& a, const auto& b) { return a / b; }
};

using SpecialRows =
    Rows<Erf, Erfc, Gamma, Lgamma, Digamma, Polygamma, PolygammaRise, Beta, Sigmoid, Logit, Softplus, Softsign, Silu, Gelu, XLogY>;

}  // namespace wengert
