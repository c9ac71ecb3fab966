// Machine code for straight-line programs: of single numbers, or over a vector of points or elements at a time.
//
// Made by asmjit where the build has it (native/), on x86-64 with AVX2 or AVX-512; nowhere else is it known.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "lanes.hpp"

namespace wengert::exec {

// Numbers that a program reads or writes. Of single numbers: element `offset` of the workspace, an input or an
// output. A loop is handed the addresses themselves; for points these are column `columns` of an input or output.
struct Pointer {
  enum class Table : std::uint8_t { workspace, input, output };
  Table table = Table::workspace;
  std::uint32_t index = 0, offset = 0, columns = 0;
  friend auto operator<=>(const Pointer&, const Pointer&) = default;
};

struct NativeValue {
  enum class Kind : std::uint8_t { load, broadcast, constant, operation };
  Kind kind = Kind::operation;
  Code code = 0;
  std::uint32_t x[3] = {};    // operands, values before this one
  std::uint32_t pointer = 0;  // load, broadcast: where from
  double number = 0;          // of a constant
  // Which version of a loop computes it. What the careful one alone calls, is its second operand in the fast one.
  enum class Version : std::uint8_t { both, fast, called };
  Version version = Version::both;
};

struct NativeProgram {
  bool vector = false;  // a loop; otherwise one pass over single numbers
  bool whole = false;   // of a loop: it is over a multiple of eight elements, and not 0
  bool many = false;    // of a loop: it is over so many that code pays which takes longer to make
  std::vector<Pointer> pointers;
  std::vector<NativeValue> values;
  struct Store {
    std::uint32_t value, pointer;
    bool late = false;  // a load may read what it overwrites: after all of them
  };
  std::vector<Store> stores;
  std::vector<Store> sums;  // of loops: over all elements, by eight interleaved accumulators; one number each
};

class NativeCode {
 public:
  // What has to be done again with care goes on there by itself: nothing is left to do behind the call.
  void numbers(double* workspace, const double* const* in, double* const* out) const {
    reinterpret_cast<void (*)(double*, const double* const*, double* const*)>(entry)(workspace, in, out);
  }
  // pointers[k]: where pointer k of the program leads at the first element.
  void loop(double* const* pointers, std::size_t count) const {
    reinterpret_cast<void (*)(double* const*, std::size_t)>(entry)(pointers, count);
  }
  void (*entry)() = nullptr;
  bool vector = false;
  std::size_t bytes = 0;
  std::shared_ptr<const void> memory;
  // Of single numbers, where 0 may have to annihilate a product: made into code when it first has to.
  struct Careful;
  std::shared_ptr<Careful> careful;
};

// Programs compiled one after the other into one piece of memory.
class NativeCompiler {
 public:
  // Without a memory the code gets pages of its own.
  NativeCompiler(InstructionSet instructions, const KernelTable& kernels, Mathematics mathematics,
                 std::shared_ptr<CodeMemory> memory);
  ~NativeCompiler();
  NativeCompiler(const NativeCompiler&) = delete;
  NativeCompiler& operator=(const NativeCompiler&) = delete;

  // Its number among those that were compiled; none where it can not be.
  std::optional<std::size_t> add(NativeProgram program);
  // All of them; nothing where there is no memory that can be run.
  std::vector<std::shared_ptr<const NativeCode>> finish();

 private:
  friend struct NativeCode::Careful;
  struct State;
  std::unique_ptr<State> state_;
};

inline constexpr std::size_t largest_native_program =
    30000;  // values of single numbers; beyond, grouped interpretation wins

bool native_available();

}  // namespace wengert::exec
