// Depth and nesting: a million nodes without recursion and in bounded memory; derivatives of derivatives.
#include <doctest/doctest.h>

#include "../tools/program.hpp"

namespace wengert::test {
namespace {

TEST_CASE("a chain of a million operations is evaluated and differentiated without recursion, in 100 bytes a node") {
  Program p;
  const Expr x = p.input("x");
  Expr y = x;
  constexpr int steps = 500000;
  for (int k = 0; k < steps; ++k) y = y * x + x;
  p.text = "y = y*x + x, 500000 times";
  p.output = y;
  const std::size_t nodes = p.graph->size();
  REQUIRE(nodes > 999999);
  Sweep<double> sweep(p, {0.5});
  CHECK(sweep.value()[0] == doctest::Approx(1));
  CHECK(sweep.pull({1.0})[0] == doctest::Approx(4));  // y = x/(1 - x)
  const std::size_t bytes = p.graph->bytes() + sweep.tape.bytes() + 2 * sizeof(double) * sweep.tape.elements();
  CAPTURE(bytes / nodes);
  CHECK(bytes <= 100 * nodes);
  CHECK(sweep.push({1.0})[0] == doctest::Approx(4));
  const Expr slope = gradient(y, x);
  Sweep<double> symbolic(with_output(p, slope), {0.5});
  CHECK(symbolic.value()[0] == doctest::Approx(4));
  const std::size_t symbolic_bytes = p.graph->bytes() + symbolic.tape.bytes() + sizeof(double) * symbolic.tape.elements();
  CAPTURE(symbolic_bytes / nodes);
  CHECK(symbolic_bytes <= 500 * nodes);
  CHECK(value(with_output(p, derivative(y, x)), {0.5})[0] == doctest::Approx(4));
}

TEST_CASE("a derivative inside a derivative is by its own variable") {
  Program p;
  const Expr x = p.input("x"), y = p.input("y");
  const Expr inner = derivative(x + y, y);
  CHECK(value(with_output(p, derivative(x * inner, x)), {3, 4})[0] == 1);
  const Expr nested = derivative(x * derivative(x * y * y, y), x);  // d/dx of 2*x^2*y
  CHECK(value(with_output(p, nested), {3, 4})[0] == 48);
  CHECK(value(with_output(p, derivative(y * derivative(y * x, x), y)), {3, 4})[0] == 8);
}

TEST_CASE("third derivatives by nesting are right, forward in reverse in forward") {
  Program p;
  const Expr x = p.input("x");
  const Expr f = sin(x) * exp(x);
  const Point at{0.7};
  const double expected = 2 * std::exp(0.7) * (std::cos(0.7) - std::sin(0.7));
  const auto check = [&](const Expr& third) { CHECK(value(with_output(p, third), at)[0] == doctest::Approx(expected).epsilon(1e-14)); };
  check(derivative(derivative(derivative(f, x), x), x));
  check(gradient(gradient(gradient(f, x), x), x));
  check(derivative(gradient(derivative(f, x), x), x));
  check(gradient(derivative(gradient(f, x), x), x));
}

TEST_CASE("a derivative by what a value does not depend on is 0 in the right shape") {
  Program p;
  const Expr x = p.input("x"), v = p.input("v", {2, 3}), y = p.input("y", {3, 1});
  CHECK(value(with_output(p, derivative(v, x)), Point(10, 1.0)) == Point(6, 0.0));
  CHECK(gradient(x, v).shape() == Shape{2, 3});
  CHECK(jacobian(y, v).shape() == Shape{3, 6});
  CHECK(value(with_output(p, jacobian(y, y)), Point(10, 1.0)) == Point{1, 0, 0, 0, 1, 0, 0, 0, 1});
}

TEST_CASE("the Hessian of an array program is symmetric and that of its dual numbers") {
  Program p;
  const Expr v = p.input("v", {3, 1});
  const Expr squares = v * v;
  p.output = total(sin(squares) * v, along::all) * total(exp(v), along::all);
  p.text = "sum(sin(v.*v).*v)*sum(exp(v))";
  const Point at{0.3, -0.8, 1.1};
  const Point h = value(with_output(p, hessian(p.output, v)), at);
  for (std::size_t k = 0; k < 3; ++k) {
    Point direction(3);
    direction[k] = 1;
    const Point row = pull_of_push(p, at, direction, {1.0});
    CHECK(relative_distance(row, {h[3 * k], h[3 * k + 1], h[3 * k + 2]}) <= 1e-14);
    CHECK(relative_distance(row, {h[k], h[3 + k], h[6 + k]}) <= 1e-14);
  }
}

TEST_CASE("an input that is used many times gathers all of its adjoints, as parts and as a whole") {
  Program p;
  const Expr v = p.input("v", {4, 1});
  Expr y = total(v, along::all);
  for (std::uint32_t k = 0; k < 4; ++k) y = y + part(v, {k, 0, {}}) * number(*p.graph, k + 1);
  y = y + total(part(v, {1, 0, {2, 1}}), along::all);
  p.output = y;
  p.text = "sum(v) + v[1] + 2*v[2] + 3*v[3] + 4*v[4] + sum(v[2..3])";
  const Point at{1, 1, 1, 1};
  CHECK(pull(p, at, {1}) == Point{2, 4, 5, 5});
  CHECK(value(with_output(p, gradient(p.output, v)), at) == Point{2, 4, 5, 5});
  CHECK(push(p, at, {1, 1, 1, 1}) == Point{16});
}

}  // namespace
}  // namespace wengert::test
