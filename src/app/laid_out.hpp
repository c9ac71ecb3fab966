// A derivative in the layout that was asked for, by transposing what the modes computed.
//
// numerator: Jacobians with a row for each element of the value, gradients transposed;
// denominator: gradients like their variable, Jacobians with a row for each element of the variable.
#pragma once
#include "app/ask.hpp"

namespace wengert::app {

// `jacobian`: the Jacobian was asked for, also of a scalar.
void lay_out(DerivativeAnswer& answer, Layout layout, bool jacobian);

}  // namespace wengert::app
