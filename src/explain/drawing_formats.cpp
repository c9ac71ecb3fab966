// A picture as DOT and TikZ.
#include <fmt/format.h>

#include <array>

#include "wengert/explain/drawing.hpp"
#include "wengert/print/latex.hpp"

namespace wengert {

namespace {

std::string_view kind_name(DrawnBox::Kind kind) {
  static constexpr std::array<std::string_view, 7> names{"input",  "constant",  "operation", "definition",
                                                         "output", "collapsed", "repeated"};
  return names[static_cast<std::size_t>(kind)];
}

std::string dot_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string to_dot(const Drawing& d) {
  std::string out = "digraph wengert {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"monospace\"];\n";
  for (std::size_t k = 0; k < d.boxes.size(); ++k) {
    std::string label = dot_text(d.boxes[k].title);
    for (const std::string& line : d.boxes[k].lines) label += "\\n" + dot_text(line);
    out += fmt::format("  n{} [label=\"{}\", class=\"{}\"{}];\n", k, label, kind_name(d.boxes[k].kind),
                       d.boxes[k].times > 1 ? ", peripheries=2" : "");
  }
  for (const DrawnArrow& a : d.arrows)
    out += a.label.empty() ? fmt::format("  n{} -> n{};\n", a.from, a.to)
                           : fmt::format("  n{} -> n{} [label=\"{}\"];\n", a.from, a.to, dot_text(a.label));
  return out + "}\n";
}

std::string to_tikz(const Drawing& d) {
  constexpr double scale = 0.024;  // cm a unit of the layout
  const auto at = [](double x, double y) { return fmt::format("({:.2f}, {:.2f})", x * scale, -y * scale); };
  static constexpr std::array<std::string_view, 8> accents{"orange", "blue", "green!60!black", "magenta", "brown",
                                                           "cyan",   "red",  "olive"};
  const auto curve = [&](const DrawnArrow& a, double down, const std::string& label) {
    std::string line = at(a.points[0].first, a.points[0].second + down);
    for (std::size_t k = 1; k < a.points.size(); ++k) {
      const auto [x0, y0] = a.points[k - 1];
      const auto [x1, y1] = a.points[k];
      const double bend = (x1 - x0) * 0.4;
      line += " .. controls " + at(x0 + bend, y0 + down) + " and " + at(x1 - bend, y1 + down) + " .. ";
      if (k + 1 == a.points.size()) line += label;
      line += at(x1, y1 + down);
    }
    return line + ";\n";
  };
  std::string out =
      "\\begin{tikzpicture}[every node/.style={align=center, font=\\ttfamily\\scriptsize}, "
      "box/.style={draw, rounded corners, inner sep=2pt}, >=stealth]\n";
  for (std::size_t k = 0; k < d.boxes.size(); ++k) {
    const DrawnBox& b = d.boxes[k];
    std::string label = latex_text(b.title);
    for (const std::string& line : b.lines) label += "\\\\ " + latex_text(line);
    for (int behind = b.times > 1 ? 2 : 0; behind > 0; --behind)
      out += fmt::format("  \\node[box, minimum width={:.2f}cm, minimum height={:.2f}cm] at {} {{}};\n",
                         b.width * scale, b.height * scale, at(b.x + 3 * behind, b.y - 3 * behind));
    out += fmt::format("  \\node[box, fill=white, minimum width={:.2f}cm, minimum height={:.2f}cm] at {} {{{}}};\n",
                       b.width * scale, b.height * scale, at(b.x, b.y), label);
  }
  for (std::size_t t = 0; t < d.trails.size(); ++t) {
    const double down = 4 * (static_cast<double>(t) - (static_cast<double>(d.trails.size()) - 1) / 2);
    for (const std::size_t a : d.trails[t])
      out += fmt::format("  \\draw[{}, opacity=0.45, line width=3pt] ", accents[t % accents.size()]) +
             curve(d.arrows[a], down, "");
  }
  // Curves by their control points: TeX cannot measure the distances of a wide picture.
  for (const DrawnArrow& a : d.arrows)
    out += "  \\draw[->] " + curve(a, 0,
                                   a.label.empty() ? ""
                                                   : fmt::format("node[fill=white, inner sep=1pt, pos=0.6] {{{}}} ",
                                                                 latex_text(a.label)));
  return out + "\\end{tikzpicture}\n";
}

}  // namespace wengert
