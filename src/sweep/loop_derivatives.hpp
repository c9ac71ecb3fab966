// Programs that derivatives of an iterate's reverse sweep are computed by.
//
// The tangent loop runs over a state and its tangent, one above the other; as an expression the tangent of
// a loop is a loop over both. The backward step takes the cotangent of a body's value to the cotangents
// of its state and parameters, as a program that only needs to be evaluated.
#pragma once
#include <mutex>
#include <optional>

#include "wengert/rules/build.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert {

struct TangentLoop {
  std::uint32_t loop;
  Shape state;  // of both
};

// Its parameters are those of the loop, then a tangent for each.
TangentLoop tangent_loop(Graph& g, std::uint32_t id);

Expr above(const Expr& a, const Expr& b);
Expr upper(const Expr& a);
Expr lower(const Expr& a);

// One step back: inputs are the state, the parameters and the cotangent, outputs the cotangents of the
// state and the parameters.
struct BackwardStep {
  Tape tape;
  std::vector<SlotId> arguments;  // the state, the parameters; no_slot where the step does not need it
  SlotId cotangent = Tape::no_slot;
};

// Made from a copy of the body when they are first asked for, by any thread.
class LoopDerivatives {
 public:
  LoopDerivatives(const Graph& graph, std::uint32_t loop);
  const LoopBody& tangent();
  const BackwardStep& backward();

 private:
  Graph graph_;
  std::uint32_t loop_;
  std::mutex making_;
  std::shared_ptr<const LoopBody> tangent_;
  std::optional<BackwardStep> backward_;
};

// The body of a loop as a tape. `reversed`: of a reverse sweep, whose derivatives may be asked for.
std::shared_ptr<const LoopBody> record_loop(const Graph& graph, std::uint32_t loop, bool reversed);

}  // namespace wengert
