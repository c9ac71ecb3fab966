#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "wengert/explain/agree.hpp"
#include "wengert/explain/reference.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;

namespace {

bool warns(const Agreement& a, Kind kind) {
  return std::any_of(a.warnings.begin(), a.warnings.end(), [&](const Diagnostic& d) { return d.kind == kind; });
}

struct One {
  Graph g;
  Expr x = variable(g, "x");
  Agreement at(const Expr& y, double point) { return compare({&g, y.id, {x.id}}, {{x.id, {point}}}); }
  Expr number(double v) { return like(x, v); }
};

}  // namespace

TEST_CASE("the modes agree on a smooth function, each within a few ulp of 50 digits") {
  One o;
  const Agreement a = o.at(exp(o.x) * sin(o.x) / (1.0 + o.x * o.x), 0.7);
  CHECK(a.verdict == Verdict::agree);
  CHECK(a.reference_done);
  CHECK(a.warnings.empty());
  REQUIRE(a.modes.size() == std::size(all_modes));
  for (const ModeReport& r : a.modes)
    if (r.mode != Mode::finite) CHECK(*r.ulp < 4);
}

TEST_CASE("a kink is reported and explains what finite differences see") {
  One o;
  const Agreement a = o.at(relu(o.x), 0);
  CHECK(a.verdict == Verdict::explained);
  CHECK(warns(a, Kind::kink));
  CHECK(a.modes[0].derivative.blocks[0][0] == 0);
}

TEST_CASE("a branch that was not chosen neither leaks nor warns") {
  One o;
  const Expr y = select(less(o.number(0), o.x), sqrt(o.x), o.number(0) * o.x);
  const Agreement a = o.at(y, -1);
  CHECK(a.verdict == Verdict::agree);
  CHECK(a.warnings.empty());
  CHECK(a.modes[0].derivative.blocks[0][0] == 0);
}

TEST_CASE("a value outside the domain is reported where it arises, once") {
  One o;
  const Agreement a = o.at(sin(log(o.x)) + 1.0, -2);
  REQUIRE(a.warnings.size() == 1);
  CHECK(a.warnings[0].kind == Kind::domain);
  CHECK(a.warnings[0].message.find("log of -2 is nan") == 0);
}

TEST_CASE("a strong zero that decided a derivative is reported") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr y = sqrt(x * x + z * z);
  const Agreement a = compare({&g, y.id, {x.id, z.id}}, {{x.id, {0}}, {z.id, {0}}});
  CHECK(warns(a, Kind::strong_zero));
  CHECK(a.verdict != Verdict::differ);
  CHECK(a.modes[0].derivative.blocks[0][0] == 0);
}

TEST_CASE("an infinite derivative of a finite value is reported at its operation, with the repair") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y");
  const Agreement root = compare({&g, (sqrt(x) + x).id, {x.id}}, {{x.id, {0}}});
  REQUIRE(root.warnings.size() == 1);
  CHECK(root.warnings[0].kind == Kind::domain);
  CHECK(root.warnings[0].message == "the derivative of sqrt at 0 is inf");
  CHECK(root.warnings[0].help.find("if(x > 0, sqrt(x), 0)") != std::string::npos);
  // 0^0 by the exponent: x^y*log(x).
  const Agreement power_at_zero = compare({&g, power(x, y).id, {x.id, y.id}}, {{x.id, {0}}, {y.id, {0}}});
  REQUIRE(power_at_zero.warnings.size() == 1);
  CHECK(power_at_zero.warnings[0].message == "the derivative of `^` at 0, 0 is -inf");
  CHECK(power_at_zero.warnings[0].help.find("by its exponent") == 0);
  // One that is no number, which the reverse sweep meets and an exact 0 annihilates in the others.
  const Agreement none = compare({&g, xlogy(x - x, y).id, {x.id, y.id}}, {{x.id, {2}}, {y.id, {-1}}});
  REQUIRE(none.warnings.size() == 1);
  CHECK(none.warnings[0].message == "the derivative of xlogy at 0, -1 is nan");
  CHECK(none.warnings[0].help.find("b > 0") != std::string::npos);
  CHECK(none.verdict == Verdict::explained);
  // Where no infinity comes to an input there is nothing to say.
  CHECK(compare({&g, power(x, y).id, {x.id}}, {{x.id, {0}}, {y.id, {0}}}).warnings.empty());
}

TEST_CASE("cancellation that eats the derivative is said, not called agreement") {
  One o;
  const Agreement a = o.at((1.0 - cos(o.x)) / (o.x * o.x), 1e-6);
  CHECK(a.verdict == Verdict::explained);
  CHECK(warns(a, Kind::cancellation));
}

TEST_CASE("a mode beyond the budget is left out with its predicted cost") {
  Graph g;
  const Expr x = variable(g, "x", {3000, 1});
  const Expr y = total(sin(x) * x, along::all);
  AgreementOptions options;
  options.budget_seconds = 0.02;
  const Agreement a = compare({&g, y.id, {x.id}}, {{x.id, std::vector<double>(3000, 0.5)}}, options);
  for (const ModeReport& r : a.modes) {
    if (r.mode == Mode::forward || r.mode == Mode::finite) CHECK(r.skipped_seconds.has_value());
    if (r.mode == Mode::reverse) CHECK(!r.skipped_seconds.has_value());
  }
  CHECK(a.verdict == Verdict::agree);
}

TEST_CASE("the reference Hessian has 50 digits") {
  Graph g;
  const Expr x = variable(g, "x");
  const Expr y = exp(x);
  const auto h = reference_hessian({&g, y.id, {x.id}}, {{x.id, {1.0}}}, {.bits = Decimal::bits_for(50)});
  CHECK(h[0].to_string(50).substr(0, 47) == "2.718281828459045235360287471352662497757247093");
}

TEST_CASE("a mode that the budget leaves out is tried on random products with the Jacobian") {
  Graph g;
  const std::uint32_t n = 200;
  const Expr x(g, g.input("x", {n, 1}));
  const Expr y = sum(sin(x) * exp(x)) * sum(x * x);
  std::vector<double> at(n);
  for (std::size_t i = 0; i < n; ++i) at[i] = 0.01 * static_cast<double>(i) - 1;
  AgreementOptions options;
  options.budget_seconds = 2e-3;
  const Agreement a = compare({&g, y.id, {x.id}}, {{x.id, at}}, options);
  CHECK(a.verdict == Verdict::agree);
  const ModeReport& complex_step = a.modes[4];
  REQUIRE(complex_step.skipped_seconds);
  REQUIRE(complex_step.product_error);
  CHECK(*complex_step.product_error < 1e-13);
  CHECK(*complex_step.product_error > 0);  // two sweeps that round differently
}

TEST_CASE("Hessians agree in every mode, and finite differences say their own error") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr y = x * x * z + sin(x * z) + exp(z) / x;
  AgreementOptions options;
  options.wanted.what = Quantity::hessian;
  const Agreement a = compare({&g, y.id, {x.id, z.id}}, {{x.id, {1.5}}, {z.id, {2.0}}}, options);
  CHECK(a.verdict == Verdict::agree);
  REQUIRE(a.modes.size() == std::size(all_modes));
  for (const ModeReport& r : a.modes) {
    REQUIRE(r.derivative.blocks.size() == 1);
    REQUIRE(r.derivative.blocks[0].size() == 4);
    if (r.mode != Mode::finite) CHECK(*r.ulp < 8);
    else
      for (std::size_t i = 0; i < 4; ++i)
        CHECK(std::fabs(r.derivative.blocks[0][i] - a.modes[0].derivative.blocks[0][i]) <= 100 * r.derivative.estimates[0][i] + 1e-12);
  }
}

TEST_CASE("products with a Jacobian agree in every mode") {
  Graph g;
  const Expr x(g, g.input("x", {3, 1})), z = variable(g, "z");
  const Expr y = exp(x * z) / sum(exp(x * z));
  const Problem p{&g, y.id, {x.id, z.id}};
  const Point at{{x.id, {0.1, -0.4, 1.2}}, {z.id, {0.7}}};
  AgreementOptions options;
  options.wanted = {Quantity::jvp, {{1, 2, -1}, {0.5}}};
  const Agreement forward = compare(p, at, options);
  CHECK(forward.verdict == Verdict::agree);
  for (const ModeReport& r : forward.modes) CHECK(r.derivative.blocks.size() == 1);
  options.wanted = {Quantity::vjp, {{1, 0, -2}}};
  const Agreement reverse = compare(p, at, options);
  CHECK(reverse.verdict == Verdict::agree);
  CHECK(reverse.reference_done);
  for (const ModeReport& r : reverse.modes) {
    CHECK(r.derivative.blocks.size() == 2);
    if (r.mode != Mode::finite) CHECK(*r.ulp < 64);
  }
}

TEST_CASE("preparing and asking the symbolic mode leaves the problem's graph as it was") {
  One o;
  const Expr y = exp(o.x) * sin(o.x);
  const std::size_t before = o.g.size();
  const Prepared f = prepare(Mode::symbolic, {&o.g, y.id, {o.x.id}});
  static_cast<void>(f.jacobian({{o.x.id, {0.5}}}));
  static_cast<void>(f.hessian({{o.x.id, {0.5}}}));
  static_cast<void>(f.vjp({{o.x.id, {0.5}}}, {1.0}));
  CHECK(o.g.size() == before);
}
