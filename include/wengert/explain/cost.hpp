// What every mode would cost for a Jacobian, by exact counts, before any number is given.
//
//   CostReport c = cost_of({&graph, y.id, {x.id}});
//   c.automatic                                  // the mode that `auto` takes
//
// Takes one counting run of each sweep; the symbolic formula is written to be counted, unless that alone
// would exceed the budget.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "wengert/explain/agree.hpp"
#include "wengert/modes/price.hpp"

namespace wengert {

struct ModeCost {
  Mode mode = Mode::reverse;
  std::optional<OperationCount> operations;  // of one Jacobian, the value with it
  std::optional<Workload> workload;          // the same with all else that its time depends on
  std::uint64_t sweeps = 0;                  // runs over the program, beside that of the value
  std::uint64_t bytes = 0;                   // of the numbers that a run keeps; of the symbolic formula its own
  std::string left_out;                      // why there is no count
};

struct CostReport {
  std::uint64_t inputs = 0, outputs = 0;  // elements
  OperationCount value;                   // of one evaluation
  int ratio = 4;                          // one reverse sweep with its value takes at most so many times the value's operations
  std::vector<ModeCost> modes;
  Mode automatic = Mode::reverse;
  std::string why;
};

// The seconds that a mode is predicted to take for a quantity, roughly, without running anything.
double predicted_seconds(Mode mode, const Problem& problem, Quantity what);

// point: where finite differences are taken; without one the most that a point needs is said of them.
CostReport cost_of(const Problem& problem, double budget_seconds = 1, const Point* point = nullptr);

}  // namespace wengert
