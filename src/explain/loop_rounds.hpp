// The body of an iterate evaluated round by round, as a frame that can be looked at.
//
//   LoopRounds<double> rounds(frame, instruction);
//   while (rounds.next() && rounds.round() <= 1000) look(rounds.frame());
#pragma once
#include <cstdint>
#include <vector>

#include "wengert/rules/table.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::explain {

template <class N>  // double or Decimal
class LoopRounds {
 public:
  // loop: an iterate, or the reverse sweep of one, whose first argument is the cotangent.
  LoopRounds(const NumericFrame<N>& outside, const Instruction& loop);

  bool next();  // false behind the last round
  std::uint64_t round() const { return round_; }
  const NumericFrame<N>& frame() const { return frame_; }
  std::uint64_t count() const { return body_.count; }
  const std::vector<bool>& varying() const { return varying_; }  // by slot: with the state or a parameter
  bool finite() const;                                           // the state that the round ends in

 private:
  void give(SlotId to, const NumericFrame<N>& from, std::size_t offset);

  const LoopBody& body_;
  NumericFrame<N> frame_;
  std::vector<bool> varying_;
  std::uint64_t round_ = 0;
};

}  // namespace wengert::explain
