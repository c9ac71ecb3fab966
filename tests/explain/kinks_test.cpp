#include "wengert/explain/kinks.hpp"

#include <cmath>

#include "asked.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;
using test::Asked;
using test::asked;

namespace {

struct Case {
  const char* text;
  double x;
  const char* name;
  double left, right, used;
  bool jump;
};

// One variable, exactly on the kink.
const Case cases[] = {
    {"relu(x)", 0, "relu", 0, 1, 0, false},
    {"abs(x)", 0, "abs", -1, 1, 0, false},
    {"3*abs(x - 2)", 2, "abs", -1, 1, 0, false},
    {"sign(x)", 0, "sign", 0, 0, 0, true},
    {"step(x)", 0, "step", 0, 0, 0, true},
    {"floor(x)", 2, "floor", 0, 0, 0, true},
    {"ceil(x)", -3, "ceil", 0, 0, 0, true},
    {"round(x)", 0.5, "round", 0, 0, 0, true},
    {"round(x)", -2.5, "round", 0, 0, 0, true},
    {"elu(x, 0.5)", 0, "elu", 0.5, 1, 0.5, false},
    {"leaky_relu(x, 0.1)", 0, "leaky_relu", 0.1, 1, 0.1, false},
    {"hinge(x, 2)", 0.5, "hinge", -2, 0, -2, false},
    {"max(x, 1)", 1, "max", 0, 1, 0.5, false},
    {"min(x, 1)", 1, "min", 1, 0, 0.5, false},
    {"max(1, x)", 1, "max", 0, 1, 0.5, false},
    {"mod(x, 2)", 4, "mod", 1, 1, 1, true},
    {"hypot(x, 0)", 0, "hypot", -1, 1, 0, false},
    {"if(x > 1, x^2, x)", 1, ">", 0, 0, 0, true},
    {"if(x <= 1, 0, 5)", 1, "<=", 0, 0, 0, true},
    {"norm([x, 0])", 0, "norm", -1, 1, 0, false},
};

}  // namespace

TEST_CASE("kinks: each kink is named with the slopes on both sides and the one that is used") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.text));
    Asked q = asked(c.text, c.x);
    const auto found = kinks(q.problem, q.point);
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == c.name);
    CHECK(found[0].left == doctest::Approx(c.left));
    CHECK(found[0].right == doctest::Approx(c.right));
    CHECK(found[0].used == doctest::Approx(c.used));
    CHECK(found[0].jump == c.jump);
    CHECK(found[0].exact);
    CHECK(!found[0].convention.empty());
    CHECK(found[0].span.known());
  }
}

TEST_CASE("kinks: a point near a kink is reported within the tolerance and not beyond it") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.text));
    Asked near = asked(c.text, c.x + 1e-7);
    const auto found = kinks(near.problem, near.point, 1e-6);
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == c.name);
    CHECK(!found[0].exact);
    if (c.name != std::string("norm")) CHECK(std::fabs(found[0].arguments[found[0].argument] - found[0].at) < 1e-6);
    CHECK(found[0].left == doctest::Approx(c.left).epsilon(1e-5));
    CHECK(found[0].right == doctest::Approx(c.right).epsilon(1e-5));
    CHECK(kinks(near.problem, near.point, 1e-8).empty());
    CHECK(kinks(near.problem, near.point, 0).empty());
  }
}

TEST_CASE("kinks: a branch that was not chosen has none, and neither have smooth functions") {
  for (const char* text : {"if(x < 1, x^2, abs(x))", "sin(x) + exp(x)", "if(x < 1, 2, floor(x))"}) {
    CAPTURE(text);
    Asked q = asked(text, 0);
    CHECK(kinks(q.problem, q.point).empty());
  }
}

TEST_CASE("kinks: two equal operands of max are tied, but max(x, x) is x") {
  Asked tie("max(x, z)", {{"x", {2}}, {"z", {2}}});
  REQUIRE(kinks(tie.problem, tie.point).size() == 1);
  Asked same = asked("max(x, x)", 2);
  CHECK(kinks(same.problem, same.point).empty());
}

TEST_CASE("kinks: elements of an array are counted, the first is shown") {
  Asked q("sum(relu(v))", {{"v", {1, 0, -1, 0}}});
  const auto found = kinks(q.problem, q.point);
  REQUIRE(found.size() == 1);
  CHECK(found[0].elements == 2);
  CHECK(found[0].element == 1);
}

TEST_CASE("kinks: ties in an array's maximum are found, also nearly so") {
  for (const double gap : {0.0, 1e-10}) {
    Asked q("max(v)", {{"v", {1, 5 + gap, 2, 5}}});
    const auto found = kinks(q.problem, q.point, 1e-9);
    REQUIRE(found.size() == 1);
    CHECK(found[0].exact == (gap == 0));
    CHECK(found[0].left == 0);
    CHECK(found[0].right == 1);
  }
}

TEST_CASE("kinks: an if says whether its branches meet") {
  Asked meets = asked("if(x > 0, x, 0)", 0), jumps = asked("if(x > 0, 1, 0)", 0);
  CHECK(kinks(meets.problem, meets.point)[0].note.find("does not jump") != std::string::npos);
  CHECK(kinks(jumps.problem, jumps.point)[0].note.find("it jumps") != std::string::npos);
}

TEST_CASE("kinks: the text has marks, slopes and conventions in 100 columns") {
  Asked q("relu(x) + abs(z - 1)", {{"x", {0}}, {"z", {1}}});
  const std::string text = kinks_text(kinks(q.problem, q.point), q.session.sources());
  CHECK(text.find("relu(x) at line 1, column 1") != std::string::npos);
  CHECK(text.find("slope 0 on the left, 1 on the right; used: 0") != std::string::npos);
  CHECK(text.find("^^^^^^^") != std::string::npos);
  CHECK(kinks_text({}, q.session.sources()) == "No kink or jump here.\n");
}

TEST_CASE("kinks: deep programs are no problem") {
  Asked q = asked("x", 0);
  Expr y = q.expression;
  for (int k = 0; k < 100000; ++k) y = y + relu(q.expression) * number(*q.problem.graph, 1.0);
  q.problem.output = y.id;
  CHECK(kinks(q.problem, q.point).size() == 1);
}
