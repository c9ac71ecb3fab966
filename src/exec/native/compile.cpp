// From programs to memory that can be run: written while it is writable, then executable and never both.
#include "emitter.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t largest_program = 30000;  // values; beyond, grouped interpretation wins
constexpr std::size_t largest_loop = 2000;

// Null where the system does not allow it.
std::shared_ptr<void> executable(asmjit::CodeHolder& code) {
  using namespace asmjit;
  const std::size_t size = code.codeSize();
  void* memory = nullptr;
  if (VirtMem::alloc(&memory, size, VirtMem::MemoryFlags::kAccessRW) != kErrorOk) return nullptr;
  std::shared_ptr<void> owner(memory, [size](void* p) { VirtMem::release(p, size); });
  const bool written = code.relocateToBase(reinterpret_cast<std::uint64_t>(memory)) == kErrorOk &&
                       code.copyFlattenedData(memory, size) == kErrorOk &&
                       VirtMem::protect(memory, size, VirtMem::MemoryFlags::kAccessRX) == kErrorOk;
  return written ? owner : nullptr;
}

}  // namespace

struct NativeCompiler::State {
  State(InstructionSet i, const KernelTable& k, Mathematics m) : instructions(i), mathematics(m), kernels(k) {
    code.init(asmjit::Environment::host());
  }
  struct Function {
    std::size_t begin, end;
    bool vector;
  };
  InstructionSet instructions;
  Mathematics mathematics;
  const KernelTable& kernels;
  asmjit::CodeHolder code;
  std::vector<Function> functions;
};

NativeCompiler::NativeCompiler(InstructionSet instructions, const KernelTable& kernels, Mathematics mathematics)
    : state_(std::make_unique<State>(instructions, kernels, mathematics)) {}
NativeCompiler::~NativeCompiler() = default;

std::optional<std::size_t> NativeCompiler::add(const NativeProgram& program) {
  State& s = *state_;
  if (s.instructions == InstructionSet::baseline || !s.code.isInitialized() ||
      program.values.size() > (program.vector ? largest_loop : largest_program))
    return std::nullopt;
  const std::size_t begin = s.code.textSection()->bufferSize();
  const bool fast = s.mathematics == Mathematics::fast;
  const NativeProgram shared = fast ? with_reciprocals(program) : NativeProgram();
  Emitter emitter(s.code, fast ? shared : program, s.instructions, s.kernels);
  if (!emitter.emit()) return std::nullopt;
  s.functions.push_back({begin, s.code.textSection()->bufferSize(), program.vector});
  return s.functions.size() - 1;
}

std::vector<std::shared_ptr<const NativeCode>> NativeCompiler::finish() {
  using namespace asmjit;
  State& s = *state_;
  if (s.functions.empty() || s.code.flatten() != kErrorOk || s.code.resolveUnresolvedLinks() != kErrorOk) return {};
  const std::shared_ptr<void> memory = executable(s.code);
  if (memory == nullptr) return {};
  std::vector<std::shared_ptr<const NativeCode>> out;
  for (const State::Function& f : s.functions) {
    auto code = std::make_shared<NativeCode>();
    code->entry = reinterpret_cast<void (*)()>(static_cast<char*>(memory.get()) + f.begin);
    code->vector = f.vector;
    code->bytes = f.end - f.begin;
    code->memory = memory;
    out.push_back(std::move(code));
  }
  return out;
}

bool native_available() { return widest_instructions() != InstructionSet::baseline; }

}  // namespace wengert::exec
