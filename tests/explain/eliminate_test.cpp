#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "../tools/program.hpp"
#include "wengert/explain/eliminate.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;

namespace {

const Elimination& way(const Eliminations& all, EliminationOrder order) {
  return all.ways[static_cast<std::size_t>(order)];
}
std::uint64_t forward(const Eliminations& e) { return way(e, EliminationOrder::forward).multiplications; }
std::uint64_t reverse(const Eliminations& e) { return way(e, EliminationOrder::reverse).multiplications; }
std::uint64_t markowitz(const Eliminations& e) { return way(e, EliminationOrder::markowitz).multiplications; }
std::uint64_t optimal(const Eliminations& e) { return way(e, EliminationOrder::optimal).multiplications; }

// Layers of so many vertices, each connected with all of the next: a chain of dense matrices.
Linearization layers(const std::vector<std::size_t>& widths) {
  Linearization g;
  std::size_t before = 0;
  for (std::size_t l = 0; l < widths.size(); ++l) {
    const std::size_t begin = g.vertices.size();
    for (std::size_t k = 0; k < widths[l]; ++k) {
      g.vertices.push_back({"v" + std::to_string(begin + k), begin + k, 0});
      if (l > 0)
        for (std::size_t p = before; p < begin; ++p)
          g.edges.push_back({p, begin + k, 0.5 + 0.1 * static_cast<double>(p + k)});
      if (l == 0) g.inputs.push_back(begin + k);
      if (l + 1 == widths.size()) g.outputs.push_back(begin + k);
    }
    before = begin;
  }
  return g;
}

// n intermediates between some inputs and outputs, each with edges from two or three before it.
Linearization random_graph(std::uint64_t seed, std::size_t inputs, std::size_t n, std::size_t outputs) {
  test::Random random(seed);
  Linearization g;
  const std::size_t all = inputs + n + outputs;
  for (std::size_t v = 0; v < all; ++v) {
    g.vertices.push_back({"v" + std::to_string(v), v, 0});
    if (v < inputs) g.inputs.push_back(v);
    if (v >= inputs + n) g.outputs.push_back(v);
    std::set<std::size_t> from;
    const std::size_t before = std::min(v, inputs + n);
    if (v >= inputs)
      for (std::size_t k = 0; k < 2 + random.next() % 2; ++k)
        from.insert(before - 1 - random.next() % std::min<std::size_t>(before, 5));
    for (std::size_t p : from) g.edges.push_back({p, v, random.between(-2, 2)});
  }
  return g;
}

Linearization graph_of(const Problem& problem, const Point& point) {
  Result<Linearization> g = linearize(trace(problem, point));
  REQUIRE(g);
  return std::move(*g);
}

Eliminations compared(const Linearization& g, const EliminationOptions& options = {}) {
  Result<Eliminations> e = compare_orders(g, options);
  REQUIRE(e);
  CHECK(e->difference < 1e-12);
  return std::move(*e);
}

Expr column(const std::vector<Expr>& x) {
  std::vector<Slice> slices;
  for (std::uint32_t k = 0; k < x.size(); ++k) slices.push_back({k, 0, {}});
  return Lift<Expr>::array<Place>({.shape = {static_cast<std::uint32_t>(x.size()), 1}, .slices = slices}, x);
}

void check_jacobian(const Problem& problem, const Point& point) {
  const Eliminations all = compared(graph_of(problem, point));
  const Derivative d = prepare(Mode::reverse, problem).jacobian(point);
  const std::size_t m = problem.outputs();
  for (const Elimination& e : all.ways) {
    std::size_t column = 0;
    for (const Block& block : d.blocks) {
      const std::size_t n = block.size() / m;
      for (std::size_t r = 0; r < m; ++r)
        for (std::size_t c = 0; c < n; ++c) {
          const double got = e.jacobian[r * problem.inputs() + column + c], expected = block[r * n + c];
          CHECK(std::fabs(got - expected) <= 1e-12 * std::max(1.0, std::fabs(expected)));
        }
      column += n;
    }
  }
}

}  // namespace

TEST_CASE("Quiz 1 takes 15 multiplications forward and 9 in reverse, which is the best") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr a = x * z, b = log(x), c = sin(b), d = exp(a), e1 = a / b, f1 = c / a, y = d + e1 + f1;
  const Problem problem{&g, y.id, {x.id, z.id}};
  const Point point{{x.id, {2}}, {z.id, {3}}};
  const Linearization graph = graph_of(problem, point);
  const Eliminations e = compared(graph);
  CHECK(forward(e) == 15);
  CHECK(reverse(e) == 9);
  CHECK(optimal(e) == 9);
  CHECK(way(e, EliminationOrder::optimal).proven);
  CHECK(e.ways[0].steps.size() == 6);
  CHECK(e.ways[0].steps[0].in == 2);
  CHECK(e.ways[0].steps[0].out == 3);
  CHECK(e.ways[0].steps[0].updates.size() == 6);
  check_jacobian(problem, point);
  const std::string text = eliminate_text(graph, e);
  CHECK(text.find("reverse    9 ") != std::string::npos);
  std::size_t line = 0, widest = 0;
  for (char letter : text) widest = std::max(widest, line = letter == '\n' ? 0 : line + 1);
  CHECK(widest <= 100);
}

TEST_CASE("orders of a chain of matrices cost what products of matrices cost") {
  const Eliminations one_to_three = compared(layers({1, 1, 1, 3}));
  CHECK(forward(one_to_three) == 4);
  CHECK(reverse(one_to_three) == 6);
  CHECK(optimal(one_to_three) == 4);
  const Eliminations three_to_one = compared(layers({3, 1, 1, 1}));
  CHECK(forward(three_to_one) == 6);
  CHECK(reverse(three_to_one) == 4);
  // Thick in the middle: neither end is the place to begin.
  const Eliminations middle = compared(layers({3, 1, 3, 1, 3}));
  CHECK(forward(middle) == 27);
  CHECK(reverse(middle) == 27);
  CHECK(markowitz(middle) == 15);
  CHECK(optimal(middle) == 15);
  // n0 n1 n2 + n0 n2 n3 forward, n1 n2 n3 + n0 n1 n3 in reverse
  const Eliminations chain = compared(layers({2, 5, 3, 4}));
  CHECK(forward(chain) == 2 * 5 * 3 + 2 * 3 * 4);
  CHECK(reverse(chain) == 5 * 3 * 4 + 2 * 5 * 4);
}

TEST_CASE("the best order is the best of all permutations") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Linearization g = random_graph(seed, 2, 6, 2);
    const Eliminations e = compared(g);
    std::vector<std::size_t> order = intermediates(g);
    std::uint64_t best = ~std::uint64_t{0};
    do best = std::min(best, eliminate(g, order).multiplications);
    while (std::next_permutation(order.begin(), order.end()));
    CAPTURE(seed);
    CHECK(optimal(e) == best);
  }
}

TEST_CASE("the best order is never worse than Markowitz or either end, and sometimes better than all") {
  std::size_t better = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Eliminations e = compared(random_graph(seed, 3, 14, 3));
    CAPTURE(seed);
    CHECK(way(e, EliminationOrder::optimal).proven);
    CHECK(optimal(e) <= markowitz(e));
    CHECK(optimal(e) <= forward(e));
    CHECK(optimal(e) <= reverse(e));
    better += optimal(e) < std::min({markowitz(e), forward(e), reverse(e)}) ? 1 : 0;
  }
  CHECK(better > 0);
}

TEST_CASE("a search that ends at its limit says so and gives the best order found") {
  const Linearization g = random_graph(5, 6, 40, 6);
  const Eliminations e = compared(g, {.search_limit = 100});
  CHECK(!way(e, EliminationOrder::optimal).proven);
  CHECK(optimal(e) <= markowitz(e));
  CHECK(eliminate_text(g, e).find("best found") != std::string::npos);
  CHECK(!compare_orders(g, {.vertex_limit = 10}));
}

TEST_CASE("a value used twice by one operation is one edge") {
  Graph g;
  const Expr x = variable(g, "x"), s = x * x, y = exp(s + s);
  const Problem problem{&g, y.id, {x.id}};
  const Eliminations e = compared(graph_of(problem, {{x.id, {0.5}}}));
  CHECK(forward(e) == 2);
  check_jacobian(problem, {{x.id, {0.5}}});
}

TEST_CASE("Jacobians by elimination are the modes', also of arrays") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z"), u = variable(g, "u");
  const Expr a = x * z, b = sin(a) + u, y1 = a * b, y2 = exp(b) / x, y3 = y1 - cos(u);
  const Expr y = column({y1, y2, y3});
  check_jacobian({&g, y.id, {x.id, z.id, u.id}}, {{x.id, {0.7}}, {z.id, {-1.2}}, {u.id, {0.4}}});

  const Expr W = variable(g, "W", {2, 3}), v = variable(g, "v", {3, 1});
  const Expr h = tanh(matmul(W, v)), n = sum(h * h) * h;
  check_jacobian({&g, n.id, {W.id, v.id}}, {{W.id, {1, -1, 2, -3, 1, 0}}, {v.id, {0.2, 0.5, -0.3}}});
  const Expr r = sum(relu(matmul(W, v)));
  check_jacobian({&g, r.id, {W.id}}, {{W.id, {1, -1, 2, -3, 1, 0}}, {v.id, {0.2, 0.5, -0.3}}});
}
