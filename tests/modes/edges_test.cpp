// Points at which modes once differed.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../explain/asked.hpp"
#include "wengert/explain/agree.hpp"

using namespace wengert;
using test::Asked;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), not_a_number = std::numeric_limits<double>::quiet_NaN();

Derivative by(Mode mode, const Asked& q) { return prepare(mode, q.problem).jacobian(q.point); }

}  // namespace

TEST_CASE("the complex step says where a function is not analytic, and names the operation") {
  struct Case {
    const char *text, *operation;
  };
  for (const auto& [text, operation] : {Case{"sqrt(x^2 + z^2)", "sqrt"},
                                        {"sqrt(x)", "sqrt"},
                                        {"log(x^2)", "log"},
                                        {"1/x", "`/`"},
                                        {"hypot(x, z)", "hypot"},
                                        {"max(x, z)", "max"},
                                        {"norm([x, z])", "norm"},
                                        {"(x^2)^(1/3)", "`^`"},
                                        {"acos(x + 1)", "acos"},
                                        {"max([x, z])", "max"}}) {
    CAPTURE(std::string(text));
    Asked q(text, {{"x", {0}}, {"z", {0}}});
    const Derivative d = by(Mode::complex_step, q);
    CHECK(d.unavailable == std::string(operation) + " is not analytic at this point");
    CHECK(d.where.known());
  }
}

TEST_CASE("the complex step answers at kinks whose convention it keeps, and beside branch points") {
  struct Case {
    const char* text;
    double x;
  };
  for (const auto& [text, x] : {Case{"abs(x)", 0},
                                {"relu(x)", 0},
                                {"sqrt(x^2 + z^2)", 1e-150},
                                {"if(x > 0, sqrt(x), 0)", 0},
                                {"0*z + x", 0},
                                {"x*abs(x)", 0}}) {
    CAPTURE(std::string(text));
    Asked q(text, {{"x", {x}}, {"z", {1}}});
    const Derivative d = by(Mode::complex_step, q), r = by(Mode::reverse, q);
    CHECK(d.unavailable.empty());
    CHECK(d.blocks[0][0] == doctest::Approx(r.blocks[0][0]));
  }
}

TEST_CASE("the complex step of an input itself is 1") {
  Asked q("x", {{"x", {3}}});
  CHECK(by(Mode::complex_step, q).blocks[0][0] == 1);
}

TEST_CASE("a loop over an operation without a complex version has no complex step, and does not crash") {
  for (const char* body : {"mod(1.5, abs(x) + 1)", "gelu(u*x)", "lgamma(u + x)", "atan2(u, x)", "erfc(-u)*x"}) {
    CAPTURE(std::string(body));
    Asked q(std::string("f(u) = ") + body + "; iterate(f, z, 3)", {{"x", {1.5}}, {"z", {2}}});
    CHECK(!by(Mode::complex_step, q).unavailable.empty());
    CHECK(compare(q.problem, q.point).verdict == Verdict::agree);
  }
}

TEST_CASE("whole powers of an imaginary step are exact, so that they leave nothing behind at 0") {
  for (const char* text : {"x^2", "x^4", "x^n", "(-x)^2 + z", "sqrt(1.5 + (-x)^2)"}) {
    CAPTURE(std::string(text));
    Asked q(text, {{"x", {0}}, {"z", {1}}, {"n", {2}}});
    CHECK(by(Mode::complex_step, q).blocks[0][0] == 0);
  }
}

TEST_CASE("what rounding leaves of a derivative that is 0 is a loss of digits, not a disagreement") {
  Asked tie("norm(softmax([x, z, x*z]))", {{"x", {1}}, {"z", {2}}});
  CHECK(compare(tie.problem, tie.point).verdict != Verdict::differ);
  Asked equal("softmax(-t*step(softmax(v)))", {{"t", {2.3338617550682965}}, {"v", {-1, -0.019130389277435711, 2}}});
  CHECK(compare(equal.problem, equal.point).verdict != Verdict::differ);
}

TEST_CASE("a quotient that is NaN has derivatives that all modes agree on") {
  for (const double a : {inf, -inf, not_a_number})
    for (const double b : {inf, -inf}) {
      CAPTURE(a);
      CAPTURE(b);
      Asked q("a/b", {{"a", {a}}, {"b", {b}}});
      for (const Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic}) {
        CAPTURE(std::string(to_string(mode)));
        const Derivative d = by(mode, q);
        CHECK(d.blocks[0][0] == 0);
        CHECK(std::isnan(d.blocks[1][0]));
      }
      const Agreement all = compare(q.problem, q.point);
      CHECK(all.disagreement.find("reverse") == std::string::npos);
      CHECK(all.disagreement.find("forward") == std::string::npos);
    }
}

TEST_CASE("a singular system is told by its kind, in whatever words") {
  for (const char* text : {"solve([[x, 2], [2, 4]], [1, 1])", "inv([[x, 2], [2, 4]])"}) {
    Asked q(text, {{"x", {1}}});
    const std::vector<Diagnostic> warnings = warnings_at(q.problem, q.point);
    REQUIRE(!warnings.empty());
    CHECK(warnings[0].kind == Kind::singular);
  }
  Asked fine("solve([[x, 2], [2, 4]], [1, 1])", {{"x", {3}}});
  CHECK(warnings_at(fine.problem, fine.point).empty());
}

TEST_CASE("sweeps and the building of graphs stop when they are told to, and the session goes on") {
  Session s;
  int asked = 0, patience = 3;
  s.interrupt_when([&] { return ++asked > patience; });
  s.give("x", {{1, 1}, {1.0}});
  static_cast<void>(s.run("", "f(u) = sin(u) + 1\ny = 2*x", [](Result<Query>) { return true; }));
  const Result<Query> slow = s.query("", "iterate(f, x, 1000000)");
  REQUIRE(bool(slow));
  const Problem p{slow->expression.graph, slow->expression.id, slow->inputs};
  for (const Mode mode : {Mode::reverse, Mode::forward, Mode::finite, Mode::complex_step}) {
    asked = 0;
    CHECK_THROWS_AS(prepare(mode, p).jacobian(s.point()), Stopped);
    CHECK(asked <= patience + 1);
  }
  asked = 0;
  const auto error = s.run("", "y = iterate(f, 1, 1000000)\ny", [&](Result<Query> q) {
    if (q) static_cast<void>(value_at(s.graph(), q->expression.id, s.point()));
    return true;
  });
  REQUIRE(error);
  CHECK(error->kind == Kind::interrupted);
  patience = 1 << 30;
  const Result<Query> y = s.query("", "y + 1");
  REQUIRE(bool(y));
  s.interrupt_when({});
}
