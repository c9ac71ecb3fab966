#include <doctest/doctest.h>

#include <cmath>

#include "wengert/explain/reference.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/rules/functions.hpp"
#include "wengert/sweep/differentiate.hpp"

using namespace wengert;

namespace {

// f applied n times to u, as one loop node: f(s) is built from a fresh state; captured inputs are parameters.
template <class F>
Expr iterated(Graph& g, const Expr& u, std::uint64_t n, std::vector<Expr> parameters, F&& f) {
  const Expr state = variable(g, "state", u.shape());
  Loop loop{"f", n, state.id, {}, f(state).id};
  std::vector<NodeId> arguments{u.id};
  for (const Expr& p : parameters) {
    loop.parameters.push_back(p.id);
    arguments.push_back(p.id);
  }
  return {g, g.node(op_of<Iterate>, arguments, u.shape(), g.loop(loop))};
}

template <class F>
Expr unrolled(Expr u, std::uint64_t n, F&& f) {
  for (std::uint64_t k = 0; k < n; ++k) u = f(u);
  return u;
}

void check_equal(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(tolerance));
}

}  // namespace

TEST_CASE("a loop has the value, Jacobian and Hessian of its unrolling in every mode") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), r = variable(g, "r");
  const Expr A = variable(g, "A", {2, 2});
  const auto step = [&](const Expr& s) { return sin(matmul(A, s)) * r + x * 0.1; };
  const Expr loop = iterated(g, x, 5, {A, r, x}, step), flat = unrolled(x, 5, step);
  const Point point{{x.id, {0.3, -0.7}}, {r.id, {1.2}}, {A.id, {0.9, -0.4, 0.5, 0.8}}};
  const std::vector<NodeId> wrt{x.id, r.id, A.id};
  const Expr loop_sum = total(loop * loop, along::all), flat_sum = total(flat * flat, along::all);
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    const double tolerance = mode == Mode::finite ? 1e-7 : 1e-12;
    const Derivative a = prepare(mode, {&g, loop.id, wrt}).jacobian(point), b = prepare(mode, {&g, flat.id, wrt}).jacobian(point);
    check_equal(a.value, b.value, 1e-15);
    for (std::size_t k = 0; k < wrt.size(); ++k) check_equal(a.blocks[k], b.blocks[k], tolerance);
    const Hessian h = prepare(mode, {&g, loop_sum.id, wrt}).hessian(point);
    CHECK(h.unavailable.empty() == (mode != Mode::complex_step));
    if (!h.unavailable.empty()) continue;
    check_equal(h.matrix, prepare(mode, {&g, flat_sum.id, wrt}).hessian(point).matrix, mode == Mode::finite ? 1e-4 : 1e-11);
  }
}

TEST_CASE("a loop is one node whatever its count, and its derivative a few") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = iterated(g, x, 1000000, {}, [](const Expr& s) { return s * 0.999999 + 0.5; });
  const std::size_t before = g.size();
  const Prepared f = prepare(Mode::symbolic, {&g, y.id, {x.id}});
  CHECK(g.size() - before < 40);
  CHECK(f.jacobian({{x.id, {1.0}}}).blocks[0][0] == doctest::Approx(std::pow(0.999999, 1e6)).epsilon(1e-9));
  CHECK(prepare(Mode::reverse, {&g, y.id, {x.id}}).jacobian({{x.id, {1.0}}}).blocks[0][0] ==
        doctest::Approx(std::pow(0.999999, 1e6)).epsilon(1e-9));
}

TEST_CASE("a long loop over a large state keeps only some of its states") {
  Graph g;
  const Expr x = variable(g, "x", {1000, 1});
  const Expr y = total(iterated(g, x, 20000, {}, [](const Expr& s) { return s * 0.9999; }), along::all);
  const Derivative d = prepare(Mode::reverse, {&g, y.id, {x.id}}).jacobian({{x.id, std::vector<double>(1000, 1.0)}});
  CHECK(d.blocks[0][17] == doctest::Approx(std::pow(0.9999, 20000)).epsilon(1e-9));
}

TEST_CASE("a loop that is run no times is its first state") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = iterated(g, x, 0, {}, [](const Expr& s) { return s * s; });
  for (Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic}) CHECK(prepare(mode, {&g, y.id, {x.id}}).jacobian({{x.id, {3.0}}}).blocks[0][0] == 1);
}

TEST_CASE("operations of a loop are those of its body times its count") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = iterated(g, x, 10, {}, [](const Expr& s) { return sin(s) * s; });
  CHECK(value_operations(g, y.id).total() == 20);
}

TEST_CASE("derivatives of a loop's gradient, up to the third of the loop, are those of its unrolling") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), r = variable(g, "r");
  const auto step = [&](const Expr& s) { return sin(s * r) + x * 0.1; };
  const Expr loop = iterated(g, x, 4, {r, x}, step), flat = unrolled(x, 4, step);
  const Point point{{x.id, {0.3, -0.7}}, {r.id, {1.2}}};
  const std::vector<NodeId> wrt{x.id, r.id};
  // A gradient of the loop, made a number: its second derivatives are third derivatives of the loop.
  const auto squared = [&](const Expr& y) {
    const Expr by_x = gradient(total(y * y, along::all), x), by_r = gradient(total(y, along::all), r);
    return total(by_x * by_x, along::all) + by_r * by_r;
  };
  const Expr of_loop = squared(loop), of_flat = squared(flat);
  for (Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic}) {
    CAPTURE(to_string(mode));
    const Hessian a = prepare(mode, {&g, of_loop.id, wrt}).hessian(point), b = prepare(mode, {&g, of_flat.id, wrt}).hessian(point);
    check_equal(a.value, b.value, 1e-12);
    check_equal(a.matrix, b.matrix, 1e-10);
  }
}

TEST_CASE("the Jacobian of a loop's gradient is the Hessian of its unrolling in every mode, and in fifty digits") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), r = variable(g, "r");
  const auto step = [&](const Expr& s) { return sin(s * r) + x * 0.1; };
  const auto gradients = [&](const Expr& y) {
    const Expr sum = total(y * y, along::all);
    return gradient(sum, x) * gradient(sum, r);
  };
  const Expr loop = gradients(iterated(g, x, 4, {r, x}, step)), flat = gradients(unrolled(x, 4, step));
  const Point point{{x.id, {0.3, -0.7}}, {r.id, {1.2}}};
  const std::vector<NodeId> wrt{x.id, r.id};
  for (Mode mode : all_modes) {
    CAPTURE(to_string(mode));
    const Derivative a = prepare(mode, {&g, loop.id, wrt}).jacobian(point), b = prepare(mode, {&g, flat.id, wrt}).jacobian(point);
    CHECK(a.unavailable.empty() == (mode != Mode::complex_step));
    if (!a.unavailable.empty()) continue;
    check_equal(a.value, b.value, 1e-12);
    for (std::size_t k = 0; k < wrt.size(); ++k) check_equal(a.blocks[k], b.blocks[k], mode == Mode::finite ? 1e-6 : 1e-11);
  }
  const Literals digits{.bits = 200};
  const Reference of_loop = reference_at({&g, loop.id, wrt}, point, digits), of_flat = reference_at({&g, flat.id, wrt}, point, digits);
  const Reference forwards = reference_jvp({&g, loop.id, wrt}, point, {{1, 0}, {0}}, digits);
  for (std::size_t k = 0; k < wrt.size(); ++k)
    for (std::size_t e = 0; e < of_flat.blocks[k].size(); ++e)
      CHECK(relative_error(of_loop.blocks[k][e].to_double(), of_flat.blocks[k][e]) < 1e-15);
  for (std::size_t e = 0; e < 2; ++e)
    CHECK(relative_error(forwards.blocks[0][e].to_double(), of_flat.blocks[0][2 * e]) < 1e-15);
}
