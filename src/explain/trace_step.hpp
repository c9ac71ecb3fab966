// One row of a trace taken out of its program: the same kernels on the same numbers, each operand an
// input of its own, so that x*x tells its two factors apart.
#pragma once
#include "trace_rows.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::explain {

class TraceStep {
 public:
  // The whole row, or with `only` one of its operations.
  TraceStep(const RowPlan& plan, std::size_t row, const NumericFrame<double>& frame);
  TraceStep(const RowPlan& plan, SlotId only, const NumericFrame<double>& frame);

  // What a pull with this cotangent adds to each operand; nothing where it is not active.
  std::vector<std::vector<double>> pull(std::span<const double> cotangent);
  // The Jacobian by an operand, from pushes.
  TracePartial partial(std::size_t operand, std::size_t entry_limit);

 private:
  template <class Inside>
  NodeId take_out(const RowPlan& plan, SlotId head, const NumericFrame<double>& frame, Inside&& inside);
  void set_values(const NumericFrame<double>& from);
  std::vector<double> push(NumericFrame<double>& f, std::size_t operand, std::size_t element, bool all);
  void elementwise(TracePartial& p, std::size_t operand);
  void find_structure(TracePartial& p, std::size_t operand);

  Graph graph_;
  std::vector<NodeId> inputs_;    // by operand
  std::vector<SlotId> original_;  // by operand: in the program
  std::vector<SlotId> slots_;     // by operand: here
  Tape tape_;
  NumericFrame<double> frame_;
  bool elementwise_ = false;
};

}  // namespace wengert::explain
