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

// Equal multiples of sin(u)^2*m and cos(u)^2*m become one of m.
bool Workshop::pythagoras(std::vector<Term>& terms) {
  struct Squared {
    std::size_t term;
    bool sine;
    NodeId angle, rest;
  };
  std::vector<Squared> squares;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Monomial m = take_apart(terms[i].base);
    for (const Factor& f : m.factors) {
      const Op op = g[f.base].op;
      if (!f.exponent.is(2) || f.symbol != no_node || (op != op_of<Sin> && op != op_of<Cos>)) continue;
      squares.push_back({i, op == op_of<Sin>, g.arguments(f.base)[0], product(without(m, f), g[terms[i].base].shape)});
    }
  }
  for (const Squared& s : squares)
    for (const Squared& c : squares) {
      if (!s.sine || c.sine || s.angle != c.angle || s.rest != c.rest) continue;
      const auto difference = add(terms[s.term].coefficient, terms[c.term].coefficient.negated());
      if (!difference || !difference->is(0)) continue;
      fire(Rule::pythagoras);
      std::vector<Item> items;
      for (std::size_t i = 0; i < terms.size(); ++i)
        if (i != s.term && i != c.term) items.push_back({terms[i].base, terms[i].coefficient});
      items.push_back({s.rest, terms[s.term].coefficient});
      terms = collect(std::move(items));
      return true;
    }
  return false;
}

// The numerators with their factor `base`, a sum, multiplied out.
std::vector<Term> Workshop::expanded(const std::vector<Monomial>& numerators, NodeId base) {
  const std::vector<Term> inside = collect({{base}});
  std::vector<Item> items;
  for (Monomial m : numerators) {
    const Factor* f = find(m, base);
    if (f == nullptr || !f->exponent.is(1)) {
      items.push_back({product(m, {})});
      continue;
    }
    const NodeId rest = product(without(m, *f), {});
    for (const Term& t : inside) items.push_back({multiplied(rest, t.base), t.coefficient});
  }
  return collect(std::move(items));
}

// Where every term is divided by the same things: one quotient.
std::optional<NodeId> Workshop::over_common_denominator(const std::vector<Term>& terms, Shape shape) {
  std::vector<Monomial> all;
  for (const Term& t : terms) {
    all.push_back(take_apart(t.base));
    all.back().coefficient = t.coefficient;
  }
  std::vector<Factor> common;
  for (const Factor& f : all[0].factors) {
    if (f.symbol != no_node || !f.exponent.negative() || g[f.base].op == Op::constant) continue;
    Number lowest = f.exponent;
    bool everywhere = true;
    for (Monomial& m : all) {
      const Factor* theirs = find(m, f.base);
      const auto apart = theirs != nullptr && theirs->exponent.negative() ? add(theirs->exponent, f.exponent.negated()) : std::nullopt;
      everywhere = everywhere && apart && apart->integral();
      if (everywhere && theirs->exponent.value < lowest.value) lowest = theirs->exponent;
    }
    if (everywhere) common.push_back({f.base, lowest});
  }
  if (common.empty()) return {};

  for (Monomial& m : all)
    for (const Factor& c : common) {
      Factor& f = *find(m, c.base);
      f.exponent = *add(f.exponent, c.exponent.negated());
      if (f.exponent.is(0)) m = without(m, f);
    }
  std::vector<Item> numerators;
  for (const Monomial& m : all) numerators.push_back({product(m, {})});
  const std::size_t before = fired.size();
  NodeId above = no_node;
  for (const Factor& c : common) {
    const Op op = g[c.base].op;
    if ((op != op_of<Add> && op != op_of<Sub>) || width[c.base] > 4) continue;
    const std::vector<Term> longer = expanded(all, c.base);
    if (longer.size() > terms.size()) continue;
    std::vector<Item> items;
    for (const Term& t : longer) items.push_back({t.base, t.coefficient});
    above = sum(std::move(items), {});
    break;
  }
  fired.resize(before);
  if (above == no_node) above = sum(std::move(numerators), {});
  else fire(Rule::combine_numerator);
  fire(Rule::quotient_together);
  std::vector<Item> quotient{{above}};
  for (const Factor& c : common) quotient.push_back({c.base, c.exponent});
  return product(take_apart(std::move(quotient)), shape);
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
