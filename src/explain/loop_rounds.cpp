#include "loop_rounds.hpp"

namespace wengert::explain {

LoopRounds::LoopRounds(const NumericFrame<double>& outside, const Instruction& loop)
    : body_(outside.tape.body(loop)), frame_(body_.tape), varying_(body_.tape.slot_count(), false) {
  const auto x = outside.tape.arguments(loop).subspan(loop.op == op_of<IterateAdjoint> ? 1 : 0);
  for (std::size_t k = 0; k < x.size(); ++k) give(body_.input(k), outside, outside.tape.offset(x[k]));
  for (const Tape::Given& g : body_.tape.inputs()) varying_[g.slot] = true;
  for (const Instruction& i : body_.tape.code())
    for (const SlotId a : body_.tape.arguments(i)) varying_[i.out] = varying_[i.out] || varying_[a];
}

bool LoopRounds::next() {
  if (round_ == body_.count) return false;
  if (round_++ > 0) {  // what came out goes in again; both may be the same number
    const std::size_t from = body_.tape.offset(body_.output());
    std::vector<double> state(body_.state.size());
    for (std::size_t e = 0; e < state.size(); ++e) state[e] = frame_.values.get(from + e);
    const SlotId to = body_.input(0);
    for (std::size_t e = 0; to != Tape::no_slot && e < state.size(); ++e)
      frame_.values.set(body_.tape.offset(to) + e, state[e]);
  }
  evaluate(frame_);
  return true;
}

bool LoopRounds::finite() const {
  const std::size_t from = body_.tape.offset(body_.output());
  for (std::size_t e = 0; e < body_.state.size(); ++e)
    if (!std::isfinite(frame_.values.get(from + e))) return false;
  return true;
}

void LoopRounds::give(SlotId to, const NumericFrame<double>& from, std::size_t offset) {
  if (to == Tape::no_slot) return;
  for (std::size_t e = 0; e < body_.tape.shape(to).size(); ++e)
    frame_.values.set(body_.tape.offset(to) + e, from.values.get(offset + e));
}

}  // namespace wengert::explain
