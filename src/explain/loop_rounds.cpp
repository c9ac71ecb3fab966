#include "loop_rounds.hpp"

#include "wengert/sweep/decimal.hpp"

namespace wengert::explain {

template <class N>
LoopRounds<N>::LoopRounds(const NumericFrame<N>& outside, const Instruction& loop)
    : body_(outside.tape.body(loop)), frame_(body_.tape, outside.literals), varying_(body_.tape.slot_count(), false) {
  const auto x = outside.tape.arguments(loop).subspan(loop.op == op_of<IterateAdjoint> ? 1 : 0);
  for (std::size_t k = 0; k < x.size(); ++k) give(body_.input(k), outside, outside.tape.offset(x[k]));
  for (const Tape::Given& g : body_.tape.inputs()) varying_[g.slot] = true;
  for (const Instruction& i : body_.tape.code())
    for (const SlotId a : body_.tape.arguments(i)) varying_[i.out] = varying_[i.out] || varying_[a];
}

template <class N>
bool LoopRounds<N>::next() {
  if (round_ == body_.count) return false;
  if (round_++ > 0) {  // what came out goes in again; both may be the same number
    const std::size_t from = body_.tape.offset(body_.output());
    std::vector<N> state;
    for (std::size_t e = 0; e < body_.state.size(); ++e) state.push_back(frame_.values.get(from + e));
    const SlotId to = body_.input(0);
    for (std::size_t e = 0; to != Tape::no_slot && e < state.size(); ++e)
      frame_.values.set(body_.tape.offset(to) + e, state[e]);
  }
  evaluate(frame_);
  return true;
}

template <class N>
bool LoopRounds<N>::finite() const {
  using std::isinf;
  using std::isnan;
  const std::size_t from = body_.tape.offset(body_.output());
  for (std::size_t e = 0; e < body_.state.size(); ++e)
    if (const N x = frame_.values.get(from + e); isnan(x) || isinf(x)) return false;
  return true;
}

template <class N>
void LoopRounds<N>::give(SlotId to, const NumericFrame<N>& from, std::size_t offset) {
  if (to == Tape::no_slot) return;
  for (std::size_t e = 0; e < body_.tape.shape(to).size(); ++e)
    frame_.values.set(body_.tape.offset(to) + e, from.values.get(offset + e));
}

template class LoopRounds<double>;
template class LoopRounds<Decimal>;

}  // namespace wengert::explain
