// A number that counts: the exact operations of a computation, the same on every machine.
//
// It stands for a whole array and holds its shape only. What is known before the computation (a
// constant, an operation on constants) is free. Where numbers with different counters meet, the one of
// higher rank counts: with values of rank 0 and tangents of rank 1, partials are counted apart from the
// products that are made for every tangent.
#pragma once
#include "wengert/rules/arrays.hpp"

namespace wengert {

struct Counted {
  OperationCount* counter = nullptr;  // null: a constant
  Shape shape;
  int rank = 0;

  // The counter that an operation on both counts in.
  void join(const Counted& other) {
    if (other.counter == nullptr || (counter != nullptr && rank >= other.rank)) return;
    counter = other.counter;
    rank = other.rank;
  }
};

inline Shape shape_of(const Counted& c) { return c.shape; }
inline bool present(const Counted& c) { return c.counter != nullptr; }

template <>
struct Lift<Counted> {
  static constexpr bool lifted = true;
  template <class R, class... A>
  static Counted call(const A&... x) {
    Counted y;
    (y.join(x), ...);
    ((y.shape = x.shape.size() > y.shape.size() ? x.shape : y.shape), ...);
    if (y.counter != nullptr) count(*y.counter, R::info.cost, y.shape.size());
    return y;
  }
  template <class R>
  static Counted array(const Params& p, std::span<const Counted> x) {
    Counted y{nullptr, p.shape, 0};
    std::vector<Shape> shapes;
    for (const Counted& c : x) {
      shapes.push_back(c.shape);
      y.join(c);
    }
    if (y.counter != nullptr) R::count(p, shapes, *y.counter);
    return y;
  }
  static Counted like(const Counted&, double) { return {}; }
  static Counted zero(const Counted&, Shape shape) { return {nullptr, shape, 0}; }
  static Counted pi_like(const Counted&) { return {}; }
  static Counted ln2_like(const Counted&) { return {}; }
  static Counted ln10_like(const Counted&) { return {}; }
  static Counted two_over_sqrt_pi_like(const Counted&) { return {}; }
  static bool surely_finite(const Counted&) { return true; }
  static Counted annihilate(const Counted& g, const Counted& p) { return call<Mul>(g, p); }
  static Counted annihilate_quotient(const Counted& g, const Counted& b) { return call<Div>(g, b); }

  static void count(OperationCount& c, Cost cost, std::uint64_t times) {
    switch (cost) {
      case Cost::free: break;
      case Cost::add: c.add += times; break;
      case Cost::mul: c.mul += times; break;
      case Cost::div: c.div += times; break;
      case Cost::call: c.call += times; break;
    }
  }
};

}  // namespace wengert
