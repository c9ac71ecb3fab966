// The verdict: what rounding explains, and that a wrong derivative is not explained.
#include "wengert/explain/rounding.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "asked.hpp"
#include "wengert/explain/agree.hpp"
#include "wengert/explain/reference.hpp"

namespace wengert::test {
namespace {

struct Sample {
  const char* text;
  Asked::Values values;
};

// Well-conditioned: an error of 1e-6 is none of rounding's.
const Sample samples[] = {
    {"exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)", {{"x", {2}}, {"z", {3}}}},
    {"sum(softmax(v) .* v)", {{"v", {0.3, -1.2, 2.5}}}},
    {"norm(tanh([[0.5, 2], [-1, 3]]*u))", {{"u", {0.4, -0.7}}}},
    {"sum(solve([[4, 1], [x, 3]], u))", {{"x", {1.5}}, {"u", {1, 2}}}},
    {"logsumexp(v) + det([[x, 2], [1, x]])", {{"v", {1, 2, 3}}, {"x", {0.7}}}},
    {"erf(x)*gamma(x) + digamma(x)", {{"x", {1.7}}}},
    {"max(x, z)*abs(x - z) + if(x > z, x^3, z)", {{"x", {0.3}}, {"z", {1.1}}}},
    {"prod(v) + max(v)*min(v)", {{"v", {1.5, -2, 0.25}}}},
    {"inv([[3, x], [1, 2]])*u", {{"x", {0.5}}, {"u", {1, -1}}}},
    {"det([[4, 1, x, 0], [1, 5, 0, 1], [x, 1, 6, 2], [0, 1, 2, 7]])", {{"x", {0.5}}}},
    {"x*logdet([[4, 1, x], [1, 5, 0], [x, 1, 6]])", {{"x", {0.5}}}},
    {"diff(sin(x)^2*z, x) + hypot(x, z)", {{"x", {0.8}}, {"z", {-0.6}}}},
};

Agreement wrong_by(const Sample& s, double relative, std::initializer_list<Mode> modes, AgreementOptions options = {}) {
  Asked q(s.text, s.values);
  options.measure_seconds = 0;
  options.received = [&](Mode mode, Derivative& d) {
    if (std::find(modes.begin(), modes.end(), mode) == modes.end()) return;
    for (Block& block : d.blocks)
      for (double& x : block) x *= 1 + relative;
  };
  return compare(q.problem, q.point, options);
}

}  // namespace

TEST_CASE(
    "a derivative that is wrong by a millionth, in one exact mode alone, is found in every well-conditioned program") {
  for (const Sample& s : samples)
    for (const Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic, Mode::cross, Mode::complex_step}) {
      CAPTURE(s.text);
      CAPTURE(to_string(mode));
      if (!prepare(mode, Asked(s.text, s.values).problem).unavailable().empty()) continue;
      CHECK(wrong_by(s, 0, {mode}).verdict != Verdict::differ);
      CHECK(wrong_by(s, 1e-6, {mode}).verdict == Verdict::differ);
      CHECK(wrong_by(s, 1e-10, {mode}).verdict == Verdict::differ);
    }
}

TEST_CASE(
    "a rule that is wrong in all sweeps alike is contradicted by values, through the complex step or in many digits") {
  AgreementOptions alone;
  alone.reference = false;  // it would have the wrong rule, too
  for (const Sample& s : samples) {
    CAPTURE(s.text);
    CHECK(wrong_by(s, 1e-6, {Mode::reverse, Mode::forward, Mode::symbolic}, alone).verdict == Verdict::differ);
    CHECK(wrong_by(s, 1e-6, {Mode::reverse, Mode::forward, Mode::symbolic, Mode::complex_step}, alone).verdict ==
          Verdict::differ);
  }
}

TEST_CASE("bounds are a few units where a program is well-conditioned") {
  for (const Sample& s : samples) {
    CAPTURE(s.text);
    Asked q(s.text, s.values);
    RoundingBounds bounds(q.problem, {}, q.point);
    const Derivative d = prepare(Mode::reverse, q.problem).jacobian(q.point);
    for (std::size_t k = 0; k < d.blocks.size(); ++k) {
      double largest = 0;
      for (const double x : d.blocks[k]) largest = std::max(largest, std::fabs(x));
      for (std::size_t i = 0; i < d.blocks[k].size(); ++i) CHECK(bounds.of(k, i).bound <= 2e-13 * largest);
    }
  }
}

TEST_CASE("cancellation is a bound that grows, and the message counts the digits") {
  Asked q = asked("(1 - cos(x))/x^2", 1e-6);
  RoundingBounds bounds(q.problem, {}, q.point);
  const Derivative d = prepare(Mode::reverse, q.problem).jacobian(q.point);
  const Reference r = reference_at(q.problem, q.point, {.bits = Decimal::bits_for(50)});
  const double error = std::fabs(d.blocks[0][0] - r.blocks[0][0].to_double()), bound = bounds.of(0, 0).bound;
  CHECK(error <= bound);
  CHECK(bound < 1e6 * error);
  const Agreement a = compare(q.problem, q.point);
  CHECK(a.verdict == Verdict::explained);
  REQUIRE(!a.warnings.empty());
  CHECK(a.warnings[0].message.find("rounding leaves") == 0);
}

TEST_CASE("what overflows in doubles and not in the reference is told as an overflow, at its place") {
  Asked q = asked("log(exp(x)*exp(x))", 600);
  const Agreement a = compare(q.problem, q.point);
  CHECK(a.verdict == Verdict::explained);
  const auto told = std::find_if(a.warnings.begin(), a.warnings.end(),
                                 [](const Diagnostic& d) { return d.message.find("overflow: ") == 0; });
  REQUIRE(told != a.warnings.end());
  CHECK(q.text_at(told->span) == "exp(x)*exp(x)");
}

TEST_CASE("rounding that decides a branch is told, not called a difference of modes") {
  Asked q("if(a*b - c > 0, x^2, x^3)", {{"a", {0.1}}, {"b", {10}}, {"c", {1}}, {"x", {2}}});
  const Agreement a = compare(q.problem, q.point);
  CHECK(a.verdict == Verdict::explained);
  CHECK(std::any_of(a.warnings.begin(), a.warnings.end(),
                    [](const Diagnostic& d) { return d.kind == Kind::cancellation; }));
  // The same branch with room on both sides explains nothing.
  CHECK(wrong_by({"if(a*b - c > 0, x^2, x^3)", {{"a", {0.1}}, {"b", {3}}, {"c", {0.2}}, {"x", {2}}}}, 1e-6,
                 {Mode::forward})
            .verdict == Verdict::differ);
}

TEST_CASE("a kink excuses what goes by values, and no exact mode") {
  const Sample kink{"relu(x) + x", {{"x", {0}}}};
  CHECK(wrong_by(kink, 0, {}).verdict == Verdict::explained);
  CHECK(wrong_by(kink, 1e-6, {Mode::forward}).verdict == Verdict::differ);
}

TEST_CASE("no special point excuses an elimination that has lost its number") {
  for (const Sample& s :
       {Sample{"relu(x) + x", {{"x", {0}}}}, Sample{"z*sqrt(x)", {{"x", {0}}, {"z", {0}}}},
        Sample{"abs(x) + sqrt(z)", {{"x", {1}}, {"z", {0}}}}, Sample{"log(x)*z", {{"x", {-1}}, {"z", {2}}}}}) {
    CAPTURE(s.text);
    CHECK(wrong_by(s, 0, {Mode::cross}).verdict != Verdict::differ);
    CHECK(wrong_by(s, std::nan(""), {Mode::cross}).verdict == Verdict::differ);
  }
}

TEST_CASE("the slope by values in many digits has the derivative's digits, and there is none at a kink") {
  Asked s = asked("sin(x)", 0.5);
  CHECK(*reference_slope(s.problem, s.point, 0, 0, 0, 174) == std::cos(0.5));
  Asked k = asked("abs(x)", 0);
  CHECK(!reference_slope(k.problem, k.point, 0, 0, 0, 174));
}

TEST_CASE("a kink inside of a loop is told") {
  Asked q("f(p) = leaky_relu(-x) + 0*p\niterate(f, 2, 3)", {{"x", {0}}});
  const auto warnings = warnings_at(q.problem, q.point);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].kind == Kind::kink);
  CHECK(warnings[0].message.find("leaky_relu in round 1 of the loop has a kink") == 0);
}

TEST_CASE("where the complex step meets a branch point, its products are no numbers") {
  Asked q("sqrt(x) + z^2", {{"x", {0}}, {"z", {3}}});
  const Prepared f = prepare(Mode::complex_step, q.problem);
  CHECK(std::isnan(f.vjp(q.point, {1})[1][0]));
  CHECK(std::isnan(f.jvp(q.point, {{1}, {0}})[0]));
  CHECK(f.jvp(q.point, {{0}, {1}})[0] == 6);
}

TEST_CASE("steps that are many to a function in pieces are no slope") {
  Asked q("round(x) + z", {{"x", {1e200}}, {"z", {1}}});
  CHECK(!reference_slope(q.problem, q.point, 0, 0, 0, 174));
  Asked within("f(p) = round(p) + z\niterate(f, x, 2)", {{"x", {1e200}}, {"z", {1}}});
  CHECK(!reference_slope(within.problem, within.point, 0, 0, 0, 174));
  Asked smooth("f(p) = p*p + floor(p)*z\niterate(f, x, 2)", {{"x", {0.75}}, {"z", {1}}});
  CHECK(*reference_slope(smooth.problem, smooth.point, 0, 0, 0, 174) == 4 * 0.75 * 0.75 * 0.75);
  // Slopes of 1e-348 to either side are not the same because doubles end before.
  Asked wild("1 + 1/(x*tan(x))", {{"x", {1e200}}});
  CHECK(!reference_slope(wild.problem, wild.point, 0, 0, 0, 174));
  Asked small("x + z", {{"x", {1e200}}, {"z", {1}}});
  CHECK(*reference_slope(small.problem, small.point, 1, 0, 0, 174) == 1);  // in as many digits as that takes
}

TEST_CASE("the complex step is exact where the forward sweep is: it is a power of two") {
  Asked q("dot(w, cross(w, ones(3, 1)))", {{"w", {-1.8688069935462588, 2, -2.1319358260115928}}});
  const Agreement a = compare(q.problem, q.point);
  CHECK(a.verdict == Verdict::agree);
  CHECK(prepare(Mode::complex_step, q.problem).jacobian(q.point).blocks[0] == Block{0, 0, 0});
}

TEST_CASE("the complex step is tiny beside the number that it is added to, and beside what overflows") {
  Asked tiny = asked("log2(x)", 1e-160);
  CHECK(compare(tiny.problem, tiny.point).verdict == Verdict::agree);
  Asked root = asked("sqrt(x)", 1e-200);
  CHECK(compare(root.problem, root.point).verdict == Verdict::agree);
  Asked wave("cos(x*z)", {{"x", {0.5}}, {"z", {1e200}}});
  const Derivative d = prepare(Mode::complex_step, wave.problem).jacobian(wave.point);
  for (const Block& block : d.blocks) CHECK(std::isfinite(block[0]));
}

TEST_CASE("what a complex step loses by itself is told, and is no disagreement") {
  Asked q("(z*z)^(1/3)", {{"z", {1e-160}}});
  const Agreement a = compare(q.problem, q.point);
  CHECK(a.verdict == Verdict::explained);
}

TEST_CASE("a condition of conditions is as sure as they are") {
  Asked q("if(not (a*b - c > 0) and d > 0, 1, 2)", {{"a", {0.1}}, {"b", {10}}, {"c", {1}}, {"d", {1}}});
  CHECK(value_rounding(q.session.graph(), q.problem.output, q.point)[0] == 1);
  Asked sure("if(not (a*b - c > 0) and d > 0, 1, 2)", {{"a", {0.1}}, {"b", {10}}, {"c", {1}}, {"d", {-1}}});
  CHECK(value_rounding(sure.session.graph(), sure.problem.output, sure.point)[0] == 0);
}

TEST_CASE("equal doubles of equal bounds are not the same number, but a number is the same as itself") {
  Asked apart("x + 0.1 == z + 0.2", {{"x", {0.5}}, {"z", {0.4}}});
  CHECK(value_rounding(apart.session.graph(), apart.problem.output, apart.point)[0] == 1);
  Asked itself("sin(x) == sin(x)", {{"x", {0.5}}});
  CHECK(value_rounding(itself.session.graph(), itself.problem.output, itself.point)[0] == 0);
}

TEST_CASE("a power is unbounded where rounding reaches its pole, or where nothing is known of its base") {
  Asked pole = asked("(sqrt(x)*sqrt(x) - x)^-1", 2);
  CHECK(std::isinf(value_rounding(pole.session.graph(), pole.problem.output, pole.point)[0]));
  Asked overflow("(x^3)^-0.5", {{"x", {1e200}}});
  CHECK(std::isinf(value_rounding(overflow.session.graph(), overflow.problem.output, overflow.point)[0]));
}

TEST_CASE("beta of arguments far apart has its digits in the reference") {
  Asked q("beta(x, z)", {{"x", {1e200}}, {"z", {0.5}}});  // sqrt(pi/x)
  const double y = reference_at(q.problem, q.point, {.bits = Decimal::bits_for(50)}).value[0].to_double();
  CHECK(std::fabs(y / (std::sqrt(std::numbers::pi) * 1e-100) - 1) < 1e-15);
}

TEST_CASE("a determinant of up to six rows has its first and second derivatives where the matrix is singular") {
  for (const char* text : {"det(diag([1, 1, x, z]))", "det(diag([1, 1, 1, x, z]))", "det(diag([1, x, 1, 1, z, 1]))"}) {
    CAPTURE(text);
    Asked rank_less_two(text, {{"x", {0}}, {"z", {0}}});
    AgreementOptions second;
    second.wanted.what = Quantity::hessian;
    const Agreement a = compare(rank_less_two.problem, rank_less_two.point, second);
    CHECK(a.verdict == Verdict::agree);
    CHECK(a.modes[0].derivative.blocks[0] == Block{0, 1, 1, 0});
    Asked rank_less_one(text, {{"x", {0}}, {"z", {3}}});
    const Agreement b = compare(rank_less_one.problem, rank_less_one.point);
    CHECK(b.verdict == Verdict::agree);
    CHECK(b.modes[0].derivative.blocks[0] == Block{3});
    CHECK(b.modes[0].derivative.blocks[1] == Block{0});
  }
}

TEST_CASE("an input that is no number explains what the sweeps' orders make of it") {
  Asked q("hypot(0, (u - u) + c)", {{"u", {1}}, {"c", {std::nan("")}}});
  CHECK(compare(q.problem, q.point).verdict != Verdict::differ);
}

TEST_CASE("bounds of a determinant hold next to a singular matrix, too") {
  for (const double gap : {1e-3, 1e-9, 1e-13, 1e-15}) {
    CAPTURE(gap);
    Asked q("det([[1, 2, 3, 4], [2, 4 + x, 6, 8], [1, 0, 2, 1], [0, 1, 1, 5]])", {{"x", {gap}}});
    const double computed = value_at(q.session.graph(), q.problem.output, q.point)[0];
    const double exact = reference_at(q.problem, q.point, {.bits = 400}).value[0].to_double();
    CHECK(std::fabs(computed - exact) <= value_rounding(q.session.graph(), q.problem.output, q.point)[0]);
  }
}

}  // namespace wengert::test
