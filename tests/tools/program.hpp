// Small programs for tests: a graph, its inputs, one output, and the sweeps over it at a point.
//
// A point holds the elements of all inputs in their order, each by rows; so do tangents and adjoints.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::test {

struct Program {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  std::vector<Expr> inputs;
  Expr output;
  std::string text;  // as a reader would write it

  Expr input(const std::string& name, Shape shape = {}) {
    inputs.push_back(variable(*graph, name, shape));
    return inputs.back();
  }
  std::size_t size() const {
    std::size_t n = 0;
    for (const Expr& x : inputs) n += x.shape().size();
    return n;
  }
};

using Point = std::vector<double>;

// "hypot(a, b) at [3, 4]"
std::string describe(const Program& program, const Point& at);

template <class N>
struct Sweep {
  Tape tape;
  NumericFrame<N> frame;
  const Program& program;

  explicit Sweep(const Program& p, const std::vector<N>& at, Literals how = {})
      : tape(record(p)), frame(tape, how), program(p) {
    each([&](std::size_t slot_element, std::size_t k) { frame.values.set(slot_element, at[k]); });
    evaluate(frame);
  }
  static Tape record(const Program& p) {
    std::vector<NodeId> wrt;
    for (const Expr& x : p.inputs) wrt.push_back(x.id);
    return Tape::record(*p.graph, std::span(&p.output.id, 1), wrt);
  }
  // f(element in the frame, element in the point) for every input that the output depends on.
  template <class F>
  void each(F&& f) const {
    std::size_t k = 0;
    for (std::size_t j = 0; j < program.inputs.size(); ++j) {
      const std::size_t n = program.inputs[j].shape().size();
      if (const SlotId s = tape.wrt()[j]; s != Tape::no_slot)
        for (std::size_t i = 0; i < n; ++i) f(tape.offset(s) + i, k + i);
      k += n;
    }
  }
  std::vector<N> out(const Plane<N>& plane) const {
    std::vector<N> y;
    const SlotId s = tape.outputs()[0];
    for (std::size_t i = 0; i < tape.shape(s).size(); ++i) y.push_back(plane.get(tape.offset(s) + i));
    return y;
  }
  std::vector<N> value() const { return out(frame.values); }
  std::vector<N> push(const std::vector<N>& tangent) {
    frame.clear_tangents(1);
    each([&](std::size_t e, std::size_t k) { frame.tangents[0].set(e, tangent[k]); });
    push_forward(frame);
    return out(frame.tangents[0]);
  }
  std::vector<N> pull(const std::vector<N>& cotangent) {
    frame.clear_adjoints();
    const std::size_t begin = tape.offset(tape.outputs()[0]);
    for (std::size_t i = 0; i < cotangent.size(); ++i) frame.adjoints.set(begin + i, cotangent[i]);
    pull_back(frame);
    std::vector<N> x(program.size(), frame.zero());
    each([&](std::size_t e, std::size_t k) { x[k] = frame.adjoints.get(e); });
    return x;
  }
};

Point value(const Program& program, const Point& at);
Point push(const Program& program, const Point& at, const Point& tangent);
Point pull(const Program& program, const Point& at, const Point& cotangent);
// The same program with another output over the same inputs.
Program with_output(const Program& program, const Expr& output);

// The gradient's derivative along v: tangents of a pull over dual numbers.
Point pull_of_push(const Program& program, const Point& at, const Point& v, const Point& cotangent);

// --- comparing

// Distance in units in the last place of the larger one; 0 for two NaNs.
double ulps(double a, double b);
// The largest |a - b| by the largest |a|, |b| or 1e-300; 0 where both are NaN or the same infinity, infinite where one is.
double relative_distance(const Point& a, const Point& b);
double largest(const Point& a);  // by size
double dot(const Point& a, const Point& b);
double dot_of_sizes(const Point& a, const Point& b);

// --- numbers that are the same on every machine
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
  std::uint64_t next();
  double between(double low, double high);
  Point around_one(std::size_t n);  // away from 0, of both signs

 private:
  std::uint64_t state_;
};

}  // namespace wengert::test
