#include "wengert/modes/taylor.hpp"

#include "implementation.hpp"
#include "wengert/sweep/jet.hpp"

namespace wengert {

namespace {

void set_line(NumericFrame<Jet<double>>& f, const Point& point, const Point& direction) {
  for (const Tape::Given& g : f.tape.inputs()) {
    const std::vector<double>& x = numbers_of(point, g.node);
    const auto moving = direction.find(g.node);
    const std::size_t at = f.tape.offset(g.slot), size = f.tape.shape(g.slot).size();
    if (x.size() != size || (moving != direction.end() && moving->second.size() != size))
      throw std::invalid_argument("an input has a value or a direction of another shape");
    for (std::size_t e = 0; e < size; ++e) {
      if (moving == direction.end()) f.values.set(at + e, {0, {x[e]}});
      else f.values.set(at + e, {1, {x[e], moving->second[e]}});
    }
  }
}

}  // namespace

TaylorSeries::TaylorSeries(const Graph& graph, NodeId output) : tape_(Tape::record(graph, std::span(&output, 1))) {}

TaylorCoefficients TaylorSeries::along(const Point& point, const Point& direction, int order) const {
  if (order < 0) throw std::invalid_argument("the order of a Taylor series is 0 or more");
  NumericFrame<Jet<double>> f(tape_, static_cast<std::size_t>(order));
  set_line(f, point, direction);
  evaluate(f);
  const SlotId y = tape_.outputs()[0];
  TaylorCoefficients all;
  for (std::size_t e = 0; e < tape_.shape(y).size(); ++e) {
    all.push_back(f.values.get(tape_.offset(y) + e).c);
    all.back().resize(static_cast<std::size_t>(order) + 1, 0.0);
  }
  return all;
}

TaylorCoefficients taylor_along(const Graph& graph, NodeId output, const Point& point, const Point& direction, int order) {
  return TaylorSeries(graph, output).along(point, direction, order);
}

TaylorCoefficients taylor(const Graph& graph, NodeId output, const Point& point, NodeId by, int order) {
  if (graph[by].op != Op::input || !graph[by].shape.scalar()) throw std::invalid_argument("a Taylor series is by a scalar input");
  return taylor_along(graph, output, point, {{by, {1.0}}}, order);
}

}  // namespace wengert
