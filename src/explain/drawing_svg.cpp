// A picture as SVG.
#include "drawing_svg.hpp"

#include <fmt/format.h>

#include <array>

#include "wengert/print/mathml.hpp"

namespace wengert::drawing {

namespace {

std::string_view kind_name(DrawnBox::Kind kind) {
  static constexpr std::array<std::string_view, 7> names{"input",  "constant",  "operation", "definition",
                                                         "output", "collapsed", "repeated"};
  return names[static_cast<std::size_t>(kind)];
}

constexpr std::string_view light_colors =
    "--ink:#1a1a1a;--paper:#ffffff;--line:#555555;--soft:#5a5a5a;--input:#dbeafe;--output:#dcfce7;--definition:#fef3c7;"
    "--plain:#f4f4f5;--mark:#fde68a;--rule:#d4d4d8;"
    "--a0:#c2410c;--a1:#1d4ed8;--a2:#15803d;--a3:#a21caf;--a4:#b45309;--a5:#0e7490;--a6:#be123c;--a7:#4d7c0f;";
constexpr std::string_view dark_colors =
    "--ink:#f0f0f0;--paper:#16181d;--line:#a0a0a0;--soft:#b8b8b8;--input:#1e3a5f;--output:#14532d;--definition:#54420f;"
    "--plain:#2a2d34;--mark:#5b4a0b;--rule:#3f434c;"
    "--a0:#fb923c;--a1:#93b4ff;--a2:#6ee7a0;--a3:#f0abfc;--a4:#fcd34d;--a5:#67e8f9;--a6:#fda4af;--a7:#bef264;";

std::string curve(const DrawnArrow& a, double down = 0) {
  std::string out = fmt::format("M{:.1f},{:.1f}", a.points[0].first, a.points[0].second + down);
  for (std::size_t k = 1; k < a.points.size(); ++k) {
    const auto [x0, y0] = a.points[k - 1];
    const auto [x1, y1] = a.points[k];
    const double bend = (x1 - x0) * 0.4;
    out += fmt::format(" C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", x0 + bend, y0 + down, x1 - bend, y1 + down, x1,
                       y1 + down);
  }
  return out;
}

// Near the end of the arrow, where arrows that cross have parted.
std::pair<double, double> label_place(const DrawnArrow& a) {
  const auto [x0, y0] = a.points[a.points.size() - 2];
  const auto [x1, y1] = a.points.back();
  return {x0 + 0.6 * (x1 - x0), y0 + 0.648 * (y1 - y0) - 4};  // on the curve at 0.6
}

std::string box(const DrawnBox& b, const std::string& id) {
  std::string out = fmt::format("<g id=\"{}\" class=\"box {}\">", id, kind_name(b.kind));
  for (int behind = b.times > 1 ? 2 : 0; behind >= 0; --behind)  // copies behind each other
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"5\"/>",
                       b.x - b.width / 2 + 3 * behind, b.y - b.height / 2 - 3 * behind, b.width, b.height);
  double y = b.y - 7.5 * static_cast<double>(b.lines.size() + 1) + 12;  // the lines in the middle
  out += fmt::format("<text class=\"title\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", b.x, y,
                     escaped_xml(b.title));
  for (const std::string& line : b.lines)
    out += fmt::format("<text class=\"number{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>",
                       line.starts_with("adjoint") ? " adjoint" : "", b.x, y += 15, escaped_xml(line));
  return out + "</g>\n";
}

}  // namespace

std::string svg_style(Theme theme) {
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
      "svg.wengert .box rect{fill:var(--plain);stroke:var(--line)}svg.wengert .input rect{fill:var(--input)}"
      "svg.wengert .output rect{fill:var(--output)}svg.wengert .definition rect{fill:var(--definition)}"
      "svg.wengert .collapsed rect{stroke-dasharray:4 3}svg.wengert .repeated rect{fill:var(--definition)}"
      "svg.wengert path{fill:none;stroke:var(--line)}svg.wengert marker path{fill:var(--line)}"
      "svg.wengert .trail{stroke-width:5;opacity:.45}";
  for (std::size_t k = 0; k < accents; ++k)
    out += fmt::format("svg.wengert path.k{0}{{stroke:var(--a{0})}}svg.wengert rect.k{0}{{fill:var(--a{0})}}", k);
  return out + "</style>";
}

std::string svg_tip() {
  return "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
         "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\"/></marker></defs>\n";
}

std::string svg_content(const Drawing& d, const std::string& prefix) {
  std::string out, labels;
  for (std::size_t t = 0; t < d.trails.size(); ++t) {
    const double down = 4 * (static_cast<double>(t) - (static_cast<double>(d.trails.size()) - 1) / 2);
    for (const std::size_t a : d.trails[t])
      out += fmt::format("<path class=\"trail k{}\" d=\"{}\"/>\n", t % accents, curve(d.arrows[a], down));
  }
  for (std::size_t k = 0; k < d.arrows.size(); ++k) {
    const DrawnArrow& a = d.arrows[k];
    out += fmt::format(
        "<path id=\"{}arrow-{}\" class=\"arrow\" data-from=\"{}\" data-to=\"{}\" d=\"{}\" "
        "marker-end=\"url(#tip)\"/>\n",
        prefix, k, a.from, a.to, curve(a));
    if (a.label.empty()) continue;
    const auto [x, y] = label_place(a);
    labels += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x, y,
                          escaped_xml(a.label));
  }
  for (std::size_t k = 0; k < d.boxes.size(); ++k) out += box(d.boxes[k], prefix + "box-" + std::to_string(k));
  return out + labels;
}

}  // namespace wengert::drawing

namespace wengert {

std::string to_svg(const Drawing& d, Theme theme) {
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"wengert\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
             "width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
             "aria-labelledby=\"wengert-title wengert-description\">\n<title id=\"wengert-title\">Computational "
             "graph</title>\n<desc id=\"wengert-description\">{2}</desc>\n{3}\n",
             d.width, d.height, escaped_xml(d.description), drawing::svg_style(theme)) +
         drawing::svg_tip() + drawing::svg_content(d) + "</svg>\n";
}

}  // namespace wengert
