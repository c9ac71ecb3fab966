// What a plan is inside: instructions with addresses, in the order in which they run.
#pragma once
#include "native.hpp"

namespace wengert::exec {

// Numbers of the workspace (base 0), of input k (1 + k) or of output k (1 + inputs + k).
struct Address {
  std::uint32_t base = 0;
  std::uint32_t at = 0;
};

// One operation on single numbers of the workspace.
struct ScalarStep {
  Code code;
  std::uint32_t out, a, b, c;
};

// A kernel over n numbers, in short: long programs of short arrays are bound by reading their instructions.
struct BlockStep {
  Code code;
  std::uint8_t form, base[4];  // of the operands, and of out
  std::uint32_t n, at[4];
};

struct Step {
  enum class Kind : std::uint8_t {
    scalars,  // scalar steps first .. first + n, one after the other
    grouped,  // likewise, in runs of equal codes
    stream,   // scalar steps in short, from byte `first` of `stream` on
    block,    // kernel over n numbers
    blocks,   // block steps first .. first + n, one after the other
    nested,   // kernel over n lanes, for each of `count` elements; operands move on by step[j]
    region,   // blocks first .. first + n of `inner`, `count` numbers, a piece that stays in the cache at a time
    sum,
    extreme,  // of lines
    strided,  // rows x cols elements gathered
    product,
    array,  // any array row
    fill,   // n zeros
    iota,
    loop,    // an iterate or its adjoint
    native,  // machine code number `first`, `count` elements
  };
  Kind kind = Kind::block;
  Code code = 0;
  std::uint32_t form = 0;  // bit j: operand j runs along; bits 4+j (in regions): operand j is local
  std::uint32_t n = 0, count = 0, first = 0;
  std::uint32_t width = 1;  // lanes of the result; of a region: as many numbers may be computed
  Address out, in[3];
  std::uint32_t step[4] = {};  // nested: of the operands, and of out
  Kernel kernel = nullptr;
};

// Operands of steps that need more than three numbers to say what they are.
struct Detail {
  Shape shape;  // of the result
  std::uint32_t number = 0;
  std::vector<Address> in;
  std::vector<Shape> shapes;  // of the arguments
  std::vector<std::uint8_t> varying;
  std::vector<Slice> slices;
  std::shared_ptr<const LoopProgram> loop;
};

struct Layout {
  PlanOptions options;
  std::uint32_t width = 1;
  std::size_t inputs = 0, outputs = 0;
  std::vector<Step> shared, steps;  // `shared` once, `steps` for each block of points
  std::vector<Step> inner;          // of regions
  std::vector<ScalarStep> scalars;
  std::vector<std::uint8_t> stream;  // with a few bytes behind its end
  std::vector<BlockStep> blocks;
  std::vector<Detail> details;  // Step::first of sum, strided, product, array
  std::uint64_t numbers = 0;    // in a workspace
  struct Known {
    std::uint32_t at;
    double value;
  };
  std::vector<Known> constants;
  // What is copied in and out; elements of `width` lanes.
  struct Transfer {
    std::uint32_t which;
    Address from;
    std::uint32_t n;
    bool varying, repeated;
  };  // n elements
  std::vector<Transfer> loads, stores;
  const KernelTable* kernels = nullptr;
  std::shared_ptr<const StopAsked> stop;  // asked before each block of points, product and thousand rounds of a loop
  struct Native {
    std::shared_ptr<const NativeCode> code;
    std::uint32_t first = 0, pointers = 0;  // of native_pointers
  };
  std::vector<Native> native;  // of steps; loops that differ in their addresses alone share their code
  std::vector<Address> native_pointers;
  std::shared_ptr<const NativeCode> whole;  // of `steps`, from the inputs to the outputs
  std::vector<Pointer> whole_pointers;      // of points
};

inline constexpr std::uint32_t region_piece = 512;  // numbers of a region at a time

Layout make_layout(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> inputs,
                   const PlanOptions& options);

// Replaces what can be by machine code, if that is asked for.
void make_native(Layout& layout);

void run_scalars(double* w, const ScalarStep* begin, const ScalarStep* end);
void run_grouped(double* w, const ScalarStep* begin, const ScalarStep* end);
// A program of single numbers, one after the other, and nothing else.
bool only_scalars(const Layout& l);
// In such a program.
void drop_copies(Layout& l);

void run_native(const Layout& l, const Step& s, double* const* bases);
void run_steps(const Layout& l, std::span<const Step> steps, double* const* bases);

}  // namespace wengert::exec
