#include "stability_pattern.hpp"

#include <cmath>

namespace wengert::stable {

namespace {

constexpr std::size_t most_terms = 12;

void put(std::vector<Term>& terms, const Term& t) {
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const bool both = terms[k].constant() && t.constant();
    if (!both && (terms[k].constant() || t.constant() || !same(terms[k].e, t.e))) continue;
    terms[k].coefficient += t.coefficient;
    if (terms[k].coefficient == 0) terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(k));
    return;
  }
  if (t.coefficient != 0) terms.push_back(t);
}

Expr with_coefficient(const Expr& like, double c, const Term& t) {
  const auto n = static_cast<std::int64_t>(c);
  const Expr number = static_cast<double>(n) == c ? whole(like, n) : Expr(*like.graph, like.graph->constant(Constant::real(c)));
  if (t.constant()) return number;
  return c == 1 ? t.e : number * t.e;
}

}  // namespace

std::optional<double> number_in(const Expr& e) {
  const Expr inner = is(e, op_of<Broadcast>) ? arg(e) : e;
  if (!is(inner, Op::constant)) return {};
  const Constant& c = inner.graph->constant_of(inner.id);
  return c.exact() && c.denominator == 1 ? std::optional(c.value) : std::nullopt;
}

Expr base_of_square(const Expr& e) {
  if (is(e, op_of<Pow>) && is_number(arg(e, 1), 2)) return arg(e, 0);
  if (is(e, op_of<Mul>) && arg(e, 0) == arg(e, 1)) return arg(e, 0);
  if (const auto n = number_in(e); n && *n > 0 && *n < 1e15) {
    const double root = std::round(std::sqrt(*n));
    if (root * root == *n) return whole(e, static_cast<std::int64_t>(root));
  }
  return {};
}

bool same(const Expr& a, const Expr& b) {
  if (a == b) return true;
  if (a.node().op == b.node().op && a.node().op != op_of<Pow> && a.node().op != op_of<Mul>) return false;
  const auto base = [](const Expr& e) {
    if (is(e, op_of<Pow>) && is_number(arg(e, 1), 2)) return arg(e, 0);
    if (is(e, op_of<Mul>) && arg(e, 0) == arg(e, 1)) return arg(e, 0);
    return Expr();
  };
  const Expr x = base(a);
  return present(x) && x == base(b);
}

bool opposite(const Expr& a, const Expr& b) {
  return (is(a, op_of<Neg>) && arg(a) == b) || (is(b, op_of<Neg>) && arg(b) == a);
}

std::vector<Term> terms_of(const Expr& e) {
  std::vector<Term> out;
  std::vector<Term> open{{1, e}};
  std::size_t looked_at = 0;
  while (!open.empty()) {
    const Term t = open.back();
    open.pop_back();
    if (++looked_at > 4 * most_terms || out.size() > most_terms) return {};
    if (const auto n = number_in(t.e)) {
      put(out, {t.coefficient * *n, {}});
    } else if (is(t.e, op_of<Add>)) {
      open.push_back({t.coefficient, arg(t.e, 1)});
      open.push_back({t.coefficient, arg(t.e, 0)});
    } else if (is(t.e, op_of<Sub>)) {
      open.push_back({-t.coefficient, arg(t.e, 1)});
      open.push_back({t.coefficient, arg(t.e, 0)});
    } else if (is(t.e, op_of<Neg>)) {
      open.push_back({-t.coefficient, arg(t.e)});
    } else if (is(t.e, op_of<Mul>) && number_in(arg(t.e, 0)) && std::fabs(t.coefficient * *number_in(arg(t.e, 0))) < 1e15) {
      open.push_back({t.coefficient * *number_in(arg(t.e, 0)), arg(t.e, 1)});
    } else {
      put(out, t);
    }
  }
  return out;
}

Expr add_up(const Expr& like, const std::vector<Term>& terms) {
  Expr sum;
  for (const bool positive : {true, false})
    for (const Term& t : terms) {
      if ((t.coefficient > 0) != positive) continue;
      const Expr e = with_coefficient(like, std::fabs(t.coefficient), t);
      if (!present(sum)) sum = positive ? e : -e;
      else sum = positive ? sum + e : sum - e;
    }
  return present(sum) ? sum : whole(like, 0);
}

Difference difference(const Expr& a, const Expr& b) {
  const auto left = terms_of(a), right = terms_of(b);
  if (left.empty() || right.empty()) return {a - b, false};
  std::vector<Term> all = left;
  for (const Term& t : right) put(all, {-t.coefficient, t.e});
  if (all.size() >= left.size() + right.size()) return {a - b, false};
  return {add_up(a, all), true};
}

std::vector<Candidate> candidates(const Expr& e) {
  std::vector<Candidate> out;
  for (const NodeRule& r : node_rules())
    if (const Expr better = r.rewrite(e); present(better) && !(better == e)) out.push_back({r.name, r.condition, better});
  if (!is(e, op_of<Add>) && !is(e, op_of<Sub>)) return out;
  const auto terms = terms_of(e);
  for (std::size_t i = 0; i < terms.size(); ++i)
    for (std::size_t j = 0; j < terms.size(); ++j) {
      const double c = terms[i].coefficient;
      if (!(c > 0) || !(terms[j].coefficient < 0)) continue;
      // p - q with one factor before both; a constant takes what is left of it.
      double factor = c;
      if (terms[i].constant()) factor = -terms[j].coefficient;
      if (!terms[j].constant() && factor != -terms[j].coefficient) continue;
      const auto operand = [&](const Term& t) {
        return t.constant() ? with_coefficient(e, std::fabs(t.coefficient) / factor, t) : t.e;
      };
      const Expr p = operand(terms[i]), q = operand(terms[j]);
      for (const PairRule& r : pair_rules()) {
        const Expr better = r.rewrite(p, q);
        if (!present(better)) continue;
        std::vector<Term> rest;
        for (std::size_t k = 0; k < terms.size(); ++k)
          if (k != i && k != j) rest.push_back(terms[k]);
        rest.push_back({factor, better});
        // What is left may be one negation, or stand as it was.
        Expr sum = add_up(e, rest);
        if (!(sum == e)) out.push_back({r.name, r.condition, sum});
      }
    }
  return out;
}

}  // namespace wengert::stable
