#include "wengert/explain/agree.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "agree_wanted.hpp"

namespace wengert {

namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

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

ModeReport run_mode(Mode mode, const Problem& p, const Point& point, const AgreementOptions& options) {
  ModeReport r;
  r.mode = mode;
  auto start = Clock::now();
  const Prepared f = prepare(mode, p);
  // The symbolic mode writes its formula when it is first asked for something.
  if (options.wanted.what == Quantity::jacobian) r.operations = f.operations(&point);
  r.prepare_seconds = seconds_since(start);
  start = Clock::now();
  r.derivative = derivative_by(f, options.wanted, point);
  r.evaluate_seconds = seconds_since(start);
  while (seconds_since(start) + r.evaluate_seconds < options.measure_seconds) {
    const auto again = Clock::now();
    static_cast<void>(derivative_by(f, options.wanted, point));
    r.evaluate_seconds = std::min(r.evaluate_seconds, seconds_since(again));
  }
  if (mode == Mode::finite) r.note = "central, extrapolated";
  if (mode == Mode::complex_step) r.note = "imaginary part of f(x + ih)/h";
  if (mode == Mode::cross) r.note = f.note();
  const bool arrays = p.wrt.size() > 64 || p.inputs() != p.wrt.size();
  if (mode == Mode::symbolic && arrays && p.outputs() == 1) r.note = "the reverse sweep's formula";
  return r;
}

ModeReport left_out(Mode mode, const agreeing::Prediction& cost) {
  ModeReport r;
  r.mode = mode;
  r.skipped_seconds = cost.seconds;
  r.skipped_bytes = cost.bytes;
  return r;
}

void take_digits(Agreement& a, const Reference& reference, int digits) {
  for (const Decimal& d : reference.value) a.value_digits.push_back(d.to_string(digits));
  for (const auto& block : reference.blocks) {
    auto& texts = a.block_digits.emplace_back();
    for (const Decimal& d : block) texts.push_back(d.to_string(digits));
  }
}

// By exact counts; finite differences and the complex step compute something else.
Mode cheapest_of(const Agreement& a) {
  Mode best = Mode::reverse;
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  for (const ModeReport& r : a.modes)
    if (!r.skipped_seconds && r.derivative.unavailable.empty() && r.mode != Mode::finite && r.mode != Mode::complex_step && r.operations.total() < least) {
      least = r.operations.total();
      best = r.mode;
    }
  return best;
}

}  // namespace

Agreement compare(const Problem& p, const Point& point, const AgreementOptions& options) {
  Agreement a;
  const Wanted& wanted = options.wanted;
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  a.value_operations = value_operations(*p.graph, p.output);
  const double work = agreeing::value_work(tape, a.value_operations);
  auto start = Clock::now();
  a.value = value_at(*p.graph, p.output, point);
  a.value_seconds = seconds_since(start);
  a.warnings = warnings_at(p, point);

  for (const Mode mode : options.modes) {
    const agreeing::Prediction cost = agreeing::predict(mode, p, wanted.what, tape, work);
    const bool left = options.modes.size() > 1 && !cost.within(options);
    a.modes.push_back(left ? left_out(mode, cost) : run_mode(mode, p, point, options));
    if (options.received) options.received(mode, a.modes.back().derivative);
  }

  const Literals literals{.bits = Decimal::bits_for(options.reference_digits),
                          .as_written = options.literals_as_written};
  std::optional<Reference> reference;
  if (options.reference) {
    const agreeing::Prediction cost = agreeing::predict_reference(p, wanted.what, tape, work);
    a.reference_seconds = cost.seconds;
    if (options.literals_as_written || cost.within(options)) {
      start = Clock::now();
      reference = agreeing::reference_of(p, wanted, point, literals);
      a.reference_seconds = seconds_since(start);
      a.reference_done = true;
      for (ModeReport& r : a.modes)
        if (!r.skipped_seconds && r.derivative.unavailable.empty()) measure_errors(r, *reference);
    }
  }
  if (options.literals_as_written && reference) take_digits(a, *reference, options.reference_digits);
  if (!options.literals_as_written) {
    agreeing::judge(a, p, wanted, point, literals, reference ? &*reference : nullptr);
    if (wanted.what == Quantity::jacobian) agreeing::compare_products(a, p, point, options, tape, work);
  }
  a.cheapest = cheapest_of(a);
  return a;
}

}  // namespace wengert
