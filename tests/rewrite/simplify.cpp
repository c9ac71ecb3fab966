// What simplify makes of expressions, as text: two columns.
#include "wengert/rewrite/simplify.hpp"

#include <doctest/doctest.h>

#include "wengert/print/text.hpp"
#include "wengert/rewrite/rules.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

using namespace wengert;

namespace {

struct Pair {
  Expr e;
  const char* simple;
};

Expr rational(Graph& g, std::int64_t p, std::int64_t q = 1) { return {g, g.constant(Constant::rational(p, q))}; }
Expr decimal(Graph& g, double value, const char* text) { return {g, g.constant(Constant::decimal(value, text))}; }
template <class R>
Expr f(const Expr& a) { return Lift<Expr>::call<R>(a); }
template <class R>
Expr f(const Expr& a, const Expr& b) { return Lift<Expr>::call<R>(a, b); }
template <class R>
Expr whole(const Expr& a) { return Lift<Expr>::array<R>({}, std::span(&a, 1)); }
Expr diagonal(const Expr& v) {
  return Lift<Expr>::array<DiagonalMatrix>({.shape = {v.shape().rows, v.shape().rows}}, std::span(&v, 1));
}
Expr place(Shape shape, std::vector<Slice> slices, const std::vector<Expr>& parts) {
  return Lift<Expr>::array<Place>({.shape = shape, .slices = slices}, parts);
}
Expr diff(const Expr& y, const Expr& x) { return derivative(y, x, Form::shown); }
Expr grad(const Expr& y, const Expr& x) { return gradient(y, x, Form::shown); }

void check(const std::vector<Pair>& pairs) {
  for (const Pair& p : pairs) {
    INFO(to_text(p.e).all());
    const Expr once = simplify(p.e);
    CHECK(to_text(once).all() == p.simple);
    CHECK(to_text(simplify(once)).all() == p.simple);
    CHECK(simplify(once) == once);
  }
}

}  // namespace

TEST_CASE("sums collect like terms and come in a reader's order") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), z = variable(g, "z");
  const Expr two = rational(g, 2), three = rational(g, 3);
  const std::int64_t huge = std::int64_t{1} << 62;
  check({
      {two * x + three * x, "5*x"},
      {x / two + x / two, "x"},
      {x + x, "2*x"},
      {x - x, "0"},
      {x + y - x, "y"},
      {rational(g, 1, 3) * x + rational(g, 1, 6) * x, "x/2"},
      {x * rational(g, 2, 3), "2*x/3"},
      {-x + 1.0, "1 - x"},
      {1.0 + x, "x + 1"},
      {-x - y, "-x - y"},
      {-(x - y), "y - x"},
      {y - (x - z), "y - x + z"},
      {y + x, "x + y"},
      {1.0 + x + power(x, two), "x^2 + x + 1"},
      {y * x + power(y, two) + power(x, two), "x^2 + x*y + y^2"},
      {(x + y) + (x + y), "2*(x + y)"},
      {(x + y) - (x - y), "2*y"},
      {sin(x) + x, "x + sin(x)"},
      {sin(x) + sin(x) * three, "4*sin(x)"},
      {x * y + y * x, "2*x*y"},
      {x * 0.0 + y, "y"},
      {two + three, "5"},
      {x + 2.0 + y + 3.0, "x + y + 5"},
      {decimal(g, 0.1, "0.1") * x + decimal(g, 0.2, "0.2") * x, "0.3*x"},
      {decimal(g, 0.5, "0.5") * x + decimal(g, 0.5, "0.5") * x, "x"},
      {decimal(g, 2.5, "2.5") * (x * two), "5*x"},
      {rational(g, huge) * x + rational(g, huge) * x, "4611686018427387904*x + 4611686018427387904*x"},
      {power(sin(x), two) + power(cos(x), two), "1"},
      {two * power(sin(x), two) + two * power(cos(x), two) + y, "y + 2"},
      {power(f<Cosh>(x), two) - power(f<Sinh>(x), two), "1"},
      {power(sin(x), two) - power(cos(x), two), "sin(x)^2 - cos(x)^2"},
      {x * exp(y) + exp(y), "(x + 1)*exp(y)"},
  });
}

TEST_CASE("products collect powers, signs and one quotient") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), a = variable(g, "a"), b = variable(g, "b");
  const Expr two = rational(g, 2), three = rational(g, 3), half = rational(g, 1, 2);
  const Expr e{g, g.constant(Constant::e())}, pi{g, g.constant(Constant::pi())};
  check({
      {x * x * three, "3*x^2"},
      {power(x, two) * power(x, three), "x^5"},
      {power(x, a) * power(x, b), "x^(a + b)"},
      {x * power(x, x - 1.0), "x^x"},
      {power(power(x, three), two), "x^6"},
      {power(power(x, a), two), "x^(2*a)"},
      {power(two * x, three), "8*x^3"},
      {power(x * y, two), "x^2*y^2"},
      {x / x, "1"},
      {x * y / x, "y"},
      {x * y / (two * x), "y/2"},
      {x / y / a, "x/(a*y)"},
      {x / (y / a), "a*x/y"},
      {(x * -y) * -a, "a*x*y"},
      {x * -y, "-x*y"},
      {-(x * y), "-x*y"},
      {(-x) / y, "-x/y"},
      {(-x - y) * a, "-a*(x + y)"},
      {power(-x, three), "-x^3"},
      {power(-x, two), "x^2"},
      {sqrt(x) * sqrt(x), "x"},
      {power(sqrt(x), two), "x"},
      {power(x, half), "sqrt(x)"},
      {1.0 / sqrt(x) * half, "1/(2*sqrt(x))"},
      {power(x, rational(g, -1, 2)), "1/sqrt(x)"},
      {sqrt(4.0 * x), "2*sqrt(x)"},
      {x * sqrt(x), "x^(3/2)"},
      {exp(x) * exp(y), "exp(x + y)"},
      {exp(x) * exp(-x), "1"},
      {exp(x) / exp(y), "exp(x - y)"},
      {power(exp(x), two), "exp(2*x)"},
      {power(two, three), "8"},
      {power(two, rational(g, -1)), "1/2"},
      {power(rational(g, 9, 4), half), "3/2"},
      {sqrt(two) * sqrt(two), "2"},
      {power(rational(g, 1), x), "1"},
      {pi * x * two, "2*pi*x"},
      {power(e, x), "exp(x)"},
      {x * 0.0, "0"},
      {annihilate(x, y) * annihilate(x, a), "a*x^2*y"},
      {cos(x) * x, "x*cos(x)"},
      {(x + 1.0) * (x + 1.0), "(x + 1)^2"},
      {exp(x) * (x + 1.0), "(x + 1)*exp(x)"},
      {(1.0 - sin(x)) * sin(x), "sin(x)*(1 - sin(x))"},
      {x / (y * x + a * x), "x/(a*x + x*y)"},
      {1.0 / x + 1.0 / power(x, two), "(x + 1)/x^2"},
      {x / y + a / y, "(a + x)/y"},
      {x / y + a / b, "a/b + x/y"},
      {1.0 / (x + 1.0) - x / power(x + 1.0, two), "1/(x + 1)^2"},
  });
}

TEST_CASE("functions lose signs and their inverses") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y");
  const Expr e{g, g.constant(Constant::e())};
  check({
      {log(exp(x)), "x"},
      {exp(log(x)), "x"},
      {log(e), "1"},
      {log(rational(g, 1)), "0"},
      {exp(rational(g, 0)), "1"},
      {sin(-x), "-sin(x)"},
      {cos(-x), "cos(x)"},
      {sin(-2.0 * x), "-sin(2*x)"},
      {cos(x - x), "1"},
      {f<Abs>(-x), "abs(x)"},
      {f<Abs>(f<Abs>(x)), "abs(x)"},
      {f<Abs>(rational(g, -3)), "3"},
      {f<Tanh>(-x * y), "-tanh(x*y)"},
      {f<Cbrt>(rational(g, 8)), "2"},
      {sqrt(rational(g, 1, 4)), "1/2"},
      {f<Sigmoid>(rational(g, 0)), "1/2"},
      {f<Max>(x + x, y), "max(2*x, y)"},
      {select(less(x, y), x + x, y * 1.0), "if(x < y, 2*x, y)"},
  });
}

TEST_CASE("what does not hold everywhere is left alone") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), a = variable(g, "a");
  const Expr two = rational(g, 2), half = rational(g, 1, 2);
  check({
      {power(power(x, two), half), "sqrt(x^2)"},
      {sqrt(power(x, two)), "sqrt(x^2)"},
      {sqrt(x * x), "sqrt(x^2)"},
      {sqrt(x * y), "sqrt(x*y)"},
      {sqrt(-2.0 * x), "sqrt(-2*x)"},
      {sqrt(x) * sqrt(y), "sqrt(x)*sqrt(y)"},
      {power(power(x, y), a), "(x^y)^a"},
      {power(power(x, a), half), "sqrt(x^a)"},
      {log(power(x, two)), "log(x^2)"},
      {log(x * y), "log(x*y)"},
      {log(x) + log(y), "log(x) + log(y)"},
      {power(f<Abs>(x), two), "abs(x)^2"},
      {sqrt(power(x, two) + power(y, two)), "sqrt(x^2 + y^2)"},
      {f<Relu>(x), "relu(x)"},
      {f<Max>(rational(g, 0), x), "max(0, x)"},
      {x / rational(g, 0), "x/0"},
      {number(g, 0.0) * (1.0 / rational(g, 0)), "0/0"},
      {(x + y) * (x - y), "(x + y)*(x - y)"},
      {power(x + y, two), "(x + y)^2"},
      {f<Asinh>(x), "asinh(x)"},
      {f<Asin>(sin(x)), "asin(sin(x))"},
      {f<Atan2>(-y, x), "atan2(-y, x)"},
      {f<Floor>(-x), "floor(-x)"},
      {x + number(g, std::numeric_limits<double>::infinity()), "x + inf"},
      {power(rational(g, 0), x), "0^x"},
  });
}

TEST_CASE("derivatives look as in a textbook") {
  Graph g;
  const Expr x = variable(g, "x"), n = variable(g, "n"), a = variable(g, "a"), z = variable(g, "z");
  const auto c = [&](std::int64_t p, std::int64_t q = 1) { return rational(g, p, q); };
  const auto d = [&](const Expr& y) { return diff(y, x); };
  check({
      {d(power(x, c(3))), "3*x^2"},
      {d(power(x, n)), "n*x^(n - 1)"},
      {d(power(a, x)), "a^x*log(a)"},
      {d(power(x, x)), "x^x*(log(x) + 1)"},
      {d(sqrt(x)), "1/(2*sqrt(x))"},
      {d(power(x, c(1, 2))), "1/(2*sqrt(x))"},
      {d(power(x, c(1, 3))), "1/(3*x^(2/3))"},
      {d(sqrt(x * x + 1.0)), "x/sqrt(x^2 + 1)"},
      {d(sqrt(1.0 - power(x, c(2)))), "-x/sqrt(1 - x^2)"},
      {d(1.0 / x), "-1/x^2"},
      {d(1.0 / power(x, c(2))), "-2/x^3"},
      {d(tan(x)), "1/cos(x)^2"},
      {d(sin(x) / cos(x)), "1/cos(x)^2"},
      {d(f<Sinh>(x) / f<Cosh>(x)), "1/cosh(x)^2"},
      {d(log(sin(x))), "cos(x)/sin(x)"},
      {d(log(log(x))), "1/(x*log(x))"},
      {d(f<Sigmoid>(x)), "sigmoid(x)*(1 - sigmoid(x))"},
      {d(1.0 / (1.0 + exp(-x))), "exp(-x)/(exp(-x) + 1)^2"},
      {d(f<Tanh>(x)), "1 - tanh(x)^2"},
      {d((exp(x) - exp(-x)) / (exp(x) + exp(-x))), "4/(exp(x) + exp(-x))^2"},
      {d(f<Asin>(x)), "1/sqrt(1 - x^2)"},
      {d(f<Acos>(x)), "-1/sqrt(1 - x^2)"},
      {d(f<Atan>(x)), "1/(x^2 + 1)"},
      {d(f<Asinh>(x)), "1/sqrt(x^2 + 1)"},
      {d(f<Acosh>(x)), "1/sqrt(x^2 - 1)"},
      {d(f<Atanh>(x)), "1/(1 - x^2)"},
      {d(sin(x) / x), "(x*cos(x) - sin(x))/x^2"},
      {d(log(x) / x), "(1 - log(x))/x^2"},
      {d(x / (1.0 + x)), "1/(x + 1)^2"},
      {d(x / (1.0 + power(x, c(2)))), "(1 - x^2)/(x^2 + 1)^2"},
      {d((power(x, c(2)) + 1.0) / (power(x, c(2)) - 1.0)), "-4*x/(x^2 - 1)^2"},
      {d(x * sin(x)), "x*cos(x) + sin(x)"},
      {d(exp(x) * sin(x)), "exp(x)*(cos(x) + sin(x))"},
      {d(power(x, c(2)) * exp(x)), "(x^2 + 2*x)*exp(x)"},
      {d(exp(x) * exp(x)), "2*exp(2*x)"},
      {d(exp(-power(x, c(2)))), "-2*x*exp(-x^2)"},
      {d(d(exp(-x * x))), "(4*x^2 - 2)*exp(-x^2)"},
      {d(power(sin(x), c(2))), "2*cos(x)*sin(x)"},
      {d(sin(power(x, c(2)))), "2*x*cos(x^2)"},
      {d(exp(sin(x))), "exp(sin(x))*cos(x)"},
      {d(sqrt(sin(x))), "cos(x)/(2*sqrt(sin(x)))"},
      {d(x * log(x) - x), "log(x)"},
      {d(power(x, c(3)) - 2.0 * power(x, c(2)) + x - 7.0), "3*x^2 - 4*x + 1"},
      {d(power(x + 1.0, c(5))), "5*(x + 1)^4"},
      {d(power(2.0 * x + 1.0, c(3))), "6*(2*x + 1)^2"},
      {d(d(power(x, c(5)))), "20*x^3"},
      {d(d(sin(x))), "-sin(x)"},
      {d(d(x * sin(x))), "2*cos(x) - x*sin(x)"},
      {d(f<Cbrt>(x)), "1/(3*cbrt(x)^2)"},
      {d(f<Log2>(x)), "1/(x*log(2))"},
      {d(f<Erf>(x)), "2*exp(-x^2)/sqrt(pi)"},
      {d(f<Abs>(x)), "sign(x)"},
      {d(f<Softplus>(x)), "sigmoid(x)"},
      {d(f<Sec>(x)), "sec(x)*tan(x)"},
      {d(exp(x * z) + x * z / log(x)), "z*exp(x*z) + z/log(x) - z/log(x)^2"},
      {d(f<Atan2>(x, z)), "z/(x^2 + z^2)"},
      {d(f<Hypot>(x, z)), "x/hypot(x, z)"},
      {d(decimal(g, 0.1, "0.1") * x * x), "0.2*x"},
      {d(sin(cos(sin(x)))), "-cos(x)*cos(cos(sin(x)))*sin(sin(x))"},
      {d(z), "0"},
  });
}

TEST_CASE("matrix formulas look as in a textbook") {
  Graph g;
  const Expr x = variable(g, "x"), v = variable(g, "v", {3, 1}), b = variable(g, "b", {3, 1}), w = variable(g, "w", {3, 1});
  const Expr A = variable(g, "A", {3, 3}), B = variable(g, "B", {3, 3}), W = variable(g, "W", {2, 3});
  const Expr two = rational(g, 2), one = rational(g, 1), zero = rational(g, 0);
  const Expr eye = diagonal(broadcast(one, {3, 1}));
  check({
      {transpose(matmul(transpose(A), v)), "v'*A"},
      {transpose(matmul(A, B)), "B'*A'"},
      {transpose(x * A), "x*A'"},
      {transpose(broadcast(x, {2, 3})), "x*ones(3, 2)"},
      {matmul(2.0 * A, 3.0 * v), "6*A*v"},
      {matmul(A, x * v), "x*A*v"},
      {matmul(A, -v), "-A*v"},
      {matmul(A, v / 3.0), "A*v/3"},
      {matmul(A, v) + matmul(A, v), "2*A*v"},
      {matmul(A, v) - matmul(A, v), "zeros(3, 1)"},
      {matmul(eye, A), "A"},
      {matmul(A, eye), "A"},
      {matmul(A, broadcast(zero, {3, 2})), "zeros(3, 2)"},
      {matmul(diagonal(v), w), "v.*w"},
      {matmul(diagonal(v), A), "diag(v)*A"},
      {matmul(A, diagonal(v)), "A*diag(v)"},
      {v * v / v, "v"},
      {A - A, "zeros(3, 3)"},
      {v + broadcast(x, {3, 1}) + v, "2*v + x"},
      {total(broadcast(x, {3, 1}), along::all), "3*x"},
      {total(x * v, along::all), "x*sum(v)"},
      {total(transpose(A), along::all), "sum(A)"},
      {place({3, 1}, {{0, 0, {}}, {1, 0, {2, 1}}}, {part(v, {0, 0, {}}), part(v, {1, 0, {2, 1}})}), "v"},
      {place({2, 1}, {{0, 0, {}}, {1, 0, {}}}, {zero, zero}), "zeros(2, 1)"},
      {matmul(A, place({3, 1}, {{1, 0, {}}}, {one})), "A[:, 2]"},
      {grad(matmul(transpose(v), matmul(A, v)), v), "A*v + A'*v"},
      {grad(total(power(matmul(A, v) - b, two), along::all), v), "2*A'*(A*v - b)"},
      {grad(matmul(transpose(matmul(A, v) - b), matmul(A, v) - b), v), "2*A'*(A*v - b)"},
      {grad(matmul(transpose(matmul(A, v) - b), matmul(A, v) - b), A), "2*(A*v - b)*v'"},
      {grad(total(v * v, along::all), v), "2*v"},
      {grad(total(f<Sigmoid>(matmul(W, v)), along::all), W), "sigmoid(W*v).*(1 - sigmoid(W*v))*v'"},
      {grad(whole<Norm>(v), v), "v/norm(v)"},
      {grad(whole<LogSumExp>(v), v), "softmax(v)"},
      {grad(total(exp(v) * x, along::all) / 3.0, v), "x*exp(v)/3"},
      {grad(part(v, {0, 0, {}}) * part(v, {1, 0, {}}) + part(v, {0, 0, {}}), v), "[v[2] + 1, v[1], 0]"},
      {jacobian(matmul(A, v), v, Form::shown), "A"},
      {jacobian(v, v), "eye(3)"},
      {hessian(matmul(transpose(v), matmul(A, v)), v), "A + A'"},
  });
}

TEST_CASE("every rewrite has a name of its own, and is told to the observer with its condition") {
  std::vector<std::string_view> names;
  for (const RewriteRule& r : rewrite_rules()) {
    CHECK_FALSE(r.name.empty());
    CHECK_FALSE(r.example.empty());
    CHECK(std::find(names.begin(), names.end(), r.name) == names.end());
    names.push_back(r.name);
  }
  Graph g;
  const Expr x = variable(g, "x");
  const Expr e = exp(log(x)), twice = x * 2.0;
  std::vector<std::string> told;
  const Expr result = simplify(e + twice, [&](const RewriteStep& s) {
    told.push_back(std::string(s.name) + " [" + std::string(s.condition) + "]: " + to_text(s.before).all() + " -> " + to_text(s.after).all());
  });
  CHECK(to_text(result).all() == "3*x");
  REQUIRE(told.size() == 3);
  CHECK(told[0] == "exponential of a logarithm [x > 0]: exp(log(x)) -> x");
  CHECK(told[1] == "order []: x*2 -> 2*x");
  CHECK(told[2] == "like terms []: x + 2*x -> 3*x");
}
