// Operation counts. Those of a loop are its body's, times the count.
#include "kernels.hpp"
#include "wengert/sweep/counts.hpp"

namespace wengert {
namespace {

template <>
struct Act<Iterate, SymbolicFrame<Counted>> {
  using F = SymbolicFrame<Counted>;
  static void charge(F& f, SlotId out, std::span<const SlotId> x, const std::vector<Counted>& from, std::vector<Counted>& to, const OperationCount& c) {
    Counted y{nullptr, f.tape.shape(out), 0};
    for (SlotId s : x) y.join(from[s]);
    if (y.counter != nullptr) *y.counter += c;
    to[out] = y;
  }
  static void value(F& f, const Instruction& i) {
    const LoopBody& body = f.tape.body(i);
    charge(f, i.out, f.tape.arguments(i), f.values, f.values, scaled(count_sweeps(body.tape).value, body.count));
  }
  static void push(F& f, const Instruction& i) {
    const LoopBody& body = f.tape.body(i);
    const SweepCounts c = count_sweeps(body.tape);
    OperationCount again = c.value;  // the states are computed once more
    again += c.partials;
    if (f.values[i.out].counter != nullptr) *f.values[i.out].counter += scaled(again, body.count);
    charge(f, i.out, f.tape.arguments(i), f.tangents, f.tangents, scaled(c.tangent, body.count));
  }
  static void pull(F& f, const Instruction& i) {
    const Counted g = f.adjoint(i.out);
    if (!present(g)) return;
    const LoopBody& body = f.tape.body(i);
    const SweepCounts c = count_sweeps(body.tape);
    OperationCount step = scaled(c.value, 2);
    step += c.pull;
    if (g.counter != nullptr) *g.counter += scaled(step, body.count);
    for (SlotId s : f.tape.arguments(i))
      if (f.active(s)) f.accumulate(s, {g.counter, f.tape.shape(s), g.rank});
  }
};

template <>
struct Act<IterateAdjoint, SymbolicFrame<Counted>> {
  using F = SymbolicFrame<Counted>;
  static OperationCount reverse_cost(const LoopBody& body) {
    const SweepCounts c = count_sweeps(body.tape);
    OperationCount step = scaled(c.value, 2);
    step += c.pull;
    return scaled(step, body.count);
  }
  static void value(F& f, const Instruction& i) {
    Act<Iterate, F>::charge(f, i.out, f.tape.arguments(i), f.values, f.values, reverse_cost(f.tape.body(i)));
  }
  // In dual numbers an operation is about three.
  static void push(F& f, const Instruction& i) {
    Act<Iterate, F>::charge(f, i.out, f.tape.arguments(i), f.tangents, f.tangents, scaled(reverse_cost(f.tape.body(i)), 3));
  }
  static void pull(F& f, const Instruction& i) {
    const Counted g = f.adjoint(i.out);
    if (!present(g)) return;
    if (g.counter != nullptr) *g.counter += scaled(reverse_cost(f.tape.body(i)), 4);
    for (SlotId s : f.tape.arguments(i))
      if (f.active(s)) f.accumulate(s, {g.counter, f.tape.shape(s), g.rank});
  }
};

}  // namespace

template std::span<const Kernel<SymbolicFrame<Counted>>> kernels<SymbolicFrame<Counted>>();

}  // namespace wengert
