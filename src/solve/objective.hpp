// The function to be minimised on one long vector, with a record of its evaluations.
#pragma once
#include "wengert/modes/repeated.hpp"
#include "wengert/solve/minimize.hpp"

namespace wengert::solving {

using Vector = std::vector<double>;

class Objective {
 public:
  Objective(const Problem& problem, const Point& start, const MinimizeOptions& options);

  // f at x and its gradient.
  double operator()(const Vector& x, Vector& gradient);
  Vector hessian_times(const Vector& x, const Vector& v);
  const Vector& start() const { return start_; }
  std::uint64_t evaluations() const { return evaluations_; }

  // A step taken; false once the caller is to stop, for the reason then set.
  bool record(const Vector& x, double value, const Vector& gradient);
  std::optional<Stop> stopped() const { return stopped_; }
  Minimum result(const Vector& x, double value, Stop otherwise);

 private:
  const Problem problem_;
  const MinimizeOptions options_;
  Repeated function_;
  Vector start_;
  std::uint64_t evaluations_ = 0;
  std::vector<MinimizeStep> steps_;
  double least_ = 0;
  std::optional<Stop> stopped_;
};

double largest(const Vector& v);  // magnitude; NaN if any is
double dot(const Vector& a, const Vector& b);

// Each leaves x where it stopped and returns the value there.
double descend(Objective& f, const MinimizeOptions& options, Vector& x);
double newton(Objective& f, const MinimizeOptions& options, Vector& x);
double lbfgs(Objective& f, const MinimizeOptions& options, Vector& x);

// Curvature: the largest and the least eigenvalue of the Hessian there, by products with it.
struct Curvature {
  double least = 0, largest = 0;
};
Curvature curvature(Objective& f, const Vector& x);

}  // namespace wengert::solving
