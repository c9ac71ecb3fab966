// Kinks inside of loops: the body of an iterate, looked at round by round.
#pragma once
#include <optional>
#include <string>

#include "wengert/sweep/frame.hpp"

namespace wengert::explain {

// The first kink or jump that a round of the loop sits on: "leaky_relu in round 2 of the loop has a kink or a jump at
// 0: ...". The first thousand rounds are looked at.
std::optional<std::string> kink_in_loop(const NumericFrame<double>& frame, const Instruction& loop);

}  // namespace wengert::explain
