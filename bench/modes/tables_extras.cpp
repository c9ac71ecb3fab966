#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report.hpp"

namespace wengert::mode_costs {

namespace {

std::string executions_table(const Extras& x) {
  if (x.executions.empty()) return "";
  std::vector<std::string> ways;
  for (const Execution& e : x.executions)
    if (std::find(ways.begin(), ways.end(), e.way) == ways.end()) ways.push_back(e.way);
  std::string text = fmt::format("\nThe Jacobian by every way of running it\n{:<17} {:>5} {:>5}", "", "n", "m");
  for (const std::string& way : ways) text += fmt::format(" {:>13}", way);
  const Execution* last = nullptr;
  for (const Execution& e : x.executions) {
    const bool same = last != nullptr && last->family == e.family && last->size.inputs == e.size.inputs &&
                      last->size.outputs == e.size.outputs;
    if (!same) text += fmt::format("\n{:<17} {:>5} {:>5}", e.family, e.size.inputs, e.size.outputs);
    text += fmt::format(" {:>13}", e.seconds ? time_of(*e.seconds) : "-");
    last = &e;
  }
  text += "\n";
  std::vector<std::string> told;
  for (const Execution& e : x.executions)
    if (!e.absent.empty() && std::find(told.begin(), told.end(), e.way + e.absent) == told.end()) {
      told.push_back(e.way + e.absent);
      text +=
          fmt::format("{}: {} ({}, {} inputs, {} outputs)\n", e.way, e.absent, e.family, e.size.inputs, e.size.outputs);
    }
  text += "Machine code pays for its making from so many evaluations on, expected / measured:";
  const auto number = [](std::optional<double> n, const char* otherwise) {
    return n ? fmt::format("{:.0f}", *n) : std::string(otherwise);
  };
  for (const Compiling& c : x.compiling)
    text += fmt::format("\n  {:<17} {:>5} {:>5} {:>8} / {}", c.family, c.size.inputs, c.size.outputs,
                        number(c.expected, "-"), number(c.evaluations, "never"));
  return text + "\n";
}

std::string chunks_table(const Extras& x) {
  if (x.chunks.empty()) return "";
  std::string text =
      fmt::format("\nForward sweeps by the number of tangents that go at once\n{:<17} {:>5} {:>5}", "", "n", "m");
  for (int width = 1; width <= 32; width *= 2) text += fmt::format(" {:>9}", width);
  const Chunk* last = nullptr;
  for (const Chunk& c : x.chunks) {
    if (last == nullptr || last->family != c.family || last->size.inputs != c.size.inputs)
      text += fmt::format("\n{:<17} {:>5} {:>5}", c.family, c.size.inputs, c.size.outputs);
    text += fmt::format(" {:>9}", time_of(c.seconds));
    last = &c;
  }
  return text + "\n";
}

std::string steps_table(const Extras& x) {
  std::string text = "\nDifference quotients of the lecture's expression, at their best step\n";
  std::vector<std::string> done;
  for (const StepError& s : x.steps) {
    if (std::find(done.begin(), done.end(), s.method) != done.end()) continue;
    done.push_back(s.method);
    StepError best = s;
    for (const StepError& other : x.steps)
      if (other.method == s.method && other.error < best.error) best = other;
    text += fmt::format("{:<11} relative error {:.1e} at h = {:.1e}\n", s.method, best.error, best.h);
  }
  return text;
}

std::string swell_table(const Extras& x) {
  std::string text =
      fmt::format("\nOperations of a derivative, each value used 1, 2 or 3 times by the next\n{:>6}", "depth");
  for (int uses = 1; uses <= 3; ++uses) text += fmt::format(" {:>12} {:>8} {:>8}", "as a tree", "shared", "reverse");
  for (const Swell& s : x.swells) {
    if (s.uses != 1 || (s.depth > 4 && s.depth % 8 != 0)) continue;
    text += fmt::format("\n{:>6}", s.depth);
    for (const Swell& t : x.swells)
      if (t.depth == s.depth) text += fmt::format(" {:>12.4g} {:>8} {:>8}", t.tree, t.shared, t.reverse);
  }
  return text + "\n";
}

}  // namespace

std::string tables(const Extras& x) {
  return executions_table(x) + chunks_table(x) + (x.steps.empty() ? "" : steps_table(x)) +
         (x.swells.empty() ? "" : swell_table(x));
}

}  // namespace wengert::mode_costs
