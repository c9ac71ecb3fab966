// A figure as SVG: axes with round numbers, curves told apart without colour too.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plot_scale.hpp"
#include "wengert/explain/plot.hpp"
#include "wengert/print/mathml.hpp"

namespace wengert {

namespace {

constexpr double width = 640, height = 440, left = 70, right = 20, top = 56, bottom = 50;

constexpr std::string_view light =
    "--ink:#1a1a1a;--paper:#fff;--grid:#e2e2e2;--a:#1f5fa8;--b:#c0392b;--c:#2e7d32;--d:#6a1b9a;";
constexpr std::string_view dark =
    "--ink:#f0f0f0;--paper:#16181d;--grid:#3a3d45;--a:#7fb2f0;--b:#ff8a7a;--c:#7fd089;--d:#c99be8;";

std::string style(Theme theme) {
  std::string out = fmt::format("<style>svg.figure{{{}}}", theme == Theme::dark ? dark : light);
  if (theme == Theme::automatic) out += fmt::format("@media(prefers-color-scheme:dark){{svg.figure{{{}}}}}", dark);
  return out +
         "svg.figure{font:12px system-ui,sans-serif}svg.figure text{fill:var(--ink)}svg.figure "
         ".paper{fill:var(--paper)}"
         "svg.figure .grid{stroke:var(--grid)}svg.figure .curve{fill:none;stroke-width:2}svg.figure "
         ".contour{fill:none;stroke:var(--a)}"
         "svg.figure .k0{stroke:var(--a)}svg.figure .k1{stroke:var(--b);stroke-dasharray:6 3}svg.figure "
         ".k2{stroke:var(--c);stroke-dasharray:2 3}"
         "svg.figure .k3{stroke:var(--d);stroke-dasharray:8 3 2 3}svg.figure "
         ".dot{stroke-width:1.5;fill:none}</style>\n";
}

class Canvas {
 public:
  Canvas(const Figure& f, Theme theme) : f_(f), theme_(theme), scale_(f) {}

  std::string draw() {
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"figure\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\">\n<title>{2}</title>\n",
        width, height, escaped_xml(f_.title));
    out_ += style(theme_) + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";
    axes();
    out_ += fmt::format(
        "<clipPath id=\"inside\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n<g "
        "clip-path=\"url(#inside)\">\n",
        left, top, width - left - right, height - top - bottom);
    for (std::size_t k = 0; k < f_.curves.size(); ++k) curve(k);
    for (std::size_t k = 0; k < f_.contours.size(); ++k) contour(k);
    for (std::size_t k = 0; k < f_.dots.size(); ++k) dots(k);
    out_ += "</g>\n";
    legend();
    return out_ + "</svg>\n";
  }

 private:
  static double place_across(double share) { return left + share * (width - left - right); }
  static double place_up(double share) { return height - bottom - share * (height - top - bottom); }
  double x(double v) const { return place_across(scale_.across(v)); }
  double y(double v) const { return place_up(scale_.up(v)); }

  void text(double at_x, double at_y, const char* anchor, const std::string& content, const std::string& more = "") {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", at_x, at_y, anchor, more,
                        escaped_xml(content));
  }
  void line(double x1, double y1, double x2, double y2, const char* kind) {
    out_ += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kind, x1, y1,
                        x2, y2);
  }

  void axes() {
    for (const auto& tick : scale_.ticks_across()) {
      const double at = place_across(tick.at);
      line(at, top, at, height - bottom, "grid");
      text(at, height - bottom + 16, "middle", tick.label);
    }
    for (const auto& tick : scale_.ticks_up()) {
      const double at = place_up(tick.at);
      line(left, at, width - right, at, "grid");
      text(left - 6, at + 4, "end", tick.label);
    }
    text(width / 2, 20, "middle", f_.title, " font-size=\"14\"");
    text((left + width - right) / 2, height - 12, "middle", f_.across);
    const double middle = (top + height - bottom) / 2;
    if (!f_.up.empty()) text(16, middle, "middle", f_.up, fmt::format(" transform=\"rotate(-90 16 {:.1f})\"", middle));
  }

  void curve(std::size_t k) {
    std::string path;
    bool down = false;
    for (const auto& [px, py] : f_.curves[k].points) {
      if (!scale_.shown(py)) {
        down = false;
        continue;
      }
      path += fmt::format("{}{:.1f},{:.1f}", down ? "L" : "M", x(px), std::clamp(y(py), -1e5, 1e5));
      down = true;
    }
    if (!path.empty()) out_ += fmt::format("<path class=\"curve k{}\" d=\"{}\"/>\n", k % 4, path);
  }

  void contour(std::size_t k) {
    std::string path;
    for (const auto& [a, b] : f_.contours[k].segments)
      path += fmt::format("M{:.1f},{:.1f}L{:.1f},{:.1f}", x(a.first), y(a.second), x(b.first), y(b.second));
    if (path.empty()) return;
    const double strength = f_.contours.size() == 1
                                ? 1
                                : 0.35 + 0.65 * static_cast<double>(k) / static_cast<double>(f_.contours.size() - 1);
    out_ += fmt::format("<path class=\"contour\" opacity=\"{:.2f}\" d=\"{}\"><title>{}</title></path>\n", strength,
                        path, brief(f_.contours[k].level));
    const auto& at = f_.contours[k].segments[f_.contours[k].segments.size() / 2].first;
    text(x(at.first), y(at.second), "middle", brief(f_.contours[k].level), " font-size=\"10\"");
  }

  void dots(std::size_t k) {
    for (const auto& [px, py] : f_.dots[k].points) {
      const double cx = x(px), cy = y(py);
      if (k % 2 == 0)
        out_ += fmt::format("<circle class=\"dot k0\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/>\n", cx, cy);
      else
        out_ += fmt::format(
            "<path class=\"dot k{0}\" style=\"stroke-dasharray:none\" "
            "d=\"M{1:.1f},{3:.1f}L{2:.1f},{4:.1f}M{1:.1f},{4:.1f}L{2:.1f},{3:.1f}\"/>\n",
            k % 4, cx - 5, cx + 5, cy - 5, cy + 5);
    }
  }

  void legend() {
    double at = left;
    const auto entry = [&](const std::string& name, std::size_t k) {
      out_ += fmt::format("<line class=\"curve k{}\" x1=\"{:.1f}\" y1=\"40\" x2=\"{:.1f}\" y2=\"40\"/>\n", k % 4, at,
                          at + 24);
      text(at + 30, 44, "start", name);
      at += 50 + 7 * static_cast<double>(name.size());
    };
    for (std::size_t k = 0; k < f_.curves.size(); ++k) entry(f_.curves[k].name, k);
    for (std::size_t k = 0; k < f_.dots.size(); ++k) {
      text(at, 44, "start", (k % 2 == 0 ? "○ " : "× ") + f_.dots[k].name);
      at += 40 + 7 * static_cast<double>(f_.dots[k].name.size());
    }
  }

  const Figure& f_;
  Theme theme_;
  explain::FigureScale scale_;
  std::string out_;
};

}  // namespace

std::string to_svg(const Figure& figure, Theme theme) { return Canvas(figure, theme).draw(); }

}  // namespace wengert
