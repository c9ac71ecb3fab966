#include "plot_scale.hpp"

#include <algorithm>
#include <cmath>

namespace wengert::explain {

namespace {

double round_step(double span) {
  const double raw = span / 6, power = std::pow(10, std::floor(std::log10(raw)));
  const double times = raw / power;
  return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
}

}  // namespace

FigureScale::FigureScale(const Figure& figure) : f_(figure), across_(figure.range_across), up_(figure.range_up) {
  if (!(across_.low < across_.high)) across_ = fitted(true);
  if (!(up_.low < up_.high)) up_ = fitted(false);
}

double FigureScale::height(double y) const { return f_.logarithmic ? std::log10(y) : y; }
bool FigureScale::shown(double y) const { return std::isfinite(y) && (!f_.logarithmic || y > 0); }

// What the data needs; of values that shoot off, the middle nine tenths and as much again.
Interval FigureScale::fitted(bool horizontal) const {
  std::vector<double> all;
  for (const FigureCurve& c : f_.curves)
    for (const auto& [x, y] : c.points)
      if (shown(y)) all.push_back(horizontal ? x : height(y));
  for (const FigureDots& d : f_.dots)
    for (const auto& [x, y] : d.points) all.push_back(horizontal ? x : height(y));
  if (all.empty()) return {0, 1};
  std::sort(all.begin(), all.end());
  Interval r{all.front(), all.back()};
  if (!horizontal) {
    const double low = all[all.size() / 20], high = all[all.size() - 1 - all.size() / 20],
                 middle = std::max(high - low, 1e-300);
    r.low = std::max(r.low, low - middle);
    r.high = std::min(r.high, high + middle);
  }
  const double margin =
      r.low < r.high ? (r.high - r.low) * (horizontal ? 0 : 0.05) : std::max(std::fabs(r.low) * 0.1, 0.5);
  return {r.low - margin, r.high + margin};
}

std::vector<FigureScale::Tick> FigureScale::ticks_across() const {
  std::vector<Tick> all;
  const double step = round_step(across_.high - across_.low);
  for (double v = std::ceil(across_.low / step) * step; v <= across_.high + step * 1e-9; v += step)
    all.push_back({across(v), brief(std::fabs(v) < step * 1e-9 ? 0 : v)});
  return all;
}

std::vector<FigureScale::Tick> FigureScale::ticks_up() const {
  std::vector<Tick> all;
  const double round = round_step(up_.high - up_.low), step = f_.logarithmic ? std::max(1.0, round) : round;
  for (double v = std::ceil(up_.low / step) * step; v <= up_.high + step * 1e-9; v += step)
    all.push_back({(v - up_.low) / (up_.high - up_.low),
                   f_.logarithmic ? "1e" + brief(v) : brief(std::fabs(v) < step * 1e-9 ? 0 : v)});
  return all;
}

}  // namespace wengert::explain
