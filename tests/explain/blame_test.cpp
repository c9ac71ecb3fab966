#include "wengert/explain/blame.hpp"

#include <cmath>
#include <limits>

#include "asked.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;
using test::Asked;
using test::asked;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

struct Case {
  const char* text;
  Asked::Values at;
  const char* operation;  // where it was born
  const char* mark;       // the text that the caret covers; empty: not looked at
  const char* help;       // in the repair
};

// Programs whose value is not finite.
const Case values[] = {
    {"log(x)", {{"x", {0}}}, "log", "log(x)", "pole at 0"},
    {"log(x)", {{"x", {-1}}}, "log", "log(x)", "log(abs(x))"},
    {"x*log(x)", {{"x", {0}}}, "log", "log(x)", "xlogy"},
    {"-x*log(x) + 3", {{"x", {0}}}, "log", "log(x)", "xlogy"},
    {"-sum(y .* log(p))", {{"y", {0, 1}}, {"p", {0, 1}}}, "log", "log(p)", "cross_entropy"},
    {"sin(log(x)) + 1", {{"x", {-2}}}, "log", "log(x)", "positive"},
    {"exp(sqrt(x)) + z", {{"x", {-4}}, {"z", {1}}}, "sqrt", "sqrt(x)", "x >= 0"},
    {"sqrt(x - 1e-9)", {{"x", {0}}}, "sqrt", "", "slightly negative"},
    {"x^(1/3)", {{"x", {-8}}}, "^", "x^(1/3)", "cbrt"},
    {"x^0.3", {{"x", {-8}}}, "^", "x^0.3", "integer exponent"},
    {"x^-2", {{"x", {0}}}, "^", "x^-2", "pole at 0"},
    {"1/x", {{"x", {0}}}, "/", "1/x", "division by 0"},
    {"sin(x)/x", {{"x", {0}}}, "/", "sin(x)/x", "if(x == 0, 1, sin(x)/x)"},
    {"(exp(x) - 1)/x", {{"x", {0}}}, "/", "", "limit"},
    {"x/abs(x)", {{"x", {0}}}, "/", "x/abs(x)", "sign(x)"},
    {"v[1]/norm(v)", {{"v", {0, 0}}}, "/", "v[1]/norm(v)", "direction"},
    {"x/z", {{"x", {0}}, {"z", {0}}}, "/", "x/z", "guard"},
    {"atan(y/x) + 0*(y/x)", {{"x", {0}}, {"y", {1}}}, "/", "y/x", "atan2"},
    {"acos(x)", {{"x", {1.0000000001}}}, "acos", "acos(x)", "max(-1, min(1, x))"},
    {"asin(x)", {{"x", {3}}}, "asin", "asin(x)", "-1 <= x <= 1"},
    {"acosh(x)", {{"x", {0.5}}}, "acosh", "acosh(x)", "x >= 1"},
    {"atanh(x)", {{"x", {1}}}, "atanh", "atanh(x)", "-1 < x < 1"},
    {"log1p(x)", {{"x", {-1}}}, "log1p", "log1p(x)", "x > -1"},
    {"logit(x)", {{"x", {1}}}, "logit", "logit(x)", "0 < p < 1"},
    {"exp(x)", {{"x", {800}}}, "exp", "exp(x)", "709"},
    {"exp(x)/(1 + exp(x))", {{"x", {800}}}, "exp", "exp(x)", "sigmoid"},
    {"exp(v)[1]/sum(exp(v))", {{"v", {800, 1}}}, "exp", "exp(v)", "softmax"},
    {"log(2 + exp(x))", {{"x", {800}}}, "exp", "exp(x)", "logsumexp"},
    {"log(exp(x) + exp(z))", {{"x", {800}}, {"z", {1}}}, "exp", "exp(x)", "logsumexp"},
    {"log(exp(x))", {{"x", {800}}}, "exp", "exp(x)", "write x"},
    {"log(exp(x))", {{"x", {-800}}}, "log", "log(exp(x))", "write x"},
    {"exp(x)/exp(z)", {{"x", {800}}, {"z", {799}}}, "exp", "exp(x)", "exp(a - b)"},
    {"exp(x)*exp(z)", {{"x", {800}}, {"z", {-800}}}, "exp", "exp(x)", "add the exponents"},
    {"0*exp(x)", {{"x", {800}}}, "exp", "exp(x)", "exponents"},
    {"exp(x) - exp(x + 1)", {{"x", {800}}}, "exp", "", "709"},
    {"(exp(x) - exp(-x))/(exp(x) + exp(-x))", {{"x", {800}}}, "exp", "exp(x)", "tanh"},
    {"sinh(x)/cosh(x)", {{"x", {800}}}, "sinh", "sinh(x)", "tanh"},
    {"log(cosh(x))", {{"x", {800}}}, "cosh", "cosh(x)", "log1p(exp(-2*abs(x)))"},
    {"sqrt(x^2 + z^2)", {{"x", {1e200}}, {"z", {1}}}, "^", "x^2", "hypot"},
    {"sqrt(sum(v .^ 2))", {{"v", {1e200, 1}}}, "^", "v .^ 2", "norm"},
    {"x^400", {{"x", {10}}}, "^", "x^400", "logarithm of the power"},
    {"gamma(x)", {{"x", {200}}}, "gamma", "gamma(x)", "lgamma"},
    {"gamma(x)", {{"x", {-1}}}, "gamma", "gamma(x)", "poles"},
    {"x*z", {{"x", {1e200}}, {"z", {1e200}}}, "*", "x*z", "rescale"},
    {"x/z", {{"x", {1e200}}, {"z", {1e-200}}}, "/", "x/z", "rescale"},
    {"mod(x, z)", {{"x", {1}}, {"z", {0}}}, "mod", "mod(x, z)", "mod(a, 0)"},
    {"x + 1", {{"x", {nan}}}, "input", "", "the point"},
    {"exp(-x)*x", {{"x", {-inf}}}, "input", "", "the point"},
    {"x*inf", {{"x", {1}}}, "constant", "", "written so"},
    {"sin(1/x)", {{"x", {0}}}, "/", "1/x", "division by 0"},
    {"if(x > 0, 1, log(x))", {{"x", {-1}}}, "log", "log(x)", "positive"},
    {"xlogy(x, z)", {{"x", {1}}, {"z", {0}}}, "xlogy", "xlogy(x, z)", "only where a is 0"},
    {"cot(x)", {{"x", {0}}}, "cot", "cot(x)", "poles"},
};

// Programs whose value is finite and whose derivative is not, in the modes that sweep.
const Case derivatives[] = {
    {"sqrt(x)", {{"x", {0}}}, "sqrt", "sqrt(x)", "infinite at 0"},
    {"x + 2*sqrt(x)", {{"x", {0}}}, "sqrt", "sqrt(x)", "guard"},
    {"cbrt(x)", {{"x", {0}}}, "cbrt", "cbrt(x)", "infinite at 0"},
    {"x^0.5", {{"x", {0}}}, "^", "x^0.5", "p < 1"},
    {"acos(x)", {{"x", {1}}}, "acos", "acos(x)", "atan2"},
    {"asin(x)", {{"x", {-1}}}, "asin", "asin(x)", "atan2"},
    {"acosh(x)", {{"x", {1}}}, "acosh", "acosh(x)", "x > 1"},
    {"xlogy(x, z)", {{"x", {0}}, {"z", {-1}}}, "xlogy", "xlogy(x, z)", "b > 0"},
    {"sin(sqrt(x))", {{"x", {0}}}, "sqrt", "sqrt(x)", "guard"},
    {"z^x", {{"x", {2}}, {"z", {-2}}}, "^", "z^x", "abs(x)^y"},
    {"sqrt(x)*z", {{"x", {0}}, {"z", {3}}}, "sqrt", "sqrt(x)", "guard"},
    {"sum(sqrt(v))", {{"v", {1, 0, 4}}}, "sqrt", "sqrt(v)", "guard"},
    {"log(1 + sqrt(x))", {{"x", {0}}}, "sqrt", "sqrt(x)", "guard"},
    {"(x - x)/z + x^0.25", {{"x", {0}}, {"z", {2}}}, "^", "x^0.25", "infinite at 0"},
};

void check(const Case& c, const Origin& o, Asked& q) {
  CHECK(o.operation == c.operation);
  if (*c.mark != 0) CHECK(q.text_at(o.span) == c.mark);
  CHECK(o.help.find(c.help) != std::string::npos);
  CHECK(!o.message.empty());
}

}  // namespace

TEST_CASE("blame: a NaN or an infinity in the value is traced to the operation that made it") {
  for (const Case& c : values) {
    CAPTURE(std::string(c.text));
    Asked q(c.text, c.at);
    const Blame found = blame(q.problem, q.point);
    REQUIRE(!found.origins.empty());
    const Origin& o = found.origins[0];
    CAPTURE(o.message);
    CAPTURE(o.help);
    check(c, o, q);
    CHECK(o.in_value);
    CHECK(!std::isfinite(o.made));
  }
}

TEST_CASE("blame: a derivative that is not finite is traced in every mode that sweeps") {
  for (const Case& c : derivatives)
    for (const Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic}) {
      CAPTURE(std::string(c.text));
      CAPTURE(std::string(to_string(mode)));
      Asked q(c.text, c.at);
      const Blame found = blame(q.problem, q.point, {mode});
      REQUIRE(found.origins.size() == 1);
      const Origin& o = found.origins[0];
      CAPTURE(o.message);
      CHECK(o.modes == std::vector<Mode>{mode});
      if (mode != Mode::symbolic) {
        check(c, o, q);
        CHECK(!o.in_value);
      } else if (*c.mark != 0) {
        CHECK(q.text_at(o.span) == c.mark);
      }
    }
}

TEST_CASE("blame: what every mode has in common is one origin") {
  Asked q = asked("log(x)*x", 0);
  const Blame found = blame(q.problem, q.point);
  REQUIRE(found.origins.size() >= 1);
  CHECK(found.origins[0].operation == "log");
  CHECK(found.origins[0].modes.size() >= 3);
}

TEST_CASE("blame: finite differences are blamed on the value beside the point") {
  Asked q = asked("sqrt(x)", 0);
  const Blame found = blame(q.problem, q.point, {Mode::finite});
  REQUIRE(found.origins.size() == 1);
  CHECK(found.origins[0].message.find("beside the point, at x = -") == 0);
  CHECK(found.origins[0].operation == "sqrt");
}

TEST_CASE("blame: the complex step names its operation too") {
  Asked q = asked("sqrt(x)", 0);
  const Blame found = blame(q.problem, q.point, {Mode::complex_step});
  for (const Origin& o : found.origins) CHECK(o.operation == "sqrt");
}

TEST_CASE("blame: a branch that was not chosen is never blamed") {
  for (const char* text : {"if(x > 0, log(x), 0)", "if(x > 0, sqrt(x), x^2)", "if(x > 0, 1/x, 0)", "log(if(x > 0, x, 1))"}) {
    CAPTURE(text);
    Asked q = asked(text, 0);
    CHECK(blame(q.problem, q.point, {Mode::reverse, Mode::forward, Mode::symbolic, Mode::finite}).origins.empty());
  }
  Asked both = asked("if(x > 0, log(x), 0) + sqrt(x - 1)", 0);
  CHECK(blame(both.problem, both.point).origins[0].operation == "sqrt");
}

TEST_CASE("blame: what a zero annihilates is no one's fault") {
  Asked q("sqrt(x^2 + z^2)", {{"x", {0}}, {"z", {0}}});
  CHECK(blame(q.problem, q.point, {Mode::reverse, Mode::forward, Mode::symbolic}).origins.empty());
}

TEST_CASE("blame: an overflow that does no harm is not reported") {
  Asked q = asked("1/(1 + exp(-x))", -800);
  CHECK(blame(q.problem, q.point).origins.empty());
}

TEST_CASE("blame: a product of slopes that overflows is found in the sweep") {
  Asked q("(1e200*x)*(1e-200*(1e200*z))", {{"x", {1e-200}}, {"z", {1e-200}}});
  CHECK(blame(q.problem, q.point).origins.empty());
  Asked big = asked("exp(300*log(1e3*x))*1e-300", 1e-3);
  CHECK(blame(big.problem, big.point, {Mode::reverse, Mode::forward}).origins.empty());
  Asked over = asked("1e250*(1e150*x)", 1e-200);
  const Blame found = blame(over.problem, over.point, {Mode::reverse, Mode::forward});
  REQUIRE(!found.origins.empty());
  CHECK(found.origins[0].operation == "*");
  CHECK(!found.origins[0].in_value);
}

TEST_CASE("blame: matrices name the operation and the element") {
  Asked q("sum(A*log(v))", {{"A", {1}}, {"v", {0}}});
  CHECK(blame(q.problem, q.point).origins[0].operation == "log");
  Asked v("sum(log(v))", {{"v", {1, 2, 0, 3}}});
  CHECK(blame(v.problem, v.point).origins[0].element == 2);
}

TEST_CASE("blame: softmax, logsumexp and softplus of large numbers are not blamed") {
  for (const char* text : {"sum(log(softmax(v)))", "logsumexp(v)", "sum(softplus(v))", "log(sum(exp(v)))"}) {
    CAPTURE(text);
    Asked q(text, {{"v", {1000, -1000, 3}}});
    CHECK(blame(q.problem, q.point).origins.empty());
  }
}

TEST_CASE("blame: the text shows the place, the operands and the repair in 100 columns") {
  Asked q = asked("3 + x*log(x)", 0);
  const std::string text = blame_text(blame(q.problem, q.point), q.session.sources());
  CHECK(text.find("log of 0 is -inf: a pole") != std::string::npos);
  CHECK(text.find("^^^^^^") != std::string::npos);
  CHECK(text.find("help: xlogy(a, b)") != std::string::npos);
  std::size_t column = 0;
  for (const char ch : text) {
    column = ch == '\n' ? 0 : column + 1;
    CHECK(column <= 100);
  }
  CHECK(blame_text({}, q.session.sources()) == "The value and its derivatives are finite here.\n");
}

TEST_CASE("blame: deep programs are no problem") {
  Asked q = asked("log(x)", 0);
  Expr y = q.expression;
  for (int k = 0; k < 100000; ++k) y = y + number(*q.problem.graph, 1.0) * q.expression;
  q.problem.output = y.id;
  CHECK(blame(q.problem, q.point, {Mode::reverse, Mode::forward}).origins[0].operation == "log");
}
