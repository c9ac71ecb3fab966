// The rewrites that are made while a graph is built hold for every double, to the last bit.
#include <doctest/doctest.h>

#include <bit>
#include <cstring>

#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

const Point special{0.0, -0.0, 1, -1, 2, -2, 0.5, 3, 1.0 / 3, 1e300, -1e-300, 5e-324, inf, -inf, std::nan("")};

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// The operation itself, without the rewrites of build().
Expr plain(Graph& g, Op op, const std::vector<NodeId>& x) { return {g, g.node(op, x, {})}; }

void compare(Program& p, const Expr& built, const Expr& raw, const Point& at) {
  CAPTURE(describe(p, at));
  const double a = value(with_output(p, built), at)[0], b = value(with_output(p, raw), at)[0];
  const bool annihilated = raw.node().op == op_of<StrongMul> && a == 0 && b == 0;  // of either sign
  CHECK_MESSAGE((annihilated || same_bits(a, b)), "rewritten ", a, ", as written ", b);
}

TEST_CASE("an operation with a constant is what it is without rewriting, for every special value") {
  for (const Row& row : rows()) {
    if (!row.elementwise || row.arity != 2) continue;
    for (double c : special)
      for (bool left : {true, false}) {
        Program p;
        const Expr x = p.input("x"), k = number(*p.graph, c);
        p.text = name_of(row) + (left ? " of x and " : " of the constant, then x: ") + std::to_string(c);
        const std::vector<NodeId> arguments = left ? std::vector{x.id, k.id} : std::vector{k.id, x.id};
        const Expr built = build(*p.graph, row.op, arguments), raw = plain(*p.graph, row.op, arguments);
        for (double at : special) compare(p, built, raw, {at});
      }
  }
}

TEST_CASE("operations on two constants are folded to what they evaluate to") {
  for (const Row& row : rows()) {
    if (!row.elementwise || row.arity != 2) continue;
    for (double a : special)
      for (double b : special) {
        Program p;
        const std::vector<NodeId> arguments{number(*p.graph, a).id, number(*p.graph, b).id};
        p.text = name_of(row) + " of " + std::to_string(a) + " and " + std::to_string(b);
        compare(p, build(*p.graph, row.op, arguments), plain(*p.graph, row.op, arguments), {});
      }
  }
}

TEST_CASE("rewrites of negations, of a strong product and of choices hold for every special value") {
  for (double a : special)
    for (double b : special) {
      Program p;
      const Expr x = p.input("x"), z = p.input("z");
      Graph& g = *p.graph;
      const auto neg = [&](const Expr& e) { return plain(g, op_of<Neg>, {e.id}); };
      const auto check = [&](const char* text, const Expr& built, const Expr& raw) {
        p.text = text;
        compare(p, built, raw, {a, b});
      };
      check("--x", -(-x), neg(neg(x)));
      check("x - (-z)", x - (-z), plain(g, op_of<Sub>, {x.id, neg(z).id}));
      check("x + (-z)", x + (-z), plain(g, op_of<Add>, {x.id, neg(z).id}));
      check("(-x)*(-z)", (-x) * (-z), plain(g, op_of<Mul>, {neg(x).id, neg(z).id}));
      check("x*(-1)", x * number(g, -1), plain(g, op_of<Mul>, {x.id, number(g, -1).id}));
      check("strong x*z", annihilate(x, z), plain(g, op_of<StrongMul>, {x.id, z.id}));
      check("if(x, z, z)", select(x, z, z), plain(g, op_of<Select>, {x.id, z.id, z.id}));
      check("-1*(x/3)", -(x / number(g, 3)), neg(plain(g, op_of<Div>, {x.id, number(g, 3).id})));
      check("x^1", power(x, number(g, 1)), plain(g, op_of<Pow>, {x.id, number(g, 1).id}));
      check("x^0", power(x, number(g, 0)), plain(g, op_of<Pow>, {x.id, number(g, 0).id}));
    }
}

TEST_CASE("negated constants, folded or not, keep the sign of 0") {
  for (double c : special) {
    Program p;
    p.text = "-(" + std::to_string(c) + ")";
    const Expr k = number(*p.graph, c);
    compare(p, -k, plain(*p.graph, op_of<Neg>, {k.id}), {});
  }
}

TEST_CASE("array operations that collapse give the same elements") {
  Program p;
  const Expr a = p.input("A", {2, 3}), s = p.input("s");
  p.text = "collapsing array operations";
  Point at;
  for (int k = 0; k < 7; ++k) at.push_back(k + 0.25);
  const auto check = [&](const Expr& built, const Point& expected) { CHECK(value(with_output(p, built), at) == expected); };
  const Point elements(at.begin(), at.end() - 1);
  check(transpose(transpose(a)), elements);
  check(reshape(reshape(a, {6, 1}), {2, 3}), elements);
  check(part(a, {0, 0, {2, 3}}), elements);
  check(part(broadcast(s, {3, 3}), {1, 1, {1, 2}}), {6.25, 6.25});
  check(broadcast(broadcast(s, {2, 1}), {2, 2}), {6.25, 6.25, 6.25, 6.25});
  check(total(s, along::all), {6.25});
  const Expr pieces[] = {a, s};
  const Slice places[] = {{0, 0, {2, 3}}, {2, 0, {}}};
  const Expr joined = Lift<Expr>::array<Place>({.shape = {3, 3}, .slices = places}, pieces);
  check(part(joined, places[0]), elements);
  check(part(joined, places[1]), {6.25});
  check(part(joined, {1, 0, {2, 1}}), {3.25, 6.25});
}

}  // namespace
}  // namespace wengert::test
