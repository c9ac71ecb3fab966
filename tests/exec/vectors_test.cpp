// Vector functions at every argument, and short arrays that are computed a register at a time with what is behind them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "../tools/calls.hpp"
#include "engines.hpp"
#include "exec/layout.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::test {
namespace {

using Function = Expr (*)(const Expr&);
struct Named {
  const char* name;
  Function function;
};
const Named functions[] = {{"exp", [](const Expr& x) { return Lift<Expr>::call<Exp>(x); }},
                           {"log", [](const Expr& x) { return Lift<Expr>::call<Log>(x); }},
                           {"sin", [](const Expr& x) { return Lift<Expr>::call<Sin>(x); }},
                           {"cos", [](const Expr& x) { return Lift<Expr>::call<Cos>(x); }},
                           {"tanh", [](const Expr& x) { return Lift<Expr>::call<Tanh>(x); }},
                           {"cosh", [](const Expr& x) { return Lift<Expr>::call<Cosh>(x); }},
                           {"sigmoid", [](const Expr& x) { return Lift<Expr>::call<Sigmoid>(x); }}};

// Of one function, each number among common ones and alone.
void check_function(const Named& f, const Point& at, double tolerance) {
  Program p;
  const Expr x = p.input("x", {static_cast<std::uint32_t>(at.size()), 1});
  p.output = f.function(x);
  const Point expected = value(p, at);
  for (const exec::PlanOptions& options : every_engine(exec::Mathematics::fast)) {
    const Point got = run_plan(p, {p.output}, at, options)[0];
    for (std::size_t i = 0; i < at.size(); ++i) {
      CAPTURE(f.name);
      CAPTURE(at[i]);
      CAPTURE(static_cast<int>(options.instructions));
      if (std::isfinite(expected[i]))
        CHECK(ulps(got[i], expected[i]) <= tolerance);
      else
        CHECK((got[i] == expected[i] || (got[i] != got[i] && expected[i] != expected[i])));
      CHECK((got[i] != got[i] || std::signbit(got[i]) == std::signbit(expected[i])));
    }
  }
}

TEST_CASE("vector functions at zeros, ends of their ranges, subnormal and infinite numbers") {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const Point hard{0.0,    -0.0,   inf,     -inf,     nan,      5e-324, -5e-324, 1e-310, 1e308, -1e308, 709.7,
                   709.79, 710.4,  710.48,  -745.1,   -745.2,   -708.5, 707.99,  708,    -708,  1,      -1,
                   0.625,  -0.625, 0.62499, 2.2e-308, 2.3e-308, 1e-9,   -1e-9,   37,     -37,   18.5,   0x1p-1022};
  for (const Named& f : functions) {
    check_function(f, hard, 4);
    for (double x : hard)  // among others that are common
      check_function(f, {0.5, 1.5, x, 2.5, 0.7, 1.1, 1.3, 1.7, 0.9}, 4);
  }
}

TEST_CASE("vector functions over their ranges are within four units in the last place") {
  Random random(301);
  for (const Named& f : functions)
    for (const double range : {0.01, 1.0, 30.0, 700.0}) {
      Point at(999);
      for (double& x : at) x = range * (2 * random.between(0, 1) - 1);
      if (f.name == std::string("log"))
        for (double& x : at) x = std::fabs(x) + 1e-300;
      check_function(f, at, 4);
    }
}

TEST_CASE("sines and cosines are within four units in the last place near all multiples of pi/2, however large") {
  Random random(303);
  for (const double range : {3.0, 1e3, 1e6, 0x1p27, 1e12}) {
    Point at(999);
    for (double& x : at) {
      const double k = std::round(range * (2 * random.between(0, 1) - 1));
      x = k * 1.5707963267948966;
      if (random.between(0, 1) < 0.5) x = std::nextafter(x, 0);
    }
    for (const Named& f : functions)
      if (f.name == std::string("sin") || f.name == std::string("cos")) check_function(f, at, 4);
  }
}

// A matrix's rows of n, the last of which ends where the input does.
Program rows_of(std::uint32_t n) {
  Program p;
  const Expr m = p.input("m", {9, n}), v = p.input("v", {1, n});
  Expr state = v, sum = total(v, along::all);
  for (std::uint32_t r = 0; r < 9; ++r) {
    const Expr row = part(m, {r, 0, {1, n}});
    state = sin(state * row + v) / (row * row + 1.0) - state * 0.5;
    sum = sum + total(state * row, along::all);
  }
  p.output = sum;
  p.text = fmt::format("rows of {}", n);
  return p;
}

TEST_CASE("short arrays do not depend on what is behind them, and leave it as it is") {
  Random random(302);
  for (std::uint32_t n = 7; n <= 34; ++n) {
    const Program p = rows_of(n);
    const std::vector<Expr> outputs = [&] {
      std::vector<Expr> all{p.output};
      for (const Expr& e : vjp(p.output, p.inputs, number(*p.graph, 1))) all.push_back(e);
      return all;
    }();
    std::vector<NodeId> nodes, inputs;
    for (const Expr& e : outputs) nodes.push_back(e.id);
    for (const Expr& e : p.inputs) inputs.push_back(e.id);
    const Point at = random.around_one(p.size());
    for (const auto mathematics : {exec::Mathematics::exact, exec::Mathematics::fast})
      for (const exec::PlanOptions& options : every_engine(mathematics)) {
        CAPTURE(p.text);
        CAPTURE(options.native);
        const exec::Plan plan(*p.graph, nodes, inputs, options);
        exec::Workspace w(plan);
        constexpr double behind = std::numeric_limits<double>::quiet_NaN();
        Point m(at.begin(), at.begin() + 9 * n), v(at.begin() + 9 * n, at.end());
        m.insert(m.end(), 8, behind);
        v.insert(v.end(), 8, behind);
        std::vector<Point> out;
        for (const Expr& e : outputs) out.emplace_back(e.shape().size() + 8, -7.0);
        const double* in[] = {m.data(), v.data()};
        double* to[] = {out[0].data(), out[1].data(), out[2].data()};
        plan.run(w, in, to);
        plan.run(w, in, to);
        for (std::size_t k = 0; k < outputs.size(); ++k) {
          const std::size_t size = outputs[k].shape().size();
          const Point expected = value(with_output(p, outputs[k]), at), got(out[k].begin(), out[k].end() - 8);
          CHECK(relative_distance(got, expected) <= (mathematics == exec::Mathematics::exact ? 0 : 1e-11));
          for (std::size_t i = size; i < size + 8; ++i) CHECK(out[k][i] == -7.0);
        }
      }
  }
}

}  // namespace
}  // namespace wengert::test
