// Errors of an expression's value against many digits, at given and at random points.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "wengert/core/expr.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/sweep/decimal.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::stable {

// |x - exact| relative to exact, in units of 2^-53; 0 where the double nearest to exact is x (infinities and underflow included), no more than 1e16.
double error_of(double x, const Decimal& exact);
// Digits of 16 that such an error loses.
double digits(double error);

struct Sample {
  Point point;
  int bits = 400;
};

// Points at which to compare forms: of all sizes and signs, nearly equal inputs, some extreme, and around a given one.
std::vector<Sample> samples(const Graph& graph, NodeId node, int count, std::uint64_t seed, const Point* given);

struct Measured {
  double error = 0;                        // the worst element's
  std::vector<Decimal> exact;
  bool defined = true;                     // the exact value is a number
};
// Of the node's value. The point may lack inputs that it does not depend on.
Measured measure(const Graph& graph, NodeId node, const Sample& sample);
// The largest error at a few points so near that the value is hardly another: rounding by luck is left out.
double error_around(const Graph& graph, NodeId node, const Sample& sample);
bool equal(const Measured& a, const Measured& b);  // exact values, where both are defined
double operations(const Graph& graph, NodeId node);  // of one evaluation, roughly

}  // namespace wengert::stable
