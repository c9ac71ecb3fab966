#include "wengert/sweep/at_once.hpp"
#include "wide.hpp"

namespace wengert {

namespace {

constexpr std::uint64_t large = 1 << 16;  // elements of a program for which a tape of its own saves memory

}  // namespace

OperationCount ForwardMode::operations() const {
  const SweepCounts c = count_sweeps(program.tape);
  const std::size_t n = program.swept(), chunk = tangents_at_once(program.tape.elements());
  OperationCount all = c.value;
  all += scaled(c.partials, (n + chunk - 1) / chunk);
  return all += scaled(c.tangent, n);
}

ForwardMode::ForwardMode(const Problem& p) : program(p) {
  if (program.tape.elements() > large) passing = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt, Keep::outputs);
}

Derivative ForwardMode::jacobian(const Point& point) const {
  if (auto wide = wide_jacobian(program, point, SweepDirection::forward)) return std::move(*wide);
  const Tape& tape = program.tape;
  NumericFrame<double> f = frame_at(tape, point);
  evaluate(f);
  Derivative d;
  d.value = take(f, f.values, program.output());
  d.blocks = empty_blocks(program);

  struct Direction { std::size_t k, e; };
  std::vector<Direction> waiting;
  const std::size_t chunk = tangents_at_once(tape.elements());
  const auto sweep = [&] {
    if (waiting.empty()) return;
    f.clear_tangents(waiting.size());
    for (std::size_t t = 0; t < waiting.size(); ++t)
      f.tangents[t].set(tape.offset(tape.wrt()[waiting[t].k]) + waiting[t].e, 1.0);
    push_forward(f);
    for (std::size_t t = 0; t < waiting.size(); ++t) {
      const auto column = take(f, f.tangents[t], program.output());
      const std::size_t width = program.shapes[waiting[t].k].size();
      for (std::size_t i = 0; i < column.size(); ++i) d.blocks[waiting[t].k][i * width + waiting[t].e] = column[i];
    }
    waiting.clear();
  };
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    waiting.push_back({k, e});
    if (waiting.size() == chunk) sweep();
  });
  sweep();
  return d;
}

std::vector<double> ForwardMode::jvp(const Point& point, const std::vector<std::vector<double>>& v) const {
  const Tape& tape = passing ? *passing : program.tape;
  NumericFrame<double> f = frame_at(tape, point);
  f.clear_tangents(1);
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot != Tape::no_slot) f.tangents[0].set(tape.offset(slot) + e, v[k][e]);
  });
  evaluate_and_push(f);
  return take(f, f.tangents[0], tape.outputs()[0]);
}

// Forward over forward: the tangent of a tangent.
Hessian ForwardMode::hessian(const Point& point) const {
  using D = Dual<double>;
  const Tape& tape = program.tape;
  Hessian h;
  const std::size_t n = program.n();
  h.matrix.assign(n * n, 0.0);
  NumericFrame<D> f(tape);
  set_inputs(f, point, [](double x) { return D{x, {0.0}}; });
  std::size_t row = 0;
  each_element(program, [&](std::size_t, std::size_t e, SlotId slot) {
    const std::size_t i = row++;
    if (slot == Tape::no_slot) return;
    const std::size_t at = tape.offset(slot) + e;
    const double x = f.values.get(at).v;
    f.values.set(at, {x, {1.0}});
    evaluate(f);
    std::size_t column = 0;
    each_element(program, [&](std::size_t, std::size_t e2, SlotId other) {
      const std::size_t j = column++;
      if (other == Tape::no_slot || j < i) return;
      f.clear_tangents(1);
      f.tangents[0].set(tape.offset(other) + e2, {1.0, {0.0}});
      push_forward(f);
      h.matrix[i * n + j] = h.matrix[j * n + i] = f.tangents[0].get(tape.offset(program.output())).t[0];
    });
    f.values.set(at, {x, {0.0}});
  });
  NumericFrame<double> g = frame_at(tape, point);
  evaluate(g);
  h.value = take(g, g.values, program.output());
  return h;
}

}  // namespace wengert
