// A derivation, written.
#include <algorithm>
#include <cctype>

#include "trace_table.hpp"
#include "wengert/explain/sheets.hpp"
#include "wengert/print/latex.hpp"
#include "wengert/print/mathml.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }

// What the next line changes.
std::unordered_set<NodeId> changed_below(const Derivation& d, std::size_t line) {
  if (line + 1 >= d.lines.size()) return {};
  const DerivationLine& next = d.lines[line + 1];
  if (next.kind == DerivationLine::Kind::reading || next.before == no_node) return {};
  return {next.before};
}

// Takes the marks out; a mark inside another one counts with it.
std::string unmarked(const std::string& text, std::vector<std::pair<std::size_t, std::size_t>>& marks) {
  std::string out;
  std::size_t column = 0, begin = 0, depth = 0;
  for (const char c : text) {
    if (c == mark_begin) {
      if (depth++ == 0) begin = column;
    } else if (c == mark_end) {
      if (--depth == 0) marks.emplace_back(begin, column - begin);
    } else {
      out += c;
      column += starts_character(c) ? 1 : 0;
    }
  }
  return out;
}

std::string with_letters_for_marks(const std::string& latex, std::string_view open, std::string_view close) {
  std::string out;
  for (const char c : latex) {
    if (c == mark_begin)
      out += open;
    else if (c == mark_end)
      out += close;
    else
      out += c;
  }
  return out;
}

// The lines of a long program are long, but for the last: definitions stand there by their names.
bool named(const Derivation& d, std::size_t line) { return d.by_name && line + 1 < d.lines.size(); }
bool shortened(const Derivation& d, std::size_t line) { return d.left_out > 0 && line + 1 < d.lines.size(); }

// Whether the name stands in the text as a word.
bool mentions(const std::string& text, const std::string& name) {
  const auto in_a_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
    if ((at == 0 || !in_a_name(text[at - 1])) &&
        (at + name.size() == text.size() || !in_a_name(text[at + name.size()])))
      return true;
  return false;
}

constexpr std::size_t longest_line = 600, longest_definition = 300, longest_latex = 3000;
constexpr std::size_t longest_end = 20'000;  // of the last line on a terminal, where rules were left out

// Definitions that are mentioned.
void keep_mentioned(WrittenLine& w) {
  std::erase_if(w.definitions, [&](const auto& defined) { return !mentions(w.expression, defined.first); });
}

// As much as one reads.
void shorten(WrittenLine& w) {
  for (auto& [name, definition] : w.definitions) definition = explain::clipped(definition, longest_definition);
  w.expression = explain::clipped(w.expression, longest_line);
  std::erase_if(w.marks, [](const auto& mark) { return mark.first + mark.second > longest_line - 3; });
}

Text text_of(const Derivation& d, std::size_t line, bool as_latex, std::unordered_set<NodeId>& marked) {
  marked = changed_below(d, line);
  TextOptions options{.definitions = named(d, line), .pending = &d.pending, .marked = &marked};
  const Expr& e = d.lines[line].expression;
  return as_latex ? to_latex(e, options) : to_text(e, options);
}

std::string underline(const WrittenLine& w) {
  std::string carets;
  for (const auto& [begin, length] : w.marks) {
    carets.resize(std::max(carets.size(), begin), ' ');
    carets += std::string(length, '^');
  }
  return carets;
}

constexpr std::size_t page = 98;

std::size_t shown_lines(const Derivation& d, std::size_t steps) { return std::min(d.lines.size() - 1, steps) + 1; }

}  // namespace

WrittenLine written_line(const Derivation& d, std::size_t line) {
  std::unordered_set<NodeId> marked;
  const Text text = text_of(d, line, false, marked);
  WrittenLine w;
  std::vector<std::pair<std::size_t, std::size_t>> elsewhere;
  for (const auto& [name, definition] : text.definitions)
    w.definitions.emplace_back(name, unmarked(definition, elsewhere));
  w.expression = unmarked(text.expression, w.marks);
  if (named(d, line)) keep_mentioned(w);
  if (shortened(d, line)) shorten(w);
  return w;
}

std::string latex_line(const Derivation& d, std::size_t line) {
  std::unordered_set<NodeId> marked;
  const Text text = text_of(d, line, true, marked);
  if (named(d, line))  // formulas cannot be cut in the middle
    return with_letters_for_marks(text.expression.size() > longest_latex ? "\\dots" : text.expression, "\\underline{",
                                  "}");
  std::string out;
  for (const auto& [name, definition] : text.definitions) out += name + " = " + definition + ",\\; ";
  return with_letters_for_marks(out + text.expression, "\\underline{", "}");
}

MathmlLine mathml_line(const Derivation& d, std::size_t line) {
  std::unordered_set<NodeId> marked = changed_below(d, line);
  const TextOptions options{.definitions = named(d, line), .limit = 200'000, .pending = &d.pending, .marked = &marked};
  const Expr& e = d.lines[line].expression;
  Text text = to_mathml(e, options);
  const auto finished = [](const std::string& mathml) {
    return with_letters_for_marks(mathml, "<mrow class=\"changed\">", "</mrow>");
  };
  MathmlLine w;
  // By what stands in the text: names are the same in both.
  const Text plain = named(d, line) ? to_text(e, options) : Text{};
  for (std::size_t k = 0; k < text.definitions.size(); ++k)
    if (!named(d, line) || (k < plain.definitions.size() && mentions(plain.expression, plain.definitions[k].first)))
      w.definitions.emplace_back(text.definitions[k].first, finished(text.definitions[k].second));
  w.expression = finished(text.expression);
  return w;
}

std::string reason(const DerivationLine& line) {
  std::string out = line.chain ? "chain rule with the " + line.rule + ", inner function u = " + line.inner : line.rule;
  if (!line.parts.empty()) out += ", " + line.parts;
  if (!line.condition.empty()) out += " (if " + line.condition + ")";
  return out;
}

namespace {

std::string still_to_take(std::size_t left) {
  return "(" + std::to_string(left) + (left == 1 ? " step is" : " steps are") + " still to be taken)";
}

// Definitions stand where they are new or change.
class Definitions {
 public:
  std::vector<std::string> fresh(const WrittenLine& w) {
    std::vector<std::string> out;
    for (const auto& [name, definition] : w.definitions) {
      std::string& known = known_[name];
      if (known != definition) out.push_back("where " + name + " = " + definition);
      known = definition;
    }
    return out;
  }

 private:
  std::unordered_map<std::string, std::string> known_;
};

// The end of a long derivation may be a book.
void cut_end(const Derivation& d, std::size_t line, WrittenLine& w) {
  if (d.left_out == 0 || line + 1 < d.lines.size()) return;
  std::size_t all = w.expression.size();
  for (const auto& [name, definition] : w.definitions) all += definition.size();
  if (all <= longest_end) return;
  w.definitions.clear();
  w.marks.clear();
  w.expression = explain::clipped(w.expression, longest_line) + "   (" + std::to_string(all) +
                 " characters with what it names; `diff` prints them)";
}

}  // namespace

Sheet derivation_sheet(const Derivation& d, std::size_t steps) {
  Sheet sheet;
  const std::size_t shown = shown_lines(d, steps);
  Definitions known;
  for (std::size_t k = 0; k < shown; ++k) {
    WrittenLine w = written_line(d, k);
    cut_end(d, k, w);
    if (k + 1 == shown) w.marks.clear();
    for (const std::string& line : known.fresh(w)) sheet.emplace_back(SheetNote{line, 4});
    std::string why = reason(d.lines[k]);
    if (k > 0) why.insert(0, std::to_string(k) + ". ");
    sheet.emplace_back(SheetFormula{std::move(why), w.expression, latex_line(d, k), w.marks});
  }
  if (shown < d.lines.size()) sheet.emplace_back(SheetNote{still_to_take(d.lines.size() - shown), 2});
  return sheet;
}

std::string derivation_text(const Derivation& d, std::size_t steps) {
  std::string out;
  const std::size_t shown = shown_lines(d, steps);
  Definitions known;
  for (std::size_t k = 0; k < shown; ++k) {
    WrittenLine w = written_line(d, k);
    cut_end(d, k, w);
    if (k > 0) out += "  " + std::to_string(k) + ". " + reason(d.lines[k]) + "\n";
    for (const std::string& line : known.fresh(w)) out += "    " + line + "\n";
    out += (k > 0 ? "= " : "  ") + w.expression + "\n";
    if (k + 1 < shown && !w.marks.empty() && w.marks.back().first + w.marks.back().second <= page)
      out += "  " + underline(w) + "\n";
  }
  if (shown < d.lines.size()) out += "  " + still_to_take(d.lines.size() - shown) + "\n";
  return out;
}

std::string derivation_latex(const Derivation& d, std::size_t steps) {
  std::string out = "\\begin{align*}\n";
  const std::size_t shown = shown_lines(d, steps);
  for (std::size_t k = 0; k < shown; ++k) {
    std::string why = d.lines[k].rule;
    if (d.lines[k].chain) why = "chain rule, " + why;
    const std::string formula = latex_line(d, k);
    out +=
        (k > 0 ? "&= " : "&\\phantom{{}={}} ") + (d.left_out > 0 && formula.size() > longest_end ? "\\dots" : formula);
    if (k > 0) out += " && \\text{" + why + "}";
    out += k + 1 < shown ? " \\\\\n" : "\n";
  }
  return out + "\\end{align*}\n";
}

}  // namespace wengert
