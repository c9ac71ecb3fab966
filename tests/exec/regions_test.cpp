// Regions of arrays, interpreted and as machine code: random programs over long and short arrays against the sweeps,
// to the last bit.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "engines.hpp"
#include "exec/layout.hpp"
#include "wengert/exec/plan.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::test {
namespace {

bool equal_bits(double a, double b) { return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b; }

// Arrays of n numbers that meet element by element, shifted by one, by their sums and by single elements.
Program random_region(Random& random, std::uint32_t n) {
  Program p;
  const Expr x = p.input("x", {n + 1, 1}), y = p.input("y", {n, 1}), s = p.input("s");
  std::vector<Expr> arrays{part(x, {0, 0, {n, 1}}), part(x, {1, 0, {n, 1}}), y}, numbers{s};
  const auto any = [&](const std::vector<Expr>& all) { return all[pick(random, all.size())]; };
  for (int k = 0; k < 40; ++k) {
    const std::size_t what = pick(random, 12);
    if (what == 0)
      numbers.push_back(total(any(arrays), along::all));
    else if (what == 1)
      numbers.push_back(part(any(arrays), {static_cast<std::uint32_t>(pick(random, n)), 0, {}}));
    else if (what < 4)
      arrays.push_back(combined(any(arrays), broadcast(any(numbers), {n, 1}), random));
    else
      arrays.push_back(combined(any(arrays), any(arrays), random));
    if (!(arrays.back().shape() == Shape{n, 1})) arrays.pop_back();
  }
  p.output = total(arrays.back() * arrays[arrays.size() - 2], along::all) + numbers.back();
  p.text = fmt::format("a random region of {}", n);
  return p;
}

std::vector<Expr> with_adjoints(const Program& p) {
  std::vector<Expr> out{p.output};
  for (const Expr& e : vjp(p.output, p.inputs, number(*p.graph, 1))) out.push_back(e);
  return out;
}

void check_bits(const Program& p, const Point& at) {
  const std::vector<Expr> outputs = with_adjoints(p);
  for (const exec::PlanOptions& options : every_engine(exec::Mathematics::exact)) {
    const auto got = run_plan(p, outputs, at, options);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const Point expected = value(with_output(p, outputs[k]), at);
      CAPTURE(describe(with_output(p, outputs[k]), at));
      CAPTURE(options.native);
      CAPTURE(static_cast<int>(options.instructions));
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CAPTURE(got[k][i]);
        CAPTURE(expected[i]);
        REQUIRE(equal_bits(got[k][i], expected[i]));
      }
    }
  }
}

TEST_CASE("random regions of arrays of every length give the bits of the sweeps") {
  Random random(101);
  for (const std::uint32_t n : {4u, 5u, 7u, 8u, 9u, 14u, 16u, 31u, 100u, 511u, 513u, 1030u, 2500u})
    for (int k = 0; k < (n < 100 ? 12 : 4); ++k) {
      const Program p = random_region(random, n);
      check_bits(p, random.around_one(p.size()));
    }
}

TEST_CASE("regions whose numbers are 0, infinite or none give the bits of the sweeps: the strong zero's case") {
  Random random(102);
  const double special[] = {0.0, -0.0, INFINITY, -INFINITY, std::nan(""), 1e300, 5e-324};
  for (const std::uint32_t n : {5u, 8u, 13u, 16u, 24u, 100u, 1024u, 1100u})
    for (int k = 0; k < 12; ++k) {
      const Program p = random_region(random, n);
      Point at = random.around_one(p.size());
      for (double& e : at)
        if (pick(random, 20) == 0) e = special[pick(random, 7)];
      check_bits(p, at);
    }
}

TEST_CASE("single numbers that are 0, infinite or none give the bits of the sweeps") {
  Random random(103);
  const double special[] = {0.0, -0.0, INFINITY, -INFINITY, std::nan(""), 1e300, 5e-324};
  for (int k = 0; k < 300; ++k) {
    const Program p = random_scalars(random);
    Point at = random.around_one(p.size());
    for (double& e : at)
      if (pick(random, 3) == 0) e = special[pick(random, 7)];
    check_bits(p, at);
  }
}

TEST_CASE("an array and one of its own elements are two things to a loop") {
  for (const std::uint32_t n : {9u, 600u, 2000u}) {
    Program p;
    const Expr x = p.input("x", {n, 1});
    const Expr first = broadcast(part(x, {0, 0, {}}), {n, 1});
    const Expr t = sin(x) * x, u = broadcast(part(t, {3, 0, {}}), {n, 1});
    p.output = total((x * first + first) * (t + u) + cos(u * x), along::all);
    p.text = "x .* x[1]";
    Random random(104);
    check_bits(p, random.around_one(n));
  }
}

TEST_CASE("a recurrence over short arrays gives the bits of the sweeps, and one copy of its code") {
  constexpr std::uint32_t n = 11;
  std::set<const void*> programs[2];
  for (const int steps : {40, 80}) {
    Program p;
    const Expr x = p.input("x", {n, 1}), w = p.input("w", {n, 1}), v = p.input("v", {n, 1});
    Expr h = x, c = v;
    for (int k = 0; k < steps; ++k) {
      const Expr f = Lift<Expr>::call<Sigmoid>(h * w + v), g = Lift<Expr>::call<Tanh>(x * v + h);
      c = f * c + g;
      h = g * Lift<Expr>::call<Tanh>(c);
    }
    p.output = total(h, along::all);
    p.text = "a recurrence";
    Random random(105);
    check_bits(p, random.around_one(p.size()));
    const exec::Plan plan(*p.graph, {p.output.id}, {x.id, w.id, v.id}, {.native = true});
    for (const auto& native : plan.layout().native) programs[steps / 80].insert(native.code.get());
    CHECK(plan.layout().native.size() >= static_cast<std::size_t>(steps) / 8);
  }
  CHECK(programs[1].size() <= 6);
  CHECK(programs[1].size() <= programs[0].size() + 1);
}

TEST_CASE("a chain of dependent operations and its adjoint take at most 24 bytes an operation, values with them") {
  constexpr std::size_t links = 10000;
  Program p;
  const Expr x = p.input("x");
  Expr y = x;
  for (std::size_t k = 0; k < links; ++k) {
    const Expr s = sin(y * 1.1 + 0.1);
    y = s * s;
  }
  p.output = y;
  p.text = "a chain";
  const exec::Plan plan(*p.graph, {y.id, vjp(y, p.inputs, number(*p.graph, 1))[0].id}, {x.id});
  CHECK(plan.bytes() + plan.workspace_bytes() <= 24 * 4 * links);
  check_bits(p, {0.7});
}

TEST_CASE("the Jacobian of a small function is one program of single numbers, with its zeros") {
  if (exec::widest_instructions() == exec::InstructionSet::baseline) return;
  Program p;
  const Expr x = p.input("x", {3, 1});
  const Expr a = part(x, {0, 0, {}}), b = part(x, {1, 0, {}});
  const Slice at[] = {{0, 0, {}}, {1, 2, {}}};
  const Expr entries[] = {a * b, sin(b)};
  const Expr matrix = Lift<Expr>::array<Place>({.shape = {2, 3}, .slices = at}, entries);
  p.output = matrix;
  p.text = "a matrix with zeros";
  const Point got = run_plan(p, {matrix}, {2, 3, 4}, {.mathematics = exec::Mathematics::exact, .native = true})[0];
  CHECK(got == Point{6, 0, 0, 0, 0, std::sin(3.0)});
}

}  // namespace
}  // namespace wengert::test
