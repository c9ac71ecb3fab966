// Many digits: the reference.
#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<NumericFrame<Decimal>>> kernels<NumericFrame<Decimal>>();
}  // namespace wengert
