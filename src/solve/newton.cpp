// Newton's method by conjugate gradients (J. Nocedal, S. Wright, Numerical Optimization, 2nd ed., algorithm 7.1):
// each product with the Hessian is one forward-over-reverse sweep. A direction of negative curvature ends the
// inner iteration, so that saddles are left; the step is shortened until the value falls enough.
#include <algorithm>
#include <cmath>

#include "objective.hpp"

namespace wengert::solving {

namespace {

void add(Vector& x, double a, const Vector& d) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += a * d[i];
}

Vector direction(Objective& f, const Vector& x, const Vector& gradient) {
  const double size = std::sqrt(dot(gradient, gradient));
  const double wanted = std::min(0.5, std::sqrt(size)) * size;
  Vector z(x.size(), 0.0), r = gradient, d(x.size());
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = -r[i];
  double rr = dot(r, r);
  const std::size_t most = std::max<std::size_t>(20, 2 * x.size());
  for (std::size_t j = 0; j < most; ++j) {
    const Vector hd = f.hessian_times(x, d);
    const double bend = dot(d, hd);
    if (!(bend > 1e-14 * dot(d, d))) return j == 0 ? d : z;
    const double a = rr / bend;
    add(z, a, d);
    add(r, a, hd);
    const double next = dot(r, r);
    if (std::sqrt(next) < wanted) return z;
    for (std::size_t i = 0; i < d.size(); ++i) d[i] = -r[i] + next / rr * d[i];
    rr = next;
  }
  return z;
}

}  // namespace

double newton(Objective& f, const MinimizeOptions& options, Vector& x) {
  static_cast<void>(options);
  Vector gradient;
  double value = f(x, gradient);
  while (f.record(x, value, gradient)) {
    const Vector d = direction(f, x, gradient);
    const double slope = dot(gradient, d);
    double a = 1;
    bool fell = false;
    Vector next, next_gradient;
    double next_value = value;
    for (int tries = 0; tries < 60 && !fell; ++tries, a /= 2) {
      next = x;
      add(next, a, d);
      next_value = f(next, next_gradient);
      fell = next_value <= value + 1e-4 * a * slope;
    }
    if (!fell) return value;
    x = std::move(next);
    gradient = std::move(next_gradient);
    value = next_value;
  }
  return value;
}

}  // namespace wengert::solving
