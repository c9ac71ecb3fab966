// Paths, their sums, and the same sums factored as the sweeps do.
#include <algorithm>

#include "trace_table.hpp"
#include "wengert/explain/sheets.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::clipped;
using explain::number_text;

constexpr std::size_t factored_edges = 60;  // a larger graph is not written out

constexpr std::size_t inputs_shown = 60;

constexpr std::size_t factors_columns = 46;

// "3*0.5*(-1)"; empty where it is too long to read.
std::string factors(const Path& path, int digits) {
  std::string out;
  for (const double d : path.partials) {
    const std::string text = number_text(d, digits);
    out += (out.empty() ? "" : "*") + (text.starts_with('-') && !out.empty() ? "(" + text + ")" : text);
  }
  return out.size() <= factors_columns ? out : "";
}

SheetTable listing(const Linearization& g, const Paths& p, const SheetOptions& o) {
  SheetTable table{{"path", "product"}, {}, o.pictures};
  for (const Path& path : p.listed)
    table.rows.push_back({clipped(path_name(g, path), o.width - 30), number_text(path.product, o.digits)});
  std::vector<std::string> all;
  for (const Path& path : p.listed) all.push_back(factors(path, o.digits));
  if (p.listed.empty() || std::find(all.begin(), all.end(), "") != all.end()) return table;
  table.titles.insert(table.titles.begin() + 1, "partials");
  for (std::size_t k = 0; k < all.size(); ++k) table.rows[k].insert(table.rows[k].begin() + 1, all[k]);
  return table;
}

SheetTable sums(const Trace& t, const Paths& p, const SheetOptions& o) {
  SheetTable table{{"from", "paths", "sum of products", "derivative by the sweep", ""}, {}};
  for (std::size_t k = 0; k < std::min(p.sums.size(), inputs_shown); ++k) {
    const PathSum& s = p.sums[k];
    const std::string listed = std::to_string(s.listed);
    table.rows.push_back({clipped(t.seeds[s.input].name, o.width / 4), clipped(s.count, o.width / 4),
                          s.sum ? number_text(*s.sum, o.digits) : "(" + listed + " listed)",
                          s.derivative ? number_text(*s.derivative, o.digits) : "", s.agrees ? "" : "THEY DIFFER"});
  }
  return table;
}

// "name = term + term = value", broken between terms.
SheetWords line(const std::string& name, const std::vector<std::string>& terms, const std::string& value) {
  std::vector<std::string> words;
  for (std::size_t k = 0; k < terms.size(); ++k) words.push_back((k == 0 ? name + " = " : "+ ") + terms[k]);
  if (terms.size() == 1 && terms[0] == name) words = {name};
  if (!value.empty()) words.push_back("= " + value);
  return {std::move(words), 2, 1};
}

// d(out)/d(v) = sum over the users u of d(out)/du * du/dv, the shared factors named once.
void reverse_factors(Sheet& sheet, const Trace& t, const Linearization& g, std::size_t output, const SheetOptions& o) {
  const auto leaving = g.leaving();
  const std::string y = "d" + g.vertices[output].name;
  sheet.emplace_back(SheetBreak{});
  sheet.emplace_back(SheetNote{"The reverse sweep computes once what paths share at their ends: each " +
                               clipped(y, o.width / 5) + "/d.."});
  for (std::size_t v = output; v-- > 0;) {
    std::vector<std::string> terms;
    for (std::size_t e : leaving[v]) {
      const std::string u = "d" + g.vertices[g.edges[e].to].name;
      const std::string local = u + "/d" + g.vertices[v].name;
      terms.push_back(g.edges[e].to == output ? local : y + "/" + u + "*" + local);
    }
    if (terms.empty()) continue;
    const TraceRow& row = t.rows[g.vertices[v].row];
    sheet.emplace_back(line(y + "/d" + g.vertices[v].name, terms,
                            row.adjoint.empty() ? "" : number_text(row.adjoint[g.vertices[v].element], o.digits)));
  }
}

void forward_factors(Sheet& sheet, const Trace& t, const Linearization& g, std::size_t input, const SheetOptions& o) {
  const std::string x = "d" + g.vertices[g.inputs[input]].name;
  std::vector<bool> depends(g.vertices.size());
  std::vector<std::vector<std::string>> terms(g.vertices.size());
  depends[g.inputs[input]] = true;
  sheet.emplace_back(SheetBreak{});
  sheet.emplace_back(SheetNote{"The forward sweep computes once what they share at their beginnings: each d../" +
                               clipped(x, o.width / 5)});
  for (const auto& e : g.edges) {
    if (!depends[e.from]) continue;
    depends[e.to] = true;
    const std::string v = "d" + g.vertices[e.from].name, local = "d" + g.vertices[e.to].name + "/" + v;
    terms[e.to].push_back(e.from == g.inputs[input] ? local : local + "*" + v + "/" + x);
  }
  for (std::size_t v = 0; v < terms.size(); ++v) {
    if (terms[v].empty()) continue;
    const TraceRow& row = t.rows[g.vertices[v].row];
    sheet.emplace_back(
        line("d" + g.vertices[v].name + "/" + x, terms[v],
             row.tangents.empty() ? "" : number_text(row.tangents[input][g.vertices[v].element], o.digits)));
  }
}

// The reverse sweep of the trace was for this element of the output.
bool swept(const Trace& t, const Linearization& g, std::size_t output) {
  for (std::size_t e = 0; e < t.cotangent.size(); ++e)
    if (t.cotangent[e] != (g.outputs[e] == output ? 1.0 : 0.0)) return false;
  return true;
}

// The graph with the first paths as trails.
Drawing with_trails(const Linearization& g, const Paths& p) {
  Drawing d = draw(g, g.edges);
  for (std::size_t k = 0; k < std::min<std::size_t>(p.listed.size(), 8); ++k) {
    std::vector<std::size_t>& trail = d.trails.emplace_back();
    const std::vector<std::size_t>& v = p.listed[k].vertices;
    for (std::size_t i = 1; i < v.size(); ++i)
      for (std::size_t a = 0; a < d.arrows.size(); ++a)
        if (d.boxes[d.arrows[a].from].rows[0] == v[i - 1] && d.boxes[d.arrows[a].to].rows[0] == v[i])
          trail.push_back(a);
  }
  return d;
}

constexpr std::size_t drawn_vertices = 60;

}  // namespace

Sheet paths_sheet(const Trace& trace, const Linearization& graph, const Paths& p, const SheetOptions& o) {
  Sheet sheet;
  if (o.pictures && graph.vertices.size() <= drawn_vertices) sheet.emplace_back(with_trails(graph, p));
  if (!p.listed.empty()) {
    sheet.emplace_back(listing(graph, p, o));
    sheet.emplace_back(SheetBreak{});
  }
  sheet.emplace_back(sums(trace, p, o));
  if (p.sums.size() > inputs_shown)
    sheet.emplace_back(SheetNote{"and " + std::to_string(p.sums.size() - inputs_shown) + " more"});
  sheet.emplace_back(SheetBreak{});
  std::string all = clipped(p.count, o.width / 3) + (p.count == "1" ? " path" : " paths") + " in all";
  if (!p.complete) all += ", " + std::to_string(p.listed.size()) + " listed";
  sheet.emplace_back(SheetNote{all + "; multiplied one by one: " + clipped(p.multiplications, o.width / 3) +
                               (p.multiplications == "1" ? " multiplication." : " multiplications.")});
  if (p.listed.empty() || p.listed[0].partials.empty() || graph.edges.size() > factored_edges) return sheet;
  const std::size_t output = p.listed[0].vertices.back();
  if (swept(trace, graph, output)) reverse_factors(sheet, trace, graph, output, o);
  forward_factors(sheet, trace, graph, p.listed[0].input, o);
  return sheet;
}

std::string paths_text(const Trace& trace, const Linearization& graph, const Paths& p, std::size_t width) {
  return to_text(paths_sheet(trace, graph, p, {.width = width}), width);
}

}  // namespace wengert
