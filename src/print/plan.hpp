// What is decided about an expression before it is written: which nodes get a name, which begin
// with a sign, which repetitions of a scalar go without saying.
//
// Linear in the nodes that the expression depends on, whatever else is in the graph.
#pragma once
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "loops.hpp"
#include "wengert/core/expr.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/table.hpp"

namespace wengert::print {

// A row's number, for a switch: Op names the leaves only.
template <class R>
inline constexpr auto number_of = static_cast<std::uint16_t>(op_of<R>);

struct Sharing {
  bool on = true;
  std::size_t above = 6;          // nodes that a named part has at least
  std::size_t whole_above = 40;   // an expression of fewer nodes, written out, has no names
  std::uint32_t nesting = 200;    // brackets inside each other before a part gets a name
  bool definitions = false;       // what has a name in the program has it here
  const PendingDerivatives* pending = nullptr;
  const std::unordered_set<NodeId>* marked = nullptr;
  const Loops* loops = nullptr;
};

class Plan {
 public:
  Plan(const Expr& root, const Sharing& sharing);
  // Of several expressions of one graph that share their named parts; an expression that others use has a name too.
  Plan(std::span<const Expr> roots, const Sharing& sharing);

  const Graph& graph() const { return graph_; }
  // Named nodes, arguments before users.
  const std::vector<NodeId>& named() const { return named_; }
  const std::string* name(NodeId id) const;
  // The printed form begins with a minus sign that may be left out or turned round.
  bool negative(NodeId id) const { return negative_.contains(id); }
  bool has_input(const std::string& name) const { return inputs_.contains(name); }
  // What the input stands for, if it is a derivative still to be taken.
  const PendingDerivative* pending(NodeId id) const;
  const Loops* loops() const { return loops_; }
  bool marked(NodeId id) const { return marked_ != nullptr && marked_->contains(id); }
  // A name that starts like this and means nothing yet.
  std::string fresh(const std::string& stem) const;

 private:
  void collect(std::span<const NodeId> roots);
  void count_uses(std::span<const NodeId> roots);
  void choose(std::span<const NodeId> roots, const Sharing& sharing);
  void give_name(NodeId id);
  bool begins_with_sign(NodeId id) const;
  bool is_loop(NodeId id) const;
  // What is written of the node inside it.
  std::span<const NodeId> parts(NodeId id) const;

  const Graph& graph_;
  const PendingDerivatives* pending_ = nullptr;
  const Loops* loops_ = nullptr;
  const std::unordered_set<NodeId>* marked_ = nullptr;
  std::vector<NodeId> order_;
  std::unordered_map<NodeId, std::uint64_t> uses_;
  std::unordered_map<NodeId, std::string> names_;
  std::vector<NodeId> named_;
  std::unordered_set<NodeId> negative_;
  std::unordered_set<std::string> inputs_, taken_;
  std::size_t counter_ = 0;
};

// The arguments of an elementwise operation as they are written: a repetition that the other
// arguments imply is replaced by what it repeats.
struct Operands {
  std::vector<NodeId> id;
  std::vector<Shape> shape;
};
// `rows_and_columns`: the operator is a dotted one, which repeats rows and columns too.
Operands operands(const Graph& graph, NodeId id, bool rows_and_columns);

}  // namespace wengert::print
