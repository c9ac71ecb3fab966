// A derivation, written.
#include <algorithm>

#include "wengert/explain/steps.hpp"
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

Text text_of(const Derivation& d, std::size_t line, bool as_latex, std::unordered_set<NodeId>& marked) {
  marked = changed_below(d, line);
  TextOptions options{.pending = &d.pending, .marked = &marked};
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
  return w;
}

std::string latex_line(const Derivation& d, std::size_t line) {
  std::unordered_set<NodeId> marked;
  const Text text = text_of(d, line, true, marked);
  std::string out;
  for (const auto& [name, definition] : text.definitions) out += name + " = " + definition + ",\\; ";
  return with_letters_for_marks(out + text.expression, "\\underline{", "}");
}

std::string mathml_line(const Derivation& d, std::size_t line) {
  const std::unordered_set<NodeId> marked = changed_below(d, line);
  return with_letters_for_marks(mathml(d.lines[line].expression, {.pending = &d.pending, .marked = &marked}),
                                "<mrow class=\"changed\">", "</mrow>");
}

std::string reason(const DerivationLine& line) {
  std::string out = line.chain ? "chain rule with the " + line.rule + ", inner function u = " + line.inner : line.rule;
  if (!line.parts.empty()) out += ", " + line.parts;
  if (!line.condition.empty()) out += " (if " + line.condition + ")";
  return out;
}

std::string derivation_text(const Derivation& d, std::size_t steps) {
  std::string out;
  const std::size_t shown = shown_lines(d, steps);
  std::vector<std::pair<std::string, std::string>> known;  // definitions stand where they change
  for (std::size_t k = 0; k < shown; ++k) {
    const WrittenLine w = written_line(d, k);
    if (k > 0) out += "  " + std::to_string(k) + ". " + reason(d.lines[k]) + "\n";
    if (w.definitions != known)
      for (const auto& [name, definition] : w.definitions) out += "    where " + name + " = " + definition + "\n";
    known = w.definitions;
    out += (k > 0 ? "= " : "  ") + w.expression + "\n";
    if (k + 1 < shown && !w.marks.empty() && w.marks.back().first + w.marks.back().second <= page)
      out += "  " + underline(w) + "\n";
  }
  if (shown < d.lines.size()) {
    const std::size_t left = d.lines.size() - shown;
    out += "  (" + std::to_string(left) + (left == 1 ? " step is" : " steps are") + " still to be taken)\n";
  }
  return out;
}

std::string derivation_latex(const Derivation& d, std::size_t steps) {
  std::string out = "\\begin{align*}\n";
  const std::size_t shown = shown_lines(d, steps);
  for (std::size_t k = 0; k < shown; ++k) {
    std::string why = d.lines[k].rule;
    if (d.lines[k].chain) why = "chain rule, " + why;
    out += (k > 0 ? "&= " : "&\\phantom{{}={}} ") + latex_line(d, k);
    if (k > 0) out += " && \\text{" + why + "}";
    out += k + 1 < shown ? " \\\\\n" : "\n";
  }
  return out + "\\end{align*}\n";
}

}  // namespace wengert
