// Traces and paths as LaTeX.
#include <algorithm>

#include "latex_numbers.hpp"
#include "trace_table.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/explain/trace.hpp"
#include "wengert/print/latex.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

std::string code(const std::string& text) { return "\\texttt{" + latex_text(text) + "}"; }

std::string number(double x, int digits) { return explain::latex_number(explain::number_text(x, digits)); }

std::string cell(const std::vector<double>& x, Shape shape, int digits) {
  if (x.empty()) return "";
  return shape.scalar() ? "$" + number(x[0], digits) + "$" : code(explain::cell(x, shape, 60, digits));
}

std::string slope(const std::string& of, const std::string& by) {
  return "\\frac{\\partial " + latex_name(of) + "}{\\partial " + latex_name(by) + "}";
}

// Elements of arrays are no names that LaTeX subscripts.
std::string vertex(const std::string& name) {
  return name.find('[') == std::string::npos ? latex_name(name) : "\\text{" + code(name) + "}";
}

}  // namespace

std::string trace_latex(const Trace& t, const TraceText& options) {
  const std::size_t seeds = t.tangents ? std::min(t.seeds.size(), options.columns) : 0;
  std::string out = "\\begin{tabular}{l" + std::string(seeds + 2, 'r') + "l}\noperation & value";
  for (std::size_t k = 0; k < seeds; ++k) out += " & $\\partial/\\partial " + vertex(t.seeds[k].name) + "$";
  out += " & adjoint & added up from \\\\\n\\hline\n";
  for (const TraceRow& row : t.rows) {
    out += code(equation(row)) + " & " + cell(row.value, row.shape, options.digits);
    for (std::size_t k = 0; k < seeds; ++k) out += " & " + cell(row.tangents[k], row.shape, options.digits);
    out += " & " + (row.active ? cell(row.adjoint, row.shape, options.digits) : "");
    std::string sum;
    for (const TraceContribution& c : row.contributions)
      sum += (sum.empty() ? "" : ", ") + cell(c.amount, row.shape, options.digits) + " from " + code(t.rows[c.from].name);
    out += " & " + (row.active && sum.empty() ? "seed" : sum) + " \\\\\n";
  }
  return out + "\\end{tabular}\n";
}

std::string paths_latex(const Trace& t, const Linearization& graph, const Paths& found, int digits) {
  std::string out = "\\begin{align*}\n";
  std::vector<std::string> lines;
  for (const Path& p : found.listed) {
    std::string way, product;
    for (const std::size_t v : p.vertices) way += (way.empty() ? "" : " \\to ") + vertex(graph.vertices[v].name);
    for (const double d : p.partials)
      product += (product.empty() ? "" : " \\cdot ") + (d < 0 ? "(" + number(d, digits) + ")" : number(d, digits));
    lines.push_back(way + " &\\colon\\quad " + product + " = " + number(p.product, digits));
  }
  for (const PathSum& s : found.sums)
    if (s.derivative && s.input < t.seeds.size()) {
      const bool plain = t.seeds[s.input].name.find('[') == std::string::npos;
      lines.push_back((plain ? slope(t.rows[t.output].name, t.seeds[s.input].name) : vertex(t.seeds[s.input].name)) +
                      " &= " + number(*s.derivative, digits));
    }
  for (std::size_t k = 0; k < lines.size(); ++k) out += lines[k] + (k + 1 < lines.size() ? " \\\\\n" : "\n");
  return out + "\\end{align*}\n";
}

}  // namespace wengert
