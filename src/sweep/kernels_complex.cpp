// Complex numbers: the complex step.
#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<NumericFrame<std::complex<double>>>> kernels<NumericFrame<std::complex<double>>>();
}  // namespace wengert
