#include "trace_rows.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::explain {

namespace {

constexpr std::size_t terms_in_a_row = 12;
constexpr std::uint32_t nodes_of_a_written_constant = 8;

bool adds(Op op) { return op == op_of<Add> || op == op_of<Sub>; }

}  // namespace

RowPlan::RowPlan(const Graph& graph, const Tape& tape, const TraceOptions& options) : graph_(graph), tape_(tape) {
  const std::size_t n = tape.slot_count();
  made_by_.assign(n, none);
  uses_.assign(n, 0);
  for (std::uint32_t k = 0; k < tape.code().size(); ++k) {
    abstract_ = abstract_ || tape.code()[k].op == op_of<Abstract>;
    made_by_[tape.code()[k].out] = k;
    for (SlotId a : tape.arguments(tape.code()[k])) ++uses_[a];
  }
  find_names(options);
  find_constants();
  find_bodies(options.sums_in_one_row);
  for (std::size_t r = 0; r < rows_.size(); ++r) find_leaves(r);
}

void RowPlan::find_names(const TraceOptions& options) {
  defined_.resize(tape_.slot_count());
  std::unordered_map<NodeId, SlotId> slot_of;
  for (SlotId s = 0; s < tape_.slot_count(); ++s) {
    slot_of.emplace(tape_.node(s), s);
    if (graph_[tape_.node(s)].op == Op::input) continue;
    if (const std::string* name = graph_.name_of(tape_.node(s)); name != nullptr) defined_[s].push_back(*name);
  }
  for (const auto& [node, name] : options.names) {
    const auto it = slot_of.find(node);
    if (it == slot_of.end() || graph_[node].op == Op::constant) continue;
    auto& names = defined_[it->second];
    const bool inputs_own = graph_[node].op == Op::input && graph_.input_of(node).name == name;
    if (!inputs_own && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

void RowPlan::find_constants() {
  constant_.assign(tape_.slot_count(), 0);
  for (const Tape::Known& k : tape_.constants()) constant_[k.slot] = 1;
  for (const Instruction& i : tape_.code()) {
    std::uint32_t nodes = 1;
    for (SlotId a : tape_.arguments(i)) {
      if (constant_[a] == 0) nodes = 0;
      if (nodes == 0) break;
      nodes += written_where_used(a) ? constant_[a] : 1;
    }
    constant_[i.out] = nodes;
  }
}

bool RowPlan::written_where_used(SlotId s) const {
  if (s == tape_.outputs()[0] || constant_[s] == 0) return false;
  return made_by_[s] == none || (defined_[s].empty() && constant_[s] <= nodes_of_a_written_constant);
}

// From the output back: every operation is a row, but a term of a sum that is used there alone.
void RowPlan::find_bodies(bool sums) {
  owner_.assign(tape_.slot_count(), no_row);
  std::vector<SlotId> head(tape_.slot_count(), Tape::no_slot);
  std::vector<std::vector<SlotId>> bodies(tape_.slot_count());
  const auto code = tape_.code();
  for (std::size_t k = code.size(); k-- > 0;) {
    const Instruction& i = code[k];
    if (written_where_used(i.out)) continue;
    if (head[i.out] == Tape::no_slot) head[i.out] = i.out;
    auto& body = bodies[head[i.out]];
    body.push_back(i.out);
    if (!sums || !adds(i.op)) continue;
    std::size_t terms = body.size();
    for (SlotId a : tape_.arguments(i))
      if (const Instruction* part = instruction(a); part != nullptr && adds(part->op) && uses_[a] == 1 &&
                                                    defined_[a].empty() && tape_.shape(a) == tape_.shape(i.out) &&
                                                    head[a] == Tape::no_slot && constant_[a] == 0 &&
                                                    terms + 1 < terms_in_a_row) {
        head[a] = head[i.out];
        ++terms;
      }
  }
  for (const Tape::Given& g : tape_.inputs()) {
    owner_[g.slot] = rows_.size();
    rows_.push_back({g.slot, {g.slot}, {}});
  }
  for (SlotId s = 0; s < tape_.slot_count(); ++s) {
    const bool lone_constant = made_by_[s] == none && s == tape_.outputs()[0] && owner_[s] == no_row;
    if (bodies[s].empty() && !lone_constant) continue;
    if (lone_constant) bodies[s] = {s};
    for (SlotId part : bodies[s]) owner_[part] = rows_.size();
    rows_.push_back({s, std::move(bodies[s]), {}});
  }
}

void RowPlan::find_leaves(std::size_t row) {
  PlannedRow& r = rows_[row];
  if (instruction(r.slot) == nullptr) return;
  std::size_t arguments = 0;
  const auto visit = [&](const auto& self, SlotId user) -> void {
    const auto operands = tape_.arguments(*instruction(user));
    for (std::size_t j = 0; j < operands.size(); ++j) {
      const SlotId a = operands[j];
      if (inside(a, row))
        self(self, a);
      else
        r.leaves.push_back({a, user, j, owner_[a] == no_row ? no_row : arguments++});
    }
  };
  visit(visit, r.slot);
}

Graph RowPlan::scratch(SlotId slot) const {
  const Op op = graph_[tape_.node(slot)].op;
  const bool loop = op == op_of<Iterate> || op == op_of<IterateAdjoint>;
  // The names of abstract functions are the graph's too.
  return loop || abstract_ ? graph_ : Graph{};
}

void RowPlan::describe(std::vector<TraceRow>& rows, const TraceOptions& options) const {
  std::unordered_set<std::string> taken, definitions;
  for (const Tape::Given& g : tape_.inputs()) taken.insert(graph_.input_of(g.node).name);
  for (const auto& names : defined_) definitions.insert(names.begin(), names.end());
  std::size_t counter = 0;
  rows.resize(rows_.size());
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    const PlannedRow& plan = rows_[k];
    TraceRow& row = rows[k];
    row.node = tape_.node(plan.slot);
    row.op = graph_[row.node].op;
    row.shape = tape_.shape(plan.slot);
    row.span = graph_.span(row.node);
    row.active = tape_.active(plan.slot);
    if (row.op == Op::input) row.name = row.operation = graph_.input_of(row.node).name;
    for (const std::string& name : defined_[plan.slot]) {
      if (!taken.insert(name).second) continue;
      if (row.name.empty())
        row.name = name;
      else
        row.also.push_back(name);
      row.defined = row.defined || row.op != Op::input;
    }
    while (row.name.empty()) {
      std::string name = "v" + std::to_string(++counter);
      if (!definitions.contains(name) && taken.insert(name).second) row.name = std::move(name);
    }
    if (row.op == Op::input) continue;

    Graph scratch = this->scratch(plan.slot);
    std::vector<NodeId> leaves;
    const NodeId copied = copy(scratch, plan.slot, [&](SlotId s) {
      if (s == plan.slot || inside(s, k) || owner_[s] == no_row) return no_node;
      leaves.push_back(scratch.input(rows[owner_[s]].name, tape_.shape(s)));
      return leaves.back();
    });
    const Expr e(scratch, copied);
    const TextOptions plain{.share = false, .limit = 400};
    row.operation = to_text(e, plain).expression;
    for (const Leaf& leaf : plan.leaves)
      if (leaf.argument != no_row) {
        row.arguments.push_back(owner_[leaf.slot]);
        row.partials.push_back({});
      }
    if (!options.formulas || !row.active || !row.shape.scalar()) continue;
    for (std::size_t j = 0; j < row.arguments.size(); ++j)
      if (rows[row.arguments[j]].active && rows[row.arguments[j]].shape.scalar())
        row.partials[j].formula = to_text(simplify(derivative(e, Expr(scratch, leaves[j]), Form::shown)), plain).expression;
  }
}

}  // namespace wengert::explain
