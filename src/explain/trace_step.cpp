#include "trace_step.hpp"

#include <cmath>
#include <unordered_map>

#include "wengert/rules/table.hpp"

namespace wengert::explain {

namespace {

// Any numbers between 1/2 and 3/2 without a pattern.
double generic_number(std::size_t k) {
  const double x = static_cast<double>(k + 1) * 0.6180339887498949;
  return 0.5 + (x - std::floor(x));
}

}  // namespace

template <class Inside>
NodeId TraceStep::take_out(const RowPlan& plan, SlotId head, const NumericFrame<double>& frame, Inside&& inside) {
  return plan.copy(graph_, head, [&](SlotId s) {
    if (s == head || inside(s)) return no_node;
    inputs_.push_back(graph_.input("", frame.tape.shape(s)));
    original_.push_back(s);
    return inputs_.back();
  });
}

namespace {

// The lists are filled while the output is made: by reference, not by what they hold before.
Tape record(const Graph& graph, NodeId output, const std::vector<NodeId>& inputs, const std::vector<SlotId>& original,
            const Tape& program) {
  std::vector<NodeId> active;
  for (std::size_t j = 0; j < inputs.size(); ++j)
    if (program.active(original[j])) active.push_back(inputs[j]);
  return Tape::record(graph, std::span(&output, 1), active);
}

}  // namespace

TraceStep::TraceStep(const RowPlan& plan, std::size_t row, const NumericFrame<double>& frame)
    : graph_(plan.scratch(plan.rows()[row].slot)),
      tape_(record(graph_, take_out(plan, plan.rows()[row].slot, frame, [&](SlotId s) { return plan.inside(s, row); }),
                   inputs_, original_, frame.tape)),
      frame_(tape_) {
  set_values(frame);
}

TraceStep::TraceStep(const RowPlan& plan, SlotId only, const NumericFrame<double>& frame)
    : graph_(plan.scratch(only)),
      tape_(record(graph_, take_out(plan, only, frame, [](SlotId) { return false; }), inputs_, original_, frame.tape)),
      frame_(tape_) {
  set_values(frame);
}

void TraceStep::set_values(const NumericFrame<double>& from) {
  std::unordered_map<NodeId, std::size_t> operand_of;
  for (std::size_t j = 0; j < inputs_.size(); ++j) operand_of.emplace(inputs_[j], j);
  slots_.assign(inputs_.size(), Tape::no_slot);
  for (const Tape::Given& g : tape_.inputs()) {
    const std::size_t j = operand_of.at(g.node);
    slots_[j] = g.slot;
    for (std::size_t e = 0; e < tape_.shape(g.slot).size(); ++e)
      frame_.values.set(tape_.offset(g.slot) + e, from.values.get(from.tape.offset(original_[j]) + e));
  }
  evaluate(frame_);
  elementwise_ = true;
  for (const Instruction& i : tape_.code()) elementwise_ = elementwise_ && row_of(i.op).elementwise;
}

std::vector<std::vector<double>> TraceStep::pull(std::span<const double> cotangent) {
  frame_.clear_adjoints();
  for (std::size_t e = 0; e < cotangent.size(); ++e)
    frame_.adjoints.set(tape_.offset(tape_.outputs()[0]) + e, cotangent[e]);
  pull_back(frame_);
  std::vector<std::vector<double>> amounts(inputs_.size());
  for (std::size_t j = 0; j < inputs_.size(); ++j)
    if (tape_.active(slots_[j]))
      for (std::size_t e = 0; e < tape_.shape(slots_[j]).size(); ++e)
        amounts[j].push_back(frame_.adjoints.get(tape_.offset(slots_[j]) + e));
  return amounts;
}

// The tangent of the row for a unit seed in one element of an operand, or in all of them.
std::vector<double> TraceStep::push(NumericFrame<double>& f, std::size_t operand, std::size_t element, bool all) {
  f.clear_tangents(1);
  const SlotId s = slots_[operand];
  for (std::size_t e = 0; e < tape_.shape(s).size(); ++e)
    if (all || e == element) f.tangents[0].set(tape_.offset(s) + e, 1.0);
  push_forward(f);
  const SlotId out = tape_.outputs()[0];
  std::vector<double> t;
  for (std::size_t e = 0; e < tape_.shape(out).size(); ++e) t.push_back(f.tangents[0].get(tape_.offset(out) + e));
  return t;
}

TracePartial TraceStep::partial(std::size_t operand, std::size_t entry_limit) {
  const SlotId out = tape_.outputs()[0], s = slots_[operand];
  TracePartial p;
  p.shape = {static_cast<std::uint32_t>(tape_.shape(out).size()), static_cast<std::uint32_t>(tape_.shape(s).size())};
  bool differentiable = tape_.active(s);
  if (tape_.code().size() == 1) differentiable = differentiable && varies(row_of(tape_.code()[0].op), operand);
  if (!differentiable) return p;
  p.varies = true;
  if (elementwise_) {
    elementwise(p, operand);
  } else if (p.shape.size() <= entry_limit) {
    p.entries.resize(p.shape.size());
    for (std::size_t c = 0; c < p.shape.cols; ++c) {
      const std::vector<double> column = push(frame_, operand, c, false);
      for (std::size_t r = 0; r < p.shape.rows; ++r) p.entries[r * p.shape.cols + c] = column[r];
    }
    find_structure(p, operand);
  }
  return p;
}

// One operation states its partials; a sum of several is pushed through.
void TraceStep::elementwise(TracePartial& p, std::size_t operand) {
  const SlotId out = tape_.outputs()[0];
  p.diagonal = p.shape.rows == p.shape.cols;
  const ElementPartials partials = tape_.code().size() == 1 ? element_partials(tape_.code()[0].op) : nullptr;
  if (partials == nullptr) {
    p.entries = push(frame_, operand, 0, true);
    return;
  }
  std::vector<double> x(inputs_.size()), all(inputs_.size());
  for (std::size_t e = 0; e < p.shape.rows; ++e) {
    for (std::size_t j = 0; j < inputs_.size(); ++j)
      x[j] = frame_.values.get(tape_.offset(slots_[j]) + (tape_.shape(slots_[j]).scalar() ? 0 : e));
    partials(frame_.values.get(tape_.offset(out) + e), x.data(), all.data());
    p.entries.push_back(all[operand]);
  }
}

// An entry that is 0 at this point may be another at a generic one.
void TraceStep::find_structure(TracePartial& p, std::size_t operand) {
  p.structure.resize(p.entries.size());
  bool some_zero = false;
  for (std::size_t k = 0; k < p.entries.size(); ++k) {
    p.structure[k] = p.entries[k] != 0;
    some_zero = some_zero || !p.structure[k];
  }
  if (!some_zero || row_of(tape_.code().back().op).linear) return;
  NumericFrame<double> f(tape_);
  std::size_t k = 0;
  for (const Tape::Given& g : tape_.inputs())
    for (std::size_t e = 0; e < tape_.shape(g.slot).size(); ++e)
      f.values.set(tape_.offset(g.slot) + e, generic_number(k++));
  evaluate(f);
  for (std::size_t c = 0; c < p.shape.cols; ++c) {
    const std::vector<double> column = push(f, operand, c, false);
    for (std::size_t r = 0; r < p.shape.rows; ++r)
      if (column[r] != 0) p.structure[r * p.shape.cols + c] = true;
  }
}

}  // namespace wengert::explain
