// Derivatives as expressions.
#include "kernels.hpp"
#include "wengert/rules/build.hpp"
namespace wengert {
template std::span<const Kernel<SymbolicFrame<Expr>>> kernels<SymbolicFrame<Expr>>();
}  // namespace wengert
