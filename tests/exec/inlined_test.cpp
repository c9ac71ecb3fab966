// Elementary functions within machine code's loops: the bits of the kernels that an interpreter calls, for common
// numbers, for others, and for common ones beside others.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "../tools/calls.hpp"
#include "engines.hpp"
#include "exec/native.hpp"

namespace wengert::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
const Point uncommon{0.0,    -0.0, inf,   -inf,  none,    5e-324, -5e-324, 0x1p-1022,    0x0.fffffffffffffp-1022,
                     708.0,  -708, 707.9, 709.5, -745.13, 0x1p27, -0x1p27, 0x1.fffffp26, 1e300,
                     -1e300, -1};

bool equal_bits(double a, double b) { return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b; }

Expr function(std::size_t which, const Expr& x) {
  switch (which) {
    case 0:
      return exp(x);
    case 1:
      return log(x);
    case 2:
      return sin(x);
    default:
      return cos(x);
  }
}

// So many functions of sums and products of what is there already, of points or of arrays.
Program random_functions(Random& random, Shape shape, int functions, bool calls) {
  Program p;
  std::vector<Expr> all{p.input("x", shape), p.input("y", shape)};
  const auto any = [&] {
    return all[std::min(all.size() - 1,
                        static_cast<std::size_t>(random.between(0, 1) * static_cast<double>(all.size())))];
  };
  for (int k = 0; k < functions; ++k) {
    const Expr a = any(), b = any();
    const auto which = static_cast<std::size_t>(random.between(0, 4));
    all.push_back(function(which, random.between(0, 1) < 0.5 ? a * b : a + b));
    if (calls && k % 5 == 2) all.push_back(Lift<Expr>::call<Tanh>(any()));
    if (k % 3 == 0) all.push_back(any() * any() - any());
  }
  Expr sum = all[0];
  for (std::size_t k = 1; k < all.size(); ++k) sum = sum + all[k];
  p.output = sum;
  p.text = fmt::format("{} random functions of {}", functions, shape.rows);
  return p;
}

// Columns of points, or arrays.
Point run(const Program& p, const std::vector<Point>& columns, exec::PlanOptions options) {
  const bool points = p.output.shape().scalar();
  if (points) options.width = 16;
  std::vector<NodeId> inputs;
  for (const Expr& x : p.inputs) inputs.push_back(x.id);
  const exec::Plan plan(*p.graph, {p.output.id}, inputs, options);
  const bool compiles = options.instructions != exec::InstructionSet::baseline && exec::native_available();
  REQUIRE(plan.native() == (options.native && compiles));
  exec::Workspace w(plan);
  Point out(columns[0].size());
  std::vector<const double*> in;
  for (const Point& c : columns) in.push_back(c.data());
  double* to[] = {out.data()};
  if (points)
    plan.run(w, out.size(), in, to);
  else
    plan.run(w, in, to);
  return out;
}

// Machine code's bits are the interpreter's with the same instructions.
void check_bits(const Program& p, const std::vector<Point>& columns) {
  const std::vector<exec::PlanOptions> engines = every_engine(exec::Mathematics::fast);
  for (std::size_t e = 0; e + 1 < engines.size(); e += 2) {
    REQUIRE(engines[e].instructions == engines[e + 1].instructions);
    const Point interpreted = run(p, columns, engines[e]), native = run(p, columns, engines[e + 1]);
    for (std::size_t i = 0; i < native.size(); ++i) {
      CAPTURE(p.text);
      CAPTURE(static_cast<int>(engines[e].instructions));
      CAPTURE(i);
      CAPTURE(columns[0][i]);
      CAPTURE(native[i]);
      CAPTURE(interpreted[i]);
      REQUIRE(equal_bits(native[i], interpreted[i]));
    }
  }
}

}  // namespace

TEST_CASE("functions within loops have the kernels' bits, from one to more than are inlined, with calls and without") {
  Random random(511);
  for (const int functions : {1, 2, 5, 12, 30, 47, 49, 60})
    for (const bool calls : {false, true})
      for (const std::size_t n : {1u, 7u, 8u, 37u, 64u}) {
        const Program p = random_functions(random, {}, functions, calls);
        for (int k = 0; k < 3; ++k) check_bits(p, {random.around_one(n), random.around_one(n)});
      }
}

TEST_CASE("functions within loops over long arrays have the kernels' bits") {
  Random random(514);
  for (const std::uint32_t n : {4095u, 4096u, 4099u})
    for (const int functions : {2, 7}) {
      const Program p = random_functions(random, {n, 1}, functions, false);
      std::vector<Point> columns{random.around_one(n), random.around_one(n)};
      check_bits(p, columns);
      for (std::size_t k = 0; k < uncommon.size(); ++k) columns[0][37 * k] = uncommon[k];
      check_bits(p, columns);
    }
}

TEST_CASE("an uncommon number in a loop has its own result, and the numbers beside it keep theirs") {
  Random random(512);
  for (std::size_t which = 0; which < 4; ++which) {
    Program p;
    const Expr x = p.input("x");
    p.output = function(which, x) * 2.0 + function((which + 1) % 4, x * 0.5) + x;
    p.text = fmt::format("function {}", which);
    for (const exec::PlanOptions& options : every_engine(exec::Mathematics::fast)) {
      const Point at = random.around_one(41), expected = run(p, {at}, options);
      for (const double odd : uncommon)
        for (const std::size_t where : {0u, 3u, 8u, 30u, 39u, 40u}) {
          Point changed = at;
          changed[where] = odd;
          const Point got = run(p, {changed}, options);
          for (std::size_t i = 0; i < got.size(); ++i)
            if (i != where) REQUIRE(equal_bits(got[i], expected[i]));
          CAPTURE(p.text);
          CAPTURE(odd);
          CAPTURE(static_cast<int>(options.instructions));
          REQUIRE(equal_bits(got[where], run(p, {Point(41, odd)}, options)[0]));
        }
    }
    for (const double odd : uncommon) check_bits(p, {Point(41, odd)});
    Point mixed = random.around_one(41);
    for (std::size_t k = 0; k < mixed.size(); k += 2) mixed[k] = uncommon[k / 2 % uncommon.size()];
    check_bits(p, {mixed});
  }
}

TEST_CASE("a point's functions do not depend on the points around it in a batch, nor on how many there are") {
  Random random(513);
  Program p;
  const Expr x = p.input("x"), z = p.input("z");
  p.output = exp(x * z) + x * z * log(x) + sin(log(x)) * cos(x * z);
  std::vector<Expr> outputs{p.output};
  for (const Expr& e : vjp(p.output, p.inputs, number(*p.graph, 1))) outputs.push_back(e);
  std::vector<NodeId> nodes, inputs;
  for (const Expr& e : outputs) nodes.push_back(e.id);
  for (const Expr& e : p.inputs) inputs.push_back(e.id);
  for (exec::PlanOptions options : every_engine(exec::Mathematics::fast)) {
    options.width = 16;
    const exec::Plan plan(*p.graph, nodes, inputs, options);
    const auto values_at = [&](const Point& xs, const Point& zs) {
      exec::Workspace w(plan);
      std::vector<Point> out(outputs.size(), Point(xs.size()));
      const double* in[] = {xs.data(), zs.data()};
      double* to[] = {out[0].data(), out[1].data(), out[2].data()};
      plan.run(w, xs.size(), in, to);
      return out;
    };
    for (std::size_t count = 1; count <= 70; count += 3) {
      Point xs = random.around_one(count), zs = random.around_one(count);
      xs[count / 2] = uncommon[count % uncommon.size()];
      const auto all = values_at(xs, zs);
      for (std::size_t i = 0; i < count; ++i) {
        const auto one = values_at({xs[i]}, {zs[i]});
        for (std::size_t k = 0; k < outputs.size(); ++k) {
          CAPTURE(xs[i]);
          CAPTURE(zs[i]);
          CAPTURE(options.native);
          REQUIRE(equal_bits(all[k][i], one[k][0]));
        }
      }
    }
  }
}

}  // namespace wengert::test
