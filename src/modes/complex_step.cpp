#include <cmath>
#include <complex>
#include <limits>

#include "implementation.hpp"

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

ComplexStepMode::ComplexStepMode(const Problem& p) : program(p) {
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
  Graph& graph = *program.problem.graph;
  std::vector<Expr> wrt;
  for (NodeId w : program.problem.wrt) wrt.emplace_back(graph, w);
  Hessian result;
  result.value = value_at(graph, program.problem.output, point);
  std::vector<Expr> parts;
  std::vector<Slice> slices;
  std::uint32_t top = 0;
  for (const Expr& g : vjp(Expr(graph, program.problem.output), wrt, number(graph, 1))) {
    const auto size = static_cast<std::uint32_t>(g.shape().size());
    parts.push_back(reshape(g, {size, 1}));
    slices.push_back({top, 0, {size, 1}});
    top += size;
  }
  const Expr gradient = Lift<Expr>::array<Place>({.shape = {top, 1}, .slices = slices}, parts);
  const Derivative d = ComplexStepMode(Problem{&graph, gradient.id, program.problem.wrt}).jacobian(point);
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
