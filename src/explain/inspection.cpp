#include "inspection.hpp"

#include <cmath>

#include "wengert/print/text.hpp"

namespace wengert::explain {

Inspection::Inspection(const Problem& p, const Point& point, Keep keep)
    : graph(*p.graph), tape(Tape::record(graph, std::span(&p.output, 1), p.wrt, keep)), frame(tape) {
  give_inputs(frame, point, [](double x) { return x; });
  evaluate(frame);
  live = live_elements(frame);
  varying.assign(tape.slot_count(), false);
  for (const Tape::Given& g : tape.inputs()) varying[g.slot] = true;
  for (const Instruction& i : tape.code())
    for (SlotId a : tape.arguments(i)) varying[i.out] = varying[i.out] || varying[a];
}

std::string title(const Row& row) {
  return row.info->notation == Notation::call ? std::string(row.info->name) : "`" + std::string(row.info->name) + "`";
}

std::string listed(const double* x, std::size_t n) {
  std::string out;
  for (std::size_t j = 0; j < n; ++j) out += (j > 0 ? ", " : "") + shortest(x[j]);
  return out;
}

std::string what_happened(Op op, const Row& row, const double* x, std::size_t n, double y) {
  const bool huge = std::isinf(y) && (op == op_of<Exp> || op == op_of<Expm1> || op == op_of<Mul> || op == op_of<Add> || op == op_of<Sub> ||
                                      op == op_of<Sinh> || op == op_of<Cosh> || (op == op_of<Gamma> && x[0] > 1) ||
                                      (op == op_of<Div> && x[1] != 0) || (op == op_of<Pow> && x[0] != 0));
  return title(row) + " of " + listed(x, n) + " is " + shortest(y) +
         (huge ? ": larger than any double" : std::isnan(y) ? ": outside its domain" : ": a pole");
}

std::vector<std::string> value_names(const Graph& graph, const Tape& tape) {
  std::vector<std::string> names(tape.slot_count());
  std::size_t unnamed = 0;
  for (SlotId s = 0; s < tape.slot_count(); ++s) {
    const NodeId id = tape.node(s);
    if (graph[id].op == Op::constant) continue;
    if (graph[id].op == Op::input) names[s] = graph.input_of(id).name;
    else if (const std::string* name = graph.name_of(id)) names[s] = *name;
    else names[s] = "v" + std::to_string(++unnamed);
  }
  return names;
}

std::string brief(Graph& graph, NodeId node, std::size_t most) {
  const Text t = to_text(Expr(graph, node), {.share = false, .limit = 4 * most + 64});
  std::size_t characters = 0, cut = std::string::npos;
  for (std::size_t b = 0; b < t.expression.size(); ++b)
    if ((static_cast<unsigned char>(t.expression[b]) & 0xc0) != 0x80 && ++characters == most - 2) cut = b;
  return characters > most && cut != std::string::npos ? t.expression.substr(0, cut) + "..." : t.expression;
}

std::string located(const Sources& sources, const Span& span) {
  if (!span.known()) return {};
  const Position p = sources.position(span);
  const std::string& name = sources.name(span.source);
  return (name.empty() ? "" : name + ", ") + "line " + std::to_string(p.line) + ", column " + std::to_string(p.column);
}

std::string marked_line(const Sources& sources, const Span& span) {
  if (!span.known()) return {};
  const Position p = sources.position(span);
  const std::string line(sources.line(span));
  if (line.size() > 96) return {};
  return "  | " + line + "\n  | " + std::string(p.column - 1, ' ') + std::string(std::max<std::uint32_t>(p.length, 1), '^') + "\n";
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string out;
  const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
  std::size_t column = blanks, at = blanks;
  out.append(blanks, ' ');
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::size_t length = end - at;
    if (column > indent && column + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > blanks) {
      out += ' ';
      ++column;
    }
    out.append(text, at, length);
    column += length;
    at = end + 1;
  }
  return out;
}

}  // namespace wengert::explain
