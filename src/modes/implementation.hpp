// What the modes share: a tape, its inputs set from a point, and the seeds of Jacobians.
#pragma once
#include <stdexcept>
#include <variant>

#include "wengert/modes/mode.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/counts.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

// A problem with its tape.
struct Recorded {
  explicit Recorded(const Problem& p, Keep keep = Keep::everything)
      : problem(p), tape(Tape::record(*p.graph, std::span(&p.output, 1), p.wrt, keep)) {
    for (NodeId w : p.wrt) shapes.push_back((*p.graph)[w].shape);
  }
  SlotId output() const { return tape.outputs()[0]; }
  std::size_t m() const { return tape.shape(output()).size(); }
  std::size_t n() const {
    std::size_t total = 0;
    for (const Shape& s : shapes) total += s.size();
    return total;
  }

  // Elements that the output depends on: others have no sweep.
  std::size_t swept() const {
    std::size_t total = 0;
    for (std::size_t k = 0; k < shapes.size(); ++k)
      if (tape.wrt()[k] != Tape::no_slot) total += shapes[k].size();
    return total;
  }

  Problem problem;
  Tape tape;
  std::vector<Shape> shapes;  // of wrt
};

inline const std::vector<double>& numbers_of(const Point& point, NodeId input) {
  const auto it = point.find(input);
  if (it == point.end()) throw std::invalid_argument("an input has no value");
  return it->second;
}

// A frame with its inputs set, each number made from a double.
template <class N, class Make>
void set_inputs(NumericFrame<N>& f, const Point& point, Make&& make) {
  for (const Tape::Given& g : f.tape.inputs()) {
    const std::vector<double>& x = numbers_of(point, g.node);
    const std::size_t at = f.tape.offset(g.slot), size = f.tape.shape(g.slot).size();
    if (x.size() != size) throw std::invalid_argument("an input has a value of another shape");
    for (std::size_t e = 0; e < size; ++e) f.values.set(at + e, make(x[e]));
  }
}
inline NumericFrame<double> frame_at(const Tape& tape, const Point& point) {
  NumericFrame<double> f(tape);
  set_inputs(f, point, [](double x) { return x; });
  return f;
}

// The elements of a value, of its tangent, of its adjoint.
inline std::vector<double> take(const NumericFrame<double>& f, const Plane<double>& plane, SlotId s) {
  const auto from = plane.all().begin() + f.tape.offset(s);
  return {from, from + static_cast<std::ptrdiff_t>(f.tape.shape(s).size())};
}
template <class N, class Take>
std::vector<double> take(const NumericFrame<N>& f, const Plane<N>& plane, SlotId s, Take&& number) {
  std::vector<double> out(f.tape.shape(s).size());
  for (std::size_t e = 0; e < out.size(); ++e) out[e] = number(plane.get(f.tape.offset(s) + e));
  return out;
}
inline std::vector<double> take_adjoint(const NumericFrame<double>& f, SlotId s) {
  const auto from = f.adjoints.all().begin() + f.tape.adjoint_offset(s);
  return {from, from + static_cast<std::ptrdiff_t>(f.tape.shape(s).size())};
}

// Elements of all of wrt in order: f(k, e, slot) for element e of wrt[k]; slot may be no_slot.
template <class F>
void each_element(const Recorded& p, F&& f) {
  for (std::size_t k = 0; k < p.shapes.size(); ++k)
    for (std::size_t e = 0; e < p.shapes[k].size(); ++e) f(k, e, p.tape.wrt()[k]);
}

inline std::vector<Block> empty_blocks(const Recorded& p) {
  std::vector<Block> blocks;
  for (const Shape& s : p.shapes) blocks.emplace_back(p.m() * s.size(), 0.0);
  return blocks;
}

// --- the modes

struct ForwardMode {
  explicit ForwardMode(const Problem& p);
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;
  std::vector<double> jvp(const Point& point, const std::vector<std::vector<double>>& v) const;
  Recorded program;
  std::optional<Tape> passing;  // of a large program: one tangent needs no memory of what is behind it
  OperationCount operations() const;
};

struct ReverseMode {
  explicit ReverseMode(const Problem& p);
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;
  std::vector<std::vector<double>> vjp(const Point& point, const std::vector<double>& w) const;
  std::vector<std::vector<double>> hessian_times(const Point& point, const std::vector<std::vector<double>>& v) const;
  OperationCount operations() const;
  Recorded program;
};

// The derivative as an expression, evaluated.
class Derived;
struct SymbolicMode {
  explicit SymbolicMode(const Problem& p);
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;
  std::vector<double> jvp(const Point& point, const std::vector<std::vector<double>>& v) const;
  std::vector<std::vector<double>> vjp(const Point& point, const std::vector<double>& w) const;
  OperationCount operations() const;  // of the formula, which is made for it
  std::vector<Shape> shapes;          // of wrt
  std::shared_ptr<const Derived> derived;
};

// The Jacobian accumulated by vertex elimination, in the cheapest order that is found.
struct CrossMode {
  explicit CrossMode(const Problem& p);
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;  // of the gradient
  Recorded program;
  std::shared_ptr<const Derived> derived;
  OperationCount operations;
  std::string unavailable;  // why there is no elimination
  std::string note;         // the order
};

// Central differences, extrapolated; the step chosen for each input, with an estimate of the error.
struct FiniteMode {
  explicit FiniteMode(const Problem& p);
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;
  std::vector<double> jvp(const Point& point, const std::vector<std::vector<double>>& v, std::vector<double>* estimates) const;
  Recorded program;
  // Without a point: the most that one needs.
  OperationCount operations(const Point* point = nullptr) const;
  std::uint64_t evaluations(const Point* point) const;
  std::uint64_t scales_tried(const Point* point) const;  // of steps, over all elements
  OperationCount value;                                  // of one evaluation
};

// The imaginary part of f(x + ih)/h: no difference, so no cancellation; analytic operations only.
struct ComplexStepMode {
  explicit ComplexStepMode(const Problem& p);
  Derivative jacobian(const Point& point) const;
  Hessian hessian(const Point& point) const;
  std::vector<double> jvp(const Point& point, const std::vector<std::vector<double>>& v) const;
  Recorded program;
  std::shared_ptr<const Derived> derived;  // for Hessians
  OperationCount operations;
  std::string unavailable;  // the operation that has no complex version
  Span where;
};

struct Prepared::Implementation {
  Mode mode;
  std::variant<ReverseMode, ForwardMode, SymbolicMode, CrossMode, FiniteMode, ComplexStepMode> way;
};

}  // namespace wengert
