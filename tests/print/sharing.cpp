// Shared parts get names, so that the text grows with the graph and not with the expression written out.
#include <doctest/doctest.h>

#include <chrono>

#include "wengert/print/text.hpp"
#include "wengert/rules/build.hpp"

using namespace wengert;

TEST_CASE("a large part that is used twice is one named line") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr part = exp(x * z) + sqrt(x + z);
  const TextOptions always{.share_whole_above = 0};
  CHECK(to_text(part * sin(part), always).all() == "v1 = exp(x*z) + sqrt(x + z)\nv1*sin(v1)");
  CHECK(to_text(part * sin(part)).all() == "(exp(x*z) + sqrt(x + z))*sin(exp(x*z) + sqrt(x + z))");
  CHECK(to_text(part * sin(part), {.share = false}).definitions.empty());
}

TEST_CASE("names of shared parts avoid the inputs' and prefer the definition's") {
  Graph g;
  const Expr x = variable(g, "x"), v1 = variable(g, "v1");
  const Expr a = exp(x * v1) + sqrt(x + v1), b = cos(x * v1) - sqrt(x - v1);
  g.name(b.id, "phase");
  const TextOptions always{.share_whole_above = 0};
  CHECK(to_text(a * sin(a), always).all() == "v2 = exp(x*v1) + sqrt(x + v1)\nv2*sin(v2)");
  CHECK(to_text(b * sin(b), always).all() == "phase = cos(x*v1) - sqrt(x - v1)\nphase*sin(phase)");
}

TEST_CASE("a repetition is written inside what uses it, its content is what gets the name") {
  Graph g;
  const Expr x = variable(g, "x"), v = variable(g, "v", {3, 1});
  const Expr s = exp(x * x) + sqrt(x + 1.0), spread = broadcast(s, {3, 1});
  CHECK(to_text((v + spread) * sin(v - spread), {.share_whole_above = 0}).all() == "v1 = exp(x*x) + sqrt(x + 1)\n(v + v1).*sin(v - v1)");
}

TEST_CASE("sixty doublings print in a length that is linear in the graph") {
  Graph g;
  Expr x = variable(g, "x");
  for (int k = 0; k < 60; ++k) x = x * x + x;
  const Text text = to_text(x);
  CHECK(text.definitions.size() <= 60);
  CHECK(text.all().size() < 4000);
  CHECK_FALSE(text.cut);
}

TEST_CASE("an expression that is not shared is cut at the limit") {
  Graph g;
  Expr x = variable(g, "x");
  for (int k = 0; k < 60; ++k) x = x * x + x;
  const Text text = to_text(x, {.share = false, .limit = 1000});
  CHECK(text.cut);
  CHECK(text.expression.size() < 1100);
  CHECK(text.expression.ends_with("..."));
}

TEST_CASE("chains of a hundred thousand operations print, and brackets stay shallow") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr left = x, right = x, deep = x, power_chain = x;
  for (int k = 0; k < 100000; ++k) {
    left = left + x;
    right = x - right * x;
    deep = sin(deep);
    power_chain = power(x, power_chain);
  }
  const TextOptions all{.limit = 1u << 24};
  CHECK(to_text(left, all).all().size() == 4 * 100000 + 1);
  for (const Expr& e : {right, deep, power_chain}) {
    const Text text = to_text(e, all);
    CHECK_FALSE(text.cut);
    CHECK(text.definitions.size() < 2000);
    std::size_t open = 0, deepest = 0;
    for (char c : text.all()) {
      if (c == '(') deepest = std::max(deepest, ++open);
      if (c == ')') --open;
    }
    CHECK(deepest <= 1000);
  }
}
