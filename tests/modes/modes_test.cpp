#include <doctest/doctest.h>

#include <cmath>

#include "wengert/modes/mode.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;

namespace {

struct Lecture {
  Graph g;
  Expr x = variable(g, "x"), z = variable(g, "z");
  Expr y = exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
  Problem problem() { return {&g, y.id, {x.id, z.id}}; }
  Point point() const { return {{x.id, {2.0}}, {z.id, {3.0}}}; }
};

// A small network: softmax(W x) against squares, with a matrix, a vector and a scalar.
struct Network {
  Graph g;
  Expr W = variable(g, "W", {2, 3}), x = variable(g, "x", {3, 1}), s = variable(g, "s");
  Expr p = softmax(matmul(W, x) * s, along::rows);
  Problem problem(const Expr& e) { return {&g, e.id, {W.id, x.id, s.id}}; }
  Point point() const { return {{W.id, {1, 2, 3, -1, .5, .25}}, {x.id, {.1, .2, -.3}}, {s.id, {1.5}}}; }
};

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double d = 0;
  for (std::size_t i = 0; i < a.size(); ++i) d = std::max(d, std::fabs(a[i] - b[i]));
  return d;
}

double tolerance(Mode mode) { return mode == Mode::finite ? 1e-8 : 1e-12; }

}  // namespace

TEST_CASE("every mode gives value and gradient of the lecture's expression") {
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    Lecture l;
    const Derivative d = prepare(mode, l.problem()).jacobian(l.point());
    CHECK(d.value[0] == doctest::Approx(412.19145728412116).epsilon(1e-15));
    CHECK(d.blocks[0][0] == doctest::Approx(1208.38121512661).epsilon(tolerance(mode)));
    CHECK(d.blocks[1][0] == doctest::Approx(809.707479218564).epsilon(tolerance(mode)));
  }
}

TEST_CASE("every mode gives the Hessian of the lecture's expression") {
  const std::vector<double> expected{3636.67589860842, 2823.35926168611, 2823.35926168611, 1613.73883920340};
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    Lecture l;
    const Hessian h = prepare(mode, l.problem()).hessian(l.point());
    for (std::size_t i = 0; i < 4; ++i) CHECK(h.matrix[i] == doctest::Approx(expected[i]).epsilon(mode == Mode::finite ? 1e-5 : 1e-12));
  }
}

TEST_CASE("every mode gives the same Jacobian of a vector by a matrix, a vector and a scalar") {
  Network n;
  const Derivative expected = prepare(Mode::reverse, n.problem(n.p)).jacobian(n.point());
  REQUIRE(expected.blocks.size() == 3);
  REQUIRE(expected.blocks[0].size() == 12);
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    const Derivative d = prepare(mode, n.problem(n.p)).jacobian(n.point());
    for (std::size_t k = 0; k < 3; ++k) CHECK(largest_difference(d.blocks[k], expected.blocks[k]) < tolerance(mode));
  }
}

TEST_CASE("every mode gives JVPs and VJPs that its Jacobian gives") {
  Network n;
  const std::vector<std::vector<double>> v{{.1, -.2, .3, .4, .5, -.6}, {1, 2, -3}, {.5}};
  const std::vector<double> w{.7, -1.3};
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    const Prepared f = prepare(mode, n.problem(n.p));
    const Derivative d = f.jacobian(n.point());
    std::vector<double> jv(2);
    std::vector<std::vector<double>> wj{std::vector<double>(6), std::vector<double>(3), std::vector<double>(1)};
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t e = 0; e < v[k].size(); ++e) {
          jv[i] += d.blocks[k][i * v[k].size() + e] * v[k][e];
          wj[k][e] += w[i] * d.blocks[k][i * v[k].size() + e];
        }
    CHECK(largest_difference(f.jvp(n.point(), v), jv) < 10 * tolerance(mode));
    const auto got = f.vjp(n.point(), w);
    for (std::size_t k = 0; k < 3; ++k) CHECK(largest_difference(got[k], wj[k]) < 10 * tolerance(mode));
  }
}

TEST_CASE("an input that the output does not depend on has derivative 0 in every mode") {
  Graph g;
  const Expr x = variable(g, "x"), u = variable(g, "u", {2, 1});
  const Expr y = sin(x);
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    const Derivative d = prepare(mode, {&g, y.id, {x.id, u.id}}).jacobian({{x.id, {1.0}}, {u.id, {1.0, 2.0}}});
    CHECK(d.blocks[1] == std::vector<double>{0, 0});
  }
}

TEST_CASE("the complex step names the operation that has no complex version") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = erf(x) + sin(x);
  const Derivative d = prepare(Mode::complex_step, {&g, y.id, {x.id}}).jacobian({{x.id, {0.5}}});
  CHECK(d.unavailable == "erf has no complex version");
  CHECK(d.blocks.empty());
}

TEST_CASE("a function outside its domain has no complex derivative either") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = log(x);
  const Derivative d = prepare(Mode::complex_step, {&g, y.id, {x.id}}).jacobian({{x.id, {-1.0}}});
  CHECK(std::isnan(d.value[0]));
  CHECK(std::isnan(d.blocks[0][0]));
}

TEST_CASE("finite differences contain the derivative in their own estimate") {
  struct Row { double at; };
  for (const Row& row : {Row{0.0}, Row{1e-9}, Row{0.3}, Row{7.0}, Row{-1234.5}, Row{1e6}}) {
    CAPTURE(row.at);
    Graph g;
    const Expr x = variable(g, "x");
    const Expr y = sin(x) * x + cos(2.0 * x);
    const Derivative d = prepare(Mode::finite, {&g, y.id, {x.id}}).jacobian({{x.id, {row.at}}});
    const double truth = std::cos(row.at) * row.at + std::sin(row.at) - 2 * std::sin(2 * row.at);
    CHECK(std::fabs(d.blocks[0][0] - truth) <= 20 * d.estimates[0][0]);
    CHECK(d.estimates[0][0] <= 1e-6 * std::max(1.0, std::fabs(truth)));
  }
}

TEST_CASE("reverse is cheapest for many inputs and one output, forward for one input and many outputs") {
  Graph g;
  const Expr x = variable(g, "x", {40, 1}), t = variable(g, "t");
  const Expr many_in = total(sin(x) * x, along::all);
  const Expr many_out = sin(t * Expr(g, g.iota(1, 40))) * t;
  const auto cost = [&](Mode mode, const Problem& p) { return prepare(mode, p).operations().total(); };
  CHECK(cost(Mode::reverse, {&g, many_in.id, {x.id}}) < cost(Mode::forward, {&g, many_in.id, {x.id}}));
  CHECK(cost(Mode::forward, {&g, many_out.id, {t.id}}) < cost(Mode::reverse, {&g, many_out.id, {t.id}}));
  CHECK(cheapest({&g, many_in.id, {x.id}}) != Mode::forward);
  CHECK(cheapest({&g, many_out.id, {t.id}}) != Mode::reverse);
}
