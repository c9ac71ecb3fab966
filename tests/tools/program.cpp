#include "program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wengert::test {

std::string describe(const Program& program, const Point& at) { return fmt::format("{} at {}", program.text, at); }

Point value(const Program& program, const Point& at) { return Sweep<double>(program, at).value(); }
Point push(const Program& program, const Point& at, const Point& tangent) { return Sweep<double>(program, at).push(tangent); }
Point pull(const Program& program, const Point& at, const Point& cotangent) { return Sweep<double>(program, at).pull(cotangent); }

Program with_output(const Program& program, const Expr& output) {
  Program other = program;
  other.output = output;
  return other;
}

Point pull_of_push(const Program& program, const Point& at, const Point& v, const Point& cotangent) {
  std::vector<Dual<double>> x(at.size()), w(cotangent.size());
  for (std::size_t i = 0; i < at.size(); ++i) x[i] = {at[i], {v[i]}};
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = {cotangent[i], {0.0}};
  Point out;
  for (const auto& d : Sweep<Dual<double>>(program, x).pull(w)) out.push_back(d.t[0]);
  return out;
}

double ulps(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  if (!std::isfinite(a) || !std::isfinite(b)) return std::numeric_limits<double>::infinity();
  const double large = std::max(std::fabs(a), std::fabs(b));
  return std::fabs(a - b) / (large - std::nextafter(large, 0.0));
}

double relative_distance(const Point& a, const Point& b) {
  double size = 1e-300, gap = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) return std::numeric_limits<double>::infinity();
    gap = std::max(gap, std::fabs(a[i] - b[i]));
  }
  for (std::size_t i = 0; i < a.size(); ++i)
    for (double c : {a[i], b[i]})
      if (std::isfinite(c)) size = std::max(size, std::fabs(c));
  return gap / size;
}

double largest(const Point& a) {
  double m = 0;
  for (double x : a) m = std::max(m, std::fabs(x));
  return m;
}

double dot(const Point& a, const Point& b) {
  double s = 0;
  for (std::size_t i = 0; i < a.size(); ++i) s += a[i] * b[i];
  return s;
}

double dot_of_sizes(const Point& a, const Point& b) {
  double s = 0;
  for (std::size_t i = 0; i < a.size(); ++i) s += std::fabs(a[i] * b[i]);
  return s;
}

std::uint64_t Random::next() {  // splitmix64
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

double Random::between(double low, double high) {
  return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1p-53);
}

Point Random::around_one(std::size_t n) {
  Point x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(between(0.5, 1.5) * ((next() & 1u) != 0 ? 1 : -1));
  return x;
}

}  // namespace wengert::test
