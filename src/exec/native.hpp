// Machine code for straight-line programs: of single numbers, or over a vector of points or elements at a time.
//
// Made by asmjit where the build has it (native/), on x86-64 with AVX2 or AVX-512; nowhere else is it known.
#pragma once
#include <memory>

#include "lanes.hpp"

namespace wengert::exec {

// Numbers that the program reads or writes: element `offset` (+ `columns` times the stride) of the workspace, an
// input or an output; of a vector program, as many from there on as there are lanes.
struct Pointer {
  enum class Table : std::uint8_t { workspace, input, output };
  Table table = Table::workspace;
  std::uint32_t index = 0, offset = 0, columns = 0;
  friend bool operator==(const Pointer&, const Pointer&) = default;
};

struct NativeValue {
  enum class Kind : std::uint8_t { load, broadcast, operation };
  Kind kind = Kind::operation;
  Code code = 0;
  std::uint32_t x[3] = {};  // operands, values before this one
  Pointer from;
};

struct NativeProgram {
  bool vector = false;  // a loop over `count`; otherwise one pass over single numbers
  std::vector<NativeValue> values;
  struct Store {
    std::uint32_t value;
    Pointer to;
  };
  std::vector<Store> stores;
};

class NativeCode {
 public:
  // stride: how far the columns of inputs and outputs are apart.
  using Entry = void (*)(double* workspace, const double* const* in, double* const* out, std::size_t count,
                         std::size_t stride);
  virtual ~NativeCode() = default;
  Entry entry = nullptr;
  std::size_t bytes = 0;
};

bool native_available();
// Null where it can not be compiled.
std::shared_ptr<const NativeCode> compile_native(const NativeProgram& program, InstructionSet instructions,
                                                 const KernelTable& kernels);

}  // namespace wengert::exec
