// Expressions as text: brackets, signs, numbers, arrays.
#include "wengert/print/text.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "wengert/rules/build.hpp"

using namespace wengert;

namespace {

struct Row {
  Expr e;
  const char* text;
};

Expr constant(Graph& g, Constant c) { return {g, g.constant(c)}; }
Expr rational(Graph& g, std::int64_t p, std::int64_t q = 1) { return constant(g, Constant::rational(p, q)); }
template <class R>
Expr f(const Expr& a) { return Lift<Expr>::call<R>(a); }
template <class R>
Expr f(const Expr& a, const Expr& b) { return Lift<Expr>::call<R>(a, b); }
Expr place(Shape shape, std::vector<Slice> slices, const std::vector<Expr>& parts) {
  return Lift<Expr>::array<Place>({.shape = shape, .slices = slices}, parts);
}
Expr iota(Graph& g, std::uint32_t n) { return {g, g.iota(1, n)}; }
template <class R>
Expr reduce(const Expr& a, std::uint32_t dimension, Shape shape) {
  return Lift<Expr>::array<R>({.shape = shape, .number = dimension}, std::span(&a, 1));
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) CHECK(to_text(row.e).all() == row.text);
}

}  // namespace

TEST_CASE("scalar expressions are written with few brackets") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), z = variable(g, "z");
  const Expr two = rational(g, 2), three = rational(g, 3);
  check({
      {x + y + z, "x + y + z"},
      {x + (y + z), "x + (y + z)"},
      {x - (y + z), "x - (y + z)"},
      {x - (y - z), "x - (y - z)"},
      {x - y + z, "x - y + z"},
      {x * y * z, "x*y*z"},
      {x * (y * z), "x*(y*z)"},
      {x / y / z, "x/y/z"},
      {x / (y * z), "x/(y*z)"},
      {x * (y / z), "x*(y/z)"},
      {x * y / z, "x*y/z"},
      {(x + y) * z, "(x + y)*z"},
      {x * (y - z), "x*(y - z)"},
      {power(x, two), "x^2"},
      {-power(x, two), "-x^2"},
      {power(-x, two), "(-x)^2"},
      {power(x, power(y, z)), "x^y^z"},
      {power(power(x, y), z), "(x^y)^z"},
      {power(x, -y), "x^(-y)"},
      {power(x, rational(g, -2)), "x^(-2)"},
      {power(x, rational(g, 1, 3)), "x^(1/3)"},
      {power(rational(g, -2), x), "(-2)^x"},
      {power(x * y, two), "(x*y)^2"},
      {two * rational(g, -3), "-6"},
      {x * rational(g, -3), "x*(-3)"},
      {rational(g, -3) * x, "-3*x"},
      {y + rational(g, -3) * x, "y - 3*x"},
      {y - rational(g, -3) * x, "y + 3*x"},
      {-x + y, "y - x"},
      {-x + 1.0, "1 - x"},
      {1.0 - x, "1 - x"},
      {-x - y, "-x - y"},
      {x + rational(g, -1, 2), "x - 1/2"},
      {-(x * y), "-x*y"},
      {x - y * z, "x - y*z"},
      {x + -(y * z), "x - y*z"},
      {x - -(y / z), "x + y/z"},
      {x * -y, "x*(-y)"},
      {-(x + y), "-(x + y)"},
      {x + -(y + z), "x - (y + z)"},
      {-(rational(g, -3) * x), "3*x"},
      {rational(g, 1, 3) * x, "1/3*x"},
      {x * rational(g, 1, 3), "x*(1/3)"},
      {x / three, "x/3"},
      {x / rational(g, 1, 3), "x/(1/3)"},
      {exp(x * z) + x * z / log(x), "exp(x*z) + x*z/log(x)"},
      {sin(x) * sin(x), "sin(x)*sin(x)"},
      {power(sin(x), two), "sin(x)^2"},
      {annihilate(x, y) + annihilate(exp(x), y + z), "x*y + exp(x)*(y + z)"},
      {select(less(x, y), x + 1.0, -y), "if(x < y, x + 1, -y)"},
      {f<Max>(x, y), "max(x, y)"},
      {f<Atan2>(y, x), "atan2(y, x)"},
      {f<Elu>(x, y), "elu(x, y)"},
      {f<And>(less(x, y), f<Not>(f<Equal>(y, z))), "x < y and not y == z"},
      {f<Or>(f<And>(x, y), z), "x and y or z"},
      {f<And>(x, f<Or>(y, z)), "x and (y or z)"},
      {f<And>(x, f<And>(y, z)), "x and (y and z)"},
      {f<Not>(f<And>(x, y)), "not (x and y)"},
      {less(less(x, y), z), "(x < y) < z"},
      {less(x + y, z), "x + y < z"},
      {less(x, y) + z, "(x < y) + z"},
      {f<Sigmoid>(x) * (1.0 - f<Sigmoid>(x)), "sigmoid(x)*(1 - sigmoid(x))"},
  });
}

TEST_CASE("numbers are written exactly, or in the fewest digits that read back") {
  Graph g;
  check({
      {rational(g, 1, 3), "1/3"},
      {rational(g, -7, 2), "-7/2"},
      {constant(g, Constant::decimal(0.1, "0.10")), "0.1"},
      {constant(g, Constant::decimal(0.12345678901234568, "0.12345678901234567890")), "0.12345678901234567890"},
      {number(g, 1e-5), "1e-5"},
      {number(g, 1e22), "1e22"},
      {number(g, 0.1 + 0.2), "0.30000000000000004"},
      {number(g, -0.0), "-0"},
      {number(g, std::numeric_limits<double>::infinity()), "inf"},
      {number(g, -std::numeric_limits<double>::infinity()), "-inf"},
      {number(g, std::numeric_limits<double>::quiet_NaN()), "nan"},
      {constant(g, Constant::pi()), "pi"},
      {constant(g, Constant::e()), "e"},
  });
  const Expr e = variable(g, "e");
  CHECK(to_text(e + constant(g, Constant::e())).expression == "e + exp(1)");
  CHECK(shortest(100000) == "100000");
  CHECK(shortest(1e300) == "1e300");
  CHECK(shortest(-2.5e-10) == "-2.5e-10");
}

TEST_CASE("arrays are written as the language reads them") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y"), v = variable(g, "v", {3, 1}), w = variable(g, "w", {3, 1});
  const Expr A = variable(g, "A", {3, 3}), B = variable(g, "B", {3, 3}), r = variable(g, "r", {1, 3});
  const Expr one = rational(g, 1), zero = rational(g, 0), two = rational(g, 2);
  check({
      {matmul(A, v), "A*v"},
      {matmul(A, matmul(B, v)), "A*(B*v)"},
      {matmul(transpose(v), w), "v'*w"},
      {transpose(A + B), "(A + B)'"},
      {transpose(matmul(A, B)), "(A*B)'"},
      {transpose(exp(A)), "exp(A)'"},
      {v * w, "v.*w"},
      {v / w, "v./w"},
      {v / x, "v/x"},
      {x / v, "x./v"},
      {x * v, "x*v"},
      {power(v, two), "v.^2"},
      {power(two, v), "2.^v"},
      {v * v * w, "v.*v.*w"},
      {v + broadcast(x, {3, 1}), "v + x"},
      {A + broadcast(r, {3, 3}), "A .+ r"},
      {A - broadcast(v, {3, 3}), "A .- v"},
      {A * broadcast(v, {3, 3}), "A.*v"},
      {broadcast(v, {3, 3}) * broadcast(r, {3, 3}), "v.*r"},
      {broadcast(x, {3, 1}) + broadcast(y, {3, 1}), "x + y*ones(3, 1)"},
      {broadcast(x, {3, 1}), "x*ones(3, 1)"},
      {broadcast(x + y, {3, 1}), "(x + y)*ones(3, 1)"},
      {broadcast(one, {2, 3}), "ones(2, 3)"},
      {broadcast(zero, {2, 3}), "zeros(2, 3)"},
      {broadcast(r, {2, 3}), "ones(2, 3).*r"},
      {exp(broadcast(x, {3, 1})), "exp(x*ones(3, 1))"},
      {f<Max>(v, broadcast(x, {3, 1})), "max(v, x)"},
      {f<Max>(A, broadcast(r, {3, 3})), "max(A, ones(3, 3).*r)"},
      {select(less(broadcast(zero, {3, 1}), v), v, broadcast(zero, {3, 1})), "if(0 < v, v, 0)"},
      {part(v, {1, 0, {}}), "v[2]"},
      {part(v, {1, 0, {2, 1}}), "v[2..3]"},
      {part(A, {1, 0, {1, 3}}), "A[2, :]"},
      {part(A, {0, 1, {3, 1}}), "A[:, 2]"},
      {part(A, {0, 1, {}}), "A[1, 2]"},
      {part(A, {0, 1, {2, 2}}), "A[1..2, 2..3]"},
      {part(r, {0, 1, {}}), "r[2]"},
      {part(r, {0, 1, {1, 2}}), "r[1, 2..3]"},
      {part(v + w, {1, 0, {}}), "(v + w)[2]"},
      {total(A, along::all), "sum(A)"},
      {total(A, along::rows), "sum(A, 1)"},
      {total(A, along::cols), "sum(A, 2)"},
      {softmax(v, along::rows), "softmax(v)"},
      {softmax(A, along::cols), "softmax(A, 2)"},
      {reduce<Cumsum>(v, 1, {3, 1}), "cumsum(v)"},
      {reduce<Cumsum>(v, 1 | Cumsum::backwards, {3, 1}), "[sum(v[i..3]) for i in 1..3]"},
      {reduce<MaxOf>(v, along::all, {}), "max(v)"},
      {reduce<MaxOf>(place({3, 1}, {{0, 0, {}}, {1, 0, {}}, {2, 0, {}}}, {x, y, x * y}), along::all, {}), "max(x, y, x*y)"},
      {reduce<ArgMax>(v, along::all, {}), "argmax(v)"},
      {reduce<Norm>(v, along::all, {}), "norm(v)"},
      {iota(g, 4), "[i for i in 1..4]"},
      {reduce<DiagonalMatrix>(v, 0, {3, 3}), "diag(v)"},
      {reduce<DiagonalMatrix>(broadcast(one, {3, 1}), 0, {3, 3}), "eye(3)"},
      {reduce<Diagonal>(A, 0, {3, 1}), "diag(A)"},
      {reshape(A, {9, 1}), "reshape(A, 9, 1)"},
      {place({2, 1}, {{0, 0, {}}, {1, 0, {}}}, {x, y + 1.0}), "[x, y + 1]"},
      {place({1, 2}, {{0, 0, {}}, {0, 1, {}}}, {x, y}), "[[x, y]]"},
      {place({2, 2}, {{0, 0, {}}, {0, 1, {}}, {1, 0, {}}, {1, 1, {}}}, {x, y, y, x}), "[[x, y], [y, x]]"},
      {place({4, 1}, {{0, 0, {}}, {1, 0, {3, 1}}}, {x, v}), "[x, v]"},
      {place({3, 1}, {{1, 0, {}}}, {x}), "[0, x, 0]"},
      {place({3, 1}, {{1, 0, {}}, {1, 0, {}}}, {x, -y}), "[0, x - y, 0]"},
      {place({100, 1}, {{1, 0, {}}}, {x}), "[0, x, zeros(98, 1)]"},
      {place({2, 2}, {{0, 1, {}}}, {x}), "[[0, x], [0, 0]]"},
      {place({6, 3}, {{0, 0, {3, 3}}, {3, 0, {3, 3}}}, {A, B}), "vcat(A, B)"},
      {place({3, 6}, {{0, 0, {3, 3}}, {0, 3, {3, 3}}}, {A, B}), "hcat(A, B)"},
      {place({6, 6}, {{0, 0, {3, 3}}, {3, 3, {3, 3}}}, {A, B}), "vcat(hcat(A, zeros(3, 3)), hcat(zeros(3, 3), B))"},
      {place({3, 3}, {{1, 0, {1, 3}}}, {r}), "vcat(zeros(1, 3), r, zeros(1, 3))"},
      {place({3, 3}, {{0, 0, {3, 1}}, {0, 1, {1, 2}}, {1, 1, {2, 2}}}, {v, part(r, {0, 0, {1, 2}}), part(A, {0, 0, {2, 2}})}),
       "hcat(v, vcat(r[1, 1..2], A[1..2, 1..2]))"},
      {place({3, 1}, {{0, 0, {2, 1}}, {1, 0, {2, 1}}}, {part(v, {0, 0, {2, 1}}), part(w, {0, 0, {2, 1}})}), "[v[1..2], 0] + [0, w[1..2]]"},
  });
}
