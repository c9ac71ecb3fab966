// Programs run by plans, in every way that this machine can run them.
#pragma once
#include <vector>

#include "../tools/program.hpp"
#include "exec/layout.hpp"
#include "wengert/exec/plan.hpp"

namespace wengert::test {

inline std::vector<exec::PlanOptions> every_engine(exec::Mathematics mathematics) {
  std::vector<exec::PlanOptions> all;
  for (auto i : {exec::InstructionSet::baseline, exec::InstructionSet::avx2, exec::InstructionSet::avx512})
    for (const bool native : {false, true})
      if (i <= exec::widest_instructions()) all.push_back({.mathematics = mathematics, .instructions = i, .native = native});
  return all;
}

// The outputs at a point that lists all inputs' elements; a second run in the same memory, so that nothing is left of
// the first.
inline std::vector<Point> run_plan(const Program& p, const std::vector<Expr>& outputs, const Point& at, const exec::PlanOptions& options) {
  std::vector<NodeId> nodes, inputs;
  for (const Expr& e : outputs) nodes.push_back(e.id);
  std::vector<const double*> in;
  std::size_t from = 0;
  for (const Expr& x : p.inputs) {
    inputs.push_back(x.id);
    in.push_back(at.data() + from);
    from += x.shape().size();
  }
  const exec::Plan plan(*p.graph, nodes, inputs, options);
  exec::Workspace w(plan);
  std::vector<Point> out;
  std::vector<double*> to;
  for (const Expr& e : outputs) out.emplace_back(e.shape().size(), -1.0);
  for (Point& y : out) to.push_back(y.data());
  plan.run(w, in, to);
  plan.run(w, in, to);
  return out;
}

}  // namespace wengert::test
