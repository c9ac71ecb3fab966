// Sweeps with many directions at once: planned, directions in lanes, on several threads.
#pragma once
#include "implementation.hpp"

namespace wengert {

enum class SweepDirection : std::uint8_t { forward, reverse };

// Whether they are taken: with few directions or little work, planning would take longer than it saves.
bool swept_wide(const Recorded& program, SweepDirection direction);

// The Jacobian by these sweeps, with the numbers of the mode's own; absent where it would not be worth preparing, or
// where an operation has no plan.
std::optional<Derivative> wide_jacobian(const Recorded& program, const Point& point, SweepDirection direction);

}  // namespace wengert
