// Orders of elimination compared, and their steps.
#include <algorithm>
#include <map>

#include "drawing_layers.hpp"
#include "trace_table.hpp"
#include "wengert/explain/sheets.hpp"

namespace wengert {

namespace {

using explain::clipped;
using explain::number_text;

constexpr std::size_t steps_shown = 40;
constexpr std::size_t pictures_shown = 8;
constexpr std::size_t drawn_vertices = 24;

std::string update(const Linearization& g, const EliminationUpdate& u, int digits) {
  return "d" + g.vertices[u.to].name + "/d" + g.vertices[u.from].name + (u.made ? " = " : " += ") +
         number_text(u.amount, digits);
}

void tell_steps(Sheet& sheet, const Linearization& g, const Elimination& way, const SheetOptions& o) {
  if (way.steps.empty()) {
    sheet.emplace_back(SheetNote{"No value stands between inputs and output: there is nothing to eliminate."});
    return;
  }
  sheet.emplace_back(SheetBreak{});
  sheet.emplace_back(SheetHeading{std::string(to_string(way.order))});
  for (std::size_t k = 0; k < std::min(way.steps.size(), steps_shown); ++k) {
    const EliminationStep& s = way.steps[k];
    sheet.emplace_back(
        SheetWords{{clipped(g.vertices[s.vertex].name, o.width / 3) + ": " + std::to_string(s.in) + " x " +
                    std::to_string(s.out) + ", " + std::to_string(s.multiplications) + " so far"}});
    std::vector<std::string> words;
    for (std::size_t u = 0; u < std::min(s.updates.size(), steps_shown); ++u)
      words.push_back(update(g, s.updates[u], o.digits));
    if (words.size() < s.updates.size())
      words.push_back("and " + std::to_string(s.updates.size() - words.size()) + " more");
    if (!words.empty()) sheet.emplace_back(SheetWords{std::move(words), 6});
  }
  if (way.steps.size() > steps_shown)
    sheet.emplace_back(SheetWords{{"and " + std::to_string(way.steps.size() - steps_shown) + " more"}});
}

// "dy/dx = 3", of the first entries.
std::vector<std::string> derivatives(const Linearization& g, const Elimination& way, int digits) {
  constexpr std::size_t most = 12;
  std::vector<std::string> words;
  for (std::size_t k = 0; k < way.jacobian.size(); ++k) {
    const std::size_t to = g.outputs[k / g.inputs.size()], from = g.inputs[k % g.inputs.size()];
    if (to == Linearization::no_vertex || from == Linearization::no_vertex) continue;
    if (words.size() == most) {
      words.push_back("and " + std::to_string(way.jacobian.size() - k) + " more");
      break;
    }
    words.push_back("d" + g.vertices[to].name + "/d" + g.vertices[from].name + " = " +
                    number_text(way.jacobian[k], digits));
  }
  return words;
}

// The graph before each of the steps and after the last.
void draw_steps(Sheet& sheet, const Linearization& g, const Elimination& way) {
  std::map<std::pair<std::size_t, std::size_t>, double> edges;  // by end and beginning
  for (const Linearization::Edge& e : g.edges) edges[{e.to, e.from}] += e.partial;
  const auto picture = [&] {
    std::vector<Linearization::Edge> left;
    for (const auto& [ends, partial] : edges) left.push_back({ends.second, ends.first, partial});
    return draw(g, left);
  };
  sheet.emplace_back(SheetBreak{});
  sheet.emplace_back(SheetHeading{"the graph"});
  sheet.emplace_back(picture());
  for (const EliminationStep& s : way.steps) {
    std::erase_if(edges, [&](const auto& e) { return e.first.first == s.vertex || e.first.second == s.vertex; });
    for (const EliminationUpdate& u : s.updates) edges[{u.to, u.from}] = u.partial;
    sheet.emplace_back(SheetHeading{"without " + g.vertices[s.vertex].name + ", after " +
                                    std::to_string(s.multiplications) +
                                    (s.multiplications == 1 ? " multiplication" : " multiplications")});
    sheet.emplace_back(picture());
  }
}

}  // namespace

Drawing draw(const Linearization& graph, const std::vector<Linearization::Edge>& edges) {
  Drawing d;
  std::map<std::size_t, std::size_t> box;
  std::map<std::pair<std::size_t, std::size_t>, std::string> labels;
  for (const Linearization::Edge& e : edges) {
    box.emplace(e.from, 0);
    box.emplace(e.to, 0);
    std::string& label = labels[{e.to, e.from}];
    label += (label.empty() ? "" : ", ") + brief(e.partial);
  }
  const auto has = [](const std::vector<std::size_t>& all, std::size_t v) {
    return std::find(all.begin(), all.end(), v) != all.end();
  };
  for (auto& [vertex, number] : box) {
    number = d.boxes.size();
    DrawnBox& b = d.boxes.emplace_back();
    b.name = b.title = graph.vertices[vertex].name;
    b.rows = {vertex};
    b.kind = has(graph.inputs, vertex)    ? DrawnBox::Kind::input
             : has(graph.outputs, vertex) ? DrawnBox::Kind::output
                                          : DrawnBox::Kind::operation;
    b.width = std::max(40.0, 16 + 7.3 * static_cast<double>(explain::columns_of(b.title)));
    b.height = 40;
  }
  for (const auto& [ends, label] : labels) d.arrows.push_back({box[ends.second], box[ends.first], label, {}});
  drawing::arrange(d);
  d.description = "A graph of " + std::to_string(d.boxes.size()) + " values and " + std::to_string(d.arrows.size()) +
                  " arrows with their partials.";
  return d;
}

Sheet eliminate_sheet(const Linearization& graph, const Eliminations& eliminations, const SheetOptions& o) {
  Sheet sheet;
  SheetTable table{{"order", "multiplications", "additions", "vertices"}, {}};
  bool proven = true;
  for (const Elimination& way : eliminations.ways) {
    std::string sequence;
    for (const EliminationStep& s : way.steps) {
      if (sequence.size() > o.width) break;
      sequence += (sequence.empty() ? "" : " ") + graph.vertices[s.vertex].name;
    }
    proven = proven && way.proven;
    table.rows.push_back({way.proven ? std::string(to_string(way.order)) : "best found",
                          std::to_string(way.multiplications), std::to_string(way.additions),
                          clipped(sequence, o.width - 45)});
  }
  sheet.emplace_back(std::move(table));
  if (!proven)
    sheet.emplace_back(SheetNote{"The search for the best order ended at its limit; a better one may exist."});
  sheet.emplace_back(
      SheetNote{eliminations.difference <= 1e-12
                    ? "All orders give the same Jacobian up to rounding."
                    : "The Jacobians differ by " + number_text(eliminations.difference) + " of the largest entry."});
  sheet.emplace_back(SheetWords{derivatives(graph, eliminations.ways[0], o.digits)});
  for (std::size_t k = 0; k < eliminations.ways.size(); ++k) {
    const auto same = [&](const Elimination& other) {
      return std::equal(other.steps.begin(), other.steps.end(), eliminations.ways[k].steps.begin(),
                        eliminations.ways[k].steps.end(),
                        [](const EliminationStep& a, const EliminationStep& b) { return a.vertex == b.vertex; });
    };
    const auto before = eliminations.ways.begin() + static_cast<std::ptrdiff_t>(k);
    if (std::none_of(eliminations.ways.begin(), before, same)) tell_steps(sheet, graph, eliminations.ways[k], o);
  }
  const Elimination& best = eliminations.ways.back();
  if (o.pictures && graph.vertices.size() <= drawn_vertices && best.steps.size() <= pictures_shown)
    draw_steps(sheet, graph, best);
  return sheet;
}

std::string eliminate_text(const Linearization& graph, const Eliminations& eliminations, std::size_t width) {
  return to_text(eliminate_sheet(graph, eliminations, {.width = width}), width);
}

}  // namespace wengert
