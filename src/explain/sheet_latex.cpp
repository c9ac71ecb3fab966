// A sheet as LaTeX.

#include "latex_numbers.hpp"
#include "trace_table.hpp"
#include "wengert/explain/sheet.hpp"
#include "wengert/print/latex.hpp"

namespace wengert {

namespace {

struct LatexWriter {
  std::string out;

  static std::string code(const std::string& text) { return "\\texttt{" + latex_text(text) + "}"; }

  // A number by its signs, a text of several lines as a table in the table.
  static std::string cell(const std::string& text) {
    if (explain::is_number(text)) return "$" + explain::latex_number(text) + "$";
    if (text.find('\n') == std::string::npos) return text.empty() ? "" : code(text);
    std::string lines = "\\begin{tabular}[t]{@{}l@{}}";
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      lines += code(text.substr(begin, end - begin)) + (end < text.size() ? " \\\\ " : "");
      begin = end + 1;
    }
    return lines + "\\end{tabular}";
  }

  void operator()(const SheetHeading& h) { out += "\\paragraph{" + latex_text(h.text) + "}\n"; }
  void operator()(const SheetNote& n) { out += "\n" + latex_text(n.text) + "\n\n"; }
  void operator()(const SheetWords& w) {
    out += "\n{\\raggedright ";
    for (const std::string& word : w.words) out += code(word) + "\\quad\n";
    out += "\\par}\n\n";
  }
  void operator()(const SheetTable& t) {
    out += "\n\\begin{tabular}{" + std::string(t.titles.size(), 'l') + "}\n";
    for (std::size_t c = 0; c < t.titles.size(); ++c) out += (c > 0 ? " & " : "") + latex_text(t.titles[c]);
    out += " \\\\\n\\hline\n";
    for (const auto& row : t.rows) {
      for (std::size_t c = 0; c < t.titles.size(); ++c)
        out += (c > 0 ? " & " : "") + (c < row.size() ? cell(row[c]) : std::string());
      out += " \\\\\n";
    }
    out += "\\end{tabular}\n\n";
  }
  void operator()(const SheetFormula& f) {
    out += "\\[" + f.latex + "\\]\n" + (f.reason.empty() ? "" : latex_text(f.reason) + "\n");
  }
  void operator()(const SheetBreak&) { out += "\n"; }
  void operator()(const Drawing& d) { out += "\n" + to_tikz(d) + "\n"; }
};

}  // namespace

std::string to_latex(const Sheet& sheet) {
  LatexWriter writer;
  for (const SheetBlock& block : sheet) std::visit(writer, block);
  return std::move(writer.out);
}

namespace explain {

bool is_number(const std::string& text) {
  const std::string_view bare = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  if (bare == "nan" || bare == "inf") return true;
  if (bare.empty() || bare.find_first_not_of("0123456789.e+-") != std::string_view::npos) return false;
  return bare[0] >= '0' && bare[0] <= '9';
}

std::string latex_number(const std::string& text) {
  if (text == "nan" || text == "-nan") return "\\mathrm{NaN}";
  if (text == "inf") return "\\infty";
  if (text == "-inf") return "-\\infty";
  const std::size_t e = text.find('e');
  return e == std::string::npos ? text : text.substr(0, e) + " \\cdot 10^{" + text.substr(e + 1) + "}";
}

}  // namespace explain

}  // namespace wengert
