#include "wengert/solve/minimize.hpp"

#include <algorithm>
#include <cmath>

#include "objective.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

constexpr std::string_view method_names[] = {"descent", "momentum", "newton", "lbfgs"};
constexpr std::string_view stop_names[] = {"gradient", "still", "steps", "not-finite", "diverged", "line-search", "interrupted"};

std::string short_number(double x) {
  const std::string text = shortest(x);
  if (text.size() <= 8 || !std::isfinite(x) || x == 0) return text;
  // Three digits: a quotient by a power of 10 is the nearest double to them, a product with its inverse is not.
  const double last = std::floor(std::log10(std::fabs(x))) - 2, unit = std::pow(10.0, std::fabs(last));
  return shortest(last < 0 ? std::round(x * unit) / unit : std::round(x / unit) * unit);
}

std::string reason(const Minimum& m, const MinimizeOptions& o) {
  switch (m.stop) {
    case Stop::gradient: return "every element of the gradient is below " + shortest(o.tolerance) + " (relative to 1 + |f|)";
    case Stop::still: return "no step makes the value smaller";
    case Stop::steps: return "the " + std::to_string(o.steps) + " steps are done";
    case Stop::not_finite: return "the value or the gradient is no longer finite";
    case Stop::diverged: return "the value grows without bound";
    case Stop::line_search: return "no shorter step makes the value smaller: rounding, or a kink";
    case Stop::interrupted: return "interrupted";
  }
  return {};
}

// What the Hessian says of the place, or of the rate.
std::string advice(solving::Objective& f, const Minimum& m, const solving::Vector& x, const MinimizeOptions& o) {
  const bool plain = o.method == Method::descent || o.method == Method::momentum;
  if (m.stop == Stop::diverged || m.stop == Stop::not_finite) {
    if (!plain || m.steps.empty()) return {};
    const solving::Curvature c = curvature(f, f.start());
    if (!(c.largest > 0)) return "the step is too large, or the function has no minimum";
    const double most = (o.method == Method::descent ? 2 : 2 * (1 + o.momentum)) / c.largest;
    return "the step is too large: the curvature at the start is " + short_number(c.largest) + ", and " + std::string(to_string(o.method)) +
           " shrinks only with a rate below " + short_number(most);
  }
  const solving::Curvature c = curvature(f, x);
  const double size = std::max(std::fabs(c.least), std::fabs(c.largest));
  if (m.stop == Stop::steps) {
    if (!plain || !(c.least > 1e-12 * size)) return "the gradient is still " + short_number(m.steps.back().gradient_norm);
    return "the gradient is still " + short_number(m.steps.back().gradient_norm) + ": the curvature here is between " + short_number(c.least) +
           " and " + short_number(c.largest) + ", and a step divides the error by " +
           short_number(1 / std::max(std::fabs(1 - o.rate * c.least), std::fabs(1 - o.rate * c.largest))) + " at best";
  }
  if (m.stop != Stop::gradient && m.stop != Stop::still) return {};
  if (size < 1e-12) return "the function is flat here: a plateau has no gradient to follow";
  if (c.least < -1e-7 * size)
    return c.largest < 1e-7 * size ? "the Hessian is negative here: a maximum" : "the Hessian has an eigenvalue of " + short_number(c.least) + " here: a saddle, not a minimum; start elsewhere";
  if (c.least < 1e-7 * size) return "the Hessian is singular here: the minimum may be a whole valley, or flat in some direction";
  return "a minimum: the curvature is between " + short_number(c.least) + " and " + short_number(c.largest);
}

}  // namespace

std::string_view to_string(Method method) { return method_names[static_cast<std::size_t>(method)]; }
std::string_view to_string(Stop stop) { return stop_names[static_cast<std::size_t>(stop)]; }

std::optional<Method> method_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(method_names); ++i)
    if (method_names[i] == name) return static_cast<Method>(i);
  return {};
}

Minimum minimize(const Problem& problem, const Point& start, const MinimizeOptions& options) {
  solving::Objective f(problem, start, options);
  solving::Vector x = f.start();
  double value = 0;
  switch (options.method) {
    case Method::descent:
    case Method::momentum: value = solving::descend(f, options, x); break;
    case Method::newton: value = solving::newton(f, options, x); break;
    case Method::lbfgs: value = solving::lbfgs(f, options, x); break;
  }
  Minimum m = f.result(x, value, Stop::line_search);
  m.why = reason(m, options);
  m.advice = advice(f, m, x, options);
  return m;
}

}  // namespace wengert
