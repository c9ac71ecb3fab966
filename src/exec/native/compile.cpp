// From programs to memory that can be run, and never written at the same time.
#include <mutex>
#include <new>

#include "emitter.hpp"
#include "wengert/exec/code_memory.hpp"

namespace wengert::exec {

struct NativeCode::Careful {
  NativeProgram program;
  InstructionSet instructions;
  const KernelTable& kernels;
  std::shared_ptr<CodeMemory> memory;
  std::once_flag once;
  std::shared_ptr<const NativeCode> code;

  // Where code goes on that found a product to do again. Throws std::bad_alloc where the system gives no memory for it
  // any more.
  static void run(double* workspace, const double* const* in, double* const* out, Careful* careful);
};

namespace {

constexpr std::size_t largest_loop = 2000;

// Null where the system does not allow it.
std::shared_ptr<const void> among_others(asmjit::CodeHolder& code, CodeMemory& memory) {
  std::vector<std::byte> bytes;
  return memory.place(code.codeSize(), [&](const void* at) -> std::span<const std::byte> {
    if (code.relocateToBase(reinterpret_cast<std::uint64_t>(at)) != asmjit::kErrorOk) return {};
    bytes.resize(code.codeSize());
    if (code.copyFlattenedData(bytes.data(), bytes.size()) != asmjit::kErrorOk) return {};
    return bytes;
  });
}

// Pages of its own: written while they are writable, then executable.
std::shared_ptr<const void> alone(asmjit::CodeHolder& code) {
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

NativeProgram ordered(NativeProgram p, int registers) {
  const auto some = [&](auto&& f) { return std::any_of(p.values.begin(), p.values.end(), f); };
  if (some(called)) return scheduled(std::move(p));
  const bool inlined = some([](const NativeValue& v) { return v.version == NativeValue::Version::called; });
  return inlined ? interleaved(std::move(p), registers) : p;
}

}  // namespace

struct NativeCompiler::State {
  State(InstructionSet i, const KernelTable& k, Mathematics m, std::shared_ptr<CodeMemory> at)
      : instructions(i), mathematics(m), kernels(k), memory(std::move(at)) {}
  struct Code : asmjit::CodeHolder {
    Code() { init(asmjit::Environment::host()); }
  };
  struct Function {
    std::size_t begin, end;
    bool vector;
    std::shared_ptr<NativeCode::Careful> careful;
  };
  // Where it begins and ends; the careful version of single numbers, if that is asked for, else where that is.
  std::optional<Function> emit(const NativeProgram& program, const Emitter::Again& again, bool careful) {
    const std::size_t begin = code.textSection()->bufferSize();
    if (!emitter.emit(program, again, careful)) return std::nullopt;
    needs_care = emitter.needs_care();
    return Function{begin, code.textSection()->bufferSize(), program.vector, nullptr};
  }
  std::vector<std::shared_ptr<const NativeCode>> finish();
  InstructionSet instructions;
  Mathematics mathematics;
  const KernelTable& kernels;
  std::shared_ptr<CodeMemory> memory;  // or null
  Code code;
  Emitter emitter{code, instructions, kernels};
  std::vector<Function> functions;
  bool needs_care = false;  // what was emitted last
};

NativeCompiler::NativeCompiler(InstructionSet instructions, const KernelTable& kernels, Mathematics mathematics,
                               std::shared_ptr<CodeMemory> memory)
    : state_(std::make_unique<State>(instructions, kernels, mathematics, std::move(memory))) {}
NativeCompiler::~NativeCompiler() = default;

std::optional<std::size_t> NativeCompiler::add(NativeProgram program) {
  State& s = *state_;
  if (s.instructions == InstructionSet::baseline || !s.code.isInitialized() ||
      program.values.size() > (program.vector ? largest_loop : largest_native_program))
    return std::nullopt;
  if (s.mathematics == Mathematics::fast) program = tidied(with_reciprocals(std::move(program)));
  if (s.mathematics == Mathematics::fast && program.vector) program = with_inlined(std::move(program), s.kernels);
  program = ordered(std::move(program), allocatable(program.vector && s.instructions == InstructionSet::avx512));
  std::optional<State::Function> f;
  if (program.vector) {
    f = s.emit(program, {}, false);
  } else {
    // The code has its address in it.
    std::shared_ptr<NativeCode::Careful> careful(
        new NativeCode::Careful{std::move(program), s.instructions, s.kernels, s.memory, {}, nullptr});
    f = s.emit(careful->program, {reinterpret_cast<const void*>(&NativeCode::Careful::run), careful.get()}, false);
    if (f && s.needs_care) f->careful = std::move(careful);
  }
  if (!f) return std::nullopt;
  s.functions.push_back(std::move(*f));
  return s.functions.size() - 1;
}

std::vector<std::shared_ptr<const NativeCode>> NativeCompiler::finish() { return state_->finish(); }

std::vector<std::shared_ptr<const NativeCode>> NativeCompiler::State::finish() {
  using namespace asmjit;
  if (functions.empty() || code.flatten() != kErrorOk || code.resolveUnresolvedLinks() != kErrorOk) return {};
  std::shared_ptr<const void> place = memory != nullptr ? among_others(code, *memory) : nullptr;
  if (place == nullptr) place = alone(code);
  if (place == nullptr) return {};
  std::vector<std::shared_ptr<const NativeCode>> out;
  for (const Function& f : functions) {
    auto c = std::make_shared<NativeCode>();
    c->entry = reinterpret_cast<void (*)()>(reinterpret_cast<std::uint64_t>(place.get()) + f.begin);
    c->vector = f.vector;
    c->bytes = f.end - f.begin;
    c->memory = place;
    c->careful = f.careful;
    out.push_back(std::move(c));
  }
  return out;
}

void NativeCode::Careful::run(double* workspace, const double* const* in, double* const* out, Careful* careful) {
  std::call_once(careful->once, [&] {
    // Rewritten already.
    NativeCompiler::State s(careful->instructions, careful->kernels, Mathematics::exact, careful->memory);
    if (const auto f = s.emit(careful->program, {}, true)) s.functions.push_back(*f);
    const auto made = s.finish();
    if (made.empty()) throw std::bad_alloc();
    careful->code = made[0];
    careful->program = {};
  });
  careful->code->numbers(workspace, in, out);
}

bool native_available() { return widest_instructions() != InstructionSet::baseline; }

}  // namespace wengert::exec
