#include "wengert/explain/agree.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "wengert/explain/reference.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/tape.hpp"

namespace wengert {

namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

constexpr double operation_seconds = 4e-9;   // of the interpreter, to predict by
constexpr double decimal_seconds = 4e-7;     // of a 50-digit operation
constexpr double close_relative = 1e-11;     // what rounding may do without any further question
constexpr double close_to_largest = 1e-14;   // relative to the largest number of the block

// --- what a mode would take

struct Prediction {
  double seconds = 0, bytes = 0;
};

Prediction predict(Mode mode, const Problem& p, const Tape& tape, double value_work) {
  const double n = static_cast<double>(p.inputs()), m = static_cast<double>(p.outputs());
  const double plane = 8.0 * static_cast<double>(tape.elements()), result = 8.0 * n * m;
  switch (mode) {
    case Mode::reverse: return {operation_seconds * value_work * (1 + 3 * m), 2 * plane + result};
    case Mode::forward: return {operation_seconds * value_work * (1 + 2 * n), 9 * plane + result};
    case Mode::symbolic: {
      const bool scalars = p.wrt.size() <= 64 && n == static_cast<double>(p.wrt.size());
      const double sweeps = scalars ? n : m == 1 ? 1 : std::min(m, n);
      // Building a node of the derivative costs far more than evaluating it.
      const double built = static_cast<double>(tape.code().size()) * sweeps * 4;
      return {built * 2.5e-7 + operation_seconds * value_work * (1 + 3 * sweeps), built * 120 + plane * (1 + 3 * sweeps) + result};
    }
    case Mode::finite: return {operation_seconds * value_work * (1 + 20 * n), plane + 2 * result};
    case Mode::complex_step: return {4 * operation_seconds * value_work * n, 2 * plane + result};
  }
  return {};
}

Prediction predict_reference(const Problem& p, const Tape& tape, double value_work) {
  const double sweeps = static_cast<double>(std::min(p.inputs(), p.outputs()));
  return {decimal_seconds * value_work * (1 + 3 * sweeps), 3 * 64.0 * static_cast<double>(tape.elements())};
}

// --- errors

void measure_errors(ModeReport& r, const Reference& reference) {
  double worst_ulp = 0, worst_relative = 0;
  for (std::size_t k = 0; k < r.derivative.blocks.size(); ++k)
    for (std::size_t i = 0; i < r.derivative.blocks[k].size(); ++i) {
      worst_ulp = std::max(worst_ulp, ulps(r.derivative.blocks[k][i], reference.blocks[k][i]));
      worst_relative = std::max(worst_relative, relative_error(r.derivative.blocks[k][i], reference.blocks[k][i]));
    }
  r.ulp = worst_ulp;
  r.relative_error = worst_relative;
}

double largest(const Block& block) {
  double m = 0;
  for (double x : block)
    if (std::isfinite(x)) m = std::max(m, std::fabs(x));
  return m;
}

bool close(double x, double y, double scale) {
  if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && std::isnan(y);
  if (x == y) return true;
  return std::fabs(x - y) <= close_relative * std::max(std::fabs(x), std::fabs(y)) + close_to_largest * scale;
}

class Judge {
 public:
  Judge(const Problem& p, const Point& point, const Literals& literals, const Reference* reference)
      : problem_(p), point_(point), literals_(literals), reference_(reference) {}

  // Every pair of exact modes, and the differences within their own estimate.
  void judge(Agreement& a) {
    const ModeReport* first = nullptr;
    for (const ModeReport& r : a.modes) {
      if (!computed(r) || r.mode == Mode::finite) continue;
      if (first == nullptr) first = &r;
      compare_blocks(a, r, [&](std::size_t k, std::size_t i) {
        return reference_ != nullptr ? reference_->blocks[k][i].to_double() : first->derivative.blocks[k][i];
      }, reference_ != nullptr ? "50 digits" : std::string(to_string(first->mode)));
    }
    for (const ModeReport& r : a.modes)
      if (computed(r) && r.mode == Mode::finite) judge_finite(a, r, first);
  }

 private:
  static bool computed(const ModeReport& r) { return !r.skipped_seconds && r.derivative.unavailable.empty() && !r.derivative.blocks.empty(); }

  template <class Truth>
  void compare_blocks(Agreement& a, const ModeReport& r, Truth&& truth, const std::string& against) {
    for (std::size_t k = 0; k < r.derivative.blocks.size(); ++k) {
      const Block& block = r.derivative.blocks[k];
      const double scale = largest(block);
      for (std::size_t i = 0; i < block.size(); ++i) {
        const double t = truth(k, i);
        if (close(block[i], t, scale)) continue;
        if (within_rounding(k, i, block[i], t)) {
          lost_digits(a, k, i, block[i], t);
          continue;
        }
        fail(a, std::string(to_string(r.mode)) + " gives " + shortest(block[i]) + " and " + against + " " + shortest(t) + place(k, i));
        return;
      }
    }
  }

  // What rounding can do here: the same sweep in 40 bits errs 2^13 times as much as in 53.
  bool within_rounding(std::size_t k, std::size_t i, double x, double truth) {
    if (reference_ == nullptr || !std::isfinite(x) || !std::isfinite(truth)) return false;
    if (!rough_) rough_ = reference_at(problem_, point_, {.bits = 40, .as_written = literals_.as_written});
    const double error = std::fabs((rough_->blocks[k][i] - reference_->blocks[k][i]).to_double());
    return std::fabs(x - truth) <= 256 * std::ldexp(error, -13);
  }

  void lost_digits(Agreement& a, std::size_t k, std::size_t i, double x, double truth) {
    if (a.verdict == Verdict::agree) a.verdict = Verdict::explained;
    if (said_cancellation_) return;
    said_cancellation_ = true;
    const double relative = truth == 0 ? 1 : std::fabs((x - truth) / truth);
    const int digits = std::max(0, static_cast<int>(-std::log10(std::max(relative, 1e-17))));
    a.warnings.push_back({Kind::cancellation, "rounding leaves " + (digits == 0 ? std::string("no digit") : std::to_string(digits) + (digits == 1 ? " digit" : " digits")) +
                              " of the derivative" + place(k, i) + ": " + shortest(x) + " where it is " + shortest(truth), {},
                          "a subtraction of nearly equal numbers loses them in every mode; --digits 50 computes with more", {}});
  }

  void judge_finite(Agreement& a, const ModeReport& r, const ModeReport* exact) {
    for (std::size_t k = 0; k < r.derivative.blocks.size(); ++k)
      for (std::size_t i = 0; i < r.derivative.blocks[k].size(); ++i) {
        const double x = r.derivative.blocks[k][i], estimate = r.derivative.estimates[k][i];
        double truth = 0;
        if (exact != nullptr) truth = exact->derivative.blocks[k][i];
        else if (reference_ != nullptr) truth = reference_->blocks[k][i].to_double();
        else return;
        if (close(x, truth, 0) || std::fabs(x - truth) <= 100 * estimate + 1e-7 * std::fabs(truth)) continue;
        if (a.verdict == Verdict::agree) a.verdict = Verdict::explained;
        if (!a.warnings.empty()) return;
        a.warnings.push_back({Kind::note, "finite differences do not resolve the derivative" + place(k, i) + " (" + shortest(x) + ", the other modes " +
                                  shortest(truth) + "): the function changes on a scale below their steps", {}, "see the other modes; or change the point a little", {}});
        return;
      }
  }

  void fail(Agreement& a, std::string what) {
    const bool excused = std::any_of(a.warnings.begin(), a.warnings.end(), [](const Diagnostic& d) {
      return d.kind == Kind::kink || d.kind == Kind::strong_zero || d.kind == Kind::domain;
    });
    a.verdict = excused ? (a.verdict == Verdict::differ ? Verdict::differ : Verdict::explained) : Verdict::differ;
    if (a.disagreement.empty()) a.disagreement = std::move(what);
  }

  std::string place(std::size_t k, std::size_t i) const {
    const std::string& name = problem_.graph->input_of(problem_.wrt[k]).name;
    return " by " + name + ((*problem_.graph)[problem_.wrt[k]].shape.scalar() ? "" : ", element " + std::to_string(i + 1));
  }

  const Problem& problem_;
  const Point& point_;
  Literals literals_;
  const Reference* reference_;
  std::optional<Reference> rough_;
  bool said_cancellation_ = false;
};

// --- one mode, measured

ModeReport run_mode(Mode mode, const Problem& p, const Point& point, double measure_seconds) {
  ModeReport r;
  r.mode = mode;
  auto start = Clock::now();
  const Prepared f = prepare(mode, p);
  r.prepare_seconds = seconds_since(start);
  r.operations = f.operations();
  start = Clock::now();
  r.derivative = f.jacobian(point);
  const double first = seconds_since(start);
  r.evaluate_seconds = first;
  while (seconds_since(start) + r.evaluate_seconds < measure_seconds) {
    const auto again = Clock::now();
    static_cast<void>(f.jacobian(point));
    r.evaluate_seconds = std::min(r.evaluate_seconds, seconds_since(again));
  }
  if (mode == Mode::finite) r.note = "central, extrapolated";
  if (mode == Mode::complex_step) r.note = "imaginary part of f(x + ih)/h";
  if (mode == Mode::symbolic && (p.wrt.size() > 64 || p.inputs() != p.wrt.size())) r.note = p.outputs() == 1 ? "the reverse sweep's formula" : "";
  return r;
}

}  // namespace

Agreement compare(const Problem& p, const Point& point, const AgreementOptions& options) {
  Agreement a;
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  a.value_operations = value_operations(*p.graph, p.output);
  const double work = std::max<double>(static_cast<double>(a.value_operations.total()), static_cast<double>(tape.code().size()));
  auto start = Clock::now();
  a.value = value_at(*p.graph, p.output, point);
  a.value_seconds = seconds_since(start);
  a.warnings = warnings_at(p, point);

  for (Mode mode : options.modes) {
    const Prediction cost = predict(mode, p, tape, work);
    if (options.modes.size() > 1 && (cost.seconds > options.budget_seconds || cost.bytes > options.budget_bytes)) {
      ModeReport r;
      r.mode = mode;
      r.skipped_seconds = cost.seconds;
      r.skipped_bytes = cost.bytes;
      a.modes.push_back(std::move(r));
    } else {
      a.modes.push_back(run_mode(mode, p, point, options.measure_seconds));
    }
  }

  const Literals literals{.bits = Decimal::bits_for(options.reference_digits), .as_written = options.literals_as_written};
  std::optional<Reference> reference;
  if (options.reference) {
    const Prediction cost = predict_reference(p, tape, work);
    a.reference_seconds = cost.seconds;
    if (options.literals_as_written || (cost.seconds <= options.budget_seconds && cost.bytes <= options.budget_bytes)) {
      start = Clock::now();
      reference = reference_at(p, point, literals);
      a.reference_seconds = seconds_since(start);
      a.reference_done = true;
      for (ModeReport& r : a.modes)
        if (!r.skipped_seconds && r.derivative.unavailable.empty()) measure_errors(r, *reference);
    }
  }
  if (options.literals_as_written && reference) {
    for (const Decimal& d : reference->value) a.value_digits.push_back(d.to_string(options.reference_digits));
    for (const auto& block : reference->blocks) {
      auto& digits = a.block_digits.emplace_back();
      for (const Decimal& d : block) digits.push_back(d.to_string(options.reference_digits));
    }
  }
  if (!options.literals_as_written) Judge(p, point, literals, reference ? &*reference : nullptr).judge(a);

  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const ModeReport& r : a.modes)
    if (!r.skipped_seconds && r.mode != Mode::finite && r.mode != Mode::complex_step && r.operations.total() < least) {
      least = r.operations.total();
      a.cheapest = r.mode;
    }
  return a;
}

}  // namespace wengert
