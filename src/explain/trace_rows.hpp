// Which values of a tape are rows of its trace, what they are called and how they read.
//
// Small constant parts are written where they are used; a sum of several terms is one row. A value
// that is neither a row nor constant is a partial sum inside a row.
#pragma once
#include <string>
#include <vector>

#include "wengert/explain/trace.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert::explain {

inline constexpr std::size_t no_row = static_cast<std::size_t>(-1);

// Where a row reaches outside itself: argument `operand` of the operation that makes `user`.
struct Leaf {
  SlotId slot;
  SlotId user;
  std::size_t operand;
  std::size_t argument;  // of the row, in TraceRow::arguments; no_row for a constant
};

struct PlannedRow {
  SlotId slot;               // of its last operation
  std::vector<SlotId> body;  // its operations, from the last on
  std::vector<Leaf> leaves;  // in the order of reading
};

class RowPlan {
 public:
  RowPlan(const Graph& graph, const Tape& tape, const TraceOptions& options);

  const std::vector<PlannedRow>& rows() const { return rows_; }
  // The row that computes this value, as its end or on the way; no_row for constants that are no rows.
  std::size_t owner(SlotId slot) const { return owner_[slot]; }
  bool inside(SlotId slot, std::size_t row) const { return owner_[slot] == row && rows_[row].slot != slot; }
  const Instruction* instruction(SlotId slot) const {
    return made_by_[slot] == none ? nullptr : &tape_.code()[made_by_[slot]];
  }

  // The copy of a value in another graph: values for which leaf(slot) gives a node stand for themselves,
  // the rest is copied. Recursive: for the bodies of rows, which are bounded.
  template <class LeafOf>
  NodeId copy(Graph& to, SlotId slot, LeafOf&& leaf) const {
    if (const NodeId there = leaf(slot); there != no_node) return there;
    const Node& n = graph_[tape_.node(slot)];
    if (n.op == Op::constant) return to.constant(graph_.constant_of(tape_.node(slot)));
    if (n.op == Op::iota) return to.iota(n.payload, n.shape.rows);
    const Instruction& i = *instruction(slot);
    std::vector<NodeId> arguments;
    for (SlotId a : tape_.arguments(i)) arguments.push_back(copy(to, a, leaf));
    const auto slices = tape_.slices(i);
    return to.node(n.op, arguments, n.shape, slices.empty() ? n.payload : to.slices(slices));
  }

  // What to copy into. The body of a loop is known by its number in its graph.
  Graph scratch(SlotId slot) const;

  // Names, operations, formulas of partials, arguments: what needs no numbers.
  void describe(std::vector<TraceRow>& rows, const TraceOptions& options) const;

 private:
  static constexpr std::uint32_t none = 0xffffffffu;
  void find_constants();
  void find_bodies(bool sums);
  void find_leaves(std::size_t row);
  void find_names(const TraceOptions& options);
  bool written_where_used(SlotId s) const;

  const Graph& graph_;
  const Tape& tape_;
  bool abstract_ = false;  // there are abstract functions
  std::vector<std::uint32_t> made_by_;             // by slot: an instruction
  std::vector<std::uint32_t> uses_;                // by slot
  std::vector<std::uint32_t> constant_;            // by slot: nodes of a constant part, 0 where the value varies
  std::vector<std::size_t> owner_;                 // by slot
  std::vector<std::vector<std::string>> defined_;  // by slot: names of definitions
  std::vector<PlannedRow> rows_;
};

}  // namespace wengert::explain
