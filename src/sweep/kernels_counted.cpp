// Operation counts.
#include "kernels.hpp"

namespace wengert {
template std::span<const Kernel<SymbolicFrame<Counted>>> kernels<SymbolicFrame<Counted>>();
}  // namespace wengert
