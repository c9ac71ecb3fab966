// Derivatives in index notation.
#include "indexed.hpp"
#include "kernels.hpp"
namespace wengert {
template std::span<const Kernel<SymbolicFrame<Indexed>>> kernels<SymbolicFrame<Indexed>>();
}  // namespace wengert
