// Orders of elimination compared, and their steps, for the terminal.
#include <algorithm>

#include "trace_table.hpp"
#include "wengert/explain/eliminate.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::clipped;
using explain::TextTable;

constexpr std::size_t steps_shown = 40;

std::string update(const Linearization& g, const EliminationUpdate& u) {
  return "d" + g.vertices[u.to].name + "/d" + g.vertices[u.from].name + (u.made ? " = " : " += ") + shortest(u.amount);
}

std::string steps(const Linearization& g, const Elimination& way, std::size_t width) {
  std::string out = "\n" + std::string(to_string(way.order)) + "\n";
  for (std::size_t k = 0; k < std::min(way.steps.size(), steps_shown); ++k) {
    const EliminationStep& s = way.steps[k];
    out += "  " + clipped(g.vertices[s.vertex].name, width / 3) + ": " + std::to_string(s.in) + " x " +
           std::to_string(s.out) + ", " + std::to_string(s.multiplications) + " so far\n";
    std::vector<std::string> words;
    for (std::size_t u = 0; u < std::min(s.updates.size(), steps_shown); ++u) words.push_back(update(g, s.updates[u]));
    if (words.size() < s.updates.size())
      words.push_back("and " + std::to_string(s.updates.size() - words.size()) + " more");
    out += explain::wrapped(words, 6, width);
  }
  if (way.steps.size() > steps_shown) out += "  and " + std::to_string(way.steps.size() - steps_shown) + " more\n";
  return out;
}

}  // namespace

std::string eliminate_text(const Linearization& graph, const Eliminations& eliminations, std::size_t width) {
  TextTable table({"order", "multiplications", "additions", "vertices"});
  bool proven = true;
  for (const Elimination& way : eliminations.ways) {
    std::string sequence;
    for (const EliminationStep& s : way.steps) {
      if (sequence.size() > width) break;
      sequence += (sequence.empty() ? "" : " ") + graph.vertices[s.vertex].name;
    }
    proven = proven && way.proven;
    const std::string name = way.proven ? std::string(to_string(way.order)) : "best found";
    table.add(
        {name, std::to_string(way.multiplications), std::to_string(way.additions), clipped(sequence, width - 45)});
  }
  std::string out = table.text(width);
  if (!proven) out += "The search for the best order ended at its limit; a better one may exist.\n";
  out += eliminations.difference <= 1e-12
             ? "All orders give the same Jacobian up to rounding.\n"
             : "The Jacobians differ by " + shortest(eliminations.difference) + " of the largest entry.\n";
  for (std::size_t k = 0; k < eliminations.ways.size(); ++k) {
    const auto same = [&](const Elimination& other) {
      return std::equal(other.steps.begin(), other.steps.end(), eliminations.ways[k].steps.begin(),
                        eliminations.ways[k].steps.end(),
                        [](const EliminationStep& a, const EliminationStep& b) { return a.vertex == b.vertex; });
    };
    const auto end = eliminations.ways.begin() + static_cast<std::ptrdiff_t>(k);
    if (std::none_of(eliminations.ways.begin(), end, same)) out += steps(graph, eliminations.ways[k], width);
  }
  return out;
}

}  // namespace wengert
