#include "wengert/explain/gradcheck.hpp"

#include <algorithm>
#include <cmath>

#include "asked.hpp"
#include "wengert/print/text.hpp"

using namespace wengert;
using test::Asked;
using test::asked;

namespace {

class Random {
 public:
  double unit() {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<double>((state_ ^ (state_ >> 33)) >> 11) * 0x1p-53;
  }
  double between(double a, double b) { return a + (b - a) * unit(); }
  double size(double low, double high) { return std::pow(10, between(low, high)) * (unit() < 0.5 ? -1 : 1); }

 private:
  std::uint64_t state_ = 7;
};

// Functions of x and z, from smooth ones to those that finite differences cannot do: badly scaled, with kinks, rough, nearly flat.
const char* const functions[] = {
    "exp(x*z) + sin(x)", "x^3*z - z^2", "1/(1 + exp(-x*z))", "1e12*x + 1e-12*z", "sin(1e6*x)*z", "abs(x) + relu(z)", "relu(x - 1e-9) + z",
    "max(x, z) + x*z", "log(1 + x^2)*atan(z)", "sqrt(x^2 + 1e-12) + z", "exp(-1e4*x^2) + z", "(1 - cos(1e-3*x))/x^2 + z", "1e-200*x*z", "1e150*x*z + x",
    "softplus(100*x) + tanh(z)", "hypot(x, z)", "if(x > 0.1, x^2, x^2) + z", "x*z + 1e8", "1e10 + sin(x) + z", "erf(x)*gamma(1 + abs(z))"};

}  // namespace

TEST_CASE("gradcheck: 400 right gradients are never blamed, badly scaled and near kinks too") {
  Random random;
  int blamed = 0, done = 0;
  for (int k = 0; k < 20; ++k)
    for (const char* text : functions) {
      double x = random.size(-2, 0.5), z = random.size(-2, 0.5);
      if (k % 5 == 3) x = random.size(-12, -6);
      if (k % 5 == 4) z = x * (1 + random.size(-13, -9));
      if (k % 10 == 5) x = 0;
      Asked q(text, {{"x", {x}}, {"z", {z}}});
      if (x == 0 && std::string(text).find("/x^2") != std::string::npos) q.point[q.problem.wrt[0]] = {1.0};
      // Half of them the reverse mode's own, half handed in.
      std::vector<Block> supplied;
      if (k % 2 == 0) supplied = prepare(Mode::forward, q.problem).jacobian(q.point).blocks;
      const GradCheck c = gradcheck(q.problem, q.point, supplied);
      CAPTURE(std::string(text));
      CAPTURE(x);
      CAPTURE(z);
      CAPTURE(c.verdict);
      CHECK(c.right);
      blamed += c.right ? 0 : 1;
      ++done;
    }
  CHECK(done == 400);
  CHECK(blamed == 0);
}

TEST_CASE("gradcheck: 100 wrong gradients are found, with the input and the slope that shows it") {
  Random random;
  int found = 0, named = 0, slopes = 0, done = 0;
  for (int k = 0; done < 100; ++k) {
    const char* text = functions[static_cast<std::size_t>(k) % std::size(functions)];
    if (std::string(text).find("cos(1e-3*x)") != std::string::npos) continue;  // rounding leaves it no digits to be wrong in
    Asked q(text, {{"x", {random.size(-1, 0.5)}}, {"z", {random.size(-1, 0.5)}}});
    std::vector<Block> g = prepare(Mode::reverse, q.problem).jacobian(q.point).blocks;
    const std::size_t which = static_cast<std::size_t>(k / 5) % 2;
    double& entry = g[which][0];
    if (std::fabs(entry) < 1e-300 || !std::isfinite(entry)) continue;
    switch (k % 5) {
      case 0: entry = -entry; break;                            // a sign
      case 1: entry *= 2; break;                                // a factor
      case 2: entry = 0; break;                                 // a path is missing
      case 3: entry *= 1 + 1e-4; break;                         // four digits right
      case 4: entry += g[1 - which][0] == 0 ? 1 : g[1 - which][0]; break;  // the other one's part too
    }
    if (std::fabs(entry - prepare(Mode::reverse, q.problem).jacobian(q.point).blocks[which][0]) <= 1e-5 * std::fabs(entry)) continue;
    ++done;
    const GradCheck c = gradcheck(q.problem, q.point, g);
    CAPTURE(std::string(text));
    CAPTURE(k);
    CAPTURE(c.verdict);
    CHECK(!c.right);
    CHECK(c.wrong == Wrong::supplied);
    CHECK(c.culprit == (which == 0 ? "x" : "z"));
    found += c.right ? 0 : 1;
    named += c.culprit == (which == 0 ? "x" : "z") ? 1 : 0;
    slopes += c.inputs[0].slope && *c.inputs[0].slope < 1.5 ? 1 : 0;
  }
  CHECK(found == 100);
  CHECK(named == 100);
  MESSAGE("slope near 1 in " << slopes << " of 100");
  CHECK(slopes >= 90);
}

TEST_CASE("gradcheck: Taylor's remainder falls with slope 2 where the gradient is right and 1 where it is wrong") {
  Asked q("exp(x)*sin(z)", {{"x", {0.5}}, {"z", {1.5}}});
  const GradCheck right = gradcheck(q.problem, q.point);
  for (const InputCheck& i : right.inputs) {
    REQUIRE(i.slope);
    CHECK(*i.slope == doctest::Approx(2).epsilon(0.02));
  }
  const GradCheck wrong = gradcheck(q.problem, q.point, {{1.0}, {1.0}});
  for (const InputCheck& i : wrong.inputs) CHECK(*i.slope == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("gradcheck: the verdict says which side is wrong") {
  Asked q("x^2*z", {{"x", {3}}, {"z", {2}}});
  const GradCheck c = gradcheck(q.problem, q.point, {{12}, {3}});
  CHECK(!c.right);
  CHECK(c.culprit == "z");
  CHECK(c.verdict == "the supplied derivative by z is wrong: 3 where it is 9: a factor 3 is missing");
  // Differences with any step in double precision see nothing of a wave this short.
  Asked wave = asked("x + 1e-3*sin(1e14*x)*1e-13", 0.3);
  CHECK(gradcheck(wave.problem, wave.point).right);
  Asked noisy = asked("1e16 + x", 0.5);
  const GradCheck n = gradcheck(noisy.problem, noisy.point, {{1}});
  CHECK(n.right);
  CHECK(n.wrong == Wrong::numeric);
}

TEST_CASE("gradcheck: a right formula that rounding ruins is said to be so, not called wrong") {
  Asked q = asked("(1 - cos(x))/x^2", 1e-7);
  const GradCheck c = gradcheck(q.problem, q.point);
  CHECK(c.right);
  CHECK(c.wrong == Wrong::rounding);
  CHECK(c.verdict.find("stability") != std::string::npos);
}

TEST_CASE("gradcheck: on a kink any slope between the sides holds, and others do not") {
  Asked q = asked("abs(x)", 0);
  for (const double g : {-1.0, -0.3, 0.0, 1.0}) {
    const GradCheck c = gradcheck(q.problem, q.point, {{g}});
    CHECK(c.right);
    CHECK(c.wrong == Wrong::kink);
  }
  CHECK(!gradcheck(q.problem, q.point, {{1.5}}).right);
  for (const char* text : {"floor(x)", "step(x)", "sign(x)", "round(x + 0.5)", "if(x > 0, 1, 0) + x"}) {
    CAPTURE(std::string(text));
    Asked jump = asked(text, 0);
    const GradCheck c = gradcheck(jump.problem, jump.point);
    CAPTURE(c.verdict);
    CHECK(c.right);
  }
}

TEST_CASE("gradcheck: a point without a value or a slope is not blamed on the gradient") {
  Asked none = asked("log(x)", -1);
  CHECK(gradcheck(none.problem, none.point).wrong == Wrong::undefined);
  Asked edge = asked("sqrt(x)", 0);
  CHECK(gradcheck(edge.problem, edge.point).right);
}

TEST_CASE("gradcheck: the V-curve falls with truncation and rises with rounding") {
  Asked q = asked("exp(x)", 1);
  const GradCheck c = gradcheck(q.problem, q.point);
  REQUIRE(c.curve.size() > 20);
  const auto least = std::min_element(c.curve.begin(), c.curve.end(), [](const CurvePoint& a, const CurvePoint& b) { return a.central < b.central; });
  CHECK(least->h > 1e-7);
  CHECK(least->h < 1e-3);
  CHECK(least->central < 1e-9);
  CHECK(c.curve.back().central > 1e-3);
  CHECK(c.inputs[0].best_h > 1e-6);
  CHECK(c.inputs[0].best_h < 1e-4);
  CHECK(curve_csv(c.curve).find("h,one_sided,central\n1,") == 0);
}

TEST_CASE("gradcheck: arrays and Jacobians, with the element named") {
  Asked q("sum(sin(v) .* w)", {{"v", {0.1, 0.2, 0.3}}, {"w", {1, 2, 3}}});
  std::vector<Block> g = prepare(Mode::reverse, q.problem).jacobian(q.point).blocks;
  CHECK(gradcheck(q.problem, q.point, g).right);
  g[0][2] *= 1.01;
  const GradCheck c = gradcheck(q.problem, q.point, g);
  CHECK(!c.right);
  CHECK(c.culprit.find(", element 3") != std::string::npos);
  Asked f("[x*z, x + z]", {{"x", {2}}, {"z", {3}}});
  CHECK(gradcheck(f.problem, f.point).right);
  CHECK(!gradcheck(f.problem, f.point, {{3, 1}, {2, 2}}).right);
}

TEST_CASE("gradcheck: of thousands of elements the wrong one is found by halving") {
  std::vector<double> v(1000);
  for (std::size_t k = 0; k < v.size(); ++k) v[k] = 0.001 * static_cast<double>(k + 1);
  Asked q("sum(sin(v) .* v)", {{"v", v}});
  std::vector<Block> g = prepare(Mode::reverse, q.problem).jacobian(q.point).blocks;
  CHECK(gradcheck(q.problem, q.point, g).right);
  g[0][717] *= 1.001;
  const GradCheck c = gradcheck(q.problem, q.point, g);
  CHECK(!c.right);
  CHECK(c.culprit == "v, element 718");
}

TEST_CASE("gradcheck: the text fits 100 columns") {
  Asked q("x^2*z", {{"x", {3}}, {"z", {2}}});
  const std::string text = gradcheck_text(gradcheck(q.problem, q.point, {{12}, {3}}));
  CHECK(text.find("Wrong: the supplied derivative by z is wrong") == 0);
  std::size_t column = 0;
  for (const char ch : text) {
    column = ch == '\n' ? 0 : column + 1;
    CHECK(column <= 100);
  }
}
