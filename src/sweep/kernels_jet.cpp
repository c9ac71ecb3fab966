// Taylor coefficients.
#include "wengert/sweep/jet.hpp"

#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<NumericFrame<Jet<double>>>> kernels<NumericFrame<Jet<double>>>();
}  // namespace wengert
