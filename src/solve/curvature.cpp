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

Vector beginning(std::size_t n) {
  Vector v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = 1 + 0.37 * std::sin(1.0 + static_cast<double>(i));
  normalise(v);
  return v;
}

// The growth of products with H: the greatest magnitude of an eigenvalue, whatever its sign.
double magnitude(Objective& f, const Vector& x) {
  Vector v = beginning(x.size());
  double size = 0;
  for (int k = 0; k < sweeps; ++k) {
    v = f.hessian_times(x, v);
    const double next = std::sqrt(dot(v, v));
    if (!(next > 0) || !std::isfinite(next)) return size;
    const bool settled = std::fabs(next - size) <= 1e-6 * next;
    size = next;
    normalise(v);
    if (settled && k > 4) break;
  }
  return size;
}

// The eigenvalue of H that is farthest from -shift: H + shift has no other of that sign.
double end(Objective& f, const Vector& x, double shift) {
  Vector v = beginning(x.size());
  double eigenvalue = 0;
  for (int k = 0; k < sweeps; ++k) {
    Vector w = f.hessian_times(x, v);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] += shift * v[i];
    const double next = dot(v, w), size = std::sqrt(dot(w, w));
    if (!(size > 0) || !std::isfinite(size)) return -shift;
    const bool settled = std::fabs(next - eigenvalue) <= 1e-10 * std::fabs(next);
    eigenvalue = next;
    v = std::move(w);
    normalise(v);
    if (settled && k > 4) break;
  }
  return eigenvalue - shift;
}

}  // namespace

Curvature curvature(Objective& f, const Vector& x) {
  const double size = magnitude(f, x);
  return {end(f, x, -size), end(f, x, size)};
}

}  // namespace wengert::solving
