// Functions that only have a name: their derivatives are the rules of the blackboard.
#include "asked.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

std::string formula(const std::string& program) {
  Session s;
  const auto q = s.query("", "function u, v, w\n" + program);
  if (!q) return "error: " + q.error().message;
  const auto shown = s.shown(*q);
  return shown ? to_text(simplify(*shown)).all() : "error: " + shown.error().message;
}

struct Rule {
  const char* program;
  const char* derivative;
};

}  // namespace

TEST_CASE("abstract functions follow the rules of differentiation") {
  constexpr Rule rules[] = {
      {"diff(u(x), x)", "u'(x)"},
      {"diff(u(x)*v(x), x)", "v(x)*u'(x) + u(x)*v'(x)"},
      {"diff(u(x) + 3*v(x), x)", "u'(x) + 3*v'(x)"},
      {"diff(u(v(x)), x)", "u'(v(x))*v'(x)"},
      {"diff(u(v(w(x))), x)", "u'(v(w(x)))*v'(w(x))*w'(x)"},
      {"diff(u(x), x, 2)", "u''(x)"},
      {"diff(u(x), x, 5)", "u'''''(x)"},
      {"diff(u(2*x), x, 3)", "8*u'''(2*x)"},
      {"diff(sin(u(x)), x)", "cos(u(x))*u'(x)"},
      {"diff(u(x)^3, x)", "3*u(x)^2*u'(x)"},
      {"diff(exp(u(x)), x)", "exp(u(x))*u'(x)"},
      {"diff(u(x*z), x)", "z*u'(x*z)"},
      {"diff(u(x*z), x, z)", "x*z*u''(x*z) + u'(x*z)"},
      {"u'(x) + u''(x)", "u'(x) + u''(x)"},
      {"diff(u'(x), x)", "u''(x)"},
      {"diff(u(x), z)", "0"},
      {"f(t) = u(t)^2\ndiff(f(x), x)", "2*u(x)*u'(x)"},
      {"f(t) = u(t)^2\nf'(x)", "2*u(x)*u'(x)"},
      {"input y[3]\ngrad(sum(u(y)), y)", "u'(y)"},
      {"input y[3]\njacobian(u(y), y)", "diag(u'(y))"},
      {"input y[3]\nhessian(sum(u(y)), y)", "diag(u''(y))"},
      {"input y[3], A[2, 3]\ngrad(sum(u(A*y)), y)", "A'*u'(A*y)"},
      {"sum(i in 1..3, diff(u(x), x))", "3*u'(x)"},
  };
  for (const Rule& rule : rules) {
    CAPTURE(std::string(rule.program));
    const std::string printed = formula(rule.program);
    // Products and sums may be written in another order: the same after reading both.
    CHECK(formula(printed) == formula(std::string(rule.derivative)));
    const std::string inputs = std::string(rule.program).find("input") == 0
                                   ? std::string(rule.program).substr(0, std::string(rule.program).find('\n') + 1)
                                   : "";
    CHECK(formula(inputs + printed) == formula(inputs + rule.derivative));
  }
}

TEST_CASE("the quotient rule") { CHECK(formula("diff(u(x)/v(x), x) - (u'(x)*v(x) - u(x)*v'(x))/v(x)^2") == "0"); }

TEST_CASE("an abstract function has no values, and one diagnostic says so") {
  for (const std::string program : {"x = 2\nw := u(x)\nw", "x = 2\nones(u(x))"}) {
    CAPTURE(program);
    const Answered a = ask("function u\n" + program);
    REQUIRE(a.error);
    CHECK(a.error->kind == Kind::name);
    CHECK(a.error->message.find("`u` is an abstract function") != std::string::npos);
    CHECK(a.error->help.find("u(x) = ...") != std::string::npos);
  }
  Session s;
  const auto q = s.query("", "function u\nx = 2\nu(x)");
  REQUIRE(q);
  CHECK(q->formula_only());
  CHECK(q->abstract == std::vector<std::string>{"u"});
}

TEST_CASE("an abstract function is applied to one argument, and not iterated") {
  CHECK(ask("function u\nu(x, z)").error->message.find("1 argument") != std::string::npos);
  CHECK(ask("function u\niterate(u, 1, 3)").error);
  CHECK(ask("function u\nf(t) = u(t)\niterate(f, 1, 3)").error->message.find("abstract") != std::string::npos);
}
