// Gradient descent, with or without momentum (B. Polyak, USSR Comput. Math. 4 (1964) 1-17: the heavy ball).
#include "objective.hpp"

namespace wengert::solving {

double descend(Objective& f, const MinimizeOptions& options, Vector& x) {
  Vector gradient, step(x.size(), 0.0);
  double value = f(x, gradient);
  const double kept = options.method == Method::momentum ? options.momentum : 0;
  while (f.record(x, value, gradient)) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      step[i] = kept * step[i] - options.rate * gradient[i];
      x[i] += step[i];
    }
    value = f(x, gradient);
  }
  return value;
}

}  // namespace wengert::solving
