// A scalar and its derivatives at many points: planned once, and compiled when that pays.
//
//   Repeated f({&graph, loss.id, {w.id, b.id}}, point, {.evaluations = 1000});
//   double y = f(x, gradient);                             // x: the elements of all of wrt, one after the other
//   f.hessian_times(x, v, out);
//   f.batch(count, points, values, gradients);             // in lanes and on threads
//
// The numbers have the bits of the plan's interpreter, whether it is compiled or not, however many threads there are.
// A program whose plan would be too large is swept by the reverse mode. Belongs to one caller at a time.
#pragma once
#include <cstdint>
#include <memory>

#include "wengert/modes/mode.hpp"

namespace wengert {

// automatic: machine code from the evaluation on from which making it pays (exec/forecast.hpp).
enum class Engine : std::uint8_t { automatic, interpreter, native };
std::string_view to_string(Engine engine);  // "auto", "interpreter", "native"
std::optional<Engine> engine_named(std::string_view name);

struct RepeatedOptions {
  Engine engine = Engine::automatic;
  std::uint64_t evaluations = 0;                      // that are expected; 0: not known
  std::size_t threads = 1;                            // of a batch
  std::uint64_t plan_bytes = std::uint64_t{1} << 35;  // of a plan's memory; a program that needs more is swept
};

class Repeated {
 public:
  // at: the values of all inputs but those of wrt. Throws std::invalid_argument for a value that is no scalar.
  Repeated(const Problem& problem, const Point& at, RepeatedOptions options = {});
  Repeated(Repeated&&) noexcept;
  ~Repeated();

  std::size_t size() const;  // elements of all of wrt
  // The value; the gradient may be null.
  double operator()(const double* x, double* gradient);
  void hessian_times(const double* x, const double* v, double* out);
  // Element e of point p is points[e*count + p], and likewise of the gradients, which may be null.
  void batch(std::size_t count, const double* points, double* values, double* gradients);

  // "interpreter", "native", or "sweeps" where there is no plan: what ran last.
  std::string_view engine() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wengert
