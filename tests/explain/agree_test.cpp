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
  REQUIRE(a.modes.size() == 5);
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
