// The bounds of cross-country elimination.
#include <cmath>

#include "inspection.hpp"
#include "rounding_modes.hpp"
#include "wengert/exec/accumulated.hpp"
#include "wengert/sweep/rounded.hpp"

namespace wengert {

CrossBounds::CrossBounds(const Problem& p, const Wanted& wanted, const Point& point) : wanted_(wanted) {
  const bool second = wanted.what == Quantity::hessian;
  const Prepared mode = prepare(Mode::cross, p);
  const auto run = mode.elimination(second, point);
  for (const NodeId w : p.wrt) sizes_.push_back((*p.graph)[w].shape.size());
  for (const std::size_t n : sizes_) inputs_ += n;
  outputs_ = second ? inputs_ : (*p.graph)[p.output].shape.size();

  const Tape& tape = run->program;
  const exec::AccumulatedJacobian& j = run->places;
  NumericFrame<Rounded> f(tape);
  explain::give_inputs(f, run->at, [](double x) { return Rounded(x); });
  evaluate(f);
  std::vector<double> bounds, magnitudes, values;
  for (const SlotId s : tape.outputs().subspan(1))  // the first is the value
    for (std::size_t e = 0; e < tape.shape(s).size(); ++e) {
      const Rounded& x = f.values.get(tape.offset(s) + e);
      bounds.push_back(x.bound);
      magnitudes.push_back(std::fabs(x.value));
      values.push_back(x.value);
    }
  // The pieces are added, as many as meet in an entry.
  const auto filled = [&](const std::vector<double>& numbers) {
    std::vector<double> matrix(outputs_ * inputs_);
    j.fill(numbers.data(), matrix.data());
    return matrix;
  };
  bounds_ = filled(bounds);
  numbers_ = filled(magnitudes);
  values_ = filled(values);
  const std::vector<double> meetings = filled(std::vector<double>(bounds.size(), 1.0));
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    if (meetings[i] > 1) bounds_[i] += (meetings[i] - 1) * 0x1p-53 * numbers_[i];
    if (std::isnan(bounds_[i])) bounds_[i] = std::numeric_limits<double>::infinity();
  }
}

// f(place in the matrix, weight, how many such terms are added) for all entries that an element is the sum of.
template <class F>
void CrossBounds::each_term(std::size_t block, std::size_t element, F&& f) const {
  std::size_t before = 0;
  for (std::size_t k = 0; k < block; ++k) before += sizes_[k];
  switch (wanted_.what) {
    case Quantity::hessian:
      return f(element, 1.0, 0);
    case Quantity::jacobian:
      return f(element / sizes_[block] * inputs_ + before + element % sizes_[block], 1.0, 0);
    case Quantity::jvp: {
      std::size_t next = element * inputs_;
      for (const auto& direction : wanted_.directions)
        for (const double d : direction) f(next++, d, inputs_);
      return;
    }
    case Quantity::vjp:
      for (std::size_t i = 0; i < outputs_; ++i)
        f(i * inputs_ + before + element, wanted_.directions.front()[i], outputs_);
  }
}

double CrossBounds::of(std::size_t block, std::size_t element) const {
  double sum = 0;
  each_term(block, element, [&](std::size_t at, double weight, std::size_t terms) {
    if (weight != 0) sum += std::fabs(weight) * (bounds_[at] + static_cast<double>(terms) * 0x1p-53 * numbers_[at]);
  });
  return sum;
}

double CrossBounds::value(std::size_t block, std::size_t element) const {
  double sum = 0;
  each_term(block, element,
            [&](std::size_t at, double weight, std::size_t) { sum += annihilate(weight, values_[at]); });
  return sum;
}

}  // namespace wengert
