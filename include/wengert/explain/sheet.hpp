// What a command of the lesson tells, apart from how it is written: headings, tables, lines of a derivation, pictures.
//
//   const Sheet s = trace_sheet(t);
//   std::cout << to_text(s);                       // or to_svg(s), to_latex(s), to_html(s)
//
// Made from what the sweeps were seen to do; the writers compute nothing. Linear in what is written.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wengert/explain/drawing.hpp"

namespace wengert {

struct SheetHeading {
  std::string text;
};
// A sentence or a few; lines break where they do not fit.
struct SheetNote {
  std::string text;
  std::size_t indent = 0;  // on a terminal
};
// Short formulas beside each other.
struct SheetWords {
  std::vector<std::string> words;
  std::size_t indent = 2, blanks = 2;  // on a terminal
};
struct SheetTable {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;  // cells may have several lines
  bool accented = false;                       // row k has the colour of trail k in the picture
  std::size_t indent = 0;                      // on a terminal
};
// A formula with the parts that the next line changes, and why it follows from the one before.
struct SheetFormula {
  std::string reason, text, latex;
  std::vector<std::pair<std::size_t, std::size_t>> marks;  // where they begin, and how long, in characters
};
struct SheetBreak {};  // an empty line

using SheetBlock = std::variant<SheetHeading, SheetNote, SheetWords, SheetTable, SheetFormula, SheetBreak, Drawing>;
using Sheet = std::vector<SheetBlock>;

// Pictures are left out; no line is longer than `width`, unless a word is.
std::string to_text(const Sheet& sheet, std::size_t width = 100);
// A complete file.
std::string to_svg(const Sheet& sheet, const std::string& title, Theme theme = Theme::automatic);
// Paragraphs, tabulars and tikzpictures.
std::string to_latex(const Sheet& sheet);
// The content of a section; pictures are left out.
std::string to_html(const Sheet& sheet);

}  // namespace wengert
