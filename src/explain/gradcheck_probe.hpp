// A function along one line through a point, in double precision and in many digits.
#pragma once
#include <vector>

#include "inspection.hpp"

namespace wengert::explain {

inline constexpr int judge_bits = 1100;    // 330 digits
inline constexpr int finest_bits = 2700;   // 810: the smallest double is seen beside the largest one

// Elements of all inputs in the order of wrt: which input, which of its elements.
struct Coordinate {
  std::size_t input, element;
};

class Probe {
 public:
  Probe(const Problem& p, const Point& point, int bits = judge_bits);
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  int bits() const { return bits_; }
  std::size_t outputs() const { return tape_.shape(tape_.outputs()[0]).size(); }
  double coordinate(const Coordinate& c) const;
  bool reached(const Coordinate& c) const { return tape_.wrt()[c.input] != Tape::no_slot; }
  // Values at the point moved by h along one coordinate, or along several with a direction each.
  std::vector<double> values(const Coordinate& c, double h);
  std::vector<Decimal> values(const Coordinate& c, const Decimal& h);
  std::vector<Decimal> values(const std::vector<Coordinate>& along, const std::vector<double>& direction, const Decimal& h);
  const std::vector<double>& here() const { return here_; }
  const std::vector<Decimal>& exactly_here() const { return exact_; }

 private:
  template <class N>
  std::vector<N> result(const NumericFrame<N>& f) const;
  std::size_t place(const Coordinate& c) const { return tape_.offset(tape_.wrt()[c.input]) + c.element; }

  int bits_;
  Tape tape_;
  NumericFrame<double> rough_;
  NumericFrame<Decimal> fine_;
  std::vector<double> here_;
  std::vector<Decimal> exact_;
};

inline Decimal in_digits(double x) { return Decimal(x, judge_bits); }

}  // namespace wengert::explain
