// A sheet for the terminal, and as a part of a page.
#include "trace_table.hpp"
#include "wengert/explain/sheet.hpp"
#include "wengert/print/mathml.hpp"

namespace wengert {

namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

struct TextWriter {
  std::size_t width;
  std::string out;

  void operator()(const SheetHeading& h) { out += h.text + "\n"; }
  void operator()(const SheetNote& n) {
    for (const std::string& line : split(n.text, '\n')) out += explain::wrapped(split(line, ' '), n.indent, width, 1);
  }
  void operator()(const SheetWords& w) { out += explain::wrapped(w.words, w.indent, width, w.blanks); }
  void operator()(const SheetTable& t) {
    explain::TextTable table(t.titles);
    for (const auto& row : t.rows) table.add(row);
    const std::string text = table.text(width - t.indent);
    for (const std::string& line : split(text.substr(0, text.size() - 1), '\n'))
      out += (line.empty() ? "" : std::string(t.indent, ' ')) + line + "\n";
  }
  void operator()(const SheetFormula& f) {
    if (!f.reason.empty()) out += "  " + f.reason + "\n";
    out += (f.reason.empty() ? "  " : "= ") + f.text + "\n";
  }
  void operator()(const SheetBreak&) { out += "\n"; }
  void operator()(const Drawing&) {}
};

struct HtmlWriter {
  std::string out;

  static std::string element(const std::string& tag, const std::string& text, const std::string& attributes = {}) {
    return "<" + tag + attributes + ">" + escaped_xml(text) + "</" + tag + ">";
  }
  void operator()(const SheetHeading& h) { out += element("h3", h.text) + "\n"; }
  void operator()(const SheetNote& n) {
    for (const std::string& line : split(n.text, '\n')) out += element("p", line, " class=\"note\"") + "\n";
  }
  void operator()(const SheetWords& w) {
    out += "<ul class=\"words\">\n";
    for (const std::string& word : w.words) out += element("li", word) + "\n";
    out += "</ul>\n";
  }
  void operator()(const SheetTable& t) {
    out += "<div class=\"scroll\"><table><thead><tr>";
    for (const std::string& title : t.titles) out += element("th", title, " scope=\"col\"");
    out += "</tr></thead><tbody>\n";
    for (const auto& row : t.rows) {
      out += "<tr>";
      for (const std::string& cell : row) out += element("td", cell);
      out += "</tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  void operator()(const SheetFormula& f) {
    if (!f.reason.empty()) out += element("p", f.reason, " class=\"note\"") + "\n";
    out += element("pre", f.text) + "\n";
  }
  void operator()(const SheetBreak&) {}
  void operator()(const Drawing&) {}
};

}  // namespace

std::string to_text(const Sheet& sheet, std::size_t width) {
  TextWriter writer{width, {}};
  for (const SheetBlock& block : sheet) std::visit(writer, block);
  return std::move(writer.out);
}

std::string to_html(const Sheet& sheet) {
  HtmlWriter writer;
  for (const SheetBlock& block : sheet) std::visit(writer, block);
  return std::move(writer.out);
}

}  // namespace wengert
