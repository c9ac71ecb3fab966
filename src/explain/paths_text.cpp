// Paths, their sums, and the same sums factored as the sweeps do.
#include <algorithm>

#include "trace_table.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::clipped;
using explain::TextTable;

constexpr std::size_t factored_edges = 60;  // a larger graph is not written out

std::string listing(const Linearization& g, const Paths& p, const PathSum& s, std::size_t width) {
  TextTable table({"path", "product"});
  for (const Path& path : p.listed)
    if (path.input == s.input) table.add({clipped(path_name(g, path), width / 2), shortest(path.product)});
  return table.text(width);
}

// d(out)/d(v) = sum over the users u of d(out)/du * du/dv, the shared factors named once.
std::string reverse_factors(const Trace& t, const Linearization& g, std::size_t output, std::size_t width) {
  const auto leaving = g.leaving();
  std::string out = "\nthe reverse sweep factors from the left: each dy/du is used by all paths through u\n";
  const std::string y = "d" + g.vertices[output].name;
  for (std::size_t v = output; v-- > 0;) {
    std::vector<std::string> terms;
    for (std::size_t e : leaving[v]) {
      const std::string u = "d" + g.vertices[g.edges[e].to].name;
      const std::string local = u + "/d" + g.vertices[v].name;
      terms.push_back((terms.empty() ? "" : "+ ") + (g.edges[e].to == output ? local : y + "/" + u + "*" + local));
    }
    if (terms.empty()) continue;
    terms.front() = y + "/d" + g.vertices[v].name + " = " + terms.front();
    const TraceRow& row = t.rows[g.vertices[v].row];
    if (!row.adjoint.empty()) terms.push_back("= " + shortest(row.adjoint[g.vertices[v].element]));
    out += explain::wrapped(terms, 2, width);
  }
  return out;
}

std::string forward_factors(const Trace& t, const Linearization& g, std::size_t input, std::size_t width) {
  const std::string x = "d" + g.vertices[g.inputs[input]].name;
  std::vector<bool> depends(g.vertices.size());
  std::vector<std::vector<std::string>> terms(g.vertices.size());
  depends[g.inputs[input]] = true;
  std::string out = "\nthe forward sweep for " + x + " factors from the right: each dv/" + x + " is used by all paths through v\n";
  for (const auto& e : g.edges) {
    if (!depends[e.from]) continue;
    depends[e.to] = true;
    const std::string v = "d" + g.vertices[e.from].name, local = "d" + g.vertices[e.to].name + "/" + v;
    terms[e.to].push_back((terms[e.to].empty() ? "" : "+ ") + (e.from == g.inputs[input] ? local : local + "*" + v + "/" + x));
  }
  for (std::size_t v = 0; v < terms.size(); ++v) {
    if (terms[v].empty()) continue;
    terms[v].front() = "d" + g.vertices[v].name + "/" + x + " = " + terms[v].front();
    const TraceRow& row = t.rows[g.vertices[v].row];
    if (!row.tangents.empty()) terms[v].push_back("= " + shortest(row.tangents[input][g.vertices[v].element]));
    out += explain::wrapped(terms[v], 2, width);
  }
  return out;
}

}  // namespace

std::string paths_text(const Trace& trace, const Linearization& graph, const Paths& p, std::size_t width) {
  std::string out;
  std::size_t first = Linearization::no_vertex;
  for (const PathSum& s : p.sums) {
    const std::string x = trace.seeds[s.input].name;
    if (!out.empty()) out += "\n";
    out += "from " + x + ": " + clipped(s.count, width / 2) + (s.count == "1" ? " path" : " paths");
    if (std::to_string(s.listed) != s.count) out += ", the first " + std::to_string(s.listed) + " listed";
    out += "\n";
    if (s.listed > 0) out += listing(graph, p, s, width);
    if (s.sum && s.listed > 0) out += "sum " + shortest(*s.sum) + "\n";
    if (s.derivative)
      out += "derivative by the sweep " + shortest(*s.derivative) + (s.sum ? s.agrees ? ", the same up to rounding" : ": THEY DIFFER" : "") + "\n";
    if (first == Linearization::no_vertex && s.listed > 0) first = s.input;
  }
  out += "\n" + clipped(p.count, width / 2) + " paths in all; multiplied one by one they take " + clipped(p.multiplications, width / 3) + " multiplications\n";
  if (first == Linearization::no_vertex || graph.edges.size() > factored_edges) return out;
  std::size_t output = graph.inputs[first];
  for (const Path& path : p.listed)
    if (path.input == first) output = path.vertices.back();
  if (std::all_of(trace.cotangent.begin(), trace.cotangent.end(), [](double w) { return w == 0 || w == 1; }))
    out += reverse_factors(trace, graph, output, width);
  return out + forward_factors(trace, graph, first, width);
}

}  // namespace wengert
