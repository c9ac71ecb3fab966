#include "wide.hpp"

namespace wengert {

ReverseMode::ReverseMode(const Problem& p) : program(p, Keep::values) {}

OperationCount ReverseMode::operations() const {
  const SweepCounts c = count_sweeps(program.tape);
  OperationCount all = c.value;
  return all += scaled(c.pull, program.m());
}

Derivative ReverseMode::jacobian(const Point& point) const {
  if (auto wide = wide_jacobian(program, point, SweepDirection::reverse)) return std::move(*wide);
  const Tape& tape = program.tape;
  NumericFrame<double> f = frame_at(tape, point);
  evaluate(f);
  Derivative d;
  d.value = take(f, f.values, program.output());
  d.blocks = empty_blocks(program);
  for (std::size_t i = 0; i < program.m(); ++i) {
    f.clear_adjoints();
    f.adjoints.set(tape.adjoint_offset(program.output()) + i, 1.0);
    pull_back(f);
    for (std::size_t k = 0; k < program.shapes.size(); ++k)
      if (const SlotId s = tape.wrt()[k]; s != Tape::no_slot) {
        const auto row = take_adjoint(f, s);
        std::copy(row.begin(), row.end(), d.blocks[k].begin() + static_cast<std::ptrdiff_t>(i * row.size()));
      }
  }
  return d;
}

std::vector<std::vector<double>> ReverseMode::vjp(const Point& point, const std::vector<double>& w) const {
  NumericFrame<double> f = frame_at(program.tape, point);
  evaluate(f);
  f.clear_adjoints();
  for (std::size_t i = 0; i < w.size(); ++i) f.adjoints.set(program.tape.adjoint_offset(program.output()) + i, w[i]);
  pull_back(f);
  std::vector<std::vector<double>> out;
  for (std::size_t k = 0; k < program.shapes.size(); ++k) {
    const SlotId s = program.tape.wrt()[k];
    out.push_back(s == Tape::no_slot ? std::vector<double>(program.shapes[k].size()) : take_adjoint(f, s));
  }
  return out;
}

std::vector<std::vector<double>> ReverseMode::hessian_times(const Point& point, const std::vector<std::vector<double>>& v) const {
  using D = Dual<double>;
  const Tape& tape = program.tape;
  NumericFrame<D> f(tape);
  set_inputs(f, point, [](double x) { return D{x, {0.0}}; });
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    const std::size_t at = tape.offset(slot) + e;
    f.values.set(at, {f.values.get(at).v, {v[k][e]}});
  });
  evaluate(f);
  f.clear_adjoints();
  f.adjoints.set(tape.adjoint_offset(program.output()), {1.0, {0.0}});
  pull_back(f);
  std::vector<std::vector<double>> out;
  for (std::size_t k = 0; k < program.shapes.size(); ++k) {
    out.emplace_back(program.shapes[k].size(), 0.0);
    if (const SlotId s = tape.wrt()[k]; s != Tape::no_slot)
      for (std::size_t e = 0; e < out.back().size(); ++e) out.back()[e] = f.adjoints.get(tape.adjoint_offset(s) + e).t[0];
  }
  return out;
}

// Forward over reverse: the reverse sweep over dual numbers, a column a sweep.
Hessian ReverseMode::hessian(const Point& point) const {
  using D = Dual<double>;
  const Tape& tape = program.tape;
  const std::size_t n = program.n();
  Hessian h;
  h.matrix.assign(n * n, 0.0);
  NumericFrame<D> f(tape);
  set_inputs(f, point, [](double x) { return D{x, {0.0}}; });
  std::size_t column = 0;
  each_element(program, [&](std::size_t, std::size_t e, SlotId slot) {
    const std::size_t j = column++;
    if (slot == Tape::no_slot) return;
    const std::size_t at = tape.offset(slot) + e;
    const double x = f.values.get(at).v;
    f.values.set(at, {x, {1.0}});
    evaluate(f);
    f.clear_adjoints();
    f.adjoints.set(tape.adjoint_offset(program.output()), {1.0, {0.0}});
    pull_back(f);
    std::size_t i = 0;
    each_element(program, [&](std::size_t, std::size_t e2, SlotId other) {
      if (other != Tape::no_slot) h.matrix[i * n + j] = f.adjoints.get(tape.adjoint_offset(other) + e2).t[0];
      ++i;
    });
    f.values.set(at, {x, {0.0}});
  });
  NumericFrame<double> g = frame_at(tape, point);
  evaluate(g);
  h.value = take(g, g.values, program.output());
  return h;
}

}  // namespace wengert
