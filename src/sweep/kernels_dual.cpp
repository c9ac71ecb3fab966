// Dual numbers: second derivatives, forward over reverse.
#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<NumericFrame<Dual<double>>>> kernels<NumericFrame<Dual<double>>>();
}  // namespace wengert
