// A picture as SVG, DOT and TikZ.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "wengert/explain/drawing.hpp"
#include "wengert/print/latex.hpp"

namespace wengert {

namespace {

std::string xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string_view kind_name(DrawnBox::Kind kind) {
  static constexpr std::array<std::string_view, 6> names{"input",      "constant", "operation",
                                                         "definition", "output",   "collapsed"};
  return names[static_cast<std::size_t>(kind)];
}

constexpr std::string_view light_colors =
    "--ink:#1a1a1a;--paper:#ffffff;--line:#555555;--soft:#5a5a5a;--input:#dbeafe;--output:#dcfce7;--definition:#fef3c7;"
    "--plain:#f4f4f5;";
constexpr std::string_view dark_colors =
    "--ink:#f0f0f0;--paper:#16181d;--line:#a0a0a0;--soft:#b8b8b8;--input:#1e3a5f;--output:#14532d;--definition:#54420f;"
    "--plain:#2a2d34;";

std::string style(Theme theme) {
  std::string out = "<style>";
  if (theme == Theme::dark)
    out += fmt::format("svg.wengert{{{}}}", dark_colors);
  else
    out += fmt::format("svg.wengert{{{}}}", light_colors);
  if (theme == Theme::automatic)
    out += fmt::format("@media(prefers-color-scheme:dark){{svg.wengert{{{}}}}}", dark_colors);
  out +=
      "svg.wengert{font:12px ui-monospace,monospace;background:var(--paper)}"
      "svg.wengert text{fill:var(--ink)}svg.wengert .label,svg.wengert .number{fill:var(--soft)}"
      "svg.wengert .label{paint-order:stroke;stroke:var(--paper);stroke-width:4px}"
      "svg.wengert .title{font-weight:bold}"
      "svg.wengert rect{fill:var(--plain);stroke:var(--line)}svg.wengert .input rect{fill:var(--input)}"
      "svg.wengert .output rect{fill:var(--output)}svg.wengert .definition rect{fill:var(--definition)}"
      "svg.wengert .collapsed rect{stroke-dasharray:4 3}"
      "svg.wengert path{fill:none;stroke:var(--line)}svg.wengert marker path{fill:var(--line)}</style>";
  return out;
}

std::string curve(const DrawnArrow& a) {
  std::string out = fmt::format("M{:.1f},{:.1f}", a.points[0].first, a.points[0].second);
  for (std::size_t k = 1; k < a.points.size(); ++k) {
    const auto [x0, y0] = a.points[k - 1];
    const auto [x1, y1] = a.points[k];
    const double bend = (x1 - x0) * 0.4;
    out += fmt::format(" C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", x0 + bend, y0, x1 - bend, y1, x1, y1);
  }
  return out;
}

// Near the end of the arrow, where arrows that cross have parted.
std::pair<double, double> label_place(const DrawnArrow& a) {
  const auto [x0, y0] = a.points[a.points.size() - 2];
  const auto [x1, y1] = a.points.back();
  return {x0 + 0.6 * (x1 - x0), y0 + 0.648 * (y1 - y0) - 4};  // on the curve at 0.6
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

std::string to_svg(const Drawing& d, Theme theme) {
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"wengert\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" role=\"img\" "
      "aria-labelledby=\"wengert-title wengert-description\">\n<title id=\"wengert-title\">Computational "
      "graph</title>\n<desc id=\"wengert-description\">{2}</desc>\n{3}\n",
      d.width, d.height, xml(d.description), style(theme));
  out +=
      "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
      "orient=\"auto\"><path "
      "d=\"M0,0 L8,4 L0,8 z\"/></marker></defs>\n";
  std::string labels;
  for (std::size_t k = 0; k < d.arrows.size(); ++k) {
    const DrawnArrow& a = d.arrows[k];
    out += fmt::format(
        "<path id=\"arrow-{}\" class=\"arrow\" data-from=\"{}\" data-to=\"{}\" d=\"{}\" marker-end=\"url(#tip)\"/>\n",
        k, a.from, a.to, curve(a));
    if (a.label.empty()) continue;
    const auto [x, y] = label_place(a);
    labels += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x, y,
                          xml(a.label));
  }
  for (std::size_t k = 0; k < d.boxes.size(); ++k) {
    const DrawnBox& b = d.boxes[k];
    out += fmt::format(
        "<g id=\"box-{}\" class=\"box {}\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
        "rx=\"5\"/>",
        k, kind_name(b.kind), b.x - b.width / 2, b.y - b.height / 2, b.width, b.height);
    double y = b.y - b.height / 2 + 17;
    out += fmt::format("<text class=\"title\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", b.x, y,
                       xml(b.title));
    for (const std::string& line : b.lines)
      out += fmt::format("<text class=\"number\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", b.x,
                         y += 15, xml(line));
    out += "</g>\n";
  }
  return out + labels + "</svg>\n";
}

std::string to_dot(const Drawing& d) {
  std::string out = "digraph wengert {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"monospace\"];\n";
  for (std::size_t k = 0; k < d.boxes.size(); ++k) {
    std::string label = dot_text(d.boxes[k].title);
    for (const std::string& line : d.boxes[k].lines) label += "\\n" + dot_text(line);
    out += fmt::format("  n{} [label=\"{}\", class=\"{}\"];\n", k, label, kind_name(d.boxes[k].kind));
  }
  for (const DrawnArrow& a : d.arrows)
    out += a.label.empty() ? fmt::format("  n{} -> n{};\n", a.from, a.to)
                           : fmt::format("  n{} -> n{} [label=\"{}\"];\n", a.from, a.to, dot_text(a.label));
  return out + "}\n";
}

std::string to_tikz(const Drawing& d) {
  constexpr double scale = 0.024;  // cm a unit of the layout
  const auto at = [](double x, double y) { return fmt::format("({:.2f}, {:.2f})", x * scale, -y * scale); };
  std::string out =
      "\\begin{tikzpicture}[every node/.style={align=center, font=\\ttfamily\\scriptsize}, "
      "box/.style={draw, rounded corners, inner sep=2pt}, >=stealth]\n";
  for (std::size_t k = 0; k < d.boxes.size(); ++k) {
    const DrawnBox& b = d.boxes[k];
    std::string label = latex_text(b.title);
    for (const std::string& line : b.lines) label += "\\\\ " + latex_text(line);
    out += fmt::format("  \\node[box, minimum width={:.2f}cm, minimum height={:.2f}cm] at {} {{{}}};\n", b.width * scale,
                       b.height * scale, at(b.x, b.y), label);
  }
  // Curves by their control points: TeX cannot measure the distances of a wide picture.
  for (const DrawnArrow& a : d.arrows) {
    out += "  \\draw[->] " + at(a.points[0].first, a.points[0].second);
    for (std::size_t k = 1; k < a.points.size(); ++k) {
      const auto [x0, y0] = a.points[k - 1];
      const auto [x1, y1] = a.points[k];
      const double bend = (x1 - x0) * 0.4;
      out += " .. controls " + at(x0 + bend, y0) + " and " + at(x1 - bend, y1) + " .. ";
      if (k + 1 == a.points.size() && !a.label.empty())
        out += fmt::format("node[fill=white, inner sep=1pt, pos=0.6] {{{}}} ", latex_text(a.label));
      out += at(x1, y1);
    }
    out += ";\n";
  }
  return out + "\\end{tikzpicture}\n";
}

}  // namespace wengert
