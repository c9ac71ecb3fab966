#include "plan.hpp"

#include <algorithm>
#include <cmath>

#include "wengert/rules/table.hpp"

namespace wengert::print {

namespace {

constexpr std::uint64_t huge = std::uint64_t{1} << 40;
// A name for an expression without inputs would read back as an input that has a value.
constexpr std::uint64_t closed_above = 60;

bool infix(Op op) {
  if (op < Op::first_row) return false;
  return row_of(op).info->notation == Notation::infix;
}

}  // namespace

Plan::Plan(const Expr& root, const Sharing& sharing) : Plan(std::span(&root, 1), sharing) {}

Plan::Plan(std::span<const Expr> roots, const Sharing& sharing) 
    : graph_(*roots[0].graph), pending_(sharing.pending), loops_(sharing.loops), marked_(sharing.marked) {
  std::vector<NodeId> ids;
  for (const Expr& root : roots) ids.push_back(root.id);
  collect(ids);
  count_uses(ids);
  choose(ids, sharing);
}

const std::string* Plan::name(NodeId id) const {
  const auto it = names_.find(id);
  return it == names_.end() ? nullptr : &it->second;
}

const PendingDerivative* Plan::pending(NodeId id) const {
  if (pending_ == nullptr || graph_[id].op != Op::input) return nullptr;
  const auto it = pending_->find(id);
  return it == pending_->end() ? nullptr : &it->second;
}

bool Plan::is_loop(NodeId id) const { return graph_[id].op == op_of<Iterate> || graph_[id].op == op_of<IterateAdjoint>; }

std::span<const NodeId> Plan::parts(NodeId id) const {
  if (const PendingDerivative* p = pending(id)) return {&p->of, 1};
  if (is_loop(id)) return written_arguments(graph_, id);
  return graph_.arguments(id);
}

std::string Plan::fresh(const std::string& stem) const {
  std::string name = stem;
  for (std::size_t k = 1; inputs_.contains(name) || taken_.contains(name); ++k) name = stem + std::to_string(k);
  return name;
}

void Plan::collect(std::span<const NodeId> roots) {
  std::unordered_set<NodeId> seen;
  for (NodeId root : roots)
    if (seen.insert(root).second) order_.push_back(root);
  for (std::size_t k = 0; k < order_.size(); ++k)
    for (NodeId a : parts(order_[k]))
      if (seen.insert(a).second) order_.push_back(a);
  std::sort(order_.begin(), order_.end());
  for (NodeId id : order_) {
    if (graph_[id].op == Op::input && pending(id) == nullptr) inputs_.insert(graph_.input_of(id).name);
    if (!is_loop(id)) continue;
    const Loop& loop = graph_.loop_at(graph_[id].payload);
    for (NodeId p : std::span(loop.parameters).last(loop.captured)) inputs_.insert(graph_.input_of(p).name);
  }
}

// A repetition is never named itself, so what it repeats is used as often as it is.
void Plan::count_uses(std::span<const NodeId> roots) {
  for (NodeId root : roots) ++uses_[root];
  for (std::size_t k = order_.size(); k-- > 0;) {
    const NodeId id = order_[k];
    const std::uint64_t times = graph_[id].op == op_of<Broadcast> ? uses_[id] : 1;
    for (NodeId a : parts(id)) uses_[a] += times;
  }
}

void Plan::choose(std::span<const NodeId> roots, const Sharing& sharing) {
  std::unordered_map<NodeId, std::uint64_t> size, written_out;
  std::unordered_map<NodeId, std::uint32_t> nest;
  std::unordered_set<NodeId> open;  // depends on an input
  for (NodeId id : order_) {
    std::uint64_t all = 1;
    for (NodeId a : parts(id)) all = std::min(huge, all + written_out[a]);
    written_out[id] = all;
  }
  std::uint64_t whole = 0;
  for (NodeId root : roots) whole = std::min(huge, whole + written_out[root]);
  const bool share = sharing.on && whole >= sharing.whole_above;
  for (NodeId id : order_) {
    const Node& n = graph_[id];
    std::uint64_t nodes = 1;
    std::uint32_t depth = 0;
    const auto arguments = parts(id);
    for (std::size_t j = 0; j < arguments.size(); ++j) {
      const NodeId a = arguments[j];
      const bool is_named = names_.contains(a);
      nodes = std::min(huge, nodes + (is_named ? 1 : size[a]));
      if (is_named) continue;
      // The left operand of an operator continues a chain more often than it opens a bracket.
      const bool chain = j == 0 && infix(n.op) && infix(graph_[a].op) && n.op != op_of<Pow>;
      depth = std::max(depth, nest[a] + (chain && n.op == graph_[a].op ? 0u : 1u));
    }
    size[id] = nodes;
    nest[id] = depth;
    if (n.op == Op::input || std::any_of(arguments.begin(), arguments.end(), [&](NodeId a) { return open.contains(a); })) open.insert(id);
    const std::uint64_t above = open.contains(id) ? sharing.above : std::max<std::uint64_t>(sharing.above, closed_above);
    const bool alone = roots.size() == 1 && id == roots[0];
    if (!alone && n.op >= Op::first_row && n.op != op_of<Broadcast> && n.op != op_of<IterateAdjoint> &&
        ((share && uses_[id] > 1 && nodes >= above) || (sharing.on && depth >= sharing.nesting) ||
         (sharing.definitions && graph_.name_of(id) != nullptr)))
      give_name(id);
    if (!names_.contains(id) && begins_with_sign(id)) negative_.insert(id);
  }
}

// The name of the definition that the node stands for, else the next of v1, v2, ...
void Plan::give_name(NodeId id) {
  const std::string* defined = graph_.name_of(id);
  std::string name;
  if (defined != nullptr && !inputs_.contains(*defined) && !taken_.contains(*defined)) {
    name = *defined;
  } else {
    do name = "v" + std::to_string(++counter_);
    while (inputs_.contains(name) || taken_.contains(name));
  }
  taken_.insert(name);
  names_.emplace(id, std::move(name));
  named_.push_back(id);
}

bool Plan::begins_with_sign(NodeId id) const {
  const Node& n = graph_[id];
  const auto first = [&] { return graph_.arguments(id)[0]; };
  if (n.op == Op::constant) return std::signbit(graph_.constant_of(id).value) && !std::isnan(graph_.constant_of(id).value);
  if (n.op == op_of<Neg>) return !negative(first());
  if (n.op == op_of<Broadcast>) return graph_[first()].shape.scalar() && negative(first());
  if (n.op == op_of<Mul> || n.op == op_of<StrongMul> || n.op == op_of<Div> || n.op == op_of<MatMul> || n.op == op_of<StrongMatMul>)
    return negative(first());
  return false;
}

Operands operands(const Graph& graph, NodeId id, bool rows_and_columns) {
  const auto arguments = graph.arguments(id);
  const Shape whole = graph[id].shape;
  Operands out;
  for (NodeId a : arguments) {
    out.id.push_back(a);
    out.shape.push_back(graph[a].shape);
  }
  // Only operations element by element repeat a scalar by themselves.
  if (whole.scalar() || arguments.size() < 2 || !row_of(graph[id].op).elementwise) return out;
  for (std::size_t j = 0; j < arguments.size(); ++j) {
    if (graph[arguments[j]].op != op_of<Broadcast>) continue;
    const NodeId inner = graph.arguments(arguments[j])[0];
    const Shape s = graph[inner].shape;
    if (!s.scalar() && !rows_and_columns) continue;
    // Without this one the others must still span the whole shape together with it.
    Shape spanned = s;
    for (std::size_t k = 0; k < out.shape.size(); ++k)
      if (k != j) spanned = {std::max(spanned.rows, out.shape[k].rows), std::max(spanned.cols, out.shape[k].cols)};
    if (spanned != whole) continue;
    out.id[j] = inner;
    out.shape[j] = s;
  }
  return out;
}

}  // namespace wengert::print
