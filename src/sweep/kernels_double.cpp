// Values, tangents and adjoints in double.
#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<NumericFrame<double>>> kernels<NumericFrame<double>>();
}  // namespace wengert
