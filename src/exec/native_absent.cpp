// A build without machine code.
#ifndef WENGERT_HAS_ASMJIT
#include "native.hpp"

namespace wengert::exec {

bool native_available() { return false; }
std::shared_ptr<const NativeCode> compile_native(const NativeProgram&, InstructionSet, const KernelTable&) {
  return nullptr;
}

}  // namespace wengert::exec
#endif
