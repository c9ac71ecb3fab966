// L-BFGS by liblbfgs, seeded by our gradients.
#include <lbfgs.h>

#include <algorithm>
#include <cmath>
#include <exception>

#include "objective.hpp"

namespace wengert::solving {

namespace {

struct Call {
  Objective& f;
  Vector x, gradient;
  std::exception_ptr error;
  bool left_the_domain = false;
};

double evaluate_at(void* instance, const double* x, double* gradient, int n, double) {
  Call& call = *static_cast<Call*>(instance);
  try {
    call.x.assign(x, x + n);
    const double value = call.f(call.x, call.gradient);
    const auto finite = [](double g) { return std::isfinite(g); };
    // No comparison holds for NaN, and the library takes that for a step that is good.
    if (std::isnan(value) || !std::all_of(call.gradient.begin(), call.gradient.end(), finite)) {
      call.left_the_domain = true;
      std::fill(gradient, gradient + n, 0.0);
      return HUGE_VAL;
    }
    std::copy(call.gradient.begin(), call.gradient.end(), gradient);
    return value;
  } catch (...) {
    // No exception may pass through the library: progress() stops it.
    call.error = std::current_exception();
    std::fill(gradient, gradient + n, 0.0);
    return 0;
  }
}

int progress(void* instance, const double* x, const double* gradient, double value, double, double, double, int n, int,
             int) {
  Call& call = *static_cast<Call*>(instance);
  if (call.error) return 1;
  return call.f.record({x, x + n}, value, {gradient, gradient + n}) ? 0 : 1;
}

struct Numbers {  // as the library wants them aligned
  explicit Numbers(const Vector& from) : data(lbfgs_malloc(static_cast<int>(from.size()))) {
    if (data == nullptr) throw std::bad_alloc();
    std::copy(from.begin(), from.end(), data);
  }
  ~Numbers() { lbfgs_free(data); }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  double* data;
};

}  // namespace

double lbfgs(Objective& f, const MinimizeOptions& options, Vector& x) {
  Call call{f, {}, {}, {}};
  Vector gradient;
  double value = f(x, gradient);
  if (!f.record(x, value, gradient)) return value;
  lbfgs_parameter_t how;
  lbfgs_parameter_init(&how);
  how.epsilon = 0;  // when to stop is decided by record()
  how.max_iterations = static_cast<int>(std::min<std::uint64_t>(options.steps, 1'000'000'000));
  how.max_linesearch = 60;
  const Numbers numbers(x);
  const auto run = [&] {
    return ::lbfgs(static_cast<int>(x.size()), numbers.data, &value, evaluate_at, progress, &call, &how);
  };
  // A search that fits cubics through values finds no way back from where there is none; halving steps does. Begun
  // anew it forgets curvatures that were negative.
  double before = value;
  for (int end = run(); end < 0 && call.left_the_domain && !call.error; end = run()) {
    if (how.linesearch == LBFGS_LINESEARCH_BACKTRACKING_ARMIJO && !(value < before)) break;
    how.linesearch = LBFGS_LINESEARCH_BACKTRACKING_ARMIJO;
    before = value;
  }
  if (call.error) std::rethrow_exception(call.error);
  std::copy(numbers.data, numbers.data + x.size(), x.begin());
  return value;
}

}  // namespace wengert::solving
