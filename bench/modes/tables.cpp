#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report.hpp"

namespace wengert::mode_costs {

std::string time_of(double s) {
  if (s < 1e-6) return fmt::format("{:.0f} ns", s * 1e9);
  if (s < 1e-3) return fmt::format("{:.3g} us", s * 1e6);
  if (s < 1) return fmt::format("{:.3g} ms", s * 1e3);
  return fmt::format("{:.3g} s", s);
}

namespace {

std::string bytes_of(std::uint64_t bytes) {
  const double b = static_cast<double>(bytes);
  if (b < 1e3) return fmt::format("{} B", bytes);
  return b < 1e6   ? fmt::format("{:.3g} kB", b / 1e3)
         : b < 1e9 ? fmt::format("{:.3g} MB", b / 1e6)
                   : fmt::format("{:.3g} GB", b / 1e9);
}

std::string inputs_of(const std::optional<std::size_t>& n) { return n ? std::to_string(*n) : "-"; }

// Reverse R, forward F, symbolic S, cross-country X, finite D, complex step C.
char letter(Mode mode) {
  if (mode == Mode::cross) return 'X';
  if (mode == Mode::finite) return 'D';
  return static_cast<char>(to_string(mode)[0] - 'a' + 'A');
}

// A letter for the fastest mode of each cell, n downwards and m to the right.
std::string map_of(const Sweep& s, const std::string& family, const std::vector<std::vector<const Row*>>& cells) {
  std::string text = fmt::format("{:>8}", "n \\ m");
  for (const std::size_t m : s.sizes) text += fmt::format("{:>6}", m);
  for (const auto& cell : cells) {
    const Row& first = *cell[0];
    if (first.family != family) continue;
    if (first.size.outputs == s.sizes[0]) text += fmt::format("\n{:>8}", first.size.inputs);
    const Winner w = winner(cell);
    std::string mark = "-";
    if (w.row != nullptr) {
      mark = letter(w.row->mode);
      if (w.tied) mark += "=";
      if (!w.row->seconds) mark = "(" + mark + ")";
    }
    text += fmt::format("{:>6}", mark);
  }
  return text + "\n";
}

std::string line_of(const Row& r) {
  const auto ratio = [&](double x) {
    return fmt::format("{:.3g}", x / static_cast<double>(std::max<std::uint64_t>(r.value.total(), 1)));
  };
  std::string line = fmt::format("{:>5} {:>5}  {:<9}", r.size.inputs, r.size.outputs, to_string(r.mode));
  if (!r.operations) return line + fmt::format(" {}\n", r.left_out);
  line += fmt::format(" {:>12} {:>8} {:>8} {:>9} {:>9}", r.operations->total(),
                      ratio(static_cast<double>(r.operations->total())),
                      r.bound ? ratio(static_cast<double>(*r.bound)) : "", bytes_of(r.bytes),
                      r.prepare_seconds ? time_of(*r.prepare_seconds) : "-");
  line += fmt::format(" {:>9} {:>6} {:>10}", r.seconds ? time_of(*r.seconds) : "not run",
                      r.seconds ? fmt::format("{:.0f}%", 100 * r.spread.value_or(0)) : "",
                      r.model ? time_of(*r.model) : "-");
  line += fmt::format(" {:>8}", r.error ? fmt::format("{:.0e}", *r.error) : "-");
  return line + (r.left_out.empty() ? "" : "  " + r.left_out) + "\n";
}

// The corners of the sweep and its middle.
std::string corners(const Sweep& s, const std::string& family) {
  std::string text =
      fmt::format("{:>5} {:>5}  {:<9} {:>12} {:>8} {:>8} {:>9} {:>9} {:>9} {:>6} {:>10} {:>8}\n", "n", "m", "mode",
                  "operations", "x value", "bound", "tape", "prepare", "evaluate", "spread", "model", "error");
  const std::size_t low = s.sizes.front(), high = s.sizes.back(), middle = s.sizes[s.sizes.size() / 2];
  const std::pair<std::size_t, std::size_t> shown[] = {{high, low}, {middle, middle}, {low, high}};
  std::string stages;
  for (const auto& [n, m] : shown)
    for (const Row& r : s.rows) {
      if (r.family != family || r.size.inputs != n || r.size.outputs != m) continue;
      text += line_of(r);
      if (r.automatic)
        stages += fmt::format("{:>5} {:>5}  parsed in {}, built in {}\n", n, m, time_of(r.parse_seconds),
                              time_of(r.build_seconds));
    }
  return text + stages;
}

std::string crossing_table(const Sweep& s, Overtaking what) {
  std::string text = fmt::format("\nInputs from which on {}, by counts / by time, for m outputs\n", to_string(what));
  text += fmt::format("{:<17}", "");
  for (const std::size_t m : s.sizes) text += fmt::format("{:>12}", m);
  std::string family;
  for (const Crossover& c : s.crossings) {
    if (c.what != what) continue;
    if (c.family != family) text += fmt::format("\n{:<17}", family = c.family);
    text += fmt::format("{:>12}", inputs_of(c.counted) + " / " + inputs_of(c.measured));
  }
  return text + "\n";
}

// Times of a Jacobian as multiples of the value's, over depth and uses.
std::string deep_table(const std::vector<Row>& rows) {
  if (rows.empty()) return "";
  constexpr Mode shown[] = {Mode::forward, Mode::reverse,      Mode::symbolic,
                            Mode::cross,   Mode::complex_step, Mode::finite};
  std::string text = fmt::format(
      "\nOver depth, {} inputs and {} outputs: counted / measured, as multiples of the value's\n{:<17} {:>5} {:>5}",
      rows[0].size.inputs, rows[0].size.outputs, "", "uses", "depth");
  for (const Mode mode : shown) text += fmt::format(" {:>15}", to_string(mode));
  for (const auto& cell : cells_of(rows)) {
    const Row& first = *cell[0];
    text += fmt::format("\n{:<17} {:>5} {:>5}", first.family,
                        first.size.uses > 0 ? std::to_string(first.size.uses) : "-", first.size.depth);
    for (const Mode mode : shown) {
      const auto r = std::find_if(cell.begin(), cell.end(), [&](const Row* each) { return each->mode == mode; });
      const auto part = [&](std::optional<double> x) { return x ? fmt::format("{:.3g}", *x) : std::string("-"); };
      const double value = static_cast<double>(std::max<std::uint64_t>(1, first.value.total()));
      std::optional<double> counted = counted_cost(**r), measured = measured_cost(**r);
      if (counted) counted = *counted / value;
      if (measured) measured = *measured / *(*r)->value_seconds;
      text += fmt::format(" {:>15}", part(counted) + " / " + part(measured));
    }
  }
  return text + "\n";
}

std::string verdict(const Regret& r, const char* what, double tolerance) {
  return fmt::format(
      "auto, by {}: within {:.0f}% of the best of those it chooses from in {:.1f}% of {} cells; at worst "
      "{:.2f} times it; in {} a mode is cheaper that takes over {} to prepare.\n",
      what, 100 * tolerance, 100 * r.within, r.cells, r.worst, r.unprepared, time_of(longest_preparation));
}

// Cells where counts go past the bound, of those with one.
std::string bound_line(const Sweep& s) {
  std::size_t bounded = 0, past = 0;
  double nearest = 0;
  for (const Row& r : s.rows)
    if (r.bound && r.operations && *r.bound > 0) {
      ++bounded;
      past += r.operations->total() > *r.bound;
      nearest = std::max(nearest, static_cast<double>(r.operations->total()) / static_cast<double>(*r.bound));
    }
  return fmt::format("Counts go past the bound in {} of {} cells; the largest share of it is {:.2f}.\n", past, bounded,
                     nearest);
}

std::string theory_line(const Sweep& s, Mode mode) {
  std::size_t all = 0, below = 0;
  for (const Row& r : s.rows)
    if (r.mode == mode && r.theory && r.seconds && r.value_seconds) {
      ++all;
      below += *r.seconds <= r.theory->high * *r.value_seconds;
    }
  return fmt::format("Measured time is below the upper bound of Griewank and Walther ({} mode) in {} of {} cells.\n",
                     to_string(mode), below, all);
}

}  // namespace

std::string tables(const Sweep& s) {
  const Machine& m = s.machine;
  std::string text = fmt::format("{}, {} cores ({}); {}; commit {}; load {:.1f}; the clock shows {}\n", m.processor,
                                 m.cores, m.features, m.compiler, m.commit, m.load, time_of(m.clock_step));
  const auto cells = cells_of(s.rows);
  std::string family;
  for (const Row& r : s.rows) {
    if (r.family == family) continue;
    family = r.family;
    text += fmt::format("\n{}: the fastest mode for n inputs and m outputs\n", family) + map_of(s, family, cells) +
            "\n" + corners(s, family);
  }
  text += fmt::format(
      "\nR reverse, F forward, S symbolic, X cross-country, D finite differences, C complex step; = another is within "
      "{:.0f}%; ( ) "
      "predicted.\n",
      100 * (tie - 1));
  text += crossing_table(s, Overtaking::reverse_forward) + crossing_table(s, Overtaking::symbolic_both) +
          deep_table(s.deep) + tables(s.extras) + "\n";
  std::size_t run = 0, alone = 0;
  for (const Row& r : s.rows) run += r.seconds.has_value(), alone += r.seconds && r.checked.empty();
  text += fmt::format(
      "{} of {} cells and modes were run, {} of them checked against 50 digits or each other; the rest is predicted to "
      "take over {}.\n",
      run, s.rows.size(), run - alone, time_of(s.longest));
  text += fmt::format(
      "The cost model, fitted to every second cell, is within a factor 1.5 in {:.1f}% of the {} others (median factor "
      "{:.2f}, "
      "90%: {:.2f}, worst {:.2f}).\n",
      100 * s.error.within, s.error.rows, s.error.median, s.error.p90, s.error.worst);
  text += verdict(regret(s.rows, 0.1, counted_cost), "counted operations", 0.1);
  text += verdict(regret(s.rows, 0.25, measured_cost), "measured time", 0.25);
  text += bound_line(s) + theory_line(s, Mode::reverse) + theory_line(s, Mode::forward);
  return text + fmt::format("{} of the processor.\n", time_of(s.seconds));
}

}  // namespace wengert::mode_costs
