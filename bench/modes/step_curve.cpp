#include "step_curve.hpp"

#include <cmath>
#include <complex>
#include <functional>

#include "wengert/explain/reference.hpp"
#include "wengert/rules/functions.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::mode_costs {

namespace {

constexpr double x0 = 2, z0 = 3;
constexpr int steps_a_decade = 3, decades = 14;

struct Lecture {
  Graph graph;
  Expr x = variable(graph, "x"), z = variable(graph, "z");
  Expr y = exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
  Problem problem() { return {&graph, y.id, {x.id}}; }
  Point point(double at) const { return {{x.id, {at}}, {z.id, {z0}}}; }
};

// The value where x is any complex number.
std::complex<double> at(const Tape& tape, const Lecture& l, std::complex<double> x) {
  NumericFrame<std::complex<double>> f(tape);
  for (const Tape::Given& g : tape.inputs()) f.values.set(tape.offset(g.slot), g.node == l.x.id ? x : z0);
  evaluate(f);
  return f.values.get(tape.offset(tape.outputs()[0]));
}

}  // namespace

std::vector<StepError> step_curve() {
  Lecture l;
  const Literals digits{Decimal::bits_for(50), false};
  const double truth = reference_at(l.problem(), l.point(x0), digits).blocks.at(0).at(0).to_double();
  const Tape tape = Tape::record(l.graph, std::span(&l.y.id, 1));
  const auto f = [&](double x) { return value_at(l.graph, l.y.id, l.point(x))[0]; };
  const auto one_sided = [&](double h) { return (f(x0 + h) - f(x0)) / h; };
  const auto central = [&](double h) { return (f(x0 + h) - f(x0 - h)) / (2 * h); };
  const std::pair<const char*, std::function<double(double)>> methods[] = {
      {"one-sided", one_sided},
      {"central", central},
      {"Richardson", [&](double h) { return (4 * central(h / 2) - central(h)) / 3; }},
      {"complex", [&](double h) {
         return at(tape, l, {x0, h}).imag() / h;
       }}};
  std::vector<StepError> curve;
  for (const auto& [name, quotient] : methods)
    for (int k = 0; k <= steps_a_decade * decades; ++k) {
      // A power of two, or the step itself would be rounded.
      const double h = std::exp2(std::round(std::log2(0.1) - k * std::log2(10.0) / steps_a_decade));
      curve.push_back({name, h, std::fabs(quotient(h) - truth) / std::fabs(truth)});
    }
  return curve;
}

}  // namespace wengert::mode_costs
