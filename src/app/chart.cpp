#include "app/chart.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace wengert::app {

namespace {

constexpr double chart_width = 640, chart_height = 420, left_margin = 80, right_margin = 20, top_margin = 50, bottom_margin = 60;
// Told apart without colour too.
constexpr const char* strokes[] = {"stroke=\"#1f5fa8\"", "stroke=\"#c0392b\" stroke-dasharray=\"6 3\"",
                                   "stroke=\"#2e7d32\" stroke-dasharray=\"2 3\"",
                                   "stroke=\"#6a1b9a\" stroke-dasharray=\"8 3 2 3\""};

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

bool shown(const std::pair<double, double>& p) {
  return std::isfinite(p.first) && std::isfinite(p.second) && p.first > 0 && p.second > 0;
}

// Whole decades around all numbers.
struct Axis {
  double low = 1e9, high = -1e9;
  void add(double x) {
    low = std::min(low, std::floor(std::log10(x)));
    high = std::max(high, std::ceil(std::log10(x)));
  }
  void close() {
    if (low > high) low = 0, high = 1;
    if (low == high) high += 1;
  }
  double place(double x, double from, double to) const {
    return from + (std::log10(x) - low) / (high - low) * (to - from);
  }
  double step() const { return std::max(1.0, std::ceil((high - low) / 9)); }
};

std::string text(double x, double y, const char* anchor, const std::string& content, const std::string& more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     escaped(content));
}

std::string power(double decade, double x, double y, const char* anchor) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">10<tspan dy=\"-5\" font-size=\"9\">{}</tspan></text>\n", x, y,
      anchor, static_cast<int>(decade));
}

std::string line(double x1, double y1, double x2, double y2) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#dddddd\"/>\n", x1, y1, x2,
                     y2);
}

}  // namespace

std::string log_chart(const Chart& chart) {
  Axis across, up;
  for (const Curve& curve : chart.curves)
    for (const auto& p : curve.points)
      if (shown(p)) across.add(p.first), up.add(p.second);
  across.close();
  up.close();
  const auto x = [&](double v) { return across.place(v, left_margin, chart_width - right_margin); };
  const auto y = [&](double v) { return up.place(v, chart_height - bottom_margin, top_margin); };

  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>{2}</title>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      chart_width, chart_height, escaped(chart.title));
  for (double d = across.low; d <= across.high; d += across.step()) {
    out += line(x(std::pow(10, d)), top_margin, x(std::pow(10, d)), chart_height - bottom_margin);
    out += power(d, x(std::pow(10, d)), chart_height - bottom_margin + 18, "middle");
  }
  for (double d = up.low; d <= up.high; d += up.step()) {
    out += line(left_margin, y(std::pow(10, d)), chart_width - right_margin, y(std::pow(10, d)));
    out += power(d, left_margin - 8, y(std::pow(10, d)) + 4, "end");
  }
  out += text(chart_width / 2, 20, "middle", chart.title, " font-size=\"14\"");
  out += text((left_margin + chart_width - right_margin) / 2, chart_height - 14, "middle", chart.across);
  const double middle = (top_margin + chart_height - bottom_margin) / 2;
  out += text(18, middle, "middle", chart.up, fmt::format(" transform=\"rotate(-90 18 {:.1f})\"", middle));
  for (std::size_t k = 0; k < chart.curves.size(); ++k) {
    const char* stroke = strokes[k % std::size(strokes)];
    std::string path;
    bool down = false;
    for (const auto& p : chart.curves[k].points) {
      if (!shown(p)) {
        down = false;
        continue;
      }
      path += fmt::format("{}{:.1f} {:.1f}", down ? " L" : " M", x(p.first), y(p.second));
      down = true;
    }
    if (!path.empty())
      out += fmt::format("<path d=\"{}\" fill=\"none\" stroke-width=\"2\" {}/>\n", path.substr(1), stroke);
    const double at = left_margin + 10 + 140 * static_cast<double>(k);
    out += fmt::format("<line x1=\"{0:.1f}\" y1=\"38\" x2=\"{1:.1f}\" y2=\"38\" stroke-width=\"2\" {2}/>\n", at,
                       at + 24, stroke);
    out += text(at + 30, 42, "start", chart.curves[k].name);
  }
  return out + "</svg>\n";
}

}  // namespace wengert::app
