// A student's answers: right ones in disguise, wrong ones, and mistakes that are planted by text, not by the checker's
// own means.
#include "wengert/explain/check.hpp"

#include <doctest/doctest.h>

#include <map>

#include "../tools/program.hpp"
#include "wengert/session/session.hpp"

using namespace wengert;
using wengert::test::Random;

namespace {

Result<Checked> judge(const std::string& program, const std::string& y, const std::string& by,
                      const std::string& answer) {
  Session session;
  session.run("", program, [](Result<Query>) { return true; });
  const auto query = session.query("", y), mine = session.query("answer", answer);
  if (!query) return query.error();
  if (!mine) return mine.error();
  const auto named = session.by_names(*query, {by}), same = session.by_names(*mine, {by});
  if (!named || !same) return Diagnostic{};
  const Expr e = named->front().expression;
  StudentAnswer q{.y = e,
                  .x = Expr(*e.graph, named->front().input),
                  .answer = same->front().expression,
                  .others = {},
                  .point = session.point()};
  for (const NodeId i : query->inputs) q.others.emplace_back(*e.graph, i);
  return check_answer(q);
}
Checked judged(const std::string& y, const std::string& answer, const std::string& by = "x",
               const std::string& program = "") {
  const auto c = judge(program, y, by, answer);
  INFO(y, "   ", answer, "   ", c ? "" : c.error().message);
  REQUIRE(c);
  return *c;
}
std::string kind(const std::string& y, const std::string& answer, const std::string& by = "x",
                 const std::string& program = "") {
  const Checked c = judged(y, answer, by, program);
  return c.right ? "right" : std::string(to_string(c.mistake.kind));
}

struct Pair {
  std::string e, d;  // an expression in x and z, and its derivative by x
};

std::string replaced(std::string text, const std::string& u) {
  for (std::size_t at = 0; (at = text.find('U', at)) != std::string::npos; at += u.size() + 2)
    text.replace(at, 1, "(" + u + ")");
  return text;
}

std::size_t pick(Random& random, std::size_t n) { return static_cast<std::size_t>(random.next() >> 20) % n; }
std::string number(Random& random) { return std::to_string(2 + pick(random, 7)); }

// Outer functions and their derivatives, by hand.
const std::vector<Pair> outers{{"sin(U)", "cos(U)"}, {"cos(U)", "-sin(U)"},        {"exp(U)", "exp(U)"},
                               {"log(U)", "1/U"},    {"sqrt(U)", "1/(2*sqrt(U))"}, {"tanh(U)", "(1 - tanh(U)^2)"},
                               {"U^3", "3*U^2"},     {"atan(U)", "1/(1 + U^2)"},   {"sinh(U)", "cosh(U)"}};

Pair inner(Random& random) {
  const std::string a = number(random), b = number(random);
  switch (pick(random, 6)) {
    case 0:
      return {a + "*x + " + b, a};
    case 1:
      return {"x^2 + " + b, "2*x"};
    case 2:
      return {"x*z", "z"};
    case 3:
      return {"x^3 + " + a + "*x", "(3*x^2 + " + a + ")"};
    case 4:
      return {a + "*x*z", a + "*z"};
    default:
      return {"x^2*z + " + b, "2*x*z"};
  }
}

Pair chained(Random& random) {
  const Pair f = outers[pick(random, outers.size())], u = inner(random);
  return {replaced(f.e, u.e), replaced(f.d, u.e) + "*" + u.d};
}

Pair composite(Random& random) {
  const Pair u = chained(random), v = chained(random);
  switch (pick(random, 4)) {
    case 0:
      return {u.e + " + " + v.e, u.d + " + " + v.d};
    case 1:
      return {u.e + "*" + v.e, u.d + "*" + v.e + " + " + u.e + "*(" + v.d + ")"};
    case 2:
      return {"(" + u.e + ")/(" + v.e + ")", "(" + u.d + "*" + v.e + " - " + u.e + "*(" + v.d + "))/(" + v.e + ")^2"};
    default:
      return {"sin(" + u.e + ")", "cos(" + u.e + ")*(" + u.d + ")"};
  }
}

std::string disguised(std::string d, Random& random) {
  const std::string n = number(random);
  for (std::size_t k = 0, times = 1 + pick(random, 3); k < times; ++k) switch (pick(random, 9)) {
      case 0:
        d = "(" + d + ")*(sin(z)^2 + cos(z)^2)";
        break;
      case 1:
        d = "-(-(" + d + "))";
        break;
      case 2:
        d = "((" + d + ")*(x + " + n + "))/(x + " + n + ")";
        break;
      case 3:
        d = "(" + d + ")*exp(z)*exp(-z)";
        break;
      case 4:
        d = n + "*(" + d + ")/" + n;
        break;
      case 5:
        d = "(" + d + ") + (x + z)^2 - x^2 - 2*x*z - z^2";
        break;
      case 6:
        d = "(" + d + ") + tanh(x) - sinh(x)/cosh(x)";
        break;
      case 7:
        d = "(" + d + ")*(1 + log(exp(z)/" + n + ") - z + log(" + n + "))";
        break;
      default:
        d = "(" + d + ")*(x^2 - z^2)/((x - z)*(x + z))";
        break;
    }
  return d;
}

std::string spoiled(const std::string& d, Random& random) {
  switch (pick(random, 7)) {
    case 0:
      return "(" + d + ") + 1";
    case 1:
      return "(" + d + ")*(1 + 1e-9)";
    case 2:
      return "-(" + d + ")";
    case 3:
      return "(" + d + ") + x^2/1000";
    case 4:
      return "(" + d + ")*cos(z)";
    case 5:
      return "abs(" + d + ") + 1e-12";
    default:
      return "(" + d + ")^2 + 1e-6";
  }
}

struct Planted {
  Pair right;
  std::string wrong, kind;
};

// An expression with its derivative and a mistaken one.
Planted plant(Random& random) {
  const std::string n = number(random);
  const Pair u = inner(random), f = outers[pick(random, outers.size())], p = chained(random);
  Pair q = chained(random);
  while (q.e == p.e) q = chained(random);
  const Pair up{"(" + p.e + ")", "(" + p.d + ")"}, vq{"(" + q.e + ")", "(" + q.d + ")"};
  switch (pick(random, 13)) {
    case 0:
      return {{replaced(f.e, u.e), replaced(f.d, u.e) + "*" + u.d}, replaced(f.d, u.e), "inner-factor"};
    case 1:
      return {{"cos(" + u.e + ")", "-sin(" + u.e + ")*" + u.d}, "sin(" + u.e + ")*" + u.d, "sign"};
    case 2:
      return {{up.e + "*" + vq.e, up.d + "*" + vq.e + " + " + up.e + "*" + vq.d}, up.d + "*" + vq.d, "product"};
    case 3:
      return {{up.e + "*" + vq.e, up.d + "*" + vq.e + " + " + up.e + "*" + vq.d}, up.d + "*" + vq.e, "product"};
    case 4:
      return {{up.e + "/" + vq.e, "(" + up.d + "*" + vq.e + " - " + up.e + "*" + vq.d + ")/" + vq.e + "^2"},
              up.d + "/" + vq.d,
              "quotient"};
    case 5:
      return {{up.e + "/" + vq.e, "(" + up.d + "*" + vq.e + " - " + up.e + "*" + vq.d + ")/" + vq.e + "^2"},
              "(" + up.e + "*" + vq.d + " - " + up.d + "*" + vq.e + ")/" + vq.e + "^2",
              "quotient"};
    case 6:
      return {{up.e + "/" + vq.e, "(" + up.d + "*" + vq.e + " - " + up.e + "*" + vq.d + ")/" + vq.e + "^2"},
              "(" + up.d + "*" + vq.e + " - " + up.e + "*" + vq.d + ")/" + vq.e,
              "quotient"};
    case 7:
      return {{n + "^(" + u.e + ")", "log(" + n + ")*" + n + "^(" + u.e + ")*" + u.d},
              "(" + u.e + ")*" + n + "^((" + u.e + ") - 1)*" + u.d,
              "power-of-exponential"};
    case 8:
      return {{"exp(" + u.e + ")", "exp(" + u.e + ")*" + u.d},
              "(" + u.e + ")*exp((" + u.e + ") - 1)*" + u.d,
              "power-of-exponential"};
    case 9:
      return {{"(" + u.e + ")^" + n, n + "*(" + u.e + ")^(" + n + " - 1)*" + u.d},
              n + "*(" + u.e + ")^" + n + "*" + u.d,
              "power"};
    case 10:
      return {{"(" + u.e + ")^" + n, n + "*(" + u.e + ")^(" + n + " - 1)*" + u.d},
              "(" + u.e + ")^(" + n + " - 1)*" + u.d,
              "power"};
    case 11:
      return {{"sin(" + n + "*x*z)", n + "*z*cos(" + n + "*x*z)"}, n + "*x*cos(" + n + "*x*z)", "variable"};
    default:
      return {{up.e + " + " + vq.e, up.d + " + " + vq.d}, up.d, "missing-path"};
  }
}

// The mistake in a part of a larger expression whose other parts are right.
Planted in_context(Planted m, Random& random) {
  if (m.kind == "variable") return m;
  const std::string e = "(" + m.right.e + ")";
  const Pair c = chained(random);
  const Pair right{e, "(" + m.right.d + ")"};
  const std::string wrong = "(" + m.wrong + ")";
  switch (pick(random, 4)) {
    case 0:
      return {{c.e + " + " + e, c.d + " + " + right.d}, c.d + " + " + wrong, m.kind};
    case 1:
      return {{c.e + "*" + e, c.d + "*" + e + " + " + c.e + "*" + right.d},
              c.d + "*" + e + " + " + c.e + "*" + wrong,
              m.kind};
    case 2:
      return {{"atan" + e, right.d + "/(1 + " + e + "^2)"}, wrong + "/(1 + " + e + "^2)", m.kind};
    default:
      return m;
  }
}

}  // namespace

TEST_CASE("a right answer is right, however it is written") {
  CHECK(judged("sin(3*x)", "3*cos(3*x)").decided == Checked::Decided::rewriting);
  CHECK(judged("tanh(x)", "1/cosh(x)^2").decided == Checked::Decided::sampling);
  CHECK(kind("abs(x)", "sign(x)") == "right");
  CHECK(kind("sqrt(x^2)", "x/sqrt(x^2)") == "right");
  CHECK(kind("log(x)", "1/x") == "right");
  CHECK(kind("asin(x)", "1/sqrt(1 - x^2)") == "right");
  CHECK(kind("acosh(x)", "1/sqrt(x^2 - 1)") == "right");
  CHECK(kind("x^x", "x^x*(1 + log(x))") == "right");
  CHECK(kind("0.1*x^2", "0.2*x") == "right");
  CHECK(kind("if(x > 1, x^2, x)", "if(x > 1, 2*x, 1)") == "right");
  CHECK(kind("7", "0", "x", "input x") == "right");
}

TEST_CASE("a mistake is named, with the operation in which it was made") {
  const Checked c = judged("x*sin(3*x)", "sin(3*x) + x*cos(3*x)");
  CHECK_FALSE(c.right);
  CHECK(to_string(c.mistake.kind) == "inner-factor");
  CHECK(c.mistake.message ==
        "the derivative of the inner function 3*x is missing as a factor in the derivative of sin(3*x)");
  CHECK(c.mistake.span.begin == 2);
  CHECK(c.mistake.span.end == 10);
  CHECK(kind("x^x", "x*x^(x-1)") == "power");
  CHECK(kind("2^x", "2^x") == "power-of-exponential");
  CHECK(kind("1/x^2", "1/(2*x)") == "quotient");
  CHECK(kind("sin(2*x) + sin(3*x)", "cos(2*x) + cos(3*x)") == "inner-factor");
  CHECK(kind("x^2", "2*x + 17") == "unknown");
  CHECK(kind("log(2)*x", "0.693*x/x") == "unknown");
}

TEST_CASE("mistakes with arrays: layout, symmetry, a lost term") {
  const std::string program = "A = [[1, 2], [3, 4]]\nx = [1, 2]";
  CHECK(kind("x'*A*x", "(A + A')*x", "x", program) == "right");
  CHECK(kind("x'*A*x", "2*A*x", "x", program) == "layout");
  CHECK(kind("x'*A*x", "2*A'*x", "x", program) == "layout");
  CHECK(kind("x'*A*x", "((A + A')*x)'", "x", program) == "layout");
  CHECK(kind("x'*A*x", "A*x", "x", program) == "product");
  CHECK(kind("A*x", "A'", "x", program) == "layout");
  CHECK(kind("sum((A*x).^2)", "2*A'*A*x", "x", program) == "right");
  CHECK(kind("sum((A*x).^2)", "2*A*A*x", "x", program) == "layout");
}

TEST_CASE("of a sum one term alone is a missing path") {
  const Checked c = judged("exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)", "z*exp(x*z)");
  CHECK(to_string(c.mistake.kind) == "missing-path");
  CHECK(c.mistake.message ==
        "the sum has 3 terms that vary: only that of exp(x*z) is there, the paths through the others are missing");
  CHECK(kind("x^2 - sin(x) + exp(x) - cos(x)", "-cos(x)") == "missing-path");
  CHECK(kind("x^2 - sin(x) + exp(x) - cos(x)", "sin(x)") == "missing-path");
}

TEST_CASE("an unknown mistake tells what the answer has to do with the derivative") {
  CHECK(judged("x^3", "3*x^2 + 1").mistake.message == "it is the derivative plus 1");
  CHECK(judged("x^3", "3*x^2 - 1/2").mistake.message == "it is the derivative minus 0.5");
  CHECK(judged("x^3", "6*x^2").mistake.message == "it is 2 times the derivative");
  CHECK(judged("log(2)*x", "0.693").mistake.message == "it is close: is a constant rounded?");
  CHECK(judged("x^3", "x^2 + x").mistake.message == "it is not the derivative, and no known mistake gives it");
  CHECK(kind("sqrt(x)", "1/(2*x)") == "power");
}

TEST_CASE("of a wrong array the point and the first element that differs are told") {
  const Checked c = judged("sum((A*x - b).^2)", "2*A'*A*x", "x", "A = [[1, 2], [3, 4]]\nx = [1, 2]\nb = [0, 1]");
  CHECK(c.element == "[1]");
  CHECK(c.answered == 76);
  CHECK(c.expected == 70);
  CHECK(c.at.size() == 8);
  CHECK(kind("softmax(z)", "diag(softmax(z))", "z", "z = [1, 2, 3]") == "missing-path");
}

TEST_CASE("a path that is lost is named by the value that was used twice") {
  const Checked c = judged("y", "2*u", "x", "u = sin(x)\ny = u^2 + exp(u)");
  CHECK_FALSE(c.right);
  CHECK(kind("u^2 + exp(u)", "2*sin(x)*cos(x)", "x", "u = sin(x)") == "missing-path");
  CHECK(kind("u*exp(u)", "2*x*exp(x^2)", "x", "u = x^2") == "product");
}

TEST_CASE("no value at any point is an error, not a verdict") {
  const auto c = judge("", "sqrt(-x^2 - 1)", "x", "1/x");
  REQUIRE_FALSE(c);
  CHECK(c.error().kind == Kind::domain);
}

TEST_CASE("five hundred generated answers are judged right") {
  Random random(5);
  std::size_t rewriting = 0, sampling = 0;
  for (int k = 0; k < 250; ++k) {
    const Pair p = composite(random);
    const std::string answer = disguised(p.d, random);
    INFO(p.e, "   ", answer);
    const Checked c = judged(p.e, answer);
    CHECK(c.right);
    (c.decided == Checked::Decided::rewriting ? rewriting : sampling) += 1;
  }
  for (int k = 0; k < 250; ++k) {
    const Pair p = composite(random);
    const std::string answer = spoiled(p.d, random);
    INFO(p.e, "   ", answer);
    CHECK_FALSE(judged(p.e, answer).right);
  }
  MESSAGE(rewriting, " by rewriting, ", sampling, " by sampling");
  CHECK(rewriting > 20);
  CHECK(sampling > 20);
}

TEST_CASE("nine in ten of three hundred planted mistakes are named, and no right answer is called wrong") {
  Random random(6);
  std::size_t named = 0;
  std::map<std::string, std::pair<int, int>> by_kind;
  for (int k = 0; k < 300; ++k) {
    const Planted m = in_context(plant(random), random);
    INFO(m.right.e, "   ", m.wrong);
    CHECK(judged(m.right.e, m.right.d).right);
    const Checked c = judged(m.right.e, m.wrong);
    CHECK_FALSE(c.right);
    const bool good = !c.right && to_string(c.mistake.kind) == m.kind;
    named += good ? 1 : 0;
    ++by_kind[m.kind].second;
    by_kind[m.kind].first += good ? 1 : 0;
    if (!good) MESSAGE(m.right.e, " answered ", m.wrong, " is ", m.kind, " and was called ", to_string(c.mistake.kind));
  }
  for (const auto& [name, count] : by_kind) MESSAGE(name, ": ", count.first, " of ", count.second);
  CHECK(named >= 270);
}
