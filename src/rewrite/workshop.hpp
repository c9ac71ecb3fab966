// The simplifier's workshop: canonical sums and products over one graph.
//
// A canonical product is a coefficient and powers of different bases; a canonical sum is multiples
// of different canonical products. Both are built in one order, so equal ones are one node. Sums in
// products are not multiplied out. Everything handed in is simplified already (`taken apart` again
// in time linear in its factors or terms), except for the inner nodes of a chain, which are raw.
#pragma once
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "number.hpp"
#include "rules_table.hpp"
#include "wengert/core/expr.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::rewrite {

// A row's number, for a switch.
template <class R>
inline constexpr auto number_of = static_cast<std::uint16_t>(op_of<R>);

// base^exponent; base^symbol where there is a symbol.
struct Factor {
  NodeId base = no_node;
  Number exponent = Number::integer(1);
  NodeId symbol = no_node;
};

struct Monomial {
  Number coefficient = Number::integer(1);
  std::vector<Factor> factors;
};

// coefficient * base; base is a product without a coefficient, or the constant 1.
struct Term {
  Number coefficient;
  NodeId base = no_node;
};

// What a product or a sum is made from: the node to the power k, or times k.
struct Item {
  NodeId node = no_node;
  Number k = Number::integer(1);
  bool raw = false;  // an inner node of a chain, of the expression that is simplified
};

// How a node is placed among others.
struct Look {
  bool polynomial = false;
  std::string name;  // the first of the inputs' names in it
};

class Workshop {
 public:
  explicit Workshop(Graph& graph) : g(graph) {}

  // --- products (factors.cpp, product.cpp)
  Monomial take_apart(std::vector<Item> items);
  Monomial take_apart(NodeId node) { return take_apart({Item{node}}); }
  NodeId product(Monomial m, Shape shape);
  NodeId scaled(const Number& c, NodeId node);
  NodeId multiplied(NodeId a, NodeId b);
  NodeId raised(NodeId base, const Number& exponent);

  // --- sums (terms.cpp, sum.cpp)
  NodeId sum(std::vector<Item> items, Shape shape);
  NodeId added(NodeId a, NodeId b) { return sum({Item{a}, Item{b}}, wider(g[a].shape, g[b].shape)); }
  Term split(NodeId node);

  // --- functions and arrays (functions.cpp, matrices.cpp): the row on simplified arguments
  NodeId function(Op op, const std::vector<NodeId>& x, Shape shape);
  NodeId array(NodeId original, const std::vector<NodeId>& x);
  NodeId matmul(NodeId a, NodeId b);
  NodeId transposed(NodeId a);
  NodeId repeated(NodeId scalar_or_vector, Shape to);

  // --- looking at nodes (look.cpp)
  const Look& look(NodeId id);
  bool negative(NodeId id);  // begins with a minus sign
  bool is_zero(NodeId id) const;
  bool is_number(NodeId id, std::int64_t n) const { return g.is_constant(id, n); }
  std::optional<Number> number(NodeId id) const;
  NodeId constant(const Number& n) { return g.constant(n.constant()); }
  NodeId integer(std::int64_t n) { return g.constant(Constant::integer(n)); }
  std::string signature(NodeId id) const;
  std::string factor_key(const Factor& f);
  std::string term_key(const Term& t);
  Shape shape_of(const Factor& f) const { return f.symbol == no_node ? g[f.base].shape : wider(g[f.base].shape, g[f.symbol].shape); }
  static Shape wider(Shape a, Shape b) { return a.scalar() ? b : a; }
  void fire(Rule rule) { fired.push_back(rule); }

  Graph& g;
  const KnownSums* sums = nullptr;                       // of constants; none if null
  std::vector<Rule> fired;                               // by the node that is simplified now
  std::function<NodeId(NodeId)> simplified;              // of a node of the expression
  std::function<bool(NodeId)> inner;                     // an inner node of a chain
  std::function<std::size_t(NodeId)> budget;             // how many terms of a simplified node are worth opening
  std::unordered_map<NodeId, std::uint32_t> width;       // terms of a sum, factors of a product

 private:
  friend class FactorCollector;
  friend class TermCollector;
  std::vector<Term> collect(std::vector<Item> items);
  NodeId emit(std::vector<Term> terms, Shape shape);
  std::optional<NodeId> over_common_denominator(const std::vector<Term>& terms, Shape shape);
  std::optional<NodeId> with_common_factor(const std::vector<Term>& terms, Shape shape);
  bool pythagoras(std::vector<Term>& terms);
  std::optional<std::vector<Term>> expanded(const std::vector<Monomial>& numerators);
  std::optional<NodeId> quotient(std::vector<Monomial> all, const std::vector<Factor>& denominators, Shape shape, std::size_t most);
  NodeId build(Op op, std::initializer_list<NodeId> x, Shape shape = {}, std::uint32_t number = 0);
  std::optional<NodeId> placed_product(const Monomial& m, Shape shape);
  std::optional<NodeId> diagonal_product(const Monomial& m, Shape shape);
  NodeId power_node(const Factor& f, bool inverted);
  NodeId attach(NodeId scalar, NodeId matrix);
  NodeId diagonal_or_matmul(NodeId a, NodeId b);
  NodeId repeated_line(NodeId x, Shape to);
  NodeId kronecker(NodeId a, NodeId b);
  std::uint32_t simplified_loop(std::uint32_t loop);
  std::optional<NodeId> picked(NodeId a, NodeId b);
  NodeId part_of(NodeId array_node, const Slice& s);
  NodeId turned(NodeId a);
  NodeId turned_places(NodeId place);
  std::optional<NodeId> gathered(const std::vector<Slice>& at, const std::vector<NodeId>& what, Shape shape);
  NodeId places(Shape shape, const std::vector<Slice>& slices, const std::vector<NodeId>& x);
  bool join_places(std::vector<Term>& terms, Shape shape);
  NodeId reduction(NodeId original, NodeId x);
  std::optional<NodeId> known_value(Op op, NodeId x);

  std::unordered_map<NodeId, Look> looks_;
};

}  // namespace wengert::rewrite
