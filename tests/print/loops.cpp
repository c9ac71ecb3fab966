// What `iterate` and its derivatives print reads back as the same function.
#include <doctest/doctest.h>

#include <cmath>

#include "wengert/modes/mode.hpp"
#include "wengert/print/text.hpp"
#include "wengert/session/session.hpp"

using namespace wengert;

namespace {

constexpr const char* program =
    "newton(u, a) = (u + a/u)/2\n"
    "turn(v, A, r) = r*(A*v) + 0.1*v\n"
    "grow(M, B) = 0.3*(M*B)\n"
    "inner(s, q) = s + q*sin(s)\n"
    "outer_step(s, q) = iterate(inner, s, 2, q)/2 + p\n"
    "shared(u) = u + p*sin(u)\n"
    "x = 1.3\np = 0.4\n"
    "v = [0.2, -0.5]\nr = 0.7\nA = [[0.9, -0.4], [0.5, 0.8]]\n"
    "X = [[0.2, 1.1, -0.3], [0.6, -0.4, 0.9]]\nB = [[1, 0.5, 0], [0, 1, -0.5], [0.25, 0, 1]]\n"
    "c = p^2 + 1\nscaled(u) = c*u - u^2/9\n"
    "y1 = iterate(newton, x, 4, p)\ny2 = iterate(turn, v, 3, A, r)\ny3 = iterate(grow, X, 2, B)\n"
    "y4 = iterate(outer_step, x, 3, r)\ny5 = iterate(shared, x, 3)\ny6 = iterate(scaled, x, 3)\n";

void check_reads_back(const std::string& expression, bool alone) {
  INFO(expression);
  Session session;
  const auto failed = session.run("", program, [](const Result<Query>&) { return true; });
  REQUIRE_FALSE(failed.has_value());
  const Result<Query> query = session.query("", expression);
  REQUIRE(query);
  const std::vector<double> value = value_at(session.graph(), query->expression.id, session.point());

  TextOptions options;
  options.functions = alone;
  const std::string text = to_text(query->expression, options).all();
  INFO(text);
  Session other;
  // Alone, the text has only the values of the inputs; otherwise the program that it belongs to.
  const std::string values =
      "x = 1.3\np = 0.4\nv = [0.2, -0.5]\nr = 0.7\nA = [[0.9, -0.4], [0.5, 0.8]]\n"
      "X = [[0.2, 1.1, -0.3], [0.6, -0.4, 0.9]]\nB = [[1, 0.5, 0], [0, 1, -0.5], [0.25, 0, 1]]\n"
      "c = p^2 + 1\n";
  const auto failed_again = other.run("", alone ? values : program, [](const Result<Query>&) { return true; });
  REQUIRE_FALSE(failed_again.has_value());
  const Result<Query> again = other.query("", text);
  if (!again) {
    CHECK_MESSAGE(false, render(again.error(), other.sources(), "error"));
    return;
  }
  CHECK(again->expression.shape() == query->expression.shape());
  const std::vector<double> back = value_at(other.graph(), again->expression.id, other.point());
  REQUIRE(back.size() == value.size());
  for (std::size_t i = 0; i < value.size(); ++i) CHECK(back[i] == doctest::Approx(value[i]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("loops, their tangents and their adjoints read back") {
  const char* expressions[] = {
      "y1", "y2", "y3", "y4", "y5", "y6", "y5*y1",
      // forward
      "diff(y1, p)", "diff(y1, x)", "diff(y2, r)", "diff(y4, p)", "diff(y4, r)", "diff(y5, p)", "diff(y6, p)",
      "diff(y6, c)", "jvp(y3, X, X, B, B)", "diff(y1, p, 2)", "diff(y1, p, x)", "diff(y5, p, 2)", "diff(y4, r, 2)",
      // reverse
      "vjp(y1, p, 1)", "vjp(y1, x, 2)", "grad(sum(y2.^2), v)", "grad(sum(y2.^2), A)", "grad(sum(y2.^2), r)",
      "grad(sum(y3.^2), X)", "grad(sum(y3.^2), B)", "vjp(y4, x, 1) + vjp(y4, p, 1) + vjp(y4, r, 1)",
      "vjp(y5, x, 1)*vjp(y5, p, 1)", "vjp(y6, x, 1)", "vjp(y6, c, 1)", "vjp(y6, p, 1)", "jacobian(y2, A)",
      // mixed
      "diff(vjp(y1, p, 1), x)", "hessian(sum(y2.^2), v)", "hessian(y5^2, x)", "grad(sum(grad(sum(y2.^2), v)), r)",
      "grad(sum(grad(sum(y3.^2), X)), B)", "diff(vjp(y4, r, 1), p)"};
  for (const char* e : expressions) {
    check_reads_back(e, false);
    check_reads_back(e, true);
  }
}

TEST_CASE("the adjoint of a loop is printed as a function of the language") {
  Session s;
  const Result<Query> q = s.query("", "newton(u, a) = (u + a/u)/2\ninput a, x\nvjp(iterate(newton, x, 6, a), a, 1)");
  REQUIRE(q);
  CHECK(to_text(q->expression).all() ==
        "newton_by_a(w, u, a) = vjp(iterate(newton, u, 6, a), a, w)\nnewton_by_a(1, x, a)");
}
