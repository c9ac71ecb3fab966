#include "wengert/explain/cost.hpp"

#include <algorithm>

#include "agree_wanted.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/at_once.hpp"

namespace wengert {

namespace {

std::uint64_t sweeps_of(Mode mode, std::uint64_t n, std::uint64_t m, std::uint64_t elements) {
  const std::uint64_t chunk = tangents_at_once(elements);
  switch (mode) {
    case Mode::reverse: return m;
    case Mode::forward: return (n + chunk - 1) / chunk;
    case Mode::symbolic: return 0;
    case Mode::cross: return 0;
    case Mode::finite: return 20 * n;
    case Mode::complex_step: return n;
  }
  return 0;
}

std::uint64_t planes_of(Mode mode, std::uint64_t n, std::uint64_t elements) {
  switch (mode) {
    case Mode::reverse: return 2;
    case Mode::forward: return 1 + std::min<std::uint64_t>(n, tangents_at_once(elements));
    case Mode::complex_step: return 2;
    default: return 1;
  }
}

ModeCost cost_by(Mode mode, const Problem& p, const Tape& tape, double work, double budget_seconds, const Point* point) {
  const std::uint64_t n = p.inputs(), m = p.outputs();
  ModeCost c;
  c.mode = mode;
  c.sweeps = sweeps_of(mode, n, m, tape.elements());
  c.bytes = planes_of(mode, n, tape.elements()) * 8 * tape.elements();
  const agreeing::Prediction predicted = agreeing::predict(mode, p, Quantity::jacobian, tape, work);
  if (mode == Mode::symbolic || mode == Mode::cross) {
    c.bytes = static_cast<std::uint64_t>(predicted.bytes);
    if (predicted.seconds > budget_seconds) {
      c.left_out = mode == Mode::symbolic ? "the formula is too large to be written within the budget"
                                          : "the program is too large to be eliminated within the budget";
      return c;
    }
  }
  const Prepared f = prepare(mode, p);
  c.left_out = f.unavailable();
  if (!c.left_out.empty()) return c;
  c.workload = f.workload(point);
  c.operations = c.workload->operations;
  if (mode == Mode::finite)
    c.sweeps = static_cast<std::uint64_t>(c.workload->amounts[static_cast<std::size_t>(Amount::direction)]) - 1;
  return c;
}

std::string counted(std::uint64_t n, const char* thing) { return std::to_string(n) + " " + thing + (n == 1 ? "" : "s"); }

const ModeCost& of_mode(const CostReport& c, Mode mode) {
  return *std::find_if(c.modes.begin(), c.modes.end(), [&](const ModeCost& m) { return m.mode == mode; });
}

void choose(CostReport& c, const Problem& p) {
  std::vector<Mode> modes;
  std::vector<Workload> offered;
  for (const Mode mode : chosen_from) {
    const std::optional<Workload>& w = of_mode(c, mode).workload;
    if (!w || preparing_seconds(mode, p) > longest_preparation) continue;
    modes.push_back(mode);
    offered.push_back(*w);
  }
  c.automatic = modes[cheapest_of(offered)];
  std::uint64_t least = offered[0].operations.total();
  for (const Workload& w : offered) least = std::min(least, w.operations.total());
  const std::uint64_t taken = of_mode(c, c.automatic).operations->total();
  c.why = std::string(taken == least                ? "fewest operations"
                      : 10 * taken <= 11 * least ? "nearly the fewest operations, in the shortest time,"
                                                 : "the shortest time by far") + " for " +
          counted(c.inputs, "input") + " and " + counted(c.outputs, "output") + ": ";
  switch (c.automatic) {
    case Mode::reverse: c.why += "a reverse sweep for each output"; break;
    case Mode::forward: c.why += "a tangent for each input"; break;
    case Mode::cross: c.why += "vertices eliminated in the cheapest order that is found"; break;
    default: c.why += "the formula shares its parts with the value";
  }
}

}  // namespace

CostReport cost_of(const Problem& p, double budget_seconds, const Point* point) {
  CostReport c;
  c.inputs = p.inputs();
  c.outputs = p.outputs();
  c.value = value_operations(*p.graph, p.output);
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  for (const Instruction& i : tape.code())
    if (i.op >= Op::first_row) c.ratio = std::max(c.ratio, row_of(i.op).info->ratio);
  const double work = agreeing::value_work(tape, c.value);
  for (const Mode mode : all_modes) c.modes.push_back(cost_by(mode, p, tape, work, budget_seconds, point));
  choose(c, p);
  return c;
}

}  // namespace wengert
