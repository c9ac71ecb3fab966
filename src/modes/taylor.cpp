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

TaylorCoefficients taylor_along(const Graph& graph, NodeId output, const Point& point, const Point& direction, int order) {
  if (order < 0) throw std::invalid_argument("the order of a Taylor series is 0 or more");
  const Tape tape = Tape::record(graph, std::span(&output, 1));
  NumericFrame<Jet<double>> f(tape, static_cast<std::size_t>(order));
  set_line(f, point, direction);
  evaluate(f);
  const SlotId y = tape.outputs()[0];
  TaylorCoefficients all;
  for (std::size_t e = 0; e < tape.shape(y).size(); ++e) {
    all.push_back(f.values.get(tape.offset(y) + e).c);
    all.back().resize(static_cast<std::size_t>(order) + 1, 0.0);
  }
  return all;
}

TaylorCoefficients taylor(const Graph& graph, NodeId output, const Point& point, NodeId by, int order) {
  if (graph[by].op != Op::input || !graph[by].shape.scalar()) throw std::invalid_argument("a Taylor series is by a scalar input");
  return taylor_along(graph, output, point, {{by, {1.0}}}, order);
}

}  // namespace wengert
