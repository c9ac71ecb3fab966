// Numbers of the complex step with bounds against many digits: every row that has a complex version.
#include "wengert/sweep/rounded_complex.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

constexpr double step = 0x1p-332;  // the mode's, where numbers are usual

bool has_complex_version(const Program& p) {
  const Tape tape = Sweep<double>::record(p);
  for (const Instruction& i : tape.code())
    if (i.op != Op::iota && kernel<NumericFrame<RoundedComplex>>(i.op).value == nullptr) return false;
  return true;
}

struct Seen {
  std::size_t numbers = 0, unbounded = 0;
};

// The value and the imaginary part over the step are within their bounds of the value and the derivative.
void check_bounds(const Program& p, const Point& at, const Point& direction, Seen& seen) {
  CAPTURE(describe(p, at));
  std::vector<RoundedComplex> z;
  std::vector<Decimal> x, along;
  for (std::size_t k = 0; k < at.size(); ++k) {
    z.emplace_back(Rounded(at[k]), Rounded(step * direction[k]));
    x.emplace_back(at[k], 300);
    along.emplace_back(direction[k], 300);
  }
  const std::vector<RoundedComplex> stepped = Sweep<RoundedComplex>(p, z).value();
  Sweep<Decimal> many(p, x, {.bits = 300});
  const std::vector<Decimal> value = many.value(), slope = many.push(along);
  const auto within = [&](double got, double bound, const Decimal& truth) {
    REQUIRE(!std::isnan(bound));
    ++seen.numbers;
    if (std::isinf(bound)) ++seen.unbounded;
    if (std::isinf(bound) || (std::isnan(got) && std::isnan(truth.to_double())) || got == truth.to_double()) return;
    CAPTURE(got);
    CAPTURE(truth.to_double());
    CHECK(std::fabs((Decimal(got, 300) - truth).to_double()) <= bound);
  };
  for (std::size_t e = 0; e < stepped.size(); ++e) {
    within(stepped[e].re.value, stepped[e].re.bound, value[e]);
    within(stepped[e].im.value / step, stepped[e].im.bound / step, slope[e]);
  }
}

}  // namespace

TEST_CASE("the complex step's bounds cover its rounding, for every row that has a complex version") {
  std::size_t played = 0;
  Seen seen;
  for (const Row& row : rows()) {
    Random random = random_for(row, 71);
    for (const Call& call : calls_of(row, random)) {
      if (!has_complex_version(call.program)) continue;
      ++played;
      Point direction;
      for (std::size_t k = 0; k < call.at.size(); ++k)
        direction.push_back(std::ldexp(1.0, static_cast<int>(k % 3) - 1));
      check_bounds(call.program, call.at, direction, seen);
    }
  }
  CHECK(played > 100);
  CHECK(seen.unbounded < seen.numbers / 20);
}

TEST_CASE("the complex step's bounds cover arguments that are rounded themselves") {
  Seen seen;
  for (const Row& row : rows()) {
    if (!row.elementwise || row.info->name == "polygamma" || row.info->name == "polygamma_rise") continue;
    Random random = random_for(row, 72);
    Program p;
    std::vector<NodeId> arguments;
    for (int k = 0; k < row.arity; ++k)
      arguments.push_back((p.input(std::string(1, static_cast<char>('a' + k))) / 3.0 * 3.0).id);
    p.output = Expr(*p.graph, build(*p.graph, row.op, arguments).id);
    p.text = std::string(row.info->name);
    if (!has_complex_version(p)) continue;
    for (int round = 0; round < 20; ++round) {
      Point at, direction;
      for (int k = 0; k < row.arity; ++k) {
        at.push_back(random.between(row.info->range[k].low, row.info->range[k].high));
        direction.push_back(random.between(-1, 1));
      }
      check_bounds(p, at, direction, seen);
    }
  }
  CHECK(seen.unbounded < seen.numbers / 20);
}

TEST_CASE("where rounding reaches a branch point or a pole nothing is known of the complex step") {
  const auto near = [](double x) { return RoundedComplex(Rounded(x, 1e-15), Rounded(step)); };
  for (const RoundedComplex& y : {sqrt(near(0)), log(near(1e-16)), log2(near(0)), log10(near(0)), log1p(near(-1)),
                                  acosh(near(1)), asin(near(1)), acos(near(-1)), atanh(near(1)), cube_root(near(0)),
                                  power(near(0), RoundedComplex(0.5)), RoundedComplex(1.0) / near(0)})
    CHECK(std::isinf(y.im.bound));
  for (const RoundedComplex& y :
       {sqrt(near(1)), log(near(1)), log1p(near(0)), acosh(near(2)), asin(near(0.5)), atanh(near(0)),
        cube_root(near(1)), power(near(0), RoundedComplex(2.0)), power(near(0), RoundedComplex(1.0)),
        power(near(2), RoundedComplex(0.5)), tan(near(1)), hypot(near(3), near(4))})
    CHECK(y.im.bound < 1e-13 * step);
}

}  // namespace wengert::test
