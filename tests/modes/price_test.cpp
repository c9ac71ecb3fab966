#include "wengert/modes/price.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "wengert/modes/mode.hpp"
#include "wengert/rules/functions.hpp"
#include "wengert/session/session.hpp"

namespace wengert {

TEST_CASE("finite differences are counted by the steps that the point asks for") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = sin(x) * x;  // two operations
  const Prepared f = prepare(Mode::finite, {&g, y.id, {x.id}});
  // Ten steps, two evaluations each, beside the value; a quotient a step, and 45 entries that extrapolate.
  const std::uint64_t one = 2 * (1 + 20) + (10 + 2 * 45) + (10 + 45);
  const Point near{{x.id, {0.5}}}, far{{x.id, {2.0}}};
  CHECK(f.operations(&near).total() == one);
  CHECK(f.operations(&far).total() == 2 * one - 2);
  CHECK(f.operations().total() == f.operations(&far).total());
}

TEST_CASE("elements that the output does not depend on cost nothing") {
  Graph g;
  const Expr x = variable(g, "x"), idle = variable(g, "idle", {100, 1});
  const Expr y = exp(x) * x;
  const Point point{{x.id, {0.5}}, {idle.id, std::vector<double>(100, 1.0)}};
  for (const Mode mode : {Mode::forward, Mode::finite, Mode::complex_step}) {
    CAPTURE(to_string(mode));
    CHECK(prepare(mode, {&g, y.id, {x.id, idle.id}}).operations(&point) ==
          prepare(mode, {&g, y.id, {x.id}}).operations(&point));
  }
}

TEST_CASE(
    "the fewest operations are taken, of nearly as few the shortest forecast, and a forecast that is far shorter") {
  const auto offer = [](std::uint64_t operations, double instructions) {
    Workload w;
    w.operations.mul = operations;
    w.amounts[static_cast<std::size_t>(Amount::arithmetic)] = static_cast<double>(operations);
    w.amounts[static_cast<std::size_t>(Amount::instruction)] = instructions;
    return w;
  };
  const Workload few[] = {offer(1000, 1e6), offer(1050, 10), offer(1200, 1)};
  CHECK(cheapest_of(few) == 1);
  const Workload apart[] = {offer(1000, 2), offer(1200, 1)};
  CHECK(cheapest_of(apart) == 0);
  const Workload slow[] = {offer(1000, 1e6), offer(1200, 1)};  // counts are not all that its time depends on
  CHECK(cheapest_of(slow) == 1);
  const Workload tiny[] = {offer(10, 20), offer(10, 1), offer(9, 20)};  // saves nothing that matters
  CHECK(cheapest_of(tiny) == 2);
}

TEST_CASE("a program of its own is chosen where it has far fewer operations, whatever the number of derivatives") {
  Session session;
  session.give("x", {{64, 1}, std::vector<double>(64, 0.5)});
  const auto query = session.query("", "[sin(x[mod(i, 64) + 1])*x[i] for i in 1..64]");
  REQUIRE(query);
  const Problem p{query->expression.graph, query->expression.id, {query->all_inputs.at(0)}};
  const std::uint64_t formula = prepare(Mode::symbolic, p).operations().total();
  REQUIRE(2 * formula < prepare(Mode::reverse, p).operations().total());
  REQUIRE(2 * formula < prepare(Mode::forward, p).operations().total());
  const Mode taken = cheapest(p);
  CHECK((taken == Mode::symbolic || taken == Mode::cross));
  CHECK(prepare(taken, p).operations().total() <= formula);
}

TEST_CASE("every mode's workload has its exact operations, and more of them where there are more inputs") {
  for (const Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    double before = 0;
    for (const std::uint32_t n : {2u, 40u}) {
      Graph g;
      const Expr a = variable(g, "A", {n, n}), v = variable(g, "v", {n, 1});
      const Expr y = sum(sin(matmul(a, v)));
      const Point point{{a.id, std::vector<double>(n * n, 0.01)}, {v.id, std::vector<double>(n, 0.5)}};
      const Prepared f = prepare(mode, {&g, y.id, {v.id}});
      const Workload w = f.workload(&point);
      CHECK(w.operations == f.operations(&point));
      double products = w.amounts[static_cast<std::size_t>(Amount::product)];
      CHECK(products >= 2.0 * n * n);  // of the value at least
      CHECK(w.seconds() > before);
      before = w.seconds();
    }
  }
}

TEST_CASE("amounts and ways of running have names of their own") {
  std::set<std::string_view> names;
  for (std::size_t k = 0; k < amount_count; ++k) names.insert(to_string(static_cast<Amount>(k)));
  for (std::size_t k = 0; k < regime_count; ++k) names.insert(to_string(static_cast<Regime>(k)));
  CHECK(names.size() == amount_count + regime_count);
  CHECK(!names.contains(""));
}

TEST_CASE("vertices are eliminated where that has far fewer operations, and where there is time to prepare it") {
  // Many inputs meet in one number, on which many outputs depend: through it the Jacobian is an outer product.
  Session session;
  session.give("x", {{16, 1}, std::vector<double>(16, 0.5)});
  session.give("c", {{16, 1}, std::vector<double>(16, 0.7)});
  const auto query = session.query("", "s = sum(sin(x))\nsin(c*(s - s*sin(s)))");
  REQUIRE(query);
  Problem p{query->expression.graph, query->expression.id, {}};
  for (const NodeId id : query->all_inputs)
    if (session.graph().input_of(id).name == "x") p.wrt.push_back(id);
  const auto operations = [&](Mode mode) { return prepare(mode, p).operations().total(); };
  REQUIRE(2 * operations(Mode::cross) < std::min(operations(Mode::reverse), operations(Mode::forward)));
  REQUIRE(operations(Mode::cross) * 11 < operations(Mode::symbolic) * 10);
  CHECK(cheapest(p) == Mode::cross);
  CHECK(preparing_seconds(Mode::cross, p) > 0);
  CHECK(preparing_seconds(Mode::reverse, p) == 0);
  const Mode unprepared = cheapest(p, 0);
  CHECK(unprepared != Mode::cross);
  CHECK(unprepared != Mode::symbolic);
}

}  // namespace wengert
