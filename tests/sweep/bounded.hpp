// Inputs that are known only to within bounds, and what the sweeps make of them against many digits anywhere in these.
#pragma once
#include <doctest/doctest.h>

#include <cmath>

#include "../tools/calls.hpp"
#include "wengert/sweep/rounded.hpp"
#include "wengert/sweep/rounded_complex.hpp"

namespace wengert::test::bounded {

inline constexpr int bits = 300;
inline constexpr double step = 0x1p-332;  // of the complex step, where numbers are usual

// A point, and how far the truth may be from each of its numbers.
struct Box {
  Point at, bound, direction;

  Box(const Call& call, double relative, Random& random) : at(call.at) {
    // An order of polygamma is a whole number.
    const std::size_t whole = call.row->info->name.starts_with("polygamma") ? call.program.inputs[0].shape().size() : 0;
    for (std::size_t k = 0; k < at.size(); ++k) {
      bound.push_back(k < whole ? 0 : std::fabs(at[k]) * relative * random.between(0.5, 1));
      direction.push_back(std::ldexp(1.0, static_cast<int>(k % 3) - 1));
    }
  }
  // Somewhere in it: a corner, or anywhere.
  std::vector<Decimal> anywhere(Random& random) const {
    const bool corner = random.between(0, 1) < 0.5;
    std::vector<Decimal> x;
    for (std::size_t k = 0; k < at.size(); ++k) {
      const double share = random.between(-1, 1);
      x.push_back(Decimal(at[k], bits) + (corner ? std::copysign(1, share) : share) * Decimal(bound[k], bits));
    }
    return x;
  }
  std::vector<Rounded> rounded() const {
    std::vector<Rounded> x;
    for (std::size_t k = 0; k < at.size(); ++k) x.emplace_back(at[k], bound[k]);
    return x;
  }
};

template <class N>
std::vector<N> exactly(const Point& numbers) {
  std::vector<N> x;
  for (const double d : numbers) x.emplace_back(d);
  return x;
}

struct Seen {
  double relative = 0;  // the bounds of the inputs: what is not of first order is a few times their square
  std::size_t numbers = 0, unbounded = 0;

  void within(double got, double bound, const Decimal& truth) {
    REQUIRE(!std::isnan(bound));
    ++numbers;
    if (std::isinf(bound)) ++unbounded;
    if (std::isinf(bound) || (std::isnan(got) && isnan(truth)) || got == truth.to_double()) return;
    CAPTURE(got);
    CAPTURE(truth.to_double());
    CHECK(std::fabs((Decimal(got, bits) - truth).to_double()) <= (1 + 20 * relative + 1e-12) * bound);
  }
  void within(const std::vector<Rounded>& got, const std::vector<Decimal>& truth) {
    REQUIRE(got.size() == truth.size());
    for (std::size_t k = 0; k < got.size(); ++k) within(got[k].value, got[k].bound, truth[k]);
  }
};

inline bool has_complex_version(const Tape& tape) {
  for (const Instruction& i : tape.code())
    if (i.op != Op::iota && kernel<NumericFrame<RoundedComplex>>(i.op).value == nullptr) return false;
  return true;
}

inline void check_sweeps(const Call& call, const Box& box, Random& random, Seen& seen) {
  Sweep<Rounded> rounded(call.program, box.rounded());
  const Point cotangent(shape_of_output(call.program).size(), 1.0);
  const auto value = rounded.value(), pushed = rounded.push(exactly<Rounded>(box.direction)),
             pulled = rounded.pull(exactly<Rounded>(cotangent));
  for (int k = 0; k < 4; ++k) {
    Sweep<Decimal> many(call.program, box.anywhere(random), {.bits = bits});
    seen.within(value, many.value());
    seen.within(pushed, many.push(exactly<Decimal>(box.direction)));
    seen.within(pulled, many.pull(exactly<Decimal>(cotangent)));
  }
}

inline void check_complex_step(const Call& call, const Box& box, Random& random, Seen& seen) {
  if (!has_complex_version(Sweep<double>::record(call.program))) return;
  // At a kink it takes one side, and the rules a convention.
  const bool exact = largest(box.bound) == 0;
  if (exact && call.row->kink != nullptr && call.row->kink(box.at.data())) return;
  std::vector<RoundedComplex> z;
  for (std::size_t k = 0; k < box.at.size(); ++k) z.emplace_back(box.rounded()[k], Rounded(step * box.direction[k]));
  const std::vector<RoundedComplex> stepped = Sweep<RoundedComplex>(call.program, z).value();
  for (int k = 0; k < 4; ++k) {
    Sweep<Decimal> many(call.program, box.anywhere(random), {.bits = bits});
    const auto value = many.value(), slope = many.push(exactly<Decimal>(box.direction));
    for (std::size_t e = 0; e < stepped.size(); ++e) {
      seen.within(stepped[e].re.value, stepped[e].re.bound, value[e]);
      seen.within(stepped[e].im.value / step, stepped[e].im.bound / step, slope[e]);
    }
  }
}

using Check = void (*)(const Call&, const Box&, Random&, Seen&);

}  // namespace wengert::test::bounded
