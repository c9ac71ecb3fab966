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
    : problem_(problem), options_(options), reverse_(prepare(Mode::reverse, problem)), point_(start) {
  if (!problem.shape().scalar()) throw std::invalid_argument("only a scalar can be minimised");
  for (const NodeId w : problem.wrt) {
    const auto it = point_.find(w);
    if (it == point_.end()) throw std::invalid_argument("an input has no value to start at");
    start_.insert(start_.end(), it->second.begin(), it->second.end());
  }
}

void Objective::move_to(const Vector& x) {
  auto from = x.begin();
  for (const NodeId w : problem_.wrt) {
    std::vector<double>& to = point_[w];
    std::copy_n(from, to.size(), to.begin());
    from += static_cast<std::ptrdiff_t>(to.size());
  }
}

double Objective::operator()(const Vector& x, Vector& gradient) {
  move_to(x);
  ++evaluations_;
  const Derivative d = reverse_.jacobian(point_);
  gradient.clear();
  for (const Block& block : d.blocks) gradient.insert(gradient.end(), block.begin(), block.end());
  return d.value[0];
}

Vector Objective::hessian_times(const Vector& x, const Vector& v) {
  move_to(x);
  ++evaluations_;
  std::vector<std::vector<double>> direction;
  auto from = v.begin();
  for (const NodeId w : problem_.wrt) {
    const auto size = static_cast<std::ptrdiff_t>(point_[w].size());
    direction.emplace_back(from, from + size);
    from += size;
  }
  Vector out;
  for (const Block& block : reverse_.hessian_times(point_, direction)) out.insert(out.end(), block.begin(), block.end());
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
  auto from = x.begin();
  for (const NodeId w : problem_.wrt) {
    const auto size = static_cast<std::ptrdiff_t>(point_[w].size());
    m.at.emplace_back(from, from + size);
    from += size;
  }
  m.steps = std::move(steps_);
  return m;
}

}  // namespace wengert::solving
