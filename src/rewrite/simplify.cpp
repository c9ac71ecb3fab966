#include "wengert/rewrite/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert {

namespace {

using namespace rewrite;

enum class Chain { none, sum, product };

Chain chain_of(Op op) {
  if (op == op_of<Add> || op == op_of<Sub> || op == op_of<Neg>) return Chain::sum;
  if (op == op_of<Mul> || op == op_of<StrongMul> || op == op_of<Div>) return Chain::product;
  return Chain::none;
}

// One pass over the expression, arguments before users. A sum or product that only a sum or product
// uses is not looked at by itself: its chain is taken apart as one, so that a long chain takes
// linear time.
class Pass {
 public:
  Pass(const Expr& root, const RewriteObserver& observer, const KnownSums& known)
      : g_(*root.graph), root_(root.id), observer_(observer), shop_(g_) {
    shop_.sums = &known;
    shop_.simplified = [this](NodeId id) { return done_.at(id); };
    shop_.inner = [this](NodeId id) { return inner_.contains(id); };
    shop_.budget = [this](NodeId id) { return uses_.at(id) > 1 ? std::size_t{4} : std::size_t{32}; };
    collect();
  }

  NodeId run() {
    for (NodeId id : order_) {
      if (inner_.contains(id)) {
        if (observer_) shown_[id] = rebuilt(id);
        continue;
      }
      shop_.fired.clear();
      const NodeId after = rewritten(id);
      done_[id] = after;
      if (after != id) {
        g_.derive_span(after, id);
        if (const std::string* name = g_.name_of(id); name != nullptr && g_[after].op >= Op::first_row) g_.name(after, std::string(*name));
      }
      if (observer_) tell(id, after);
    }
    return done_.at(root_);
  }

 private:
  void collect() {
    std::unordered_set<NodeId> seen{root_};
    order_.push_back(root_);
    std::unordered_map<NodeId, NodeId> user;
    for (std::size_t k = 0; k < order_.size(); ++k)
      for (NodeId a : g_.arguments(order_[k])) {
        ++uses_[a];
        user[a] = order_[k];
        if (seen.insert(a).second) order_.push_back(a);
      }
    std::sort(order_.begin(), order_.end());
    for (NodeId id : order_) {
      const Chain mine = chain_of(g_[id].op);
      if (id != root_ && mine != Chain::none && uses_[id] == 1 && chain_of(g_[user[id]].op) == mine) inner_.insert(id);
    }
    ++uses_[root_];
  }

  std::vector<NodeId> arguments(NodeId id, bool shown) {
    std::vector<NodeId> out;
    for (NodeId a : g_.arguments(id)) out.push_back(shown && inner_.contains(a) ? shown_.at(a) : done_.at(a));
    return out;
  }

  NodeId rewritten(NodeId id) {
    const Node n = g_[id];
    if (n.op < Op::first_row) return id;
    if (chain_of(n.op) == Chain::sum) return shop_.sum({{id, Number::integer(1), true}}, n.shape);
    if (chain_of(n.op) == Chain::product || n.op == op_of<Pow> || n.op == op_of<Sqrt>)
      return shop_.product(shop_.take_apart({Item{id, Number::integer(1), true}}), n.shape);
    if (row_of(n.op).elementwise) return shop_.function(n.op, arguments(id, false), n.shape);
    return shop_.array(id, arguments(id, false));
  }

  // The operation as it stands, on what became of its arguments.
  NodeId rebuilt(NodeId id) {
    const Node n = g_[id];
    const std::vector<NodeId> x = arguments(id, true);
    std::vector<Slice> slices;
    if (n.op == op_of<Part> || n.op == op_of<Place>) slices.assign(g_.slices_at(n.payload).begin(), g_.slices_at(n.payload).end());
    return build(g_, n.op, x, {.shape = n.shape, .number = n.payload, .slices = slices}).id;
  }

  void tell(NodeId id, NodeId after) {
    if (g_[id].op < Op::first_row) return;
    const NodeId before = rebuilt(id);
    if (before == after) return;
    std::vector<Rule> rules = shop_.fired;
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    if (rules.empty()) rules.push_back(Rule::order);
    for (Rule rule : rules) {
      const RewriteRule& r = describe(rule);
      observer_({r.name, r.condition, {g_, before}, {g_, after}});
    }
  }

  Graph& g_;
  NodeId root_;
  const RewriteObserver& observer_;
  Workshop shop_;
  std::vector<NodeId> order_;
  std::unordered_map<NodeId, std::uint32_t> uses_;
  std::unordered_set<NodeId> inner_;
  std::unordered_map<NodeId, NodeId> done_, shown_;
};

}  // namespace

KnownSums known_sums(const Graph& graph, const std::unordered_map<NodeId, std::vector<double>>& values) {
  KnownSums out;
  for (const auto& [id, x] : values) {
    if (graph[id].op != Op::input || !graph.input_of(id).constant) continue;
    const Shape s = graph[id].shape;
    const auto one = [&](double sum, std::size_t terms) { return std::fabs(sum - 1) <= static_cast<double>(terms) * std::numeric_limits<double>::epsilon(); };
    double all = 0;
    bool columns = true;
    for (std::size_t c = 0; c < s.cols; ++c) {
      double sum = 0;
      for (std::size_t r = 0; r < s.rows; ++r) sum += x[r * s.cols + c];
      all += sum;
      columns = columns && one(sum, s.rows);
    }
    if (one(all, s.size())) out.all.insert(id);
    if (columns) out.columns.insert(id);
  }
  return out;
}

Expr simplify(const Expr& e, const RewriteObserver& observer, const KnownSums& known) { return {*e.graph, Pass(e, observer, known).run()}; }

}  // namespace wengert
