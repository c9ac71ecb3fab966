// The ways to execute a program and its derivatives, played against each other.
#pragma once
#include <string>

#include "random.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert::fuzz {

// The value by a plan (instruction set, width, machine code at random): in exact mathematics the bits of the sweeps,
// but where the sign of a 0 chooses the side of a `kink`. Then the derivative by one input: swept, eliminated, sparse,
// dense; or a sparse Hessian, where nothing is `special` about the point. `truth` is the reverse mode's. What is wrong;
// empty if nothing is.
std::string engines_disagree(const Problem& problem, const Point& point, const Derivative& truth, bool special,
                             bool kink, Random& random);

}  // namespace wengert::fuzz
