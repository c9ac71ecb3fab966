// One cell of the sweep: a program of so many inputs and outputs, its Jacobian by every mode.
//
// Counts, bounds and bytes are known before anything runs. A mode that is predicted to take longer than the
// limit is not run. What runs is checked against 50 digits first, then timed turn by turn, in several visits.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "families.hpp"
#include "wengert/modes/price.hpp"

namespace wengert::mode_costs {

// Griewank and Walther, Evaluating Derivatives (2008), section 4.5: what p directions at once cost beside the
// value, as a multiple of it, in their measure of moves and operations.
struct Theory {
  double low = 0, high = 0;
};

struct Row {
  std::string family;
  Size size;
  Mode mode = Mode::reverse;
  std::string left_out;  // why there is nothing but the mode's name

  std::optional<OperationCount> operations;  // exact
  std::optional<OperationCount> recounted;   // sweep by sweep, where that is quick
  std::optional<Workload> work;
  OperationCount value;
  std::uint64_t sweeps = 0, bytes = 0, instructions = 0;
  std::optional<std::uint64_t> bound;  // operations and moves, by the rules: the mode takes no more
  std::optional<Theory> theory;
  bool automatic = false;  // the mode that `auto` takes
  bool offered = true;     // whether it is prepared soon enough to be among those that `auto` chooses from

  // Measured; absent where the mode was predicted to take too long.
  double forecast = 0;  // seconds, before anything ran
  std::optional<double> seconds, median, spread, value_seconds;
  double parse_seconds = 0, build_seconds = 0;
  std::optional<double> prepare_seconds;  // to the first derivative, less one evaluation
  std::optional<double> error;  // the largest, relative to the largest element of the Jacobian, against 50 digits
  std::string checked;          // "all elements", "one row", "another mode"; empty: nothing to compare with
  bool wrong = false;

  std::optional<double> model;  // seconds by the fitted model
  // Measured, or else predicted.
  std::optional<double> best() const { return seconds ? seconds : model; }
};

struct Effort {
  double longest = 0.05;    // seconds of one evaluation
  double per_mode = 0.012;  // seconds of timing, for each mode of a cell
  double reference = 0.03;  // seconds for the 50 digits of a cell
};

// The modes that are to be run; what the row says then is what is known before anything runs.
using Allowed = std::function<bool(const Row&)>;

// What is allowed is prepared and checked, then timed in visits: the machine may be slow for seconds, so that repeats
// which follow each other may all be slow.
class Cell {
 public:
  Cell(const Family& family, Size size, const Effort& effort);
  Cell(Cell&&) noexcept;
  ~Cell();

  void run(const Allowed& allowed);
  // each: seconds for each of the modes that run.
  void visit(double each);
  // With the times of all visits.
  std::vector<Row> rows() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wengert::mode_costs
