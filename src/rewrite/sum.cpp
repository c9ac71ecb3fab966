// Short sums as a person writes them: over one denominator, with exponentials outside, sin^2 + cos^2 = 1.
#include <algorithm>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert::rewrite {

namespace {

Factor* find(Monomial& m, NodeId base, NodeId symbol = no_node) {
  for (Factor& f : m.factors)
    if (f.base == base && f.symbol == symbol) return &f;
  return nullptr;
}

Monomial without(Monomial m, const Factor& gone) {
  std::erase_if(m.factors, [&](const Factor& f) { return f.base == gone.base && f.symbol == gone.symbol; });
  return m;
}

}  // namespace

// c*sin(u)^2*m + c*cos(u)^2*m is c*m; so is c*cosh(u)^2*m - c*sinh(u)^2*m.
bool Workshop::pythagoras(std::vector<Term>& terms) {
  struct Squared {
    std::size_t term;
    bool sine, hyperbolic;
    NodeId angle, rest;
  };
  std::vector<Squared> squares;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Monomial m = take_apart(terms[i].base);
    for (const Factor& f : m.factors) {
      const Op op = g[f.base].op;
      const bool sine = op == op_of<Sin> || op == op_of<Sinh>, hyperbolic = op == op_of<Sinh> || op == op_of<Cosh>;
      if (!f.exponent.is(2) || f.symbol != no_node || (!sine && op != op_of<Cos> && op != op_of<Cosh>)) continue;
      squares.push_back({i, sine, hyperbolic, g.arguments(f.base)[0], product(without(m, f), g[terms[i].base].shape)});
    }
  }
  for (const Squared& s : squares)
    for (const Squared& c : squares) {
      if (!s.sine || c.sine || s.hyperbolic != c.hyperbolic || s.angle != c.angle || s.rest != c.rest) continue;
      const Number sines = terms[s.term].coefficient;
      const auto difference = add(s.hyperbolic ? sines.negated() : sines, terms[c.term].coefficient.negated());
      if (!difference || !difference->is(0)) continue;
      fire(Rule::pythagoras);
      std::vector<Item> items;
      for (std::size_t i = 0; i < terms.size(); ++i)
        if (i != s.term && i != c.term) items.push_back({terms[i].base, terms[i].coefficient});
      items.push_back({s.rest, terms[c.term].coefficient});
      terms = collect(std::move(items));
      return true;
    }
  return false;
}

// The terms with their sums multiplied out, squares of sums too; nothing if that gets long.
std::optional<std::vector<Term>> Workshop::expanded(const std::vector<Monomial>& numerators) {
  constexpr std::size_t most = 24;
  std::vector<Item> items;
  for (const Monomial& m : numerators) {
    Monomial outside{m.coefficient, {}};
    std::vector<Term> inside{{Number::integer(1), integer(1)}};
    for (const Factor& f : m.factors) {
      const Op op = g[f.base].op;
      const bool opens = f.symbol == no_node && (f.exponent.is(1) || f.exponent.is(2)) && (op == op_of<Add> || op == op_of<Sub>) && width[f.base] <= 4;
      if (!opens) {
        outside.factors.push_back(f);
        continue;
      }
      const std::vector<Term> terms = collect({{f.base}});
      for (std::int64_t k = 0; k < f.exponent.p; ++k) {
        std::vector<Item> longer;
        for (const Term& a : inside)
          for (const Term& b : terms) {
            const auto c = multiply(a.coefficient, b.coefficient);
            if (!c) return {};
            longer.push_back({multiplied(a.base, b.base), *c});
          }
        inside = collect(std::move(longer));
        if (inside.size() > most) return {};
      }
    }
    const NodeId rest = product(std::move(outside), {});
    for (const Term& t : inside) items.push_back({multiplied(rest, t.base), t.coefficient});
    if (items.size() > most) return {};
  }
  return collect(std::move(items));
}

// One quotient: where every term is divided by the same things, or where the numerators of two or
// three terms become a single term over what one of them is divided by.
std::optional<NodeId> Workshop::over_common_denominator(const std::vector<Term>& terms, Shape shape) {
  std::vector<Monomial> all;
  for (const Term& t : terms) {
    all.push_back(take_apart(t.base));
    all.back().coefficient = t.coefficient;
  }
  std::vector<Factor> common, partial;
  for (Monomial& one : all)
    for (const Factor& f : one.factors) {
      if (f.symbol != no_node || !f.exponent.negative() || g[f.base].op == Op::constant) continue;
      const auto seen = [&](const Factor& c) { return c.base == f.base; };
      if (std::any_of(common.begin(), common.end(), seen) || std::any_of(partial.begin(), partial.end(), seen)) continue;
      Number lowest = f.exponent;
      std::size_t divided = 0;
      bool whole_steps = true;
      for (Monomial& m : all) {
        const Factor* theirs = find(m, f.base);
        if (theirs == nullptr || !theirs->exponent.negative()) continue;
        ++divided;
        const auto apart = add(theirs->exponent, f.exponent.negated());
        whole_steps = whole_steps && apart && apart->integral();
        if (theirs->exponent.value < lowest.value) lowest = theirs->exponent;
      }
      if (!whole_steps) continue;
      if (divided == all.size()) common.push_back({f.base, lowest});
      else if (all.size() <= 3 && lowest.integral()) partial.push_back({f.base, lowest});
    }
  if (!common.empty()) return quotient(all, common, shape, terms.size());
  if (partial.size() == 1) return quotient(all, partial, shape, 1);
  return {};
}

// The terms over these denominators; nothing if more than `most` terms are above where not all were divided.
std::optional<NodeId> Workshop::quotient(std::vector<Monomial> all, const std::vector<Factor>& denominators, Shape shape, std::size_t most) {
  for (Monomial& m : all)
    for (const Factor& d : denominators) {
      if (Factor* f = find(m, d.base)) {
        const auto left = add(f->exponent, d.exponent.negated());
        if (!left) return {};
        f->exponent = *left;
        if (left->is(0)) m = without(m, *f);
      } else {
        m.factors.push_back({d.base, d.exponent.negated()});
      }
    }
  const std::size_t before = fired.size();
  NodeId above = no_node;
  const auto put = [&](const std::vector<Term>& numerator) {
    std::vector<Item> items;
    for (const Term& t : numerator) items.push_back({t.base, t.coefficient});
    above = sum(std::move(items), {});
  };
  std::vector<Item> plain;
  for (const Monomial& m : all) plain.push_back({product(m, {})});
  std::vector<Term> numerator = collect(std::move(plain));
  while (numerator.size() > 1 && pythagoras(numerator)) {}
  bool multiplied_out = false;
  if (numerator.size() > 1)
    if (const auto longer = expanded(all); longer && longer->size() <= std::min(most, numerator.size())) {
      numerator = *longer;
      multiplied_out = true;
    }
  fired.resize(before);
  if (numerator.size() > most) return {};
  put(numerator);
  fire(multiplied_out ? Rule::combine_numerator : Rule::quotient_together);
  std::vector<Item> items{{above}};
  for (const Factor& d : denominators) items.push_back({d.base, d.exponent});
  return product(take_apart(std::move(items)), shape);
}

// An exponential, or a power with a varying exponent, that is in every term.
std::optional<NodeId> Workshop::with_common_factor(const std::vector<Term>& terms, Shape shape) {
  std::vector<Monomial> all;
  for (const Term& t : terms) {
    all.push_back(take_apart(t.base));
    all.back().coefficient = t.coefficient;
  }
  for (const Factor& f : std::vector<Factor>(all[0].factors)) {
    if (f.symbol == no_node) continue;
    if (!std::all_of(all.begin(), all.end(), [&](Monomial& m) { return find(m, f.base, f.symbol) != nullptr; })) continue;
    std::vector<Item> rest;
    for (const Monomial& m : all) rest.push_back({product(without(m, f), {})});
    fire(Rule::common_factor);
    const NodeId inside = sum(std::move(rest), {});
    return product(take_apart({Item{inside}, Item{power_node(f, false)}}), shape);
  }
  return {};
}

}  // namespace wengert::rewrite
