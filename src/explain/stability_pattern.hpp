// The vocabulary that stabilising rewrites are written in: looking into nodes, and sums as lists of terms.
#pragma once
#include <optional>
#include <vector>

#include "wengert/rules/functions.hpp"

namespace wengert::stable {

inline bool is(const Expr& e, Op op) { return e.node().op == op; }
inline Expr arg(const Expr& e, std::size_t k = 0) { return {*e.graph, e.graph->arguments(e.id)[k]}; }
inline Expr whole(const Expr& like, std::int64_t n) { return {*like.graph, like.graph->constant(Constant::integer(n))}; }
inline Expr ratio(const Expr& like, std::int64_t n, std::int64_t d) { return {*like.graph, like.graph->constant(Constant::rational(n, d))}; }
inline Expr square(const Expr& e) { return e * e; }
inline Expr half(const Expr& e) { return e * ratio(e, 1, 2); }
template <class R>
Expr apply(const Expr& x) { return Lift<Expr>::call<R>(x); }

// The exact number that the node is, or repeats.
std::optional<double> number_in(const Expr& e);
inline bool is_number(const Expr& e, double v) { const auto n = number_in(e); return n && *n == v; }
// b where e is b^2 or b*b, or the root of a constant that is a square; absent otherwise.
Expr base_of_square(const Expr& e);
// Equal nodes, or squares of equal nodes.
bool same(const Expr& a, const Expr& b);
bool opposite(const Expr& a, const Expr& b);  // a = -b as written

// coefficient*e; a constant has no e.
struct Term {
  double coefficient = 1;
  Expr e;
  bool constant() const { return e.graph == nullptr; }
};
// A sum as written by + and -, brackets opened, equal terms put together; empty where it has too many.
std::vector<Term> terms_of(const Expr& e);
Expr add_up(const Expr& like, const std::vector<Term>& terms);
// a - b with equal terms gone. simpler: some were.
struct Difference {
  Expr e;
  bool simpler = false;
};
Difference difference(const Expr& a, const Expr& b);

// A rewrite of p - q: absent where it does not apply.
struct PairRule {
  std::string_view name, example, condition;
  Expr (*rewrite)(const Expr& p, const Expr& q);
};
// A rewrite of a node.
struct NodeRule {
  std::string_view name, example, condition;
  Expr (*rewrite)(const Expr& e);
};
std::span<const PairRule> pair_rules();
std::span<const NodeRule> node_rules();

struct Candidate {
  std::string_view name, condition;
  Expr e;
};
// Every rewrite that fits the node.
std::vector<Candidate> candidates(const Expr& e);
// What can be done where no rewrite is known; empty if nothing is.
std::string hint_for(const Expr& e);

}  // namespace wengert::stable
