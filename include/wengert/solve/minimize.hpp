// Minimising a scalar by its own derivatives: gradient descent, momentum, Newton by conjugate gradients, L-BFGS.
//
//   MinimizeOptions o;
//   o.method = Method::descent;
//   Minimum m = minimize({&graph, loss.id, {w.id, b.id}}, point, o);
//   m.why                                        // "the gradient is 0 within 1e-8"
//
// The gradient is the reverse sweep's, planned and compiled when that pays; Newton's products with the Hessian are
// forward over reverse, likewise, so no matrix is stored. Every step is kept, with its point unless that would take much memory. L-BFGS is liblbfgs's.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "wengert/modes/repeated.hpp"

namespace wengert {

enum class Method : std::uint8_t { descent, momentum, newton, lbfgs };
std::string_view to_string(Method method);
std::optional<Method> method_named(std::string_view name);

enum class Stop : std::uint8_t { gradient, still, steps, not_finite, diverged, line_search, interrupted };
std::string_view to_string(Stop stop);

struct MinimizeOptions {
  Method method = Method::lbfgs;
  double rate = 0.1;       // of descent and momentum: the step is rate times the (averaged) gradient
  double momentum = 0.9;   // the part of the last step that is kept
  std::uint64_t steps = 1000;
  double tolerance = 1e-8;  // stop where the largest element of the gradient is below it, relative to 1 + |f|
  Engine engine = Engine::automatic;
  std::function<bool()> interrupted = {};
};

struct MinimizeStep {
  std::uint64_t number = 0;
  double value = 0;
  double gradient_norm = 0;       // the largest element's magnitude
  std::uint64_t evaluations = 0;  // of value and gradient so far; a product with the Hessian counts as one
  std::vector<double> at;         // all elements of wrt in order; empty where there are very many
};

struct Minimum {
  std::vector<MinimizeStep> steps;   // the start is step 0
  std::vector<Block> at;             // parallel to wrt
  double value = 0;
  std::uint64_t evaluations = 0;
  Stop stop = Stop::steps;
  std::string engine;                // what evaluated it last: "interpreter", "native", "sweeps"
  std::string why;                   // why it stopped
  std::string advice;                // what is to be known of the place where it stopped, or of the rate; may be empty
};

// The output is a scalar; the point has the start and all other values. Kinks do not stop it.
Minimum minimize(const Problem& problem, const Point& start, const MinimizeOptions& options = {});

}  // namespace wengert
