#include "wengert/explain/trace.hpp"

#include <algorithm>
#include <stdexcept>

#include "trace_step.hpp"

namespace wengert {

namespace {

using explain::Leaf;
using explain::no_row;
using explain::RowPlan;
using explain::TraceStep;
using Frame = NumericFrame<double>;

std::vector<double> elements(const Tape& tape, const Plane<double>& plane, SlotId s) {
  const auto all = plane.all().subspan(tape.offset(s), tape.shape(s).size());
  return {all.begin(), all.end()};
}

class Observer {
 public:
  Observer(const Problem& problem, const Point& point, const TraceOptions& options)
      : problem_(problem),
        options_(options),
        tape_(Tape::record(*problem.graph, std::span(&problem.output, 1), problem.wrt)),
        frame_(tape_),
        plan_(*problem.graph, tape_, options) {
    plan_.describe(t_.rows, options);
    t_.output = plan_.owner(output());
    watch_values(point);
    list_seeds(point);
    watch_partials();
    watch_tangents();
    watch_adjoints();
  }
  Trace take() { return std::move(t_); }

 private:
  SlotId output() const { return tape_.outputs()[0]; }

  static const std::vector<double>& given(const Point& point, NodeId node, Shape shape) {
    const auto it = point.find(node);
    if (it == point.end()) throw std::invalid_argument("an input has no value");
    if (it->second.size() != shape.size()) throw std::invalid_argument("an input has a value of another shape");
    return it->second;
  }

  void watch_values(const Point& point) {
    for (const Tape::Given& g : tape_.inputs()) {
      const std::vector<double>& x = given(point, g.node, tape_.shape(g.slot));
      for (std::size_t e = 0; e < x.size(); ++e) frame_.values.set(tape_.offset(g.slot) + e, x[e]);
    }
    evaluate(frame_);
    for (std::size_t r = 0; r < t_.rows.size(); ++r)
      t_.rows[r].value = elements(tape_, frame_.values, plan_.rows()[r].slot);
  }

  // An input that the output does not depend on is a row at the end: its derivatives are 0.
  void list_seeds(const Point& point) {
    for (std::size_t k = 0; k < problem_.wrt.size(); ++k) {
      const Input& input = problem_.graph->input_of(problem_.wrt[k]);
      std::size_t row = t_.rows.size();
      if (tape_.wrt()[k] != Tape::no_slot) {
        row = plan_.owner(tape_.wrt()[k]);
      } else {
        TraceRow unused{.name = input.name, .operation = input.name, .node = problem_.wrt[k], .shape = input.shape};
        if (point.contains(unused.node)) unused.value = given(point, unused.node, input.shape);
        unused.active = true;
        unused.adjoint.assign(input.shape.size(), 0.0);
        t_.rows.push_back(std::move(unused));
      }
      for (std::size_t e = 0; e < input.shape.size(); ++e)
        t_.seeds.push_back({element_name(input.name, input.shape, e), row, e});
    }
  }

  void watch_partials() {
    for (std::size_t r = 0; r < plan_.rows().size(); ++r) {
      TraceRow& row = t_.rows[r];
      if (row.arguments.empty() || !row.active) continue;
      TraceStep step(plan_, r, frame_);
      const auto& leaves = plan_.rows()[r].leaves;
      for (std::size_t j = 0; j < leaves.size(); ++j) {
        if (leaves[j].argument == no_row) continue;
        TracePartial& p = row.partials[leaves[j].argument];
        std::string formula = std::move(p.formula);
        p = step.partial(j, options_.entry_limit);
        p.formula = std::move(formula);
      }
    }
  }

  void watch_tangents() {
    t_.tangents = t_.seeds.empty() || tape_.elements() <= options_.tangent_limit / t_.seeds.size();
    if (!t_.tangents) return;
    frame_.clear_tangents(t_.seeds.size());
    for (std::size_t k = 0; k < t_.seeds.size(); ++k)
      if (const std::size_t r = t_.seeds[k].row; r < plan_.rows().size())
        frame_.tangents[k].set(tape_.offset(plan_.rows()[r].slot) + t_.seeds[k].element, 1.0);
    push_forward(frame_);
    for (std::size_t r = 0; r < t_.rows.size(); ++r)
      for (std::size_t k = 0; k < t_.seeds.size(); ++k) {
        if (r < plan_.rows().size()) {
          t_.rows[r].tangents.push_back(elements(tape_, frame_.tangents[k], plan_.rows()[r].slot));
        } else {
          t_.rows[r].tangents.emplace_back(t_.rows[r].shape.size(), 0.0);
          if (t_.seeds[k].row == r) t_.rows[r].tangents.back()[t_.seeds[k].element] = 1.0;
        }
      }
    frame_.clear_tangents(0);
  }

  void watch_adjoints() {
    t_.cotangent = options_.cotangent;
    const std::size_t m = tape_.shape(output()).size();
    if (t_.cotangent.empty() && options_.element < m) {
      t_.cotangent.assign(m, 0.0);
      t_.cotangent[options_.element] = 1.0;
    }
    if (t_.cotangent.size() != m) throw std::invalid_argument("the cotangent has another shape than the output");
    frame_.clear_adjoints();
    for (std::size_t e = 0; e < m; ++e) frame_.adjoints.set(tape_.offset(output()) + e, t_.cotangent[e]);
    const auto code = tape_.code();
    for (std::size_t k = code.size(); k-- > 0;)
      if (tape_.active(code[k].out)) watch_pull(code[k]);
    for (std::size_t r = 0; r < plan_.rows().size(); ++r)
      if (t_.rows[r].active) t_.rows[r].adjoint = elements(tape_, frame_.adjoints, plan_.rows()[r].slot);
  }

  // The sweep's own step, and beside it what it adds to each operand.
  void watch_pull(const Instruction& i) {
    const std::size_t from = plan_.owner(i.out);
    const auto amounts = TraceStep(plan_, i.out, frame_).pull(elements(tape_, frame_.adjoints, i.out));
    kernel<Frame>(i.op).pull(frame_, i);
    const explain::PlannedRow& row = plan_.rows()[from];
    const auto operands = tape_.arguments(i);
    for (std::size_t j = 0; j < operands.size(); ++j) {
      const std::size_t to = plan_.owner(operands[j]);
      if (amounts[j].empty() || to == from) continue;
      const auto leaf = row.body.size() == 1 ? row.leaves.begin() + static_cast<std::ptrdiff_t>(j)
                                             : std::find_if(row.leaves.begin(), row.leaves.end(), [&](const Leaf& l) {
                                                 return l.user == i.out && l.operand == j;
                                               });
      t_.rows[to].contributions.push_back({from, leaf->argument, amounts[j]});
    }
  }

  const Problem& problem_;
  const TraceOptions& options_;
  Tape tape_;
  Frame frame_;
  RowPlan plan_;
  Trace t_;
};

}  // namespace

Trace trace(const Problem& problem, const Point& point, const TraceOptions& options) {
  return Observer(problem, point, options).take();
}

std::string equation(const TraceRow& row) {
  std::string out = row.name;
  for (const std::string& name : row.also) out += " = " + name;
  return row.op == Op::input ? out : out + " = " + row.operation;
}

std::string element_name(const std::string& name, Shape shape, std::size_t element) {
  if (shape.scalar()) return name;
  if (shape.column()) return name + "[" + std::to_string(element + 1) + "]";
  return name + "[" + std::to_string(element / shape.cols + 1) + "," + std::to_string(element % shape.cols + 1) + "]";
}

}  // namespace wengert
