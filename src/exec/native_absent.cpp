// A build without machine code.
#ifndef WENGERT_HAS_ASMJIT
#include "native.hpp"

namespace wengert::exec {

struct NativeCompiler::State {};

NativeCompiler::NativeCompiler(InstructionSet, const KernelTable&, Mathematics, std::shared_ptr<CodeMemory>) {}
NativeCompiler::~NativeCompiler() = default;
std::optional<std::size_t> NativeCompiler::add(NativeProgram) { return std::nullopt; }
std::vector<std::shared_ptr<const NativeCode>> NativeCompiler::finish() { return {}; }
bool native_available() { return false; }

}  // namespace wengert::exec
#endif
