// The graph: one node for equal operations, exact constants, spans, slices.
#include <doctest/doctest.h>

#include <limits>

#include "../tools/program.hpp"

namespace wengert {
namespace {

TEST_CASE("equal operations are one node, and inputs are never one") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "x");
  CHECK(x.id != y.id);
  CHECK((x + y).id == (x + y).id);
  CHECK((x + y).id != (y + x).id);
  CHECK(sin(x).id == sin(x).id);
  const std::size_t before = g.size();
  for (int k = 0; k < 100; ++k) exp(x * y);
  CHECK(g.size() == before + 2);
}

TEST_CASE("nodes are one whatever the number of their arguments, and their order counts") {
  Graph g;
  const Expr a = variable(g, "a"), b = variable(g, "b"), c = variable(g, "c");
  CHECK(select(a, b, c).id == select(a, b, c).id);
  CHECK(select(a, b, c).id != select(a, c, b).id);
  const auto arguments = g.arguments(select(a, b, c).id);
  CHECK(std::vector<NodeId>(arguments.begin(), arguments.end()) == std::vector<NodeId>{a.id, b.id, c.id});
}

TEST_CASE("arguments stand before their users, for any number of nodes") {
  Graph g;
  Expr x = variable(g, "x");
  for (int k = 0; k < 1000; ++k) x = sin(x) * x;
  for (NodeId id = 0; id < g.size(); ++id)
    for (NodeId a : g.arguments(id)) CHECK(a < id);
  for (int k = 0; k < 1000; ++k) CHECK(g.node(g[x.id].op, g.arguments(x.id), {}) == x.id);
}

TEST_CASE("constants keep what is known exactly") {
  const Constant third = Constant::rational(2, 6);
  CHECK(third.numerator == 1);
  CHECK(third.denominator == 3);
  CHECK(third.value == 1.0 / 3);
  CHECK(Constant::rational(3, -6).numerator == -1);
  CHECK(Constant::rational(3, -6).denominator == 2);
  CHECK(Constant::rational(0, 5).is(0));
  CHECK(Constant::real(4).is(4));
  CHECK_FALSE(Constant::real(0.5).is(0));
  CHECK(std::signbit(Constant::real(-0.0).value));
  CHECK_FALSE(Constant::real(-0.0).is(0));
}

TEST_CASE("constants that differ in anything are different nodes") {
  Graph g;
  const double inf = std::numeric_limits<double>::infinity();
  const NodeId zero = g.constant(Constant::integer(0)), minus_zero = g.constant(Constant::real(-0.0));
  CHECK(zero != minus_zero);
  CHECK(g.constant(Constant::real(0.0)) == zero);
  CHECK(g.constant(Constant::real(inf)) != g.constant(Constant::real(-inf)));
  CHECK(g.constant(Constant::real(std::nan(""))) == g.constant(Constant::real(-std::nan("1"))));
  CHECK(g.constant(Constant::rational(1, 2)) == g.constant(Constant::rational(2, 4)));
  CHECK(g.constant(Constant::rational(1, 10)) != g.constant(Constant::decimal(0.1, "0.1")));
  CHECK(g.constant(Constant::decimal(0.1, "0.1")) != g.constant(Constant::decimal(0.1, "0.10000000000000000001")));
  CHECK(g.constant(Constant::pi()) != g.constant(Constant::real(Constant::pi().value)));
  CHECK(g.constant(Constant::e()) == g.constant(Constant::e()));
}

TEST_CASE("integers that a double does not hold are not taken for others") {
  CHECK(Constant::real(1e300).value == 1e300);
  CHECK(Constant::real(-1e15).value == -1e15);
  CHECK(Constant::rational(std::int64_t{1} << 62, 2).value == 0x1p61);
}

TEST_CASE("a node lists its spans in the order written, once each, and a derived one takes its primal's") {
  Graph g;
  const Expr x = variable(g, "x"), y = sin(x), z = cos(x);
  const Span first{0, 3, 9}, second{0, 12, 18};
  CHECK_FALSE(g.span(y.id).known());
  g.add_span(y.id, first);
  g.add_span(y.id, second);
  g.add_span(y.id, first);
  CHECK(g.spans(y.id) == std::vector<Span>{first, second});
  CHECK(g.span(y.id) == first);
  g.derive_span(z.id, y.id);
  CHECK(g.span(z.id) == first);
  const Expr later = exp(x);
  CHECK_FALSE(g.span(later.id).known());
  g.derive_span(later.id, z.id);
  CHECK(g.span(later.id) == first);
}

TEST_CASE("a derivative's nodes carry the spans of the nodes that they come from") {
  Graph g;
  const Expr x = variable(g, "x"), inner = x * x, outer = sin(inner);
  g.add_span(inner.id, {0, 4, 7});
  g.add_span(outer.id, {0, 0, 8});
  const Expr slope = derivative(outer, x);
  for (NodeId id : g.reachable(std::span(&slope.id, 1)))
    if (g[id].op >= Op::first_row) CHECK(g.span(id).known());
}

TEST_CASE("equal slice lists have equal numbers, and other ones other numbers") {
  Graph g;
  const Slice a{0, 0, {1, 2}}, b{1, 0, {1, 2}};
  const Slice both[] = {a, b}, swapped[] = {b, a};
  CHECK(g.slices(both) == g.slices(both));
  CHECK(g.slices(both) != g.slices(swapped));
  CHECK(g.slices({both, 1}) != g.slices(both));
  const auto back = g.slices_at(g.slices(both));
  CHECK(back.size() == 2);
  CHECK(back[1] == b);
}

TEST_CASE("only what an output depends on is reachable, in topological order") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr unused = sin(z), y = exp(x);
  CHECK(g.reachable(std::span(&y.id, 1)) == std::vector<NodeId>{x.id, y.id});
  CHECK(g.reachable({}).empty());
  CHECK(unused.id < y.id);
}

TEST_CASE("mixing two graphs, or shapes that do not fit, is refused") {
  Graph g, other;
  const Expr x = variable(g, "x"), y = variable(other, "y"), a = variable(g, "a", {2, 1}), b = variable(g, "b", {3, 1});
  CHECK_THROWS_AS(x + y, std::invalid_argument);
  CHECK_THROWS_AS(a + b, std::invalid_argument);
}

}  // namespace
}  // namespace wengert
