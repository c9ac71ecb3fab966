// Simplified expressions for people: named rewrites, each with its side condition.
//
//   simplify(x*x*3)      3*x^2
//
// Rewrites that widen a domain (x/x -> 1, 0*x -> 0, log(exp(x)) -> x) are made here and serve
// printing only; none that changes a value or a derivative where the original is defined is ever
// made ((x^2)^(1/2) is abs(x), not x).
#pragma once
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>
#include <string_view>

#include "wengert/core/expr.hpp"

namespace wengert {

// What a rewrite did, for the steps of a derivation.
struct RewriteStep {
  std::string_view name;       // "like terms"
  std::string_view condition;  // side condition; empty if it always holds
  Expr before, after;
};
using RewriteObserver = std::function<void(const RewriteStep&)>;

// What is known of an expression's constants beside their names: inputs whose elements, or the elements of
// each column, sum to 1 (labels of a class, probabilities).
struct KnownSums {
  std::unordered_set<NodeId> all, columns;
};
// Those of the inputs declared `const` whose values do so, to the rounding of the sum.
KnownSums known_sums(const Graph& graph, const std::unordered_map<NodeId, std::vector<double>>& values);

Expr simplify(const Expr& e, const RewriteObserver& observer = {}, const KnownSums& known = {});

}  // namespace wengert
