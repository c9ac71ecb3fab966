// The operations of a Jacobian counted sweep by sweep, as the mode runs them, against what was predicted by
// multiplying.
#pragma once
#include <optional>

#include "wengert/modes/mode.hpp"

namespace wengert::mode_costs {

// None where so many sweeps would take too long to count.
std::optional<OperationCount> recounted(Mode mode, const Problem& problem, const Point& point);

}  // namespace wengert::mode_costs
