// Rewrites of one node: logarithms, roots, quotients and sums of several terms in their stable forms.
#include <algorithm>
#include <cmath>

#include "stability_pattern.hpp"

namespace wengert::stable {

namespace {

Expr array_call(const Expr& x, Op op, Shape shape, std::uint32_t number = 0) {
  return build(*x.graph, op, std::span(&x.id, 1), {.shape = shape, .number = number});
}
// What is left of the sum when the constant n is taken away; absent if there is none.
Expr without(const Expr& e, double n) {
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return {};
  auto terms = terms_of(e);
  const auto it = std::find_if(terms.begin(), terms.end(), [&](const Term& t) { return t.constant() && t.coefficient == n; });
  if (it == terms.end() || terms.size() < 2) return {};
  terms.erase(it);
  return add_up(e, terms);
}
// The two terms of a sum of two, both with coefficient 1, in both orders: f(a, b).
template <class F>
Expr of_two(const Expr& e, F&& f) {
  if (!is(e, op_of<Add>)) return {};
  const Expr a = arg(e, 0), b = arg(e, 1);
  if (const Expr r = f(a, b); present(r)) return r;
  return f(b, a);
}
bool repeats_sum_of(const Expr& total, const Expr& e) {
  const Expr s = is(total, op_of<Broadcast>) ? arg(total) : total;
  return is(s, op_of<Sum>) && arg(s) == e;
}

// --- logarithms

Expr log_of_exponential(const Expr& e) { return is(e, op_of<Log>) && is(arg(e), op_of<Exp>) ? arg(arg(e)) : Expr(); }
Expr softplus_of(const Expr& e) {
  if (is(e, op_of<Log1p>) && is(arg(e), op_of<Exp>)) return softplus(arg(arg(e)));
  if (!is(e, op_of<Log>)) return {};
  const Expr rest = without(arg(e), 1);
  return present(rest) && is(rest, op_of<Exp>) ? softplus(arg(rest)) : Expr();
}
Expr log1p_of(const Expr& e) {
  if (!is(e, op_of<Log>)) return {};
  const Expr rest = without(arg(e), 1);
  return present(rest) ? log1p(rest) : Expr();
}
// log(1 - exp(u)), also where one of its two stable forms was taken already: each loses what the other keeps.
Expr log_of_complement(const Expr& e) {
  Expr u;
  if (is(e, op_of<Log>)) {
    const Expr rest = without(arg(e), 1);
    if (present(rest) && is(rest, op_of<Neg>) && is(arg(rest), op_of<Exp>)) u = arg(arg(rest));
    if (is(arg(e), op_of<Neg>) && is(arg(arg(e)), op_of<Expm1>)) u = arg(arg(arg(e)));
  } else if (is(e, op_of<Log1p>) && is(arg(e), op_of<Neg>) && is(arg(arg(e)), op_of<Exp>)) {
    u = arg(arg(arg(e)));
  }
  if (!present(u)) return {};
  const Expr half_way(*e.graph, e.graph->constant(Constant::real(-0.6875)));  // about -log(2)
  return select(less(half_way, u), log(-apply<Expm1>(u)), log1p(-exp(u)));
}
Expr logsumexp_of(const Expr& e) {
  if (!is(e, op_of<Log>)) return {};
  const Expr s = arg(e);
  if (is(s, op_of<Sum>) && is(arg(s), op_of<Exp>)) return array_call(arg(arg(s)), op_of<LogSumExp>, s.shape(), s.node().payload);
  if (!is(s, op_of<Add>) || !e.shape().scalar()) return {};
  const auto terms = terms_of(s);
  std::vector<Expr> x;
  std::vector<Slice> places;
  for (const Term& t : terms) {
    if (t.constant() || t.coefficient != 1 || !is(t.e, op_of<Exp>)) return {};
    places.push_back({static_cast<std::uint32_t>(x.size()), 0, {}});
    x.push_back(arg(t.e));
  }
  if (x.size() < 2) return {};
  if (x.size() == 2) return max(x[0], x[1]) + softplus(-magnitude(x[0] - x[1]));
  const Expr v = Lift<Expr>::array<Place>({.shape = {static_cast<std::uint32_t>(x.size()), 1}, .slices = places}, x);
  return array_call(v, op_of<LogSumExp>, {});
}
Expr log_of_function(const Expr& e) {
  if (!is(e, op_of<Log>)) return {};
  const Expr x = arg(e);
  if (is(x, op_of<Sigmoid>)) return -softplus(-arg(x));
  if (is(x, op_of<Gamma>)) return apply<Lgamma>(arg(x));
  if (is(x, op_of<Softmax>)) return array_call(arg(x), op_of<LogSoftmax>, x.shape(), x.node().payload);
  if (is(x, op_of<Det>)) return array_call(arg(x), op_of<LogDet>, {});
  if (is(x, op_of<Cosh>)) { const Expr a = magnitude(arg(x)); return a + log1p(exp(-2.0 * a)) - log(whole(x, 2)); }
  return {};
}
// log((1 + u)/(1 - u)) and its reciprocal
Expr inverse_tangent(const Expr& e) {
  if (!is(e, op_of<Log>) || !is(arg(e), op_of<Div>)) return {};
  const Expr up = without(arg(arg(e), 0), 1), down = without(arg(arg(e), 1), 1);
  if (!present(up) || !present(down)) return {};
  const Difference sum = difference(up, -down);
  if (!sum.simpler || !is_number(sum.e, 0)) return {};
  return is(up, op_of<Neg>) ? whole(e, -2) * apply<Atanh>(arg(up)) : whole(e, 2) * apply<Atanh>(up);
}
Expr inverse_hyperbolic(const Expr& e) {
  if (!is(e, op_of<Log>)) return {};
  return of_two(arg(e), [&](const Expr& x, const Expr& root) {
    if (!is(root, op_of<Sqrt>)) return Expr();
    const Difference rest = difference(arg(root), power(x, whole(x, 2)));
    if (rest.simpler && is_number(rest.e, 1)) return apply<Asinh>(x);
    if (rest.simpler && is_number(rest.e, -1)) return apply<Acosh>(x);
    return Expr();
  });
}

// --- roots and powers

Expr hypot_of(const Expr& e) {
  if (!is(e, op_of<Sqrt>)) return {};
  const Expr s = arg(e);
  if (is(s, op_of<Sum>) && s.node().payload == along::all && !number_in(arg(s)))
    if (const Expr v = base_of_square(arg(s)); present(v)) return array_call(v, op_of<Norm>, {});
  if (!is(s, op_of<Add>)) return {};
  const Expr a = base_of_square(arg(s, 0)), b = base_of_square(arg(s, 1));
  return present(a) && present(b) ? hypot(a, b) : Expr();
}
Expr root_of_square(const Expr& e) {
  if (!is(e, op_of<Sqrt>) || number_in(arg(e))) return {};
  const Expr x = base_of_square(arg(e));
  return present(x) ? magnitude(x) : Expr();
}
Expr compound(const Expr& e) {
  if (!is(e, op_of<Pow>) || number_in(arg(e, 1))) return {};
  const Expr u = without(arg(e, 0), 1);
  if (!present(u)) return {};
  return select(less(magnitude(u), ratio(e, 1, 100)), exp(arg(e, 1) * log1p(u)), e);
}

// --- sums

// -b - sqrt(a), b + sqrt(a): for b < 0.
Expr rationalise_sum(const Expr& e) {
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return {};
  const auto terms = terms_of(e);
  if (terms.size() != 2 || terms[0].coefficient != terms[1].coefficient || std::fabs(terms[0].coefficient) != 1) return {};
  for (const std::size_t k : {0u, 1u}) {
    if (terms[k].constant() || terms[1 - k].constant()) return {};
    const Expr root = terms[k].e, t = terms[1 - k].e;
    if (!is(root, op_of<Sqrt>) || is(t, op_of<Sqrt>)) continue;
    const Difference d = difference(arg(root), power(t, whole(t, 2)));
    if (!d.simpler) continue;
    const Expr better = d.e / (root - t);
    return select(less(t, whole(t, 0)), terms[0].coefficient < 0 ? -better : better, e);
  }
  return {};
}
// exp(u) + exp(-u) - 2
Expr hyperbolic_cosine(const Expr& e) {
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return {};
  const auto terms = terms_of(e);
  if (terms.size() != 3) return {};
  std::vector<Expr> x;
  bool two = false;
  for (const Term& t : terms) {
    if (t.constant()) two = t.coefficient == -2;
    else if (t.coefficient == 1 && is(t.e, op_of<Exp>)) x.push_back(arg(t.e));
  }
  return two && x.size() == 2 && opposite(x[0], x[1]) ? whole(e, 4) * square(sinh(half(is(x[0], op_of<Neg>) ? x[1] : x[0]))) : Expr();
}
// 2*exp(u) + 3*exp(v) - 5: the constant is the exponentials' value at 0, with the sign changed.
Expr exponentials_minus_all(const Expr& e) {
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return {};
  auto terms = terms_of(e);
  double at_zero = 0;
  std::size_t exponentials = 0;
  for (Term& t : terms) {
    if (!t.constant() && !is(t.e, op_of<Exp>)) continue;
    at_zero += t.coefficient;
    if (t.constant()) continue;
    ++exponentials;
    t.e = apply<Expm1>(arg(t.e));
  }
  const auto constant = std::find_if(terms.begin(), terms.end(), [](const Term& t) { return t.constant(); });
  if (exponentials < 2 || constant == terms.end() || at_zero != 0) return {};
  terms.erase(constant);
  return add_up(e, terms);
}
// Sums of n/(x + k) over one denominator, the numerator multiplied out exactly.
Expr partial_fractions(const Expr& e) {
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return {};
  const auto terms = terms_of(e);
  if (terms.size() < 2 || terms.size() > 5) return {};
  Expr x;
  std::vector<double> n, k;
  std::vector<Expr> factors;
  for (const Term& t : terms) {
    if (t.constant() || !is(t.e, op_of<Div>) || !number_in(arg(t.e, 0))) return {};
    const Expr d = arg(t.e, 1);
    double shift = 0;
    Expr base;
    for (const Term& s : terms_of(d)) {
      if (s.constant()) shift = s.coefficient;
      else if (s.coefficient == 1 && !present(base)) base = s.e;
      else return {};
    }
    if (!present(base) || (present(x) && !(base == x))) return {};
    x = base;
    n.push_back(t.coefficient * *number_in(arg(t.e, 0)));
    k.push_back(shift);
    factors.push_back(d);
  }
  std::vector<double> numerator(terms.size(), 0.0);  // by powers of x
  for (std::size_t i = 0; i < n.size(); ++i) {
    std::vector<double> p{n[i]};
    for (std::size_t j = 0; j < n.size(); ++j) {
      if (j == i) continue;
      p.push_back(0);
      for (std::size_t d = p.size(); d-- > 1;) p[d] = p[d - 1] + k[j] * p[d];
      p[0] *= k[j];
    }
    for (std::size_t d = 0; d < p.size(); ++d) numerator[d] += p[d];
  }
  while (numerator.size() > 1 && numerator.back() == 0) numerator.pop_back();
  if (numerator.size() + 1 > terms.size()) return {};  // nothing cancelled
  for (const double c : numerator)
    if (std::fabs(c) > 1e15) return {};
  Expr up = whole(e, static_cast<std::int64_t>(numerator.back()));
  for (std::size_t d = numerator.size() - 1; d-- > 0;) {
    up = up * x;
    if (numerator[d] != 0) up = up + whole(e, static_cast<std::int64_t>(numerator[d]));
  }
  Expr down = factors[0];
  for (std::size_t i = 1; i < factors.size(); ++i) down = down * factors[i];
  return up / down;
}

// --- quotients

Expr tangent_of_half(const Expr& e) {
  if (!is(e, op_of<Div>) || !is(arg(e, 1), op_of<Sin>)) return {};
  const Expr x = arg(arg(e, 1)), c = without(arg(e, 0), 1);
  return present(c) && is(c, op_of<Neg>) && is(arg(c), op_of<Cos>) && arg(arg(c)) == x ? tan(half(x)) : Expr();
}
Expr exponential_quotient(const Expr& e) {
  if (!is(e, op_of<Div>) || !is(arg(e, 0), op_of<Exp>)) return {};
  const Expr x = arg(arg(e, 0)), below = without(arg(e, 1), -1);
  const bool minus_one = (present(below) && below == arg(e, 0)) || (is(arg(e, 1), op_of<Expm1>) && arg(arg(e, 1)) == x);
  return minus_one ? whole(e, -1) / apply<Expm1>(-x) : Expr();
}
Expr sigmoid_of(const Expr& e) {
  if (!is(e, op_of<Div>)) return {};
  const Expr rest = without(arg(e, 1), 1);
  if (!present(rest) || !is(rest, op_of<Exp>)) return {};
  if (is_number(arg(e, 0), 1)) return sigmoid(-arg(rest));
  return arg(e, 0) == rest ? sigmoid(arg(rest)) : Expr();
}
Expr softmax_of(const Expr& e) {
  if (!is(e, op_of<Div>) || !is(arg(e, 0), op_of<Exp>)) return {};
  const Expr x = arg(arg(e, 0));
  if (x.shape().scalar() || !x.shape().column() || !repeats_sum_of(arg(e, 1), arg(e, 0))) return {};
  return array_call(x, op_of<Softmax>, x.shape(), along::rows);
}
Expr exponents_below(const Expr& e) {
  if (is(e, op_of<Div>) && is(arg(e, 0), op_of<Exp>) && is(arg(e, 1), op_of<Exp>)) return exp(difference(arg(arg(e, 0)), arg(arg(e, 1))).e);
  if (is(e, op_of<Mul>) && is(arg(e, 0), op_of<Exp>) && is(arg(e, 1), op_of<Exp>)) return exp(arg(arg(e, 0)) + arg(arg(e, 1)));
  return {};
}
Expr tanh_of(const Expr& e) {
  if (!is(e, op_of<Div>)) return {};
  const Expr up = arg(e, 0), down = arg(e, 1);
  if (is(up, op_of<Sinh>) && is(down, op_of<Cosh>) && arg(up) == arg(down)) return tanh(arg(up));
  if (!is(down, op_of<Add>) || !is(up, op_of<Sub>) || !is(arg(up), op_of<Exp>) || !is(arg(up, 1), op_of<Exp>)) return {};
  const bool fits = (arg(down) == arg(up) && arg(down, 1) == arg(up, 1)) || (arg(down) == arg(up, 1) && arg(down, 1) == arg(up));
  return fits && opposite(arg(arg(up)), arg(arg(up, 1))) ? tanh(half(arg(arg(up)) - arg(arg(up, 1)))) : Expr();
}

constexpr NodeRule node_table[] = {
    {"logarithm of an exponential", "log(exp(x)) -> x", "", log_of_exponential},
    {"softplus", "log(1 + exp(x)) -> softplus(x)", "", softplus_of},
    {"log1mexp", "log(1 - exp(x)) -> if(x > -0.6875, log(-expm1(x)), log1p(-exp(x)))", "", log_of_complement},
    {"logsumexp", "log(sum(exp(v))) -> logsumexp(v), log(exp(a) + exp(b)) -> max(a, b) + softplus(-abs(a - b))", "", logsumexp_of},
    {"inverse hyperbolic tangent", "log((1 + x)/(1 - x)) -> 2*atanh(x)", "", inverse_tangent},
    {"inverse hyperbolic sine", "log(x + sqrt(x^2 + 1)) -> asinh(x); with - 1: acosh(x)", "", inverse_hyperbolic},
    {"log1p", "log(1 + x) -> log1p(x)", "", log1p_of},
    {"logarithm of a function", "log(sigmoid(x)) -> -softplus(-x); likewise gamma, softmax, det, cosh", "", log_of_function},
    {"hypot", "sqrt(a^2 + b^2) -> hypot(a, b), sqrt(sum(v .^ 2)) -> norm(v)", "", hypot_of},
    {"root of a square", "sqrt(x^2) -> abs(x)", "", root_of_square},
    {"compound interest", "(1 + u)^y -> exp(y*log1p(u))", "where abs(u) < 1/100", compound},
    {"rationalise", "-b - sqrt(b^2 - c) -> c/(sqrt(b^2 - c) - b)", "where b < 0", rationalise_sum},
    {"half of the hyperbolic angle", "exp(x) - 2 + exp(-x) -> 4*sinh(x/2)^2", "", hyperbolic_cosine},
    {"exponentials from 1", "2*exp(x) + 3*exp(z) - 5 -> 2*expm1(x) + 3*expm1(z)", "", exponentials_minus_all},
    {"partial fractions", "1/(x + 1) - 2/x + 1/(x - 1) -> 2/(x*(x + 1)*(x - 1))", "", partial_fractions},
    {"tangent of the half", "(1 - cos(x))/sin(x) -> tan(x/2)", "", tangent_of_half},
    {"exponential quotient", "exp(x)/(exp(x) - 1) -> -1/expm1(-x)", "", exponential_quotient},
    {"sigmoid", "1/(1 + exp(-x)), exp(x)/(1 + exp(x)) -> sigmoid(x)", "", sigmoid_of},
    {"softmax", "exp(v)/sum(exp(v)) -> softmax(v)", "", softmax_of},
    {"tanh", "sinh(x)/cosh(x) -> tanh(x); also in exponentials", "", tanh_of},
    {"exponents together", "exp(a)/exp(b) -> exp(a - b)", "", exponents_below},
};

}  // namespace

std::span<const NodeRule> node_rules() { return node_table; }

std::string hint_for(const Expr& e) {
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return {};
  struct Series {
    Op op;
    std::string_view text;
  };
  constexpr Series known[] = {
      {op_of<Sin>, "x - sin(x) = x^3/6 - x^5/120 + ..."},    {op_of<Tan>, "tan(x) - x = x^3/3 + 2*x^5/15 + ..."},
      {op_of<Atan>, "x - atan(x) = x^3/3 - x^5/5 + ..."},    {op_of<Sinh>, "sinh(x) - x = x^3/6 + x^5/120 + ..."},
      {op_of<Tanh>, "x - tanh(x) = x^3/3 - 2*x^5/15 + ..."}, {op_of<Log1p>, "x - log1p(x) = x^2/2 - x^3/3 + ..."},
      {op_of<Expm1>, "expm1(x) - x = x^2/2 + x^3/6 + ..."},  {op_of<Asin>, "asin(x) - x = x^3/6 + 3*x^5/40 + ..."},
      {op_of<Cot>, "1/x - cot(x) = x/3 + x^3/45 + ..."},     {op_of<Exp>, "exp(x) - 1 - x = x^2/2 + x^3/6 + ..."},
      {op_of<Cos>, "1 - cos(x) = x^2/2 - x^4/24 + ..."},
  };
  for (const Term& t : terms_of(e))
    for (const Series& s : known)
      if (!t.constant() && is(t.e, s.op)) return "no rewrite is known; near 0 take its series, " + std::string(s.text) + ", or more digits (--digits 50)";
  return "no rewrite is known; compute it with more digits (--digits 50)";
}

}  // namespace wengert::stable
