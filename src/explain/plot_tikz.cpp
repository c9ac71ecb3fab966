// A figure as a tikzpicture.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plot_scale.hpp"
#include "wengert/explain/plot.hpp"
#include "wengert/print/latex.hpp"

namespace wengert {

namespace {

constexpr double paper_width = 10, paper_height = 6.5;  // cm
constexpr std::array<std::string_view, 4> styles{"blue", "red, densely dashed", "green!50!black, densely dotted",
                                                 "violet, dash dot"};

std::string at(double across, double up) {
  return fmt::format("({:.3f},{:.3f})", across * paper_width, std::clamp(up, -10.0, 10.0) * paper_height);
}

// Points without a value break the line; TeX holds some hundreds of points in one.
std::string curve(const explain::FigureScale& scale, const FigureCurve& c, std::string_view style) {
  std::string out;
  bool down = false;
  for (const auto& [x, y] : c.points) {
    if (!scale.shown(y)) {
      if (down) out += ";\n";
      down = false;
      continue;
    }
    out += (down ? " -- " : fmt::format("    \\draw[{}, thick] ", style)) + at(scale.across(x), scale.up(y));
    down = true;
  }
  return down ? out + ";\n" : out;
}

std::string frame(const explain::FigureScale& scale, const Figure& f) {
  std::string out;
  for (const auto& tick : scale.ticks_across())
    out += fmt::format("  \\draw[gray!35] {} -- {};\n  \\node[below] at {} {{{}}};\n", at(tick.at, 0), at(tick.at, 1),
                       at(tick.at, 0), latex_text(tick.label));
  for (const auto& tick : scale.ticks_up())
    out += fmt::format("  \\draw[gray!35] {} -- {};\n  \\node[left] at {} {{{}}};\n", at(0, tick.at), at(1, tick.at),
                       at(0, tick.at), latex_text(tick.label));
  out += fmt::format("  \\draw {} rectangle {};\n", at(0, 0), at(1, 1));
  out += fmt::format("  \\node[above=12pt] at {} {{\\texttt{{{}}}}};\n", at(0.5, 1), latex_text(f.title));
  out += fmt::format("  \\node[below=14pt] at {} {{{}}};\n", at(0.5, 0), latex_text(f.across));
  if (!f.up.empty())
    out += fmt::format("  \\node[rotate=90, above=28pt] at {} {{{}}};\n", at(0, 0.5), latex_text(f.up));
  return out;
}

std::string legend(const Figure& f) {
  std::string out;
  double x = 0;
  const auto entry = [&](const std::string& sign, const std::string& name) {
    out +=
        fmt::format("  \\node[right] at ({:.2f},{:.2f}) {{{} {}}};\n", x, paper_height + 0.28, sign, latex_text(name));
    x += 1.3 + 0.19 * static_cast<double>(name.size());
  };
  for (std::size_t k = 0; k < f.curves.size(); ++k)
    entry(fmt::format("\\tikz[baseline=-0.6ex]\\draw[{}, thick] (0,0) -- (0.6,0);", styles[k % 4]), f.curves[k].name);
  for (std::size_t k = 0; k < f.dots.size(); ++k) entry(k % 2 == 0 ? "$\\circ$" : "$\\times$", f.dots[k].name);
  return out;
}

}  // namespace

std::string to_tikz(const Figure& f) {
  const explain::FigureScale scale(f);
  std::string out = "\\begin{tikzpicture}[every node/.style={font=\\scriptsize}]\n" + frame(scale, f) +
                    fmt::format("  \\begin{{scope}}\n    \\clip {} rectangle {};\n", at(0, 0), at(1, 1));
  for (std::size_t k = 0; k < f.curves.size(); ++k) out += curve(scale, f.curves[k], styles[k % 4]);
  for (std::size_t k = 0; k < f.contours.size(); ++k) {
    const std::size_t shade = f.contours.size() == 1 ? 100 : 35 + 65 * k / (f.contours.size() - 1);
    for (const auto& [a, b] : f.contours[k].segments)
      out += fmt::format("    \\draw[blue!{}] {} -- {};\n", shade, at(scale.across(a.first), scale.up(a.second)),
                         at(scale.across(b.first), scale.up(b.second)));
    if (f.contours[k].segments.empty()) continue;
    const auto& middle = f.contours[k].segments[f.contours[k].segments.size() / 2].first;
    out += fmt::format("    \\node[font=\\tiny] at {} {{{}}};\n",
                       at(scale.across(middle.first), scale.up(middle.second)), latex_text(brief(f.contours[k].level)));
  }
  for (std::size_t k = 0; k < f.dots.size(); ++k)
    for (const auto& [x, y] : f.dots[k].points)
      out += fmt::format("    \\node[font=\\normalsize] at {} {{{}}};\n", at(scale.across(x), scale.up(y)),
                         k % 2 == 0 ? "$\\circ$" : "$\\times$");
  return out + "  \\end{scope}\n" + legend(f) + "\\end{tikzpicture}\n";
}

}  // namespace wengert
