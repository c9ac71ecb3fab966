// Jacobians by elimination against the sweeps: every row, random programs, every order.
#include "wengert/exec/elimination.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "../tools/examples.hpp"
#include "wengert/exec/derivatives.hpp"

namespace wengert::test {
namespace {

constexpr EliminationOrder all_orders[] = {EliminationOrder::forward, EliminationOrder::reverse,
                                           EliminationOrder::markowitz, EliminationOrder::optimal};

std::optional<exec::Jacobian> eliminated(const Program& p, std::optional<EliminationOrder> order = {}) {
  try {
    if (order) return exec::Jacobian(p.output, p.inputs[0], p.inputs, *order, {});
    return exec::Jacobian(p.output, p.inputs[0], p.inputs, exec::Jacobian::Sweep::elimination, {});
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

// inputs: parts of `at`, in their order.
Point matrix_of(const exec::Jacobian& j, const Program& p, const Point& at) {
  exec::Jacobian::Memory m(j);
  std::vector<const double*> in;
  const double* from = at.data();
  for (const Expr& x : p.inputs) {
    in.push_back(from);
    from += x.shape().size();
  }
  Point matrix(p.output.shape().size() * p.inputs[0].shape().size(), -777), value(p.output.shape().size());
  j.run(m, in, value.data(), matrix.data());
  j.run(m, in, nullptr, matrix.data());  // nothing is left from the first run
  CHECK(relative_distance(value, test::value(p, at)) < 1e-12);
  return matrix;
}

bool close(const Point& got, const Point& expected) {
  Point gap = got;
  for (std::size_t k = 0; k < gap.size(); ++k) gap[k] -= expected[k];
  return relative_distance(got, expected) < 1e-11 || largest(gap) < 1e-13;
}

// True if some order could be carried out; what comes out is checked.
bool check_orders(const Program& p, const Point& at) {
  const Point expected = dense_jacobian(p, at);
  bool any = false;
  for (const EliminationOrder order : all_orders)
    if (const auto j = eliminated(p, order)) {
      any = true;
      const bool right = close(matrix_of(*j, p, at), expected);
      CHECK_MESSAGE(right, describe(p, at));
    }
  return any;
}

// Arrays of several shapes, moved and multiplied in every way that has two indices.
Expr random_step(const std::vector<Expr>& pool, Random& random) {
  Graph& g = *pool[0].graph;
  const Expr a = pool[pool.size() - 1 - pick(random, std::min<std::size_t>(pool.size(), 4))];
  const Expr b = pool[pick(random, pool.size())];
  const Shape s = a.shape();
  const auto up_to = [&](std::uint32_t n) { return static_cast<std::uint32_t>(pick(random, n)); };
  switch (pick(random, 12)) {
    case 0:
      return transpose(a);
    case 1:
      return total(a, static_cast<std::uint32_t>(pick(random, 3)));
    case 2: {
      const std::uint32_t r = up_to(s.rows), c = up_to(s.cols);
      return part(a, {r, c, {1 + up_to(s.rows - r), 1 + up_to(s.cols - c)}});
    }
    case 3: {
      const std::uint32_t r = up_to(3), c = up_to(3);
      const Slice places[] = {{r, c, s}, {0, 0, b.shape()}};
      const Expr both[] = {a, b};
      const Shape whole{std::max(r + s.rows, b.shape().rows), std::max(c + s.cols, b.shape().cols)};
      return Lift<Expr>::array<Place>({.shape = whole, .slices = places}, both);
    }
    case 4:
      return s.cols == 1   ? broadcast(a, {s.rows, 1 + up_to(4)})
             : s.rows == 1 ? broadcast(a, {1 + up_to(4), s.cols})
                           : a;
    case 5:
      return reshape(a, {s.cols, s.rows});
    case 6:
      return s.cols == b.shape().rows ? matmul(a, b) : s.rows == b.shape().rows ? matmul(transpose(a), b) : a;
    case 7:
      return s.vector() ? Lift<Expr>::array<Softmax>({.shape = s, .number = along::all}, std::span(&a, 1)) : a;
    case 8:
      return s == b.shape() ? a * b : a;
    case 9:
      return s == b.shape() || b.shape().scalar() ? a + b : a - small_number(g, random);
    case 10:
      return a * small_number(g, random);
    default:
      return sin(a);
  }
}

Program random_maps(Random& random) {
  Program p;
  std::vector<Expr> pool{p.input("x", {static_cast<std::uint32_t>(2 + pick(random, 5)), 1})};
  for (std::size_t k = 0, n = 3 + pick(random, 9); k < n; ++k) {
    const Expr made = random_step(pool, random);
    if (made.shape().size() <= 60) pool.push_back(made);
  }
  p.output = pool.back();
  p.text = to_text(p.output).all();
  return p;
}

TEST_CASE("every row's Jacobian by elimination is the sweeps'") {
  Random random(51);
  int there = 0;
  for (const Row& row : rows()) {
    if (row.op == op_of<Iterate> || row.op == op_of<IterateAdjoint>) continue;
    for (const Call& call : calls_of(row, random)) there += check_orders(joined(call.program), call.at) ? 1 : 0;
  }
  CHECK(there > 200);
}

TEST_CASE("random programs have one Jacobian, in whatever order their vertices are eliminated") {
  Random random(52);
  int there = 0;
  for (int k = 0; k < 60; ++k) {
    const Program s = joined(random_scalars(random)), a = joined(random_arrays(random));
    there += check_orders(s, random.around_one(s.size())) ? 1 : 0;
    there += check_orders(a, random.around_one(a.size())) ? 1 : 0;
  }
  for (int k = 0; k < 600; ++k) {
    const Program p = random_maps(random);
    there += check_orders(p, random.around_one(p.size())) ? 1 : 0;
  }
  CHECK(there > 300);
}

TEST_CASE("a network's Jacobian is the product of two matrices through its narrow layer") {
  Random random(53);
  const Program p = network(40, 6, 50);
  const auto j = exec::Jacobian(p.output, p.inputs[0], p.inputs);
  CHECK(j.sweep() == exec::Jacobian::Sweep::elimination);
  // 50 x 6 by 6 x 40, and the factors' diagonals.
  CHECK(j.products() <= 50 * 6 * 40 / 4 + 3 * (50 * 6 + 6 * 40));
  const Point at = random.around_one(p.size());
  const exec::Jacobian swept(p.output, p.inputs[0], p.inputs, exec::Jacobian::Sweep::forward, {});
  CHECK(close(matrix_of(j, p, at), matrix_of(swept, p, at)));
}

TEST_CASE("matrices in a row are multiplied in the order that costs least") {
  Program p;
  const Expr x = p.input("x", {30, 1}), a = p.input("A", {35, 30}), b = p.input("B", {15, 35}),
             c = p.input("C", {5, 15}), d = p.input("D", {10, 5}), e = p.input("E", {20, 10}),
             f = p.input("F", {25, 20});
  p.output = matmul(f, matmul(e, matmul(d, matmul(c, matmul(b, matmul(a, x))))));
  p.text = "six matrices";
  const auto j = eliminated(p);
  REQUIRE(j);
  CHECK(j->products() == doctest::Approx(15125 / 4.0));  // Cormen, Leiserson, Rivest and Stein, section 15.2
  CHECK(j->proven());
  Random random(54);
  const Point at = random.around_one(p.size());
  const exec::Jacobian swept(p.output, x, p.inputs, exec::Jacobian::Sweep::forward, {});
  CHECK(close(matrix_of(*j, p, at), matrix_of(swept, p, at)));
}

TEST_CASE("running sums of long lines are eliminated, along either dimension and from either end") {
  Random random(57);
  const Shape shapes[] = {{100, 1}, {1, 90}, {80, 3}, {3, 80}, {1, 1}, {7, 1}};
  for (const Shape s : shapes)
    for (const std::uint32_t d : {along::all, along::rows, along::cols})
      for (const std::uint32_t end : {0u, Cumsum::backwards}) {
        Program p;
        const Expr x = p.input("x", s), b = sin(x);
        p.output = Lift<Expr>::array<Cumsum>({.shape = s, .number = d | end}, std::span(&b, 1)) * x;
        p.text = "running sums";
        CAPTURE(s.rows);
        CAPTURE(d);
        CHECK(check_orders(p, random.around_one(p.size())));
      }
}

TEST_CASE("the best order of scalars is found, and its program runs") {
  Random random(55);
  for (int k = 0; k < 40; ++k) {
    const Program p = joined(random_scalars(random));
    const auto best = eliminated(p, EliminationOrder::optimal);
    if (!best) continue;
    for (const EliminationOrder order : all_orders) {
      const auto other = eliminated(p, order);
      CHECK(best->products() <= other->products());
    }
  }
}

TEST_CASE("dense second derivatives of a chain are diagonals, bands and one outer product") {
  Random random(56);
  Program p;
  const Expr x = p.input("x", {30, 1});
  const Expr a = part(x, {1, 0, {29, 1}}), b = part(x, {0, 0, {29, 1}});
  p.output = Lift<Expr>::array<LogSumExp>({.number = along::all}, std::span(&x, 1)) + total(sin(b) * a, along::all);
  p.text = "logsumexp chain";
  const exec::Jacobian h = exec::hessian_plan(p.output, x, p.inputs);
  CHECK(h.sweep() == exec::Jacobian::Sweep::elimination);
  CHECK(h.products() < 4 * 30 * 30);
  const Program g = with_output(p, gradient(p.output, x));
  const Point at = random.around_one(30);
  CHECK(close(matrix_of(h, g, at), dense_jacobian(g, at)));
}

// Vertices between edges of 1 cost nothing, and join all that was about them: prices would take n^4 products.
TEST_CASE("an order is found in time that grows with the length of a chain whose values are read twice") {
  Program p;
  const Expr x = p.input("x", {});
  Expr y = x;
  for (int k = 0; k < 1000; ++k) y = y * y + y;
  p.output = y;
  const auto j = eliminated(p);
  REQUIRE(j);
  const Point at{1e-4};
  CHECK(close(matrix_of(*j, p, at), dense_jacobian(p, at)));
}

// Products of halves, as a product of many factors is computed.
Expr product_of(Expr x) {
  Expr odd;
  while (x.shape().rows > 1) {
    const std::uint32_t n = x.shape().rows, half = n / 2;
    if (n % 2 == 1) {
      const Expr last = part(x, {n - 1, 0, {1, 1}});
      odd = present(odd) ? odd * last : last;
    }
    x = part(x, {0, 0, {half, 1}}) * part(x, {half, 0, {half, 1}});
  }
  return present(odd) ? x * odd : x;
}

TEST_CASE("a product's Hessian is eliminated from the middle outwards, a few operations an entry") {
  Random random(57);
  for (const std::uint32_t n : {4u, 9u, 16u, 27u, 50u, 63u, 100u, 129u}) {
    Program p;
    const Expr x = p.input("x", {n, 1});
    p.output = product_of(x);
    p.text = "a product of " + std::to_string(n);
    const Program g = with_output(p, gradient(p.output, x));
    const Point at = random.around_one(n), expected = dense_jacobian(g, at);
    for (const bool native : {false, true})
      for (const auto mathematics : {exec::Mathematics::exact, exec::Mathematics::fast}) {
        const exec::Jacobian h =
            exec::hessian_plan(p.output, x, p.inputs, {.mathematics = mathematics, .native = native});
        CAPTURE(n);
        CHECK(h.sweep() == exec::Jacobian::Sweep::elimination);
        CHECK(h.products() < 4 * n * n);
        CHECK(close(matrix_of(h, g, at), expected));
      }
  }
}

TEST_CASE("a product's Hessian where two factors are 0 has the sweeps' numbers") {
  Random random(58);
  Program p;
  const Expr x = p.input("x", {20, 1});
  p.output = product_of(x);
  const Program g = with_output(p, gradient(p.output, x));
  const exec::Jacobian h = exec::hessian_plan(p.output, x, p.inputs);
  Point at = random.around_one(20);
  at[3] = at[17] = 0;
  CHECK(close(matrix_of(h, g, at), dense_jacobian(g, at)));
}

}  // namespace
}  // namespace wengert::test
