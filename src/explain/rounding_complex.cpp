// The bounds of the complex step.
#include <cmath>

#include "inspection.hpp"
#include "rounding_gradient.hpp"
#include "rounding_modes.hpp"
#include "wengert/modes/complex_step.hpp"
#include "wengert/sweep/rounded_complex.hpp"

namespace wengert {

namespace {

std::vector<double> joined(const std::vector<std::vector<double>>& parts) {
  std::vector<double> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Whether the type of number has all that the program needs.
bool evaluable(const Tape& tape) {
  for (const Instruction& i : tape.code()) {
    if (i.op == Op::iota) continue;
    if (kernel<NumericFrame<RoundedComplex>>(i.op).value == nullptr) return false;
    if (i.op == op_of<Iterate> && !evaluable(tape.body(i).tape)) return false;
  }
  return true;
}

}  // namespace

ComplexStepBounds::ComplexStepBounds(const Problem& p, const Wanted& wanted, const Point& point)
    : wanted_(wanted), point_(point) {
  const Graph* graph = p.graph;
  NodeId output = p.output;
  std::vector<NodeId> wrt = p.wrt;
  if (wanted.what == Quantity::hessian) {
    gradient_ = extract(*p.graph, std::span(&p.output, 1), p.wrt);
    graph = gradient_.graph.get();
    wrt = gradient_.inputs;
    output = explain::write_gradient(gradient_);
    point_ = explain::translated(gradient_, point);
  }
  for (const NodeId w : wrt) sizes_.push_back((*graph)[w].shape.size());
  for (const std::size_t n : sizes_) inputs_ += n;
  tape_ = std::make_unique<Tape>(Tape::record(*graph, std::span(&output, 1), wrt));
}

double ComplexStepBounds::of(std::size_t block, std::size_t element) {
  std::size_t before = 0;
  for (std::size_t k = 0; k < block; ++k) before += sizes_[k];
  switch (wanted_.what) {
    case Quantity::hessian:
      return column(element % inputs_)[element / inputs_];
    case Quantity::jacobian:
      return column(before + element % sizes_[block])[element / sizes_[block]];
    case Quantity::jvp:
      if (product_.empty()) product_ = along(joined(wanted_.directions));
      return product_[element];
    case Quantity::vjp: {
      const Bounds& bounds = column(before + element);
      double sum = 0;
      for (std::size_t i = 0; i < bounds.size(); ++i)
        if (wanted_.directions.front()[i] != 0) sum += std::fabs(wanted_.directions.front()[i]) * bounds[i];
      return sum;
    }
  }
  return 0;
}

const ComplexStepBounds::Bounds& ComplexStepBounds::column(std::size_t input) {
  if (const auto it = columns_.find(input); it != columns_.end()) return it->second;
  std::vector<double> direction(inputs_, 0.0);
  direction[input] = 1;
  return columns_[input] = along(direction);
}

ComplexStepBounds::Bounds ComplexStepBounds::along(std::span<const double> direction) const {
  const SlotId out = tape_->outputs()[0];
  const std::size_t outputs = tape_->shape(out).size();
  if (!evaluable(*tape_)) return Bounds(outputs, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> places;
  std::vector<double> moved;
  std::size_t next = 0;
  for (std::size_t k = 0; k < sizes_.size(); ++k)
    for (std::size_t e = 0; e < sizes_[k]; ++e, ++next)
      if (const SlotId s = tape_->wrt()[k]; s != Tape::no_slot && direction[next] != 0) {
        places.push_back(tape_->offset(s) + e);
        moved.push_back(direction[next]);
      }
  NumericFrame<std::complex<double>> plain(*tape_);
  explain::give_inputs(plain, point_, [](double x) { return std::complex<double>(x, 0.0); });
  const double step = step_into_complex(plain, places, moved);
  NumericFrame<RoundedComplex> f(*tape_);
  explain::give_inputs(f, point_, [](double x) { return RoundedComplex(x); });
  for (std::size_t k = 0; k < places.size(); ++k)
    f.values.set(places[k], RoundedComplex(f.values.get(places[k]).re, Rounded(step * moved[k])));
  evaluate(f);
  Bounds bounds;
  for (std::size_t i = 0; i < outputs; ++i) bounds.push_back(f.values.get(tape_->offset(out) + i).im.bound / step);
  return bounds;
}

}  // namespace wengert
