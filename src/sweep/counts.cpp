#include "wengert/sweep/counts.hpp"

#include "wengert/sweep/propagate.hpp"

namespace wengert {

SweepCounts count_sweeps(const Tape& tape) {
  SweepCounts c;
  SymbolicFrame<Counted> f(tape);
  const auto set_values = [&](OperationCount* counter) {
    for (const Tape::Known& k : tape.constants()) f.values[k.slot] = {nullptr, tape.shape(k.slot), 0};
    for (const Tape::Given& g : tape.inputs()) f.values[g.slot] = {counter, tape.shape(g.slot), 0};
    for (const Instruction& i : tape.code())
      if (i.op == Op::iota) f.values[i.out] = {nullptr, tape.shape(i.out), 0};
  };
  set_values(&c.value);
  evaluate(f);

  // Afterwards every value counts elsewhere: in the partials' counter, or in the reverse sweep's.
  const auto recount = [&](OperationCount* counter) {
    for (SlotId s = 0; s < tape.slot_count(); ++s)
      if (f.values[s].counter != nullptr) f.values[s].counter = counter;
  };
  recount(&c.partials);
  f.clear_tangents();
  for (SlotId s : tape.wrt())
    if (s != Tape::no_slot) f.tangents[s] = {&c.tangent, tape.shape(s), 1};
  push_forward(f);

  recount(&c.pull);
  f.clear_adjoints();
  if (!tape.outputs().empty()) {
    const SlotId out = tape.outputs()[0];
    f.adjoints[out] = {&c.pull, tape.shape(out), 0};
    pull_back(f);
    for (SlotId s : tape.wrt())
      if (s != Tape::no_slot) f.adjoint(s);
  }
  return c;
}

OperationCount scaled(OperationCount c, std::uint64_t times) {
  c.add *= times;
  c.mul *= times;
  c.div *= times;
  c.call *= times;
  return c;
}

}  // namespace wengert
