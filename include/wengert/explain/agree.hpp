// Every mode on one problem, checked against each other and against many digits.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert {

// What every mode is asked for. A product with a Jacobian has a direction for each of wrt (jvp), or one
// shaped like the output (vjp).
enum class Quantity : std::uint8_t { jacobian, hessian, jvp, vjp };
struct Wanted {
  Quantity what = Quantity::jacobian;
  std::vector<std::vector<double>> directions;
};

// The answer of one mode as a Derivative: the blocks of a Jacobian; the one matrix of a Hessian; the one column
// of a jvp; an adjoint for each of wrt of a vjp.
Derivative derivative_by(const Prepared& f, const Wanted& wanted, const Point& point);

struct ModeReport {
  Mode mode = Mode::reverse;
  Derivative derivative;              // the answer: of a Hessian one block, of a jvp one block
  OperationCount operations;          // of one Jacobian, the value with it; none of other questions
  double prepare_seconds = 0;
  double evaluate_seconds = 0;        // the smallest of a few runs
  std::optional<double> ulp;          // the largest error over all elements, in units in the last place of the reference
  std::optional<double> relative_error;
  std::optional<double> skipped_seconds;  // predicted, where the budget left the mode out
  std::optional<double> skipped_bytes;
  std::optional<double> product_error;    // of a mode left out: the worst of a few random products w'Jv, relative to its terms
  std::string note;                   // "central, h = 6e-6 x", "by the reverse sweep: 1000 inputs", ...
};

enum class Verdict : std::uint8_t { agree, explained, differ };

struct AgreementOptions {
  Wanted wanted;
  std::vector<Mode> modes = {std::begin(all_modes), std::end(all_modes)};
  double budget_seconds = 1;
  double budget_bytes = 256e6;
  double measure_seconds = 2e-4;  // at most, a mode; one evaluation where that is longer
  bool reference = true;
  int reference_digits = 50;
  bool literals_as_written = false;  // decimal literals at full precision (--digits)
  // Called with every mode's answer before it is judged. A test that the verdict can fail changes it.
  std::function<void(Mode, Derivative&)> received;
};

struct Agreement {
  std::vector<double> value;
  std::vector<std::string> value_digits;                  // with literals_as_written: the value in reference_digits
  std::vector<std::vector<std::string>> block_digits;     // likewise, parallel to wrt
  OperationCount value_operations;
  double value_seconds = 0;
  double reference_seconds = 0;
  bool reference_done = false;
  std::vector<ModeReport> modes;     // in the order asked for
  Verdict verdict = Verdict::agree;
  std::string disagreement;          // which modes differ, where, and by how much
  std::vector<Diagnostic> warnings;  // kinks, strong zeros, domains at this point
  Mode cheapest = Mode::reverse;     // by exact counts
};

Agreement compare(const Problem& problem, const Point& point, const AgreementOptions& options = {});

// What a reader should know about this point: kinks, jumps, values outside a domain, strong zeros that
// decided a derivative. Only what the output depends on through chosen branches counts.
// wrt may be empty: then the value alone is looked at.
std::vector<Diagnostic> warnings_at(const Problem& problem, const Point& point);
// Where the second derivatives of a scalar leave the numbers: what is infinite or no number in its gradient's program or
// in that one's derivatives. Empty where all is finite. Grows the problem's graph by the gradient.
std::vector<Diagnostic> second_warnings_at(const Problem& problem, const Point& point);

}  // namespace wengert
