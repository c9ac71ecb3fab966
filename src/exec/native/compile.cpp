// From a program to memory that can be run: written while it is writable, then executable and never both.
#include "emitter.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t largest_program = 30000;  // values; beyond, grouped interpretation wins
constexpr std::size_t largest_loop = 2000;

class Mapped : public NativeCode {
 public:
  explicit Mapped(asmjit::CodeHolder& code) {
    using namespace asmjit;
    size_ = code.codeSize();
    if (VirtMem::alloc(&memory_, size_, VirtMem::MemoryFlags::kAccessRW) != kErrorOk) {
      memory_ = nullptr;
      return;
    }
    const bool written = code.relocateToBase(reinterpret_cast<std::uint64_t>(memory_)) == kErrorOk &&
                         code.copyFlattenedData(memory_, size_) == kErrorOk &&
                         VirtMem::protect(memory_, size_, VirtMem::MemoryFlags::kAccessRX) == kErrorOk;
    if (!written) return;
    entry = reinterpret_cast<void (*)()>(memory_);
    bytes = size_;
  }
  ~Mapped() override {
    if (memory_ != nullptr) asmjit::VirtMem::release(memory_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;

 private:
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

bool native_available() { return widest_instructions() != InstructionSet::baseline; }

std::shared_ptr<const NativeCode> compile_native(const NativeProgram& program, InstructionSet instructions,
                                                 const KernelTable& kernels) {
  using namespace asmjit;
  if (instructions == InstructionSet::baseline ||
      program.values.size() > (program.vector ? largest_loop : largest_program))
    return nullptr;
  CodeHolder code;
  if (code.init(Environment::host()) != kErrorOk) return nullptr;
  Emitter emitter(code, program, instructions, kernels);
  if (!emitter.emit()) return nullptr;
  if (code.flatten() != kErrorOk || code.resolveUnresolvedLinks() != kErrorOk) return nullptr;
  auto mapped = std::make_shared<Mapped>(code);
  mapped->vector = program.vector;
  return mapped->entry == nullptr ? nullptr : mapped;
}

}  // namespace wengert::exec
