// Misconceptions: what the mistake gives beside what is right.
#include "wengert/explain/why.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "wengert/rules/build.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;

namespace {

const Misconception& named(const std::vector<Misconception>& all, std::string_view name) {
  for (const Misconception& m : all)
    if (m.name == name) return m;
  throw std::invalid_argument("there is none of this name");
}

std::vector<Misconception> of(const Expr& y, const std::vector<Expr>& x, const std::vector<double>& at) {
  Problem p{y.graph, y.id, {}};
  Point point;
  for (std::size_t k = 0; k < x.size(); ++k) {
    p.wrt.push_back(x[k].id);
    point[x[k].id] = {at[k]};
  }
  auto all = misconceptions(p, point);
  REQUIRE(all);
  return *all;
}

}  // namespace

TEST_CASE("assignment instead of adding loses all contributions but the last") {
  Graph g;
  const Expr x = variable(g, "x");
  const auto all = of(x * sin(x), {x}, {2});
  const Misconception& m = named(all, "assignment");
  CHECK(m.shows);
  REQUIRE(m.rows.size() == 1);
  CHECK(m.rows[0].mistaken == doctest::Approx(2 * std::cos(2)));
  CHECK(m.rows[0].right == doctest::Approx(std::sin(2) + 2 * std::cos(2)));
  CHECK_FALSE(named(of(sin(exp(x)), {x}, {2}), "assignment").shows);
}

TEST_CASE("an adjoint passed on before it is complete lacks what arrives later") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr a = exp(x), y = a + sin(sin(a));
  const auto all = of(y, {x}, {0.5});
  const Misconception& m = named(all, "order");
  CHECK(m.shows);
  CHECK(m.rows[0].mistaken == doctest::Approx(std::exp(0.5)));
}

TEST_CASE("the forgotten inner derivative is shown as a number and as a formula") {
  Graph g;
  const Expr x = variable(g, "x");
  const Misconception m = named(of(sin(x * 3.0), {x}, {0.5}), "inner");
  CHECK(m.shows);
  CHECK(m.rows[0].mistaken == doctest::Approx(std::cos(1.5)));
  CHECK(m.note.find("cos(3*x)\n") != std::string::npos);
}

TEST_CASE("the forgotten inner derivative of arrays: a layer's weights and its input") {
  Graph g;
  const Expr W = variable(g, "W", {1, 2}), x = variable(g, "x", {2, 1});
  const Expr a = matmul(W, x);
  const Expr y = call("tanh", {a});
  Problem p{&g, y.id, {W.id, x.id}};
  const auto all = misconceptions(p, {{W.id, {0.5, 2}}, {x.id, {0.3, 0.1}}});
  REQUIRE(all);
  const Misconception& m = named(*all, "inner");
  CHECK(m.shows);
  REQUIRE(m.rows.size() == 4);
  const double outer = 1 - std::pow(std::tanh(0.35), 2);
  for (const MisconceptionRow& r : m.rows) CHECK(r.mistaken == doctest::Approx(outer));
  CHECK(m.rows[1].right == doctest::Approx(0.1 * outer));  // by W[1,2]
  CHECK(m.rows[2].right == doctest::Approx(0.5 * outer));  // by x[1]
  CHECK(m.note == "functions with an inner function: v2 = tanh(v1)");
}

TEST_CASE("of a quotient by a variable of its denominator alone the numerator is a constant") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Misconception m = named(of(sin(x) / (x * z), {x, z}, {2, 3}), "inner");
  REQUIRE(m.rows.size() == 2);
  CHECK(m.rows[0].mistaken == doctest::Approx(m.rows[0].right));  // by the quotient rule
  CHECK(m.rows[1].mistaken == doctest::Approx(-std::sin(2) / 36));
}

TEST_CASE("every misconception has an answer for a network of arrays") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1});
  Expr W = variable(g, "W", {2, 2}), h = x;
  for (int k = 0; k < 12; ++k) h = call("sigmoid", {matmul(W, h)});
  const Expr y = total(h * h, along::all);
  Problem p{&g, y.id, {x.id, W.id}};
  const auto all = misconceptions(p, {{x.id, {0.5, -1}}, {W.id, {0.2, 0.1, -0.3, 0.4}}});
  REQUIRE(all);
  for (const char* shown : {"assignment", "inner", "step", "depth", "swell"}) {
    INFO(shown);
    CHECK(named(*all, shown).shows);
    CHECK(named(*all, shown).rows.size() > 1);
    CHECK(named(*all, shown).rows.size() <= 12);
  }
  CHECK(named(*all, "depth").rows.front().right > 0.1);
  CHECK(named(*all, "depth").note.find("vanishes") != std::string::npos);
}

TEST_CASE("steps of every size are tried, and one in the middle is best") {
  Graph g;
  const Expr x = variable(g, "x");
  const Misconception m = named(of(exp(x) * sin(x), {x}, {1}), "step");
  CHECK(m.shows);
  CHECK(std::fabs(m.rows.front().mistaken - m.rows.front().right) > 1e-4);
  CHECK(std::fabs(m.rows[3].mistaken - m.rows[3].right) < 1e-8);
  CHECK(std::fabs(m.rows.back().mistaken - m.rows.back().right) > 1e-6);
}

TEST_CASE("at a pole no step is best") {
  Graph g;
  const Expr x = variable(g, "x");
  CHECK(named(of(1.0 / x, {x}, {0}), "step").note == "there is no finite derivative here, and no step finds one");
}

TEST_CASE("an edge has two slopes and a convention") {
  Graph g;
  const Expr x = variable(g, "x");
  const Misconception m = named(of(relu(x), {x}, {0}), "branch");
  CHECK(m.shows);
  CHECK(m.rows[0].mistaken == 0);
  CHECK(m.rows[1].mistaken == 1);
  CHECK_FALSE(named(of(relu(x), {x}, {1}), "branch").shows);
}

TEST_CASE("eight sigmoids in a row let the gradient vanish, eight relus do not") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr s = x, r = x;
  for (int k = 0; k < 8; ++k) {
    s = call("sigmoid", {s});
    r = relu(r);
  }
  const Misconception m = named(of(s, {x}, {0.5}), "depth");
  CHECK(m.shows);
  CHECK(m.rows.back().right == doctest::Approx(6.89834255580384e-6));
  CHECK_FALSE(named(of(r, {x}, {0.5}), "depth").shows);
}

TEST_CASE("a derivative written out is longer than a shared one") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr y = x;
  for (int k = 0; k < 6; ++k) y = call("sigmoid", {y});
  const Misconception m = named(of(y, {x}, {0.5}), "swell");
  CHECK(m.shows);
  CHECK(m.rows[1].mistaken > 2 * m.rows[1].right);
}

TEST_CASE("the text has every misconception and stays on the page") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const std::string text = misconceptions_text(of(exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z), {x, z}, {2, 3}));
  for (const char* title : {"= instead of +=", "before all of its users", "forgotten inner", "too small", "at its edge",
                            "through depth", "without sharing"})
    CHECK(text.find(title) != std::string::npos);
  std::size_t column = 0, widest = 0;
  for (const char c : text) widest = std::max(widest, column = c == '\n' ? 0 : column + 1);
  CHECK(widest <= 120);
}
