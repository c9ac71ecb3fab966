// What is known of an input only to within a bound: wherever in it the truth may be, the value and the derivatives that
// many digits find there are within the bounds that come out, to first order. Every row, by real numbers and by the
// complex step's.
#include "bounded.hpp"

namespace wengert::test {
namespace {

using namespace bounded;

// Every row at random points, within narrow bounds and wide ones.
void check_every_call(std::uint64_t seed, Check check) {
  Seen seen;
  for (const Row& row : rows()) {
    Random random = random_for(row, seed);
    for (const Call& call : calls_of(row, random))
      for (const double relative : {1e-12, 1e-7, 1e-3}) {
        CAPTURE(describe(call.program, call.at));
        CAPTURE(relative);
        seen.relative = relative;
        check(call, Box(call, relative, random), random, seen);
      }
  }
  CHECK(seen.unbounded < seen.numbers / 20);
}

// Every scalar row where kinks, poles, jumps, ties and edges of domains are, each argument exact or not.
void check_special_places(Check check) {
  Seen seen;
  seen.relative = 1e-3;
  const Point places{-2, -1, -0.5, 0, 0.5, 1, 2};
  for (const Row& row : rows()) {
    if (!row.elementwise || row.arity > 2 || row.info->name.starts_with("polygamma")) continue;
    Random random = random_for(row, 83);
    const Call call{&row, scalar_program(row), Point(static_cast<std::size_t>(row.arity), 0.0)};
    const std::size_t ways = row.arity == 1 ? 7 : 49;
    for (std::size_t way = 0; way < 4 * ways; ++way) {
      Box box(call, 0, random);
      for (std::size_t k = 0, rest = way; k < box.at.size(); ++k, rest /= 7) {
        box.at[k] = places[rest % 7];
        box.bound[k] = (way / ways >> k) % 2 == 0 ? 1e-3 : 0;
      }
      CAPTURE(describe(call.program, box.at));
      CAPTURE(box.bound[0]);
      CAPTURE(box.bound.back());
      check(call, box, random, seen);
    }
  }
}

// Extremes of elements that the bounds cannot tell apart, beside others that they can.
void check_ties(Check check) {
  Seen seen;
  for (const Row& row : rows()) {
    if (row.op != op_of<MaxOf> && row.op != op_of<MinOf> && row.op != op_of<ArgMax> && row.op != op_of<ArgMin>)
      continue;
    Random random = random_for(row, 84);
    for (Call& call : calls_of(row, random))
      for (const double bound : {0.0, 1e-3}) {
        for (std::size_t k = 0; k < call.at.size(); ++k)
          call.at[k] = k % 3 == 0 ? 1 + (bound == 0 ? 1e-4 * static_cast<double>(k) : bound * random.between(-1, 1))
                                  : random.between(0, 2);
        Box box(call, 0, random);
        box.bound = Point(box.at.size(), bound);
        CAPTURE(describe(call.program, call.at));
        CAPTURE(bound);
        check(call, box, random, seen);
      }
  }
  CHECK(seen.numbers > 0);
}

}  // namespace

TEST_CASE("wherever in their bounds the inputs are, values and derivatives are in theirs") {
  check_every_call(81, check_sweeps);
}
TEST_CASE("wherever in their bounds the real parts are, the complex step's value and slope are in theirs") {
  check_every_call(82, check_complex_step);
}
// What lies on the other side counts, and where nothing lies there the bound is infinite.
TEST_CASE("bounds cover both sides of kinks, poles and edges that the inputs' bounds reach") {
  check_special_places(check_sweeps);
}
TEST_CASE("the complex step's bounds cover both sides of kinks, poles and edges") {
  check_special_places(check_complex_step);
}

TEST_CASE("extremes whose places rounding decides are bounded by the others' values and shares") {
  check_ties(check_sweeps);
}
TEST_CASE("the complex step's extremes whose places rounding decides are bounded by the others'") {
  check_ties(check_complex_step);
}

}  // namespace wengert::test
