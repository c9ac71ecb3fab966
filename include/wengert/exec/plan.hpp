// Execution: nodes of a graph made into one list of instructions over blocks of numbers, run many times.
//
//   std::vector<Expr> g = vjp(y, inputs, number(graph, 1));             // derivatives are nodes like others
//   exec::Plan f(graph, {y.id, g[0].id, g[1].id}, {x.id, z.id});        // once
//   exec::Workspace w(f);                                               // one a thread
//   f.run(w, in, out);                                                  // in[k]: the elements of input k
//
// A plan of width W computes W points an instruction: a value is a block [element][lane]. What depends
// on shared inputs only is computed once for all points. Preparing is linear in the nodes; a plan owns
// all that it needs, is immutable, and knows the bytes of its workspace beforehand.
//
// Bits: with Mathematics::exact a result has the bits of the interpreter of sweep/, whatever the width.
// With Mathematics::fast (for arrays and lanes) elementary functions are vector functions, own ones or the
// C library's, at most 4 ulp off, x^2 and x^3 are products, matrix products use the widest instructions,
// and machine code divides by a number that it divides by again through its reciprocal; a result depends neither on its
// position in a batch nor on the number of points.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wengert/core/graph.hpp"

namespace wengert::exec {

class CodeMemory;  // code_memory.hpp

enum class Mathematics : std::uint8_t { exact, fast };
enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

// The widest that this processor has and this build knows.
InstructionSet widest_instructions();

struct PlanOptions {
  std::uint32_t width = 1;  // points an instruction: 1, or a multiple of 8
  Mathematics mathematics = Mathematics::fast;
  InstructionSet instructions = widest_instructions();
  bool native = false;                      // machine code where it can be made (x86-64 with AVX2; builds with asmjit)
  std::vector<NodeId> shared;               // with width > 1: inputs that are the same at every point
  std::uint64_t numbers = most_numbers;     // of its memory, at most
  std::shared_ptr<CodeMemory> code_memory;  // for machine code, together with other plans; null: pages of its own

  static constexpr std::uint64_t most_numbers = (std::uint64_t{1} << 32) - 1;  // that an instruction can address: 32 GB
};

struct Layout;  // opaque
class Workspace;

class Plan {
 public:
  // Throws std::invalid_argument where an output depends on an input that is not listed, or where the memory would be
  // too large.
  Plan(const Graph& graph, std::vector<NodeId> outputs, std::vector<NodeId> inputs, PlanOptions options = {});

  // One point (width 1): in[k] are the elements of input k by rows, out[k] receives those of output k.
  inline void run(Workspace& w, std::span<const double* const> in, std::span<double* const> out) const;
  // Many points: element e of input k at point p is in[k][e*count + p] (a shared input: in[k][e]), and
  // likewise out[k][e*count + p].
  void run(Workspace& w, std::size_t count, std::span<const double* const> in, std::span<double* const> out) const;

  // Likewise, a thread for each workspace if there are points enough. The result has the same bits whatever their
  // number.
  void run(std::span<Workspace> w, std::size_t count, std::span<const double* const> in,
           std::span<double* const> out) const;

  // Machine code runs in this plan: all of it, or some steps.
  bool native() const;
  std::uint32_t width() const;
  std::size_t steps() const;            // instructions
  std::size_t workspace_bytes() const;  // of a Workspace, exactly
  std::size_t bytes() const;            // of the plan itself
  const Layout& layout() const { return *layout_; }

 private:
  void run_one(Workspace& w, std::span<const double* const> in, std::span<double* const> out) const;
  std::shared_ptr<const Layout> layout_;
  // Machine code for one point and all of the program; else null.
  void (*code_)(double* workspace, const double* const* in, double* const* out) = nullptr;
  std::size_t inputs_ = 0, outputs_ = 0;
};

// The width for batches and directions of this program, by its number of values.
std::uint32_t batch_width(const Graph& graph, std::span<const NodeId> outputs);

// The numbers of one run; belongs to one thread at a time.
class Workspace {
 public:
  explicit Workspace(const Plan& plan);
  Workspace(Workspace&&) = default;
  Workspace& operator=(Workspace&&) = default;
  double* numbers() { return begin_; }

 private:
  std::vector<double> storage_;
  double* begin_;  // aligned to 64 bytes
};

// Small programs take some nanoseconds: what they do not need is out of the way.
inline void Plan::run(Workspace& w, std::span<const double* const> in, std::span<double* const> out) const {
  if (code_ != nullptr && in.size() == inputs_ && out.size() == outputs_) [[likely]]
    return code_(w.numbers(), in.data(), out.data());
  run_one(w, in, out);
}

// One for each of n threads, at least one.
std::vector<Workspace> workspaces(const Plan& plan, std::size_t n);

}  // namespace wengert::exec
