// One content, four ways of writing it.
#include "wengert/explain/sheet.hpp"

#include <doctest/doctest.h>

using namespace wengert;

namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

Sheet example() {
  return {SheetHeading{"a < b"}, SheetTable{{"name", "value"}, {{"x", "-1.5e-9"}, {"v", "[1,\n 2]"}}},
          SheetNote{"a sentence"}, SheetWords{{"dy/dx = 3", "dy/dz = 2"}},
          SheetFormula{"1. power rule", "2*x", "2 x", {{0, 1}}}};
}

}  // namespace

TEST_CASE("a sheet on a terminal has its columns aligned, cells of several lines too") {
  CHECK(to_text(example()) ==
        "a < b\n"
        "name   value\n"
        "x     -1.5e-9\n"
        "v      [1,\n"
        "        2]\n"
        "a sentence\n"
        "  dy/dx = 3  dy/dz = 2\n"
        "  1. power rule\n"
        "= 2*x\n");
}

TEST_CASE("a sheet in LaTeX has numbers as formulas and everything else as text") {
  const std::string latex = to_latex(example());
  CHECK(latex.find("$-1.5 \\cdot 10^{-9}$") != std::string::npos);
  CHECK(latex.find("\\[2 x\\]") != std::string::npos);
  CHECK(count(latex, "\\begin{tabular}") == 2);  // the table, and the cell of two lines
  CHECK(count(latex, "\\end{tabular}") == 2);
}

TEST_CASE("a sheet in SVG and HTML escapes what it must and marks what changes") {
  const std::string svg = to_svg(example(), "\"title\"", Theme::light), html = to_html(example());
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("&quot;title&quot;") != std::string::npos);
  CHECK(count(svg, "fill:var(--mark)") == 1);
  CHECK(svg.find("prefers-color-scheme") == std::string::npos);
  CHECK(html.find("<h3>a &lt; b</h3>") != std::string::npos);
  CHECK(count(html, "<td>") == 4);
  CHECK(count(html, "<li>") == 2);
}

TEST_CASE("a table too wide for a picture is cut into parts that repeat the first column") {
  SheetTable wide{{"row"}, {{"first"}}};
  for (int k = 0; k < 30; ++k) {
    wide.titles.push_back("column " + std::to_string(k));
    wide.rows[0].push_back(std::string(20, '0' + static_cast<char>(k % 10)));
  }
  const std::string svg = to_svg(Sheet{wide}, "wide");
  CHECK(count(svg, ">row</text>") > 2);
  CHECK(count(svg, ">first</text>") == count(svg, ">row</text>"));
  for (int k = 0; k < 30; ++k) CHECK(count(svg, ">column " + std::to_string(k) + "</text>") == 1);
}
