// Cells: what a plan is made from. A cell is a block of numbers and the operation that fills it.
//
// A node of the graph becomes a view of a cell: parts that are contiguous, reshaped arrays and transposed
// vectors are the same numbers seen from an offset; a scalar repeated to a shape is the scalar. What is
// built from other rows (softmax, logsumexp) becomes cells of those rows, so that they share what they
// have in common.
#pragma once
#include <algorithm>
#include <unordered_map>

#include "arguments.hpp"
#include "loop.hpp"
#include "wengert/exec/plan.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::exec {

// An operation of a cell: an Op, or one of these.
using Code = std::uint16_t;
template <class R>
inline constexpr Code code_of = static_cast<Code>(op_of<R>);
inline constexpr Code first_own = static_cast<Code>(op_count);
inline constexpr Code copy_code = first_own, square_code = first_own + 1, cube_code = first_own + 2;
// A product and a sum in one step, each rounded: a*b + c, a*b - c, c - a*b; then those of strong products.
inline constexpr Code muladd_code = first_own + 3, mulsub_code = first_own + 4, submul_code = first_own + 5,
                      strong_muladd_code = first_own + 6, strong_mulsub_code = first_own + 7,
                      strong_submul_code = first_own + 8;
// Of single numbers: the sine goes to the result, the cosine to where the second operand says.
inline constexpr Code sincos_code = first_own + 9, code_count = first_own + 10;

inline std::size_t operands_of(Code code) {
  if (code < first_own) return static_cast<std::size_t>(row_of(static_cast<Op>(code)).arity);
  return code >= muladd_code && code <= strong_submul_code ? 3 : 1;
}

// An operand that is not a number makes the result none.
bool keeps_not_numbers(Code code);

struct Cell {
  enum class Kind : std::uint8_t { constant, input, iota, elementwise, product, place, array, loop };
  Kind kind = Kind::constant;
  Code code = 0;
  bool varying = false;  // differs from point to point
  Shape shape;
  std::uint32_t number = 0;  // constant: which; input: which; product: its flags; array: the row's number
  double value = 0;          // of a constant
  Arguments arguments;
  NodeId node = no_node;  // the first that it stands for
};
static_assert(sizeof(Cell) <= 64);

inline constexpr std::size_t most_sums = 8;  // of a region

// Flags of a product.
inline constexpr std::uint32_t left_transposed = 1, right_transposed = 2, strong_product = 4;

struct Cells {
  std::vector<Cell> all;
  std::vector<View> outputs;
  std::size_t inputs = 0;
  std::vector<std::shared_ptr<const LoopProgram>> loops;  // by an iterate's number
};

// With `across`, elementwise cells read rows and columns that are broadcast where they are.
Cells make_cells(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> inputs,
                 const PlanOptions& options, bool across);

// A product that a sum or a difference alone reads becomes one operation with it.
void join_products(Cells& cells);

// Reads numbers one after the other, each at its own place.
inline bool reads_across(const Cell& c) {
  return std::any_of(c.arguments.begin(), c.arguments.end(),
                     [](const View& v) { return v.across != View::Across::none; });
}

// What a place does, in runs of elements: elements begin.. of the result get (or, once they have
// something, add) elements offset.. of the argument.
struct PlaceRun {
  std::size_t argument;
  std::uint64_t begin, offset, count;
  bool add;
};
struct PlaceRuns {
  std::vector<PlaceRun> moves;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> zeros;  // begin, count
};
PlaceRuns place_runs(const Cell& place);

inline bool elementwise_op(Op op) { return op >= Op::first_row && row_of(op).elementwise; }

}  // namespace wengert::exec
