#include "objective.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace wengert::solving {

namespace {

constexpr std::size_t kept_numbers = 10'000'000;  // of all points of a trajectory together

}  // namespace

double largest(const Vector& v) {
  double m = 0;
  for (const double x : v) {
    if (std::isnan(x)) return x;
    m = std::max(m, std::fabs(x));
  }
  return m;
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Objective::Objective(const Problem& problem, const Point& start, const MinimizeOptions& options)
    : problem_(problem), options_(options), function_(problem, start, {.engine = options.engine}) {
  for (const NodeId w : problem.wrt) {
    const auto it = start.find(w);
    if (it == start.end()) throw std::invalid_argument("an input has no value to start at");
    start_.insert(start_.end(), it->second.begin(), it->second.end());
  }
}

double Objective::operator()(const Vector& x, Vector& gradient) {
  ++evaluations_;
  gradient.resize(x.size());
  return function_(x.data(), gradient.data());
}

Vector Objective::hessian_times(const Vector& x, const Vector& v) {
  ++evaluations_;
  Vector out(x.size());
  function_.hessian_times(x.data(), v.data(), out.data());
  return out;
}

bool Objective::record(const Vector& x, double value, const Vector& gradient) {
  const double norm = largest(gradient);
  const bool keep = (steps_.size() + 1) * x.size() <= kept_numbers;
  steps_.push_back({steps_.size(), value, norm, evaluations_, keep ? x : Vector{}});
  const double first = steps_.front().value;
  least_ = steps_.size() == 1 ? value : std::min(least_, value);
  if (options_.interrupted && options_.interrupted()) stopped_ = Stop::interrupted;
  else if (!std::isfinite(value) || !std::isfinite(norm)) stopped_ = Stop::not_finite;
  else if (norm <= options_.tolerance * (1 + std::fabs(value))) stopped_ = Stop::gradient;
  else if (value - least_ > 1e6 * (1 + std::fabs(first - least_))) stopped_ = Stop::diverged;
  else if (steps_.size() > options_.steps) stopped_ = Stop::steps;
  return !stopped_;
}

Minimum Objective::result(const Vector& x, double value, Stop otherwise) {
  Minimum m;
  m.value = value;
  m.evaluations = evaluations_;
  m.stop = stopped_.value_or(otherwise);
  m.engine = function_.engine();
  auto from = x.begin();
  for (const NodeId w : problem_.wrt) {
    const auto size = static_cast<std::ptrdiff_t>((*problem_.graph)[w].shape.size());
    m.at.emplace_back(from, from + size);
    from += size;
  }
  m.steps = std::move(steps_);
  return m;
}

}  // namespace wengert::solving
