// Second derivatives in many digits.
#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<NumericFrame<Dual<Decimal>>>> kernels<NumericFrame<Dual<Decimal>>>();
}  // namespace wengert
