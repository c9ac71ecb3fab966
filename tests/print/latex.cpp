// Expressions as LaTeX.
#include "wengert/print/latex.hpp"

#include <doctest/doctest.h>

#include "wengert/rules/build.hpp"

using namespace wengert;

namespace {

struct Row {
  Expr e;
  const char* latex;
};

Expr rational(Graph& g, std::int64_t p, std::int64_t q = 1) { return {g, g.constant(Constant::rational(p, q))}; }
template <class R>
Expr f(const Expr& a) { return Lift<Expr>::call<R>(a); }
template <class R>
Expr whole(const Expr& a, Shape shape = {}) { return Lift<Expr>::array<R>({.shape = shape}, std::span(&a, 1)); }
Expr place(Shape shape, std::vector<Slice> slices, const std::vector<Expr>& parts) {
  return Lift<Expr>::array<Place>({.shape = shape, .slices = slices}, parts);
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) CHECK(latex(row.e) == row.latex);
}

}  // namespace

TEST_CASE("scalar expressions in LaTeX") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), rate = variable(g, "rate"), x1 = variable(g, "x1"), alpha = variable(g, "alpha");
  const Expr two = rational(g, 2), three = rational(g, 3);
  check({
      {power(x, two) / (x + 1.0), "\\frac{x^{2}}{x + 1}"},
      {three * power(x, two) * y, "3 x^{2} y"},
      {x * three, "x \\cdot 3"},
      {power(two, x) * power(three, x), "2^{x} \\cdot 3^{x}"},
      {-x / y, "-\\frac{x}{y}"},
      {x - rational(g, 1, 3), "x - \\frac{1}{3}"},
      {rational(g, 1, 3) * x, "\\frac{1}{3} x"},
      {power(x / y, two), "\\left(\\frac{x}{y}\\right)^{2}"},
      {power(x + y, two), "\\left(x + y\\right)^{2}"},
      {power(x, rational(g, -2)), "x^{-2}"},
      {x * (y - 1.0), "x \\left(y - 1\\right)"},
      {sqrt(x + 1.0), "\\sqrt{x + 1}"},
      {f<Cbrt>(x), "\\sqrt[3]{x}"},
      {exp(-power(x, two)), "e^{-x^{2}}"},
      {sin(x) * cos(x), "\\sin\\left(x\\right) \\cos\\left(x\\right)"},
      {power(sin(x), two), "\\sin\\left(x\\right)^{2}"},
      {f<Sigmoid>(x), "\\sigma\\left(x\\right)"},
      {f<Softplus>(x), "\\operatorname{softplus}\\left(x\\right)"},
      {f<Abs>(x), "\\left|x\\right|"},
      {rate * x1 + alpha, "\\mathrm{rate} x_{1} + \\alpha"},
      {less(x, y), "x < y"},
      {select(less(x, y), x, y), "\\begin{cases} x & \\text{if } x < y \\\\ y & \\text{otherwise} \\end{cases}"},
      {number(g, 1e-5), "10^{-5}"},
      {number(g, 2.5e22), "2.5 \\cdot 10^{22}"},
      {Expr(g, g.constant(Constant::pi())) * x, "\\pi x"},
  });
  CHECK(latex_name("learning_rate") == "\\mathrm{learning}_{\\mathrm{rate}}");
  CHECK(latex_name("W_2") == "W_{2}");
  CHECK(latex_name("β1") == "\\beta_{1}");
}

TEST_CASE("arrays in LaTeX") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), v = variable(g, "v", {3, 1}), w = variable(g, "w", {3, 1});
  const Expr A = variable(g, "A", {3, 3}), W1 = variable(g, "W1", {3, 3}), one = rational(g, 1), zero = rational(g, 0);
  check({
      {matmul(transpose(A), v), "A^{\\top} v"},
      {transpose(matmul(A, A)), "\\left(A A\\right)^{\\top}"},
      {v * w, "v \\odot w"},
      {v / w, "v \\oslash w"},
      {v / x, "\\frac{v}{x}"},
      {power(v, rational(g, 2)), "v^{\\circ 2}"},
      {part(v, {1, 0, {}}), "v_{2}"},
      {part(A, {0, 1, {}}), "A_{1,2}"},
      {part(A, {1, 0, {1, 3}}), "A_{2,:}"},
      {part(v, {1, 0, {2, 1}}), "v_{2:3}"},
      {part(W1, {0, 1, {}}), "{W_{1}}_{1,2}"},
      {part(v + w, {1, 0, {}}), "\\left(v + w\\right)_{2}"},
      {broadcast(x, {3, 1}), "x \\mathbf{1}_{3 \\times 1}"},
      {broadcast(zero, {2, 2}), "\\mathbf{0}_{2 \\times 2}"},
      {whole<DiagonalMatrix>(broadcast(one, {3, 1}), {3, 3}), "I_{3}"},
      {whole<Norm>(v), "\\left\\|v\\right\\|"},
      {whole<Inv>(A, {3, 3}), "A^{-1}"},
      {whole<Det>(A), "\\det\\left(A\\right)"},
      {whole<MaxOf>(v), "\\max\\left(v\\right)"},
      {place({2, 1}, {{0, 0, {}}, {1, 0, {}}}, {x, y}), "\\begin{bmatrix} x \\\\ y \\end{bmatrix}"},
      {place({2, 2}, {{0, 0, {}}, {1, 1, {}}}, {x, y}), "\\begin{bmatrix} x & 0 \\\\ 0 & y \\end{bmatrix}"},
  });
}

TEST_CASE("shared parts in LaTeX are lines of their own") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr part = exp(x * z) + sqrt(x + z);
  CHECK(latex(part * sin(part), {.share_whole_above = 0}) ==
        "\\begin{aligned}\nv_{1} &= e^{x z} + \\sqrt{x + z} \\\\\n& v_{1} \\sin\\left(v_{1}\\right)\n\\end{aligned}");
}
