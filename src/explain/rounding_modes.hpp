// What rounding may do to the modes that compute by other programs than the sweeps (wengert/explain/rounding.hpp), or
// in other numbers. Each runs what the mode runs, in numbers that carry their bound.
#pragma once
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "wengert/explain/agree.hpp"
#include "wengert/sweep/extract.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert {

// The complex step, which is an error of its own: in numbers that know both (sweep/rounded_complex.hpp), with the step
// that the mode takes.
class ComplexStepBounds {
 public:
  ComplexStepBounds(const Problem& p, const Wanted& wanted, const Point& point);
  ComplexStepBounds(const ComplexStepBounds&) = delete;
  ComplexStepBounds& operator=(const ComplexStepBounds&) = delete;

  double of(std::size_t block, std::size_t element);

 private:
  using Bounds = std::vector<double>;       // of all elements of the output
  const Bounds& column(std::size_t input);  // of the derivative by an input
  Bounds along(std::span<const double> direction) const;

  Wanted wanted_;
  Extract gradient_;
  Point point_;
  std::vector<std::size_t> sizes_;
  std::size_t inputs_ = 0;
  std::unique_ptr<Tape> tape_;
  std::map<std::size_t, Bounds> columns_;
  Bounds product_;
};

// Cross-country elimination: its products, in its order, which may overflow or underflow where the sweeps' do not. The
// problem must have one.
class CrossBounds {
 public:
  CrossBounds(const Problem& p, const Wanted& wanted, const Point& point);
  double of(std::size_t block, std::size_t element) const;
  double value(std::size_t block, std::size_t element) const;  // that its order leads to, a number or none

 private:
  template <class F>
  void each_term(std::size_t block, std::size_t element, F&& f) const;

  Wanted wanted_;
  std::vector<std::size_t> sizes_;
  std::size_t inputs_ = 0, outputs_ = 0;
  std::vector<double> bounds_, numbers_, values_;  // of the whole matrix, by rows; numbers: sums of sizes
};

}  // namespace wengert
