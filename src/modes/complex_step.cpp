#include <cmath>
#include <complex>
#include <limits>

#include "derived.hpp"

namespace wengert {

namespace {

using Z = std::complex<double>;
constexpr double h = 1e-100;  // h^2 vanishes beside any number, and no difference is taken

NumericFrame<Z> complex_frame(const Tape& tape, const Point& point) {
  NumericFrame<Z> f(tape);
  set_inputs(f, point, [](double x) { return Z(x, 0.0); });
  return f;
}

// The first operation without a complex version.
const Instruction* obstacle(const Tape& tape) {
  for (const Instruction& i : tape.code())
    if (i.op != Op::iota && tape.active(i.out) && kernel<NumericFrame<Z>>(i.op).value == nullptr) return &i;
  for (const Instruction& i : tape.code())
    if (i.op != Op::iota && kernel<NumericFrame<Z>>(i.op).value == nullptr) return &i;
  return nullptr;
}

}  // namespace

ComplexStepMode::ComplexStepMode(const Problem& p) : program(p), derived(std::make_shared<const Derived>(p)) {
  operations = scaled(count_sweeps(program.tape).value, program.n());
  if (const Instruction* i = obstacle(program.tape)) {
    unavailable = std::string(row_of(i->op).info->name) + " has no complex version";
    where = p.graph->span(program.tape.node(*i));
  }
}

Derivative ComplexStepMode::jacobian(const Point& point) const {
  Derivative d;
  if (!unavailable.empty()) {
    d.unavailable = unavailable;
    d.where = where;
    return d;
  }
  const Tape& tape = program.tape;
  NumericFrame<Z> f = complex_frame(tape, point);
  evaluate(f);
  // A real function that leaves its domain goes on in the complex plane; here it has no value.
  const auto defined = [](const Z& z) { return z.imag() == 0 ? z.real() : std::numeric_limits<double>::quiet_NaN(); };
  d.value = take(f, f.values, program.output(), defined);
  d.blocks = empty_blocks(program);
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    const std::size_t at = tape.offset(slot) + e;
    const double x = f.values.get(at).real();
    f.values.set(at, Z(x, h));
    evaluate(f);
    f.values.set(at, Z(x, 0.0));
    const auto column = take(f, f.values, program.output(), [](const Z& z) { return z.imag() / h; });
    const std::size_t width = program.shapes[k].size();
    for (std::size_t i = 0; i < column.size(); ++i) d.blocks[k][i * width + e] = std::isnan(d.value[i]) ? d.value[i] : column[i];
  });
  return d;
}

std::vector<double> ComplexStepMode::jvp(const Point& point, const std::vector<std::vector<double>>& v) const {
  NumericFrame<Z> f = complex_frame(program.tape, point);
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    const std::size_t at = program.tape.offset(slot) + e;
    f.values.set(at, Z(f.values.get(at).real(), h * v[k][e]));
  });
  evaluate(f);
  return take(f, f.values, program.output(), [](const Z& z) { return z.imag() / h; });
}

// The complex step of the gradient's expression.
Hessian ComplexStepMode::hessian(const Point& point) const {
  Hessian result;
  NumericFrame<double> primal = frame_at(program.tape, point);
  evaluate(primal);
  result.value = take(primal, primal.values, program.output());
  const Derivative d = ComplexStepMode(derived->gradient()).jacobian(derived->translated(point));
  if (!d.unavailable.empty()) {
    result.unavailable = d.unavailable;
    result.where = d.where;
    return result;
  }
  const std::size_t n = program.n();
  result.matrix.assign(n * n, 0.0);
  std::size_t left = 0;
  for (const Block& block : d.blocks) {
    const std::size_t width = block.size() / n;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < width; ++j) result.matrix[i * n + left + j] = block[i * width + j];
    left += width;
  }
  return result;
}

}  // namespace wengert
