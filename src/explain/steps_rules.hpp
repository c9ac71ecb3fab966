// What the rule for an operation is called, and what it says of derivatives still to be taken.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "wengert/core/expr.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::steps {

// How a rule is applied at one operation.
struct Applied {
  std::string name;
  bool chain = false;
  std::vector<NodeId> inner;  // one with `chain`; the parts u, v of a rule with two
};

// `varies` says which arguments vary with x; `is_seed` whether a node is x itself.
Applied name_rule(const Graph& graph, NodeId node, const std::vector<bool>& varies,
                  const std::function<bool(NodeId)>& is_seed);

using SweepFrame = SymbolicFrame<Expr>;

// A frame whose values are the tape's nodes, without tangents; partials as the blackboard writes them.
SweepFrame frame_of(const Tape& tape, Graph& graph);

// The operation's tangent from its arguments' tangents in the frame: what its row pushes forward. Absent if all are.
Expr pushed(SweepFrame& f, const Instruction& i);
// The same in the forms in which the blackboard states the rule.
struct Stated {
  Expr whole;  // of a quotient, one fraction
  Expr apart;  // term by term
};
Stated blackboard_rule(SweepFrame& f, const Instruction& i, Graph& graph);

// A sum, a difference or a negation: a chain of them is differentiated in one line.
bool is_sum(Op op);

}  // namespace wengert::steps
