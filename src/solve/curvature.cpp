// The ends of the Hessian's spectrum, by power iteration on products with it.
#include <cmath>

#include "objective.hpp"

namespace wengert::solving {

namespace {

constexpr int sweeps = 60;

void normalise(Vector& v) {
  const double size = std::sqrt(dot(v, v));
  for (double& x : v) x /= size;
}

// The eigenvalue of H - shift of the greatest magnitude, shift added again.
double dominant(Objective& f, const Vector& x, double shift) {
  Vector v(x.size());
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = 1 + 0.37 * std::sin(1.0 + static_cast<double>(i));
  normalise(v);
  double eigenvalue = 0;
  for (int k = 0; k < sweeps; ++k) {
    Vector w = f.hessian_times(x, v);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= shift * v[i];
    const double next = dot(v, w), size = std::sqrt(dot(w, w));
    if (!(size > 0) || !std::isfinite(size)) return shift;
    const bool settled = std::fabs(next - eigenvalue) <= 1e-10 * std::fabs(next);
    eigenvalue = next;
    v = std::move(w);
    normalise(v);
    if (settled && k > 4) break;
  }
  return eigenvalue + shift;
}

}  // namespace

Curvature curvature(Objective& f, const Vector& x) {
  const double one = dominant(f, x, 0), other = dominant(f, x, one);
  return {std::min(one, other), std::max(one, other)};
}

}  // namespace wengert::solving
