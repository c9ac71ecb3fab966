// Many digits: the reference.
#include "kernels.hpp"

namespace wengert {
// Iteration asks for dual numbers over its own: they are compiled in a file of theirs.
extern template std::span<const Kernel<NumericFrame<Dual<Decimal>>>> kernels<NumericFrame<Dual<Decimal>>>();
template std::span<const Kernel<NumericFrame<Decimal>>> kernels<NumericFrame<Decimal>>();
}  // namespace wengert
