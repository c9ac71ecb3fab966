// Numbers with bounds against many digits: every row, random programs.
#include "wengert/sweep/rounded.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

// |the double's value - the true one| <= bound, for all elements of the output, and the value is the double's.
void check_bounds(const Program& p, const Point& at, double& sharpest) {
  std::vector<Rounded> bounded;
  std::vector<Decimal> exact;
  for (const double x : at) {
    bounded.emplace_back(x);
    exact.emplace_back(x, 300);
  }
  const Sweep<Rounded> rounded(p, bounded);
  const Sweep<Decimal> many(p, exact, {.bits = 300});
  const Sweep<double> plain(p, at);
  const SlotId out = rounded.tape.outputs()[0];
  for (std::size_t e = 0; e < p.output.shape().size(); ++e) {
    const std::size_t i = rounded.tape.offset(out) + e;
    const Rounded y = rounded.frame.values.get(i);
    const double in_doubles = plain.frame.values.get(i), truth = many.frame.values.get(i).to_double();
    REQUIRE((y.value == in_doubles || (std::isnan(y.value) && std::isnan(in_doubles))));
    REQUIRE(!std::isnan(y.bound));
    if (std::isinf(y.bound) || (std::isnan(truth) && std::isnan(y.value)) || y.value == truth) continue;
    CAPTURE(describe(p, at));
    CAPTURE(y.bound);
    CHECK(std::fabs(y.value - truth) <= y.bound);
    sharpest = std::max(sharpest, std::fabs(y.value - truth) / y.bound);
  }
}

}  // namespace

TEST_CASE("the bound of every row covers its rounding, from exact arguments and from rounded ones") {
  Random random(7);
  double sharpest = 0;
  for (const Row& row : rows()) {
    if (!row.elementwise || row.info->name == "polygamma_rise") continue;
    for (const bool exact : {true, false}) {
      Program p;
      std::vector<NodeId> arguments;
      for (int k = 0; k < row.arity; ++k) {
        const Expr x = p.input(std::string(1, static_cast<char>('a' + k)));
        // A third is rounded; polygamma's order is an integer.
        const bool whole = exact || row.info->name == "polygamma";
        arguments.push_back(whole ? x.id : (x / 3.0 * 3.0).id);
      }
      p.output = Expr(*p.graph, build(*p.graph, row.op, arguments).id);
      p.text = std::string(row.info->name);
      for (int round = 0; round < 40; ++round) {
        Point at;
        for (int k = 0; k < row.arity; ++k)
          at.push_back(row.info->name == "polygamma" && k == 0
                           ? 1
                           : random.between(row.info->range[k].low, row.info->range[k].high));
        check_bounds(p, at, sharpest);
      }
    }
  }
  CHECK(sharpest > 0.3);  // no wider than it has to be
}

TEST_CASE("exact arithmetic has no bound, and poles of exact numbers are exact") {
  CHECK((Rounded(0.5) * Rounded(3) + Rounded(1)).exact());
  CHECK(!(Rounded(0.1) * Rounded(3)).exact());
  CHECK((Rounded(1) / Rounded(0)).exact());
  CHECK(log(Rounded(0)).exact());
  CHECK(std::isinf(exp(Rounded(1000)).bound));
  CHECK(std::isinf((Rounded(1) / Rounded(1e-20, 1e-16)).bound));
  CHECK(std::isinf(sqrt(Rounded(1e-20, 1e-16)).bound));
}

TEST_CASE("what saturates stays bounded, and a jump that rounding reaches counts in full") {
  CHECK(tanh(Rounded(50, 10)).bound < 2e-15);
  CHECK(sigmoid(Rounded(0, 1e300)).bound <= 0.6);
  CHECK(floor(Rounded(2.9999999, 1e-6)).bound == 1);
  CHECK(floor(Rounded(2.5, 1e-6)).exact());
  CHECK(less(Rounded(1, 1e-16), Rounded(1)).bound == 1);
  CHECK(less(Rounded(1, 1e-16), Rounded(2)).exact());
  CHECK(select(less(Rounded(1, 1e-16), Rounded(1)), Rounded(5), Rounded(7)).bound == 2);
}

TEST_CASE("where rounding decides whether there is a number, a function that is bounded is not known either") {
  const Rounded edge = logit(Rounded(1, 1e-16));  // of 1, or of more
  CHECK(std::isinf(edge.bound));
  CHECK(std::isinf(sigmoid(edge).bound));
  CHECK(std::isinf(tanh(edge).bound));
}

TEST_CASE("the limit of atan is a rounded number") {
  const Rounded y = atan(Rounded(INFINITY));
  CHECK(y.bound > 6e-17);
  CHECK(y.bound < 3e-16);
}

TEST_CASE("underflow leaves a bound that is no 0") {
  const Rounded y = exp(Rounded(-1000));
  CHECK(y.value == 0);
  CHECK(y.bound > 0);
  CHECK(std::isinf(log(y).bound));
  CHECK(!(y / Rounded(3)).exact());
}

TEST_CASE("a product of two numbers that underflowed is not known to be 0") {
  const Rounded tiny = exp(Rounded(-1e4)), y = tiny * tiny;
  CHECK(y.value == 0);
  CHECK(y.bound > 0);
  CHECK(std::isinf(log(-y).bound));  // of -0, or of a negative number
}

TEST_CASE("bounds of linear systems grow with the condition, not with the elimination's steps") {
  Array<Rounded> a({6, 6}), b({6, 1});
  for (std::size_t i = 0; i < 6; ++i) {
    b.at(i) = Rounded(1);
    for (std::size_t j = 0; j < 6; ++j)
      a.at(i, j) = Rounded(1.0 / static_cast<double>(i + j + 1));  // Hilbert's: condition 1.5e7
  }
  const Array<Rounded> x = factorise(a)->solve(b, false);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(x[i].bound < 1e-6 * 3e4);
    CHECK(x[i].bound > 1e-12);
  }
}

}  // namespace wengert::test
