#include <doctest/doctest.h>

#include <cmath>

#include "wengert/rules/functions.hpp"
#include "wengert/solve/minimize.hpp"

using namespace wengert;

namespace {

struct Valley {
  Graph g;
  Expr x = variable(g, "x"), z = variable(g, "z");
  Expr one = like(x, 1), hundred = like(x, 100);
  Minimum by(Method method, const Expr& f, double x0, double z0, double rate = 0.1, std::uint64_t steps = 1000) {
    MinimizeOptions o;
    o.method = method;
    o.rate = rate;
    o.steps = steps;
    return minimize({&g, f.id, {x.id, z.id}}, {{x.id, {x0}}, {z.id, {z0}}}, o);
  }
  Expr rosenbrock() const { return (one - x) * (one - x) + hundred * (z - x * x) * (z - x * x); }
};

}  // namespace

TEST_CASE("Newton and L-BFGS find the end of Rosenbrock's valley, and descent does not in a thousand steps") {
  Valley v;
  for (const Method method : {Method::newton, Method::lbfgs}) {
    const Minimum m = v.by(method, v.rosenbrock(), -1.2, 1);
    CHECK(m.stop == Stop::gradient);
    CHECK(m.at[0][0] == doctest::Approx(1).epsilon(1e-6));
    CHECK(m.at[1][0] == doctest::Approx(1).epsilon(1e-6));
    CHECK(m.advice.find("a minimum") == 0);
    CHECK(m.steps.back().evaluations <= m.evaluations);
  }
  const Minimum slow = v.by(Method::descent, v.rosenbrock(), -1.2, 1, 0.001);
  CHECK(slow.stop == Stop::steps);
  CHECK(slow.steps.size() == 1001);
  CHECK(slow.value < slow.steps.front().value);
}

TEST_CASE("descent takes the steps of the blackboard") {
  Valley v;
  const Minimum m = v.by(Method::descent, v.x * v.x + v.z * v.z, 1, 2, 0.25, 3);
  REQUIRE(m.steps.size() == 4);
  CHECK(m.steps[1].at == std::vector<double>{0.5, 1});
  CHECK(m.steps[3].at == std::vector<double>{0.125, 0.25});
}

TEST_CASE("a rate above 2 by the curvature diverges, and the advice names the bound") {
  Valley v;
  const Expr bowl = v.x * v.x + like(v.x, 10) * v.z * v.z;
  const Minimum m = v.by(Method::descent, bowl, 1, 1, 0.2);
  CHECK(m.stop == Stop::diverged);
  CHECK(m.advice.find("curvature at the start is 20") != std::string::npos);
  CHECK(m.advice.find("below 0.1") != std::string::npos);
  CHECK(v.by(Method::descent, bowl, 1, 1, 0.09).stop == Stop::gradient);
}

TEST_CASE("a place without slope is told apart: a saddle, a plateau, a minimum") {
  Valley v;
  const Minimum saddle = v.by(Method::lbfgs, v.x * v.x - v.z * v.z, 1, 0);
  CHECK(saddle.advice.find("eigenvalue of -2") != std::string::npos);
  CHECK(saddle.advice.find("saddle") != std::string::npos);
  const Minimum flat = v.by(Method::descent, relu(v.x - v.one) * relu(v.z), -3, 1);
  CHECK(flat.stop == Stop::gradient);
  CHECK(flat.advice.find("plateau") != std::string::npos);
}

TEST_CASE("L-BFGS finds its way back from steps to where the function or its gradient is no number") {
  Valley v;
  const Expr bowl = v.z * v.z;
  const Minimum root = v.by(Method::lbfgs, like(v.x, 4) * v.x - sqrt(v.x) + bowl, 1, 0);
  CHECK(root.at[0][0] == doctest::Approx(1.0 / 64).epsilon(1e-6));
  CHECK(root.stop == Stop::gradient);
  const Minimum logarithm = v.by(Method::lbfgs, like(v.x, 100) * v.x - log(v.x) + bowl, 0.5, 0);
  CHECK(logarithm.at[0][0] == doctest::Approx(0.01).epsilon(1e-6));
  CHECK(logarithm.stop == Stop::gradient);
}

TEST_CASE("a product with the Hessian is the Hessian's, in every mode") {
  Valley v;
  const Expr f = v.rosenbrock() + sin(v.x * v.z);
  const Problem p{&v.g, f.id, {v.x.id, v.z.id}};
  const Point at{{v.x.id, {0.3}}, {v.z.id, {-0.7}}};
  const Hessian h = prepare(Mode::reverse, p).hessian(at);
  for (const Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic}) {
    const auto product = prepare(mode, p).hessian_times(at, {{2}, {-3}});
    CHECK(product[0][0] == doctest::Approx(2 * h.matrix[0] - 3 * h.matrix[1]).epsilon(1e-13));
    CHECK(product[1][0] == doctest::Approx(2 * h.matrix[2] - 3 * h.matrix[3]).epsilon(1e-13));
  }
}
