// Differences of nearly equal numbers, written without the difference.
#include <cmath>

#include "stability_pattern.hpp"

namespace wengert::stable {

namespace {

constexpr std::string_view simpler = "where a - b is simpler than a and b";

bool both(const Expr& p, const Expr& q, Op op) { return is(p, op) && is(q, op); }
Expr product_sign(bool swapped, const Expr& e) { return swapped ? -e : e; }

// p - q where one side is the number 1: f(the other, sign).
template <class F>
Expr against_one(const Expr& p, const Expr& q, F&& f) {
  if (is_number(q, 1)) { const Expr r = f(p); return present(r) ? r : Expr(); }
  if (is_number(p, 1)) { const Expr r = f(q); return present(r) ? -r : Expr(); }
  return {};
}

Expr exponential_minus_one(const Expr& p, const Expr& q) {
  return against_one(p, q, [](const Expr& e) { return is(e, op_of<Exp>) ? apply<Expm1>(arg(e)) : Expr(); });
}
Expr hyperbolic_sine(const Expr& p, const Expr& q) {
  return both(p, q, op_of<Exp>) && opposite(arg(p), arg(q)) ? 2.0 * apply<Sinh>(arg(p)) : Expr();
}
Expr exponentials(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Exp>)) return {};
  const Difference d = difference(arg(p), arg(q));
  return exp(arg(q)) * apply<Expm1>(d.e);
}
Expr half_angle(const Expr& p, const Expr& q) {
  return against_one(p, q, [](const Expr& e) { return is(e, op_of<Cos>) ? whole(e, -2) * square(sin(half(arg(e)))) : Expr(); });
}
Expr square_roots(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Sqrt>)) return {};
  return difference(arg(p), arg(q)).e / (p + q);
}
// sqrt(a) - t: for t > 0.
Expr rationalise(const Expr& p, const Expr& q) {
  const bool swapped = !is(p, op_of<Sqrt>);
  const Expr &root = swapped ? q : p, &t = swapped ? p : q;
  if (!is(root, op_of<Sqrt>) || is(t, op_of<Sqrt>)) return {};
  const auto n = number_in(t);
  const Difference d = difference(arg(root), n ? whole(t, static_cast<std::int64_t>(*n * *n)) : power(t, whole(t, 2)));
  if (!d.simpler || (n && !(*n > 0))) return {};
  const Expr better = product_sign(swapped, d.e / (root + t));
  return n ? better : select(less(whole(t, 0), t), better, p - q);
}
Expr squares(const Expr& p, const Expr& q) {
  const Expr a = base_of_square(p), b = base_of_square(q);
  if (!present(a) || !present(b)) return {};
  return difference(a, b).e * (a + b);
}
// The rewrite for nearly equal arguments, what is written for others.
Expr near(const Expr& gap, const Expr& better, const Expr& written) { return select(less(magnitude(gap), whole(gap, 1)), better, written); }
Expr sines(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Sin>)) return {};
  const Difference d = difference(arg(p), arg(q));
  return near(d.e, whole(p, 2) * sin(half(d.e)) * cos(arg(q) + half(d.e)), p - q);
}
Expr cosines(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Cos>)) return {};
  const Difference d = difference(arg(p), arg(q));
  return near(d.e, whole(p, -2) * sin(half(d.e)) * sin(arg(q) + half(d.e)), p - q);
}
Expr tangents(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Tan>)) return {};
  const Difference d = difference(arg(p), arg(q));
  return sin(d.e) / (cos(arg(p)) * cos(arg(q)));
}
// The number that a logarithm is taken of.
Expr under_log(const Expr& e) {
  if (is(e, op_of<Log>)) return arg(e);
  return is(e, op_of<Log1p>) ? whole(e, 1) + arg(e) : Expr();
}
Expr logarithms(const Expr& p, const Expr& q) {
  const Expr a = under_log(p), b = under_log(q);
  if (!present(a) || !present(b)) return {};
  const Difference d = difference(a, b);
  return d.simpler ? log1p(d.e / b) : Expr();
}
Expr quotient_of_logarithms(const Expr& p, const Expr& q) {
  const Expr a = under_log(p), b = under_log(q);
  return present(a) && present(b) && !difference(a, b).simpler ? log(a / b) : Expr();
}
// a*log(a) - b*log(b)
Expr entropies(const Expr& p, const Expr& q) {
  const auto base = [](const Expr& e) {
    if (!is(e, op_of<Mul>)) return Expr();
    for (const std::size_t k : {0u, 1u}) {
      const Expr x = under_log(arg(e, k)), other = arg(e, 1 - k);
      if (!present(x)) continue;
      const Difference d = difference(x, other);
      if (x == other || (d.simpler && is_number(d.e, 0))) return other;
    }
    return Expr();
  };
  const Expr a = base(p), b = base(q);
  if (!present(a) || !present(b)) return {};
  const Difference d = difference(a, b);
  return d.simpler ? d.e * log(a) + b * log1p(d.e / b) : Expr();
}
Expr cube_roots(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Cbrt>)) return {};
  return difference(arg(p), arg(q)).e / (p * p + p * q + q * q);
}
Expr powers(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Pow>) || !(arg(p, 1) == arg(q, 1)) || number_in(arg(p, 1))) return {};
  const Difference d = difference(arg(p), arg(q));
  if (!d.simpler) return {};
  const Expr t = arg(p, 1) * log1p(d.e / arg(q));
  return near(t, q * apply<Expm1>(t), p - q);
}
Expr arc_tangents(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Atan>)) return {};
  const Difference d = difference(arg(p), arg(q));
  return d.simpler ? atan2(d.e, whole(p, 1) + arg(p) * arg(q)) : Expr();
}
// n/a - n/b
Expr reciprocals(const Expr& p, const Expr& q) {
  if (!both(p, q, op_of<Div>) || !(arg(p) == arg(q))) return {};
  const Expr a = arg(p, 1), b = arg(q, 1);
  const Difference d = difference(b, a);
  return arg(p) * d.e / (a * b);
}
// 1 - tanh(u)^2, ...
Expr squares_of_functions(const Expr& p, const Expr& q) {
  return against_one(p, q, [](const Expr& e) {
    const Expr f = number_in(e) ? Expr() : base_of_square(e);
    if (!present(f)) return Expr();
    if (is(f, op_of<Tanh>)) return -square(whole(e, 1) / cosh(arg(f)));
    if (is(f, op_of<Sin>)) return -square(cos(arg(f)));
    if (is(f, op_of<Cos>)) return -square(sin(arg(f)));
    if (is(f, op_of<Cosh>)) return square(sinh(arg(f)));
    if (is(f, op_of<Sec>)) return square(tan(arg(f)));
    return Expr();
  });
}
Expr complements(const Expr& p, const Expr& q) {
  return against_one(p, q, [](const Expr& e) {
    if (is(e, op_of<Sigmoid>)) return -sigmoid(-arg(e));
    if (is(e, op_of<Erf>)) return -erfc(arg(e));
    if (is(e, op_of<Erfc>)) return -erf(arg(e));
    return Expr();
  });
}
// softplus(x) - x
Expr softplus_complement(const Expr& p, const Expr& q) {
  if (is(p, op_of<Softplus>) && arg(p) == q) return softplus(-q);
  return is(q, op_of<Softplus>) && arg(q) == p ? -softplus(-p) : Expr();
}
Expr hyperbolic(const Expr& p, const Expr& q) {
  return is(p, op_of<Cosh>) && is(q, op_of<Sinh>) && arg(p) == arg(q) ? exp(-arg(p)) : Expr();
}
Expr hyperbolic_half(const Expr& p, const Expr& q) {
  return against_one(p, q, [](const Expr& e) { return is(e, op_of<Cosh>) ? whole(e, 2) * square(sinh(half(arg(e)))) : Expr(); });
}
// (1 + u)^y - 1
Expr power_minus_one(const Expr& p, const Expr& q) {
  return against_one(p, q, [](const Expr& e) {
    if (!is(e, op_of<Pow>)) return Expr();
    const Difference u = difference(arg(e), whole(e, 1));
    return u.simpler ? apply<Expm1>(arg(e, 1) * log1p(u.e)) : Expr();
  });
}

constexpr PairRule pair_table[] = {
    {"expm1", "exp(x) - 1 -> expm1(x)", "", exponential_minus_one},
    {"hyperbolic sine", "exp(x) - exp(-x) -> 2*sinh(x)", "", hyperbolic_sine},
    {"difference of exponentials", "exp(a) - exp(b) -> exp(b)*expm1(a - b)", "", exponentials},
    {"half angle", "1 - cos(x) -> 2*sin(x/2)^2", "", half_angle},
    {"difference of square roots", "sqrt(x + 1) - sqrt(x) -> 1/(sqrt(x + 1) + sqrt(x))", "", square_roots},
    {"rationalise", "sqrt(b^2 - c) - b -> -c/(sqrt(b^2 - c) + b)", "where b > 0", rationalise},
    {"difference of squares", "a^2 - b^2 -> (a - b)*(a + b)", "", squares},
    {"difference of sines", "sin(a) - sin(b) -> 2*sin((a - b)/2)*cos(b + (a - b)/2)", "where abs(a - b) < 1", sines},
    {"difference of cosines", "cos(a) - cos(b) -> -2*sin((a - b)/2)*sin(b + (a - b)/2)", "where abs(a - b) < 1", cosines},
    {"difference of tangents", "tan(a) - tan(b) -> sin(a - b)/(cos(a)*cos(b))", "", tangents},
    {"difference of logarithms", "log(x + 1) - log(x) -> log1p(1/x)", simpler, logarithms},
    {"logarithm of a quotient", "log(a) - log(b) -> log(a/b)", "", quotient_of_logarithms},
    {"difference of x*log(x)", "a*log(a) - b*log(b) -> (a - b)*log(a) + b*log1p((a - b)/b)", simpler, entropies},
    {"difference of cube roots", "cbrt(a) - cbrt(b) -> (a - b)/(cbrt(a)^2 + cbrt(a)*cbrt(b) + cbrt(b)^2)", "", cube_roots},
    {"difference of powers", "a^p - b^p -> b^p*expm1(p*log1p((a - b)/b))", "where p*log1p((a - b)/b) is between -1 and 1", powers},
    {"difference of arc tangents", "atan(a) - atan(b) -> atan2(a - b, 1 + a*b)", simpler, arc_tangents},
    {"difference of reciprocals", "1/a - 1/b -> (b - a)/(a*b)", "", reciprocals},
    {"Pythagoras", "1 - tanh(x)^2 -> (1/cosh(x))^2; likewise sin, cos, cosh, sec", "", squares_of_functions},
    {"complement", "1 - sigmoid(x) -> sigmoid(-x), 1 - erf(x) -> erfc(x)", "", complements},
    {"softplus of the other sign", "softplus(x) - x -> softplus(-x)", "", softplus_complement},
    {"cosh - sinh", "cosh(x) - sinh(x) -> exp(-x)", "", hyperbolic},
    {"half of cosh", "cosh(x) - 1 -> 2*sinh(x/2)^2", "", hyperbolic_half},
    {"power minus one", "(1 + u)^y - 1 -> expm1(y*log1p(u))", "", power_minus_one},
};

}  // namespace

std::span<const PairRule> pair_rules() { return pair_table; }

}  // namespace wengert::stable
