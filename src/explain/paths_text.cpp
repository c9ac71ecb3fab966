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

constexpr std::size_t inputs_shown = 60;

std::string listing(const Linearization& g, const Paths& p, std::size_t width) {
  TextTable table({"path", "product"});
  for (const Path& path : p.listed) table.add({clipped(path_name(g, path), width - 30), shortest(path.product)});
  return table.text(width) + "\n";
}

std::string sums(const Trace& t, const Paths& p, std::size_t width) {
  TextTable table({"from", "paths", "sum of products", "derivative by the sweep", ""});
  for (std::size_t k = 0; k < std::min(p.sums.size(), inputs_shown); ++k) {
    const PathSum& s = p.sums[k];
    const std::string listed = std::to_string(s.listed);
    table.add({clipped(t.seeds[s.input].name, width / 4), clipped(s.count, width / 4),
               s.sum ? shortest(*s.sum) : "(" + listed + " listed)", s.derivative ? shortest(*s.derivative) : "",
               s.agrees ? "" : "THEY DIFFER"});
  }
  std::string out = table.text(width);
  if (p.sums.size() > inputs_shown) out += "and " + std::to_string(p.sums.size() - inputs_shown) + " more\n";
  return out;
}

// "name = term + term = value", broken between terms.
std::string line(const std::string& name, const std::vector<std::string>& terms, const std::string& value,
                 std::size_t width) {
  std::vector<std::string> words;
  for (std::size_t k = 0; k < terms.size(); ++k) words.push_back((k == 0 ? name + " = " : "+ ") + terms[k]);
  if (terms.size() == 1 && terms[0] == name) words = {name};
  if (!value.empty()) words.push_back("= " + value);
  return explain::wrapped(words, 2, width, 1);
}

// d(out)/d(v) = sum over the users u of d(out)/du * du/dv, the shared factors named once.
std::string reverse_factors(const Trace& t, const Linearization& g, std::size_t output, std::size_t width) {
  const auto leaving = g.leaving();
  const std::string y = "d" + g.vertices[output].name;
  std::string out =
      "\nThe reverse sweep computes once what paths share at their ends: each " + clipped(y, width / 5) + "/d..\n";
  for (std::size_t v = output; v-- > 0;) {
    std::vector<std::string> terms;
    for (std::size_t e : leaving[v]) {
      const std::string u = "d" + g.vertices[g.edges[e].to].name;
      const std::string local = u + "/d" + g.vertices[v].name;
      terms.push_back(g.edges[e].to == output ? local : y + "/" + u + "*" + local);
    }
    if (terms.empty()) continue;
    const TraceRow& row = t.rows[g.vertices[v].row];
    out += line(y + "/d" + g.vertices[v].name, terms,
                row.adjoint.empty() ? "" : shortest(row.adjoint[g.vertices[v].element]), width);
  }
  return out;
}

std::string forward_factors(const Trace& t, const Linearization& g, std::size_t input, std::size_t width) {
  const std::string x = "d" + g.vertices[g.inputs[input]].name;
  std::vector<bool> depends(g.vertices.size());
  std::vector<std::vector<std::string>> terms(g.vertices.size());
  depends[g.inputs[input]] = true;
  std::string out =
      "\nThe forward sweep computes once what they share at their beginnings: each d../" + clipped(x, width / 5) + "\n";
  for (const auto& e : g.edges) {
    if (!depends[e.from]) continue;
    depends[e.to] = true;
    const std::string v = "d" + g.vertices[e.from].name, local = "d" + g.vertices[e.to].name + "/" + v;
    terms[e.to].push_back(e.from == g.inputs[input] ? local : local + "*" + v + "/" + x);
  }
  for (std::size_t v = 0; v < terms.size(); ++v) {
    if (terms[v].empty()) continue;
    const TraceRow& row = t.rows[g.vertices[v].row];
    out += line("d" + g.vertices[v].name + "/" + x, terms[v],
                row.tangents.empty() ? "" : shortest(row.tangents[input][g.vertices[v].element]), width);
  }
  return out;
}

// The reverse sweep of the trace was for this element of the output.
bool swept(const Trace& t, const Linearization& g, std::size_t output) {
  for (std::size_t e = 0; e < t.cotangent.size(); ++e)
    if (t.cotangent[e] != (g.outputs[e] == output ? 1.0 : 0.0)) return false;
  return true;
}

}  // namespace

std::string paths_text(const Trace& trace, const Linearization& graph, const Paths& p, std::size_t width) {
  std::string out = p.listed.empty() ? "" : listing(graph, p, width);
  out += sums(trace, p, width) + "\n" + clipped(p.count, width / 3) + (p.count == "1" ? " path" : " paths") + " in all";
  if (!p.complete) out += ", " + std::to_string(p.listed.size()) + " listed";
  out += "; multiplied one by one: " + clipped(p.multiplications, width / 3) + " multiplications.\n";
  if (p.listed.empty() || p.listed[0].partials.empty() || graph.edges.size() > factored_edges) return out;
  const std::size_t output = p.listed[0].vertices.back();
  if (swept(trace, graph, output)) out += reverse_factors(trace, graph, output, width);
  return out + forward_factors(trace, graph, p.listed[0].input, width);
}

}  // namespace wengert
