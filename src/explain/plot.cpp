#include "wengert/explain/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "wengert/print/text.hpp"

namespace wengert {

namespace {

std::string name_of(const Problem& p, NodeId input) { return p.graph->input_of(input).name; }

std::string short_text(const Problem& p) {
  return to_text(Expr(*p.graph, p.output), {.share = false, .limit = 60}).all();
}

double between(Interval r, std::size_t k, std::size_t n) {
  return r.low + (r.high - r.low) * static_cast<double>(k) / static_cast<double>(n - 1);
}

using Dot = std::pair<double, double>;

// One cell of the grid: where the level crosses its sides, corners counted round it. A saddle is decided by the middle.
void cross(const std::array<Dot, 4>& corner, const std::array<double, 4>& value, FigureContour& out) {
  std::vector<Dot> hits;
  for (std::size_t k = 0; k < 4; ++k) {
    const std::size_t next = (k + 1) % 4;
    const double a = value[k] - out.level, b = value[next] - out.level;
    if ((a < 0) == (b < 0)) continue;
    const double t = a / (a - b);
    hits.emplace_back(corner[k].first + t * (corner[next].first - corner[k].first),
                      corner[k].second + t * (corner[next].second - corner[k].second));
  }
  if (hits.size() == 2) out.segments.emplace_back(hits[0], hits[1]);
  if (hits.size() != 4) return;
  const bool middle_below = (value[0] + value[1] + value[2] + value[3]) / 4 < out.level;
  const std::size_t shift = middle_below == (value[0] < out.level) ? 0 : 1;
  out.segments.emplace_back(hits[shift], hits[shift + 1]);
  out.segments.emplace_back(hits[shift + 2], hits[(shift + 3) % 4]);
}

}  // namespace

Figure curve(const Problem& problem, NodeId x, Interval range, const Point& point, std::size_t samples, Engine engine) {
  const std::string by = name_of(problem, x);
  Figure figure{.title = short_text(problem), .across = by, .up = "", .curves = {{"value", {}}, {"d/d" + by, {}}}};
  std::vector<double> where(samples), value(samples), slope(samples);
  for (std::size_t k = 0; k < samples; ++k) where[k] = between(range, k, samples);
  Repeated f({problem.graph, problem.output, {x}, problem.threads}, point, {.engine = engine, .threads = problem.threads});
  f.batch(samples, where.data(), value.data(), slope.data());
  for (std::size_t k = 0; k < samples; ++k) {
    figure.curves[0].points.emplace_back(where[k], value[k]);
    figure.curves[1].points.emplace_back(where[k], slope[k]);
  }
  figure.range_across = range;
  return figure;
}

Figure surface(const Problem& problem, NodeId x, Interval across, NodeId z, Interval up, const Point& point,
               std::vector<double> levels, std::size_t samples, Engine engine) {
  Figure figure{.title = short_text(problem),
                .across = name_of(problem, x),
                .up = name_of(problem, z),
                .range_across = across,
                .range_up = up};
  const std::size_t n = samples * samples;
  std::vector<double> at(2 * n), value(n);
  for (std::size_t k = 0; k < n; ++k) {
    at[k] = between(across, k % samples, samples);
    at[n + k] = between(up, k / samples, samples);
  }
  Repeated f({problem.graph, problem.output, {x, z}, problem.threads}, point, {.engine = engine, .threads = problem.threads});
  f.batch(n, at.data(), value.data(), nullptr);
  double low = INFINITY, high = -INFINITY;
  for (std::size_t k = 0; k < n; ++k) {
    figure.grid.push_back({{at[k], at[n + k]}, value[k]});
    if (std::isfinite(value[k])) low = std::min(low, value[k]), high = std::max(high, value[k]);
  }
  if (levels.empty() && low < high)
    for (int k = 1; k <= 10; ++k) levels.push_back(low + (high - low) * k / 11);
  for (const double level : levels) {
    FigureContour contour{level, {}};
    for (std::size_t r = 0; r + 1 < samples; ++r)
      for (std::size_t c = 0; c + 1 < samples; ++c) {
        const std::array<std::size_t, 4> cell{r * samples + c, r * samples + c + 1, (r + 1) * samples + c + 1,
                                              (r + 1) * samples + c};
        std::array<Dot, 4> corner;
        std::array<double, 4> v{};
        for (std::size_t k = 0; k < 4; ++k) corner[k] = figure.grid[cell[k]].first, v[k] = value[cell[k]];
        if (std::all_of(v.begin(), v.end(), [](double a) { return std::isfinite(a); })) cross(corner, v, contour);
      }
    figure.contours.push_back(std::move(contour));
  }
  return figure;
}

std::string to_csv(const Figure& f) {
  std::string out;
  if (!f.grid.empty()) {
    out = f.across + "," + f.up + ",value\n";
    for (const auto& [where, value] : f.grid)
      out += shortest(where.first) + "," + shortest(where.second) + "," + shortest(value) + "\n";
    return out;
  }
  out = f.across;
  for (const FigureCurve& c : f.curves) out += "," + c.name;
  out += "\n";
  for (std::size_t k = 0; !f.curves.empty() && k < f.curves[0].points.size(); ++k) {
    out += shortest(f.curves[0].points[k].first);
    for (const FigureCurve& c : f.curves) out += "," + shortest(c.points[k].second);
    out += "\n";
  }
  return out;
}

}  // namespace wengert
