// Taylor coefficients of a value, to any order: f(x0 + t) = c_0 + c_1 t + c_2 t^2 + ..., c_k = f^(k)(x0)/k!.
//
//   auto c = taylor(graph, y.id, point, x.id, 20);      // c[0][k] for a scalar y
//
// One evaluation over jets (sweep/jet.hpp). For each operation O(order^2), O(order) where its argument is the
// input itself; O(order^3) or O(order^2) for powers and for the family of gamma. Memory: order + 1 numbers
// for each element of each value.
//
// A coefficient that overflows is infinite or NaN. The family of gamma has finite coefficients up to order 170
// only, as its rule goes through the derivatives of digamma themselves.
#pragma once
#include <vector>

#include "wengert/modes/mode.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert {

// For each element of the output, by rows, coefficients 0 to the order.
using TaylorCoefficients = std::vector<std::vector<double>>;

// Recorded once, for many points and orders.
class TaylorSeries {
 public:
  TaylorSeries(const Graph& graph, NodeId output);
  // Along the line point + t*direction; inputs that the direction leaves out stay where they are. Throws
  // std::invalid_argument where the order is negative, or an input has no value or one of another shape.
  TaylorCoefficients along(const Point& point, const Point& direction, int order) const;

 private:
  Tape tape_;
};

// By a scalar input. Throws std::invalid_argument where `by` is none, the order is negative or an input has no
// value.
TaylorCoefficients taylor(const Graph& graph, NodeId output, const Point& point, NodeId by, int order);

// Along the line point + t*direction; inputs that the direction leaves out stay where they are.
TaylorCoefficients taylor_along(const Graph& graph, NodeId output, const Point& point, const Point& direction, int order);

}  // namespace wengert
