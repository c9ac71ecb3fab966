// NaN and infinities that are born within a loop: the operation of its body and the round are named.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "asked.hpp"
#include "wengert/explain/agree.hpp"
#include "wengert/explain/blame.hpp"

namespace wengert::test {
namespace {

struct Case {
  const char* text;
  Asked::Values values;
  const char* origin;   // as it is written in the body
  const char* message;  // how it begins and ends
  const char* round;
};

const Case values[] = {
    {"f(u) = log(u); iterate(f, x, 5)", {{"x", {2}}}, "log(u)", "log of -0.36651292058166435 is nan", "in round 3"},
    {"f(u) = u^2; iterate(f, x, 20)", {{"x", {5}}}, "u^2", "`^` of 8.636168555094449e178, 2 is inf", "in round 9"},
    {"f(u, a) = sqrt(u - a); iterate(f, x, 3, c)",
     {{"x", {4}}, {"c", {2}}},
     "sqrt(u - a)",
     "sqrt of -0.585",
     "in round 2"},
    {"f(v) = [v[2], log(v[1])]; sum(iterate(f, v, 4))", {{"v", {1, 2}}}, "log(v[1])", "log of 0 is -inf", "in round 3"},
    {"g(u) = log(u); f(u) = iterate(g, u, 2) + 1; iterate(f, x, 3)", {{"x", {3}}}, "log(u)", "log of", "in round 1"},
};

}  // namespace

TEST_CASE("warnings and blame name the operation within a loop that made a value no number, and the round") {
  for (const Case& c : values) {
    CAPTURE(c.text);
    Asked q(c.text, c.values);
    const std::vector<Diagnostic> said = warnings_at(q.problem, q.point);
    REQUIRE(!said.empty());
    CHECK(said[0].kind == Kind::domain);
    CHECK(said[0].message.find(c.message) == 0);
    CHECK(said[0].message.find(c.round) != std::string::npos);
    REQUIRE(!said[0].labels.empty());
    CHECK(q.text_at(said[0].labels[0].span) == c.origin);
    const Blame found = blame(q.problem, q.point, {Mode::reverse, Mode::forward});
    REQUIRE(!found.origins.empty());
    CHECK(q.text_at(found.origins[0].span) == c.origin);
    CHECK(found.origins[0].message.find(c.message) == 0);
    CHECK(found.origins[0].message.find(c.round) != std::string::npos);
  }
}

TEST_CASE("an infinite slope within a loop is told, though all values are finite") {
  for (const char* text : {"f(u) = sqrt(u); iterate(f, x, 5)", "f(u) = sqrt(u)*c; iterate(f, x, 2)"}) {
    CAPTURE(text);
    Asked q(text, {{"x", {0}}, {"c", {2}}});
    const Derivative d = prepare(Mode::reverse, q.problem).jacobian(q.point);
    CHECK(std::isinf(d.blocks[0][0]));
    const std::vector<Diagnostic> said = warnings_at(q.problem, q.point);
    REQUIRE(said.size() == 1);
    CHECK(said[0].message == "the derivative of sqrt at 0 is inf, in round 1 of the loop");
    CHECK(said[0].help.find("guard it") != std::string::npos);
    for (const Mode mode : {Mode::reverse, Mode::forward}) {
      INFO(to_string(mode));
      const Blame found = blame(q.problem, q.point, {mode});
      REQUIRE(!found.origins.empty());
      CHECK(q.text_at(found.origins[0].span) == "sqrt(u)");
      CHECK_FALSE(found.origins[0].in_value);
    }
  }
}

TEST_CASE("an infinity in a round is told where the loop ends in a number again") {
  Asked q("f(u) = 1/(u - 1); 3*iterate(f, x, 4) + 1", {{"x", {2}}});
  const std::vector<Diagnostic> said = warnings_at(q.problem, q.point);
  REQUIRE(!said.empty());
  CHECK(said[0].message == "`/` of 1, 0 is inf: a pole, in round 2 of the loop");
}

TEST_CASE("a loop whose numbers are finite has nothing to be told") {
  Asked q("f(u) = u/2 + 1/u; iterate(f, x, 50)", {{"x", {2}}});
  CHECK(warnings_at(q.problem, q.point).empty());
  CHECK(blame(q.problem, q.point, {Mode::reverse, Mode::forward, Mode::symbolic}).origins.empty());
}

}  // namespace wengert::test
