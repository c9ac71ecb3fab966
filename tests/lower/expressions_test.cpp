// Values and shapes of every kind of expression.
#include "asked.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

struct Case {
  const char* program;
  Shape shape;
  std::vector<double> numbers;
};

const Shape scalar{1, 1};
const double nan_ = std::nan("");
const double inf_ = INFINITY;

void check_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) check_value(c.program, c.shape, c.numbers);
}

}  // namespace

TEST_CASE("numbers, constants and operators have their values") {
  check_all({
      {"1 + 2*3 - 4/8", scalar, {6.5}},
      {"-2^2", scalar, {-4}},
      {"2^-1", scalar, {0.5}},
      {"2^3^2", scalar, {512}},
      {"2**3", scalar, {8}},
      {".5 + 1e-3", scalar, {0.501}},
      {"12345678901234567890", scalar, {12345678901234567890.0}},
      {"pi", scalar, {3.14159265358979323846}},
      {"e", scalar, {2.71828182845904523536}},
      {"e^2", scalar, {std::exp(2.0)}},
      {"[inf, -inf, nan]", {3, 1}, {inf_, -inf_, nan_}},
      {"0^0", scalar, {1}},
      {"(-8)^(1/3)", scalar, {nan_}},
      {"1 < 2", scalar, {1}},
      {"[1, 2, 3] >= 2", {3, 1}, {0, 1, 1}},
      {"1 == 1 and 2 != 2 or 3 <= 3", scalar, {1}},
      {"not (1 > 2)", scalar, {1}},
      {"not 0 + 1", scalar, {0}},
      {"+3", scalar, {3}},
      {"1./[2, 4]", {2, 1}, {0.5, 0.25}},
  });
}

TEST_CASE("lists, matrices and splices have their shapes") {
  check_all({
      {"[1, 2, 3]", {3, 1}, {1, 2, 3}},
      {"[5]", scalar, {5}},
      {"[[1, 2], [3, 4]]", {2, 2}, {1, 2, 3, 4}},
      {"[[1, 2, 3]]", {1, 3}, {1, 2, 3}},
      {"[[1], [2]]", {2, 1}, {1, 2}},
      {"x = [2, 3]\n[1, x, 4]", {4, 1}, {1, 2, 3, 4}},
      {"x = [2, 3]\n[x, x]", {4, 1}, {2, 3, 2, 3}},
      {"x = [2, 3]\n[[x], [x]]", {2, 2}, {2, 3, 2, 3}},
      {"hcat([1, 2], [3, 4])", {2, 2}, {1, 3, 2, 4}},
      {"vcat([[1, 2]], [[3, 4]])", {2, 2}, {1, 2, 3, 4}},
      {"vcat(1, [2, 3])", {3, 1}, {1, 2, 3}},
      {"hcat(1, [[2, 3]])", {1, 3}, {1, 2, 3}},
      {"zeros(2)", {2, 1}, {0, 0}},
      {"ones(2, 3)", {2, 3}, {1, 1, 1, 1, 1, 1}},
      {"eye(2)", {2, 2}, {1, 0, 0, 1}},
      {"linspace(0, 10, 11)", {11, 1}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
      {"linspace(2, 5, 1)", scalar, {2}},
      {"reshape([1, 2, 3, 4, 5, 6], 2, 3)", {2, 3}, {1, 2, 3, 4, 5, 6}},
      {"reshape([[1, 2], [3, 4]], 4)", {4, 1}, {1, 2, 3, 4}},
      {"[[1, 2, 3], [4, 5, 6]]'", {3, 2}, {1, 4, 2, 5, 3, 6}},
      {"3'", scalar, {3}},
      {"diag([1, 2])", {2, 2}, {1, 0, 0, 2}},
      {"diag([[1, 2], [3, 4]])", {2, 1}, {1, 4}},
      {"rows([[1, 2, 3]]) + 10*cols([[1, 2, 3]]) + 100*len([[1, 2, 3]])", scalar, {331}},
  });
}

TEST_CASE("indices count from 1, and take parts of anything") {
  const std::string w = "W = [[1, 2, 3], [4, 5, 6]]\nx = [10, 20, 30]\nk = 2\n";
  const std::vector<Case> cases{
      {"x[1]", scalar, {10}}, {"x[k]", scalar, {20}}, {"x[k + 1]", scalar, {30}}, {"x[end]", scalar, {30}},
      {"x[end - 1]", scalar, {20}}, {"x[2..3]", {2, 1}, {20, 30}}, {"x[2..end]", {2, 1}, {20, 30}}, {"x[:]", {3, 1}, {10, 20, 30}},
      {"x[2, 1]", scalar, {20}}, {"W[2, 3]", scalar, {6}}, {"W[2, :]", {1, 3}, {4, 5, 6}}, {"W[:, 2]", {2, 1}, {2, 5}},
      {"W[1..2, 2..3]", {2, 2}, {2, 3, 5, 6}}, {"W[end, end]", scalar, {6}}, {"W[:, 2..end]", {2, 2}, {2, 3, 5, 6}},
      {"W[1, :][2]", scalar, {2}}, {"x'[2]", scalar, {20}}, {"x'[1, 2]", scalar, {20}}, {"[7, 8, 9][2]", scalar, {8}},
      {"sin(x)[1]", scalar, {std::sin(10.0)}}, {"5[1]", scalar, {5}}, {"5[1, 1]", scalar, {5}}, {"x[x[1]/10]", scalar, {10}},
      {"x[len(x)]", scalar, {30}}, {"W[rows(W), cols(W)]", scalar, {6}},
  };
  for (const Case& c : cases) check_value(w + c.program, c.shape, c.numbers);
}

TEST_CASE("products follow linear algebra, dotted operators go element by element and broadcast") {
  const std::string w = "A = [[1, 2], [3, 4]]\nB = [[5, 6, 7], [8, 9, 10]]\nx = [1, 2]\n";
  const std::vector<Case> cases{
      {"A*x", {2, 1}, {5, 11}}, {"A*B", {2, 3}, {21, 24, 27, 47, 54, 61}}, {"x'*x", scalar, {5}}, {"x*x'", {2, 2}, {1, 2, 2, 4}},
      {"2*A", {2, 2}, {2, 4, 6, 8}}, {"A/2", {2, 2}, {0.5, 1, 1.5, 2}}, {"A^2", {2, 2}, {7, 10, 15, 22}}, {"A^0", {2, 2}, {1, 0, 0, 1}},
      {"A^5", {2, 2}, {1069, 1558, 2337, 3406}}, {"A^-1", {2, 2}, {-2, 1, 1.5, -0.5}}, {"A.^2", {2, 2}, {1, 4, 9, 16}},
      {"A .* A", {2, 2}, {1, 4, 9, 16}}, {"A ./ A", {2, 2}, {1, 1, 1, 1}}, {"A .+ x", {2, 2}, {2, 3, 5, 6}}, {"A .- x'", {2, 2}, {0, 0, 2, 2}},
      {"x .* x'", {2, 2}, {1, 2, 2, 4}}, {"x .+ [[10, 20, 30]]", {2, 3}, {11, 21, 31, 12, 22, 32}}, {"2 .^ x", {2, 1}, {2, 4}},
      {"e .^ x", {2, 1}, {std::exp(1.0), std::exp(2.0)}}, {"x + 1", {2, 1}, {2, 3}}, {"1 - x", {2, 1}, {0, -1}},
      {"max(x, 1.5)", {2, 1}, {1.5, 2}}, {"if(x > 1, x, 0)", {2, 1}, {0, 2}},
      {"dot(x, x)", scalar, {5}}, {"dot(x, x')", scalar, {5}}, {"outer(x, x)", {2, 2}, {1, 2, 2, 4}}, {"cross([1, 0, 0], [0, 1, 0])", {3, 1}, {0, 0, 1}},
      {"kron(A, x)", {4, 2}, {1, 2, 2, 4, 3, 4, 6, 8}}, {"trace(A)", scalar, {5}}, {"det(A)", scalar, {-2}}, {"inv(A)", {2, 2}, {-2, 1, 1.5, -0.5}},
      {"det([[2, 0, 0], [0, 3, 0], [1, 0, 4]])", scalar, {24}}, {"det(4*eye(4))", scalar, {256}}, {"logdet(2*eye(3))", scalar, {3*std::log(2.0)}},
      {"solve(A, x)", {2, 1}, {0, 0.5}}, {"transpose(B)", {3, 2}, {5, 8, 6, 9, 7, 10}},
  };
  for (const Case& c : cases) check_value(w + c.program, c.shape, c.numbers);
}

TEST_CASE("reductions take all elements or a dimension") {
  const std::string w = "W = [[1, 2], [3, 5]]\nx = [3, 1, 2]\n";
  const std::vector<Case> cases{
      {"sum(W)", scalar, {11}}, {"sum(W, 1)", {1, 2}, {4, 7}}, {"sum(W, 2)", {2, 1}, {3, 8}}, {"prod(W)", scalar, {30}},
      {"prod(W, 1)", {1, 2}, {3, 10}}, {"prod(W, 2)", {2, 1}, {2, 15}}, {"mean(W)", scalar, {2.75}}, {"mean(W, 1)", {1, 2}, {2, 3.5}},
      {"cumsum(x)", {3, 1}, {3, 4, 6}}, {"cumsum(W, 2)", {2, 2}, {1, 3, 3, 8}}, {"max(x)", scalar, {3}}, {"min(x)", scalar, {1}}, {"max(7)", scalar, {7}},
      {"max(1, 5, 3)", scalar, {5}}, {"min(x, 2, [0, 9, 9])", {3, 1}, {0, 1, 2}}, {"max(W, 2, W')", {2, 2}, {2, 3, 3, 5}},
      {"argmax(x)", scalar, {1}}, {"argmin(x)", scalar, {2}}, {"argmax(W)", scalar, {4}}, {"norm([3, 4])", scalar, {5}}, {"norm1(x)", scalar, {6}}, {"norminf(-x)", scalar, {3}},
      {"logsumexp([0, 0])", scalar, {std::log(2.0)}}, {"softmax([0, 0])", {2, 1}, {0.5, 0.5}}, {"softmax([[0, 0]], 2)", {1, 2}, {0.5, 0.5}},
      {"log_softmax([0, 0])", {2, 1}, {-std::log(2.0), -std::log(2.0)}}, {"prod(linspace(1, 18, 18))", scalar, {6402373705728000.0}},
      {"prod(linspace(1, 37, 37)/10)", scalar, {1376375.3091226347}},
  };
  for (const Case& c : cases) check_value(w + c.program, c.shape, c.numbers, 1e-12);
}

TEST_CASE("functions have their aliases and defaults") {
  check_all({
      {"ln(e) + arcsin(1) - asin(1) + arctan(0) + pow(2, 3)", scalar, {9}},
      {"σ(0) + sigmoid(0)", scalar, {1}},
      {"elu(-1)", scalar, {std::expm1(-1.0)}},
      {"elu(-1, 2)", scalar, {2 * std::expm1(-1.0)}},
      {"leaky_relu(-1)", scalar, {-0.01}},
      {"leaky_relu(-1, 0.5)", scalar, {-0.5}},
      {"atan2(1, 1) - pi/4 + hypot(3, 4) + mod(-1, 3)", scalar, {7}},
      {"step(0) + sign(-2) + floor(1.5) + ceil(1.5) + round(-0.5)", scalar, {2}},
      {"hinge(0.5, -1)", scalar, {1.5}},
      {"xlogy(0, 0)", scalar, {0}},
      {"gamma(5) + beta(1, 2)", scalar, {24.5}},
      {"sin([0, 0])", {2, 1}, {0, 0}},
  });
}

TEST_CASE("stable forms hold where the naive ones overflow") {
  check_all({
      {"x = -1000\nlog(sigmoid(x))", scalar, {-1000}},
      {"x = 1000\nlog(1 - sigmoid(x))", scalar, {-1000}},
      {"x = 1000\np = sigmoid(x)\nlog(p)", scalar, {0}},
      {"x = 1000\nlog(1 + exp(x))", scalar, {1000}},
      {"x = 1000\nlog(exp(x) + 1)", scalar, {1000}},
      {"x = 1000\nlog1p(exp(x))", scalar, {1000}},
      {"v = [1000, 0]\nlog(softmax(v))", {2, 1}, {0, -1000}},
      {"v = [1000, 0]\nlog(softmax(v)[2])", scalar, {-1000}},
      {"v = [[1000, 0]]\nlog(softmax(v, 2)')", {2, 1}, {0, -1000}},
      {"v = [1000, 999]\nlog(sum(exp(v)))", scalar, {1000 + std::log1p(std::exp(-1.0))}},
      {"v = [1000, 0]\ncross_entropy(softmax(v), [0, 1])", scalar, {1000}},
      {"cross_entropy([0, 1], [0, 1])", scalar, {0}},
      {"cross_entropy([[0.5, 0.25], [0.5, 0.75]], [[1, 0], [0, 1]])", scalar, {std::log(2.0) - std::log(0.75)}},
  });
}

TEST_CASE("functions of the language are lowered where they are called") {
  check_all({
      {"f(u, v) = u^2 + v\nf(2, 3)", scalar, {7}},
      {"f(u) = u'*u\nf([1, 2])", scalar, {5}},
      {"k = 3\nf(u) = k*u\nf(2)", scalar, {6}},
      {"f(u) = g(u) + 1\ng(u) = 2*u\nf(2)", scalar, {5}},
      {"y = f(2)\nf(u) = 2*u\ny", scalar, {4}},
      {"f(x) = x\nx = 5\nf(1) + x", scalar, {6}},
      {"e(u) = 2*u\ne(3)", scalar, {6}},
      {"f(e) = e + 1\nf(2)", scalar, {3}},
      {"f(i) = sum(i in 1..3, i) + i\nf(10)", scalar, {16}},
      {"i = 7\nf(u) = u + i\nsum(i in 1..2, f(i))", scalar, {17}},
      {"f(u) = u + 1\niterate(f, 0, 10)", scalar, {10}},
      {"f(u, a) = a*u\niterate(f, 1, 3, 2)", scalar, {8}},
      {"A = [[1, 1], [1, 0]]\nf(u) = A*u\niterate(f, [1, 0], 10)", {2, 1}, {89, 55}},
      {"f(u) = u + 1\niterate(f, 5, 0)", scalar, {5}},
  });
}

TEST_CASE("the constant e may be redefined from a line on") {
  check_all({
      {"y = e\ne = 2\ny", scalar, {2.71828182845904523536}},
      {"e = 2\nlog(e)", scalar, {std::log(2.0)}},
      {"e = e^2\nlog(e)", scalar, {2}},
  });
}
