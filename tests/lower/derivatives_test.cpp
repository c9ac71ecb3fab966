// Derivatives as expressions, and what a name means in them.
#include "asked.hpp"

using namespace wengert;
using namespace wengert::test;

TEST_CASE("derivative operators stand anywhere an expression may") {
  const Shape scalar;
  check_value("x = 2\ndiff(x^3, x)", scalar, {12});
  check_value("x = 2\ndiff(x^3, x, 2)", scalar, {12});
  check_value("x = 2\ndiff(x^3, x, 0)", scalar, {8});
  check_value("x = 2\nz = 3\ndiff(x^2*z^3, x, z)", scalar, {108});
  check_value("x = 2\nz = 3\ndiff(x^2*z^3, x, 2, z)", scalar, {54});
  check_value("x = 2\ndiff([x, x^2], x)", {2, 1}, {1, 4});
  check_value("x = 0.7\ndiff(sin(x)^2, x) + 1", scalar, {2 * std::sin(0.7) * std::cos(0.7) + 1});
  check_value("v = [1, 2]\ngrad(v'*v, v)", {2, 1}, {2, 4});
  check_value("v = [1, 2]\ngrad(v[1]*v[2])", {2, 1}, {2, 1});
  check_value("const k = 2\nv = 3\ngrad(k*v^2)", scalar, {12});
  check_value("W = [[1, 2], [3, 4]]\ngrad(sum(W.^2), W)", {2, 2}, {2, 4, 6, 8});
  check_value("W = [[1, 2], [3, 4]]\ndiff(sum(W.^2), W[2, 1])", scalar, {6});
  check_value("W = [[1, 2], [3, 4]]\ndiff(W.^2, W[2, 1])", {2, 2}, {0, 0, 6, 0});
  check_value("W = [[1, 2], [3, 4]]\ndiff(sum(W.^3), W[2, 1], 2)", scalar, {18});
  check_value("W = [[1, 2], [3, 4]]\ndiff(W[1, 1]*W[2, 1], W[2, 1], W[1, 1])", scalar, {1});
  check_value("W = [[1, 2], [3, 4]]\ngrad(sum(W.^2), W[2, :])", {1, 2}, {6, 8});
  check_value("x = [1, 2]\njacobian([x[1]*x[2], x[1], x[2]], x)", {3, 2}, {2, 1, 1, 0, 0, 1});
  check_value("x = [1, 2]\njacobian(x, x)'", {2, 2}, {1, 0, 0, 1});
  check_value("x = [1, 2]\njacobian(x.^2, x[2])", {2, 1}, {0, 4});
  check_value("x = [1, 2]\nhessian(x[1]^2*x[2], x)", {2, 2}, {4, 2, 2, 0});
  check_value("x = [1, 2]\njvp(x.^2, x, [1, 10])", {2, 1}, {2, 40});
  check_value("x = 2\nz = 3\njvp(x*z, x, 10, z, 100)", scalar, {230});
  check_value("x = [1, 2]\nvjp(x.^2, x, [1, 10])", {2, 1}, {2, 40});
  check_value("y = 1\nv = [1, 1]\nx = [1, 2]\nhessian(sum(grad(x[1]^2*x[2], x) .* v), x)", {2, 2}, {2, 2, 2, 0});
  check_value("x = 2\ny = x^2\ndiff(7, x)", scalar, {0});
}

TEST_CASE("an input is itself, a defined name is cut from what it is computed from") {
  const std::string net = "x = 2\nz = 3\na = x*z\nb = a^2\ny = a*b + x\n";
  check_value(net + "diff(y, a)", {}, {108});            // b follows a: 3a^2
  check_value(net + "diff(y, b)", {}, {6});              // a does not
  check_value(net + "diff(y, x)", {}, {3 * 36 * 3 + 1});
  check_value(net + "diff(diff(y, a), x)", {}, {6 * 6 * 3});
  check_value(net + "diff(diff(y, a), a)", {}, {36});
  check_value(net + "diff(y, a, x)", {}, {0});           // both are variables at once
  check_value(net + "diff(x, a)", {}, {0});
  check_value("x = 0\nz = 0\ndiff(x*2 + z*3, x)", {}, {2});
  check_value("q = 5\na = q\nb = q\ndiff(2*a + 3*b, a)", {}, {2});  // equal right sides, two variables
  check_value("q = 5\na = sin(q)\nb = sin(q)\ndiff(a*b, a)", {}, {std::sin(5.0)});
  check_value("v = [1, 2]\nw = 2*v\ngrad(sum(w.^2), w)", {2, 1}, {4, 8});
  check_value("v = [1, 2]\nw = 2*v\ndiff(sum(w.^2), w[2])", {}, {8});
  check_value("x = 2\nf(u) = u*a\na = x^2\ndiff(f(x), a)", {}, {2});  // through a function
  check_value("x = [3, 1]\ns = softmax(x)\nL = log(s[1])\ndiff(L, s[1])", {}, {1 / (1 / (1 + std::exp(-2.0)))});
}

TEST_CASE("a parameter is a fresh variable: derivative first, argument after") {
  check_value("g(u) = diff(u^2, u)\ng(3)", {}, {6});
  check_value("x = 3\ng(u) = diff(u^2, u)\ng(x^2)", {}, {18});
  check_value("x = 3\ng(u) = diff(u*x, u)\ng(x)", {}, {3});
  check_value("x = 3\ng(u) = diff(u*x, x)\ng(x)", {}, {3});
  check_value("x = 3\ng(u) = grad(u^3)\ng(x^2)", {}, {3 * 81.0});
  check_value("v = [1, 2]\ng(u) = grad(u'*u, u)\ng(v)", {2, 1}, {2, 4});
  check_value("v = [1, 2]\ng(u) = diff(u'*u, u[2])\ng(v)", {}, {4});
  check_value("g(u) = diff(diff(u^3, u), u)\ng(2)", {}, {12});
  check_value("g(u, w) = diff(u^2*w^3, u, w)\ng(2, 3)", {}, {108});
  check_value("h(u) = u^2\ng(u) = diff(h(2*u), u)\ng(3)", {}, {24});
  check_value("h(u) = diff(u^3, u)\ng(u) = diff(h(2*u), u)\ng(3)", {}, {12 * 3 * 2});
}

TEST_CASE("nested derivatives do not confuse their perturbations") {
  check_value("x = 3\ny = 5\ndiff(x*diff(x + y, y), x)", {}, {1});
  check_value("x = 3\ny = 5\ndiff(x*diff(x*y, y), x)", {}, {6});
  check_value("D(u) = diff(u*E(u), u)\nE(w) = diff(w^2, w)\nD(3)", {}, {12});
  check_value("c(a) = diff(a*k(a), a)\nk(b) = diff(b + 1, b)\nc(1)", {}, {1});
  check_value("x = 0.5\ndiff(x*diff(x*diff(exp(x), x), x), x)", {}, {std::exp(0.5) * (0.5 * (0.5 + 2) + 0.5 + 1)});
  check_value("f(u) = sin(u)\ng(u) = f'(u)*u\nh(u) = g'(u)\nh'(0.3)", {}, {-2 * std::sin(0.3) - 0.3 * std::cos(0.3)});
}

TEST_CASE("f'(x) is the derivative of a function of one argument, element by element") {
  check_value("sin'(0)", {}, {1});
  check_value("x = [0, 1]\nsin''(x)", {2, 1}, {0, -std::sin(1.0)});
  check_value("f(u) = u^3\nf'(2)", {}, {12});
  check_value("f(u) = u^3\nf''([1, 2])", {2, 1}, {6, 12});
  check_value("f(u) = u^3\nf'''([[1, 2], [3, 4]])", {2, 2}, {6, 6, 6, 6});
  check_value("f(u) = 5\nf'([1, 2])", {2, 1}, {0, 0});
  check_value("f(u) = dot([u, u^2], [1, 2])\nf'([1, 2])", {2, 1}, {5, 9});  // not element by element: each on its own
  check_value("f(u) = [u, u^2]\nf'(3)", {2, 1}, {1, 6});
  check_value("x = 2\nf(u) = x*u\nf'(x)", {}, {2});
  check_value("elu'(-1)", {}, {std::exp(-1.0)});
  check_value("log'(2) + ln'(2)", {}, {1});
  check_value("x = 0\nrelu'(x) + abs'(x)", {}, {0});
  check_value("x = 2\ndiff(sin'(x^2), x)", {}, {-4 * std::sin(4.0)});
}

TEST_CASE("a derivative through if, iterate and a long sum is that of the branch, the loop and the terms") {
  check_value("x = 0\ndiff(if(x > 0, sqrt(x), 0), x)", {}, {0});
  check_value("x = 0.5\nf(u) = u^2\ndiff(iterate(f, x, 3), x)", {}, {8 * std::pow(0.5, 7)});
  check_value("x = 2\nf(u) = x*u\ndiff(iterate(f, 1, 5), x)", {}, {80});
  check_value("x = 0.5\ndiff(sum(i in 1..1000, x^i), x)", {}, {4}, 1e-12);
  check_value("x = 3\ndiff(max(x, 3, 3), x)", {}, {1.0 / 3});
}
