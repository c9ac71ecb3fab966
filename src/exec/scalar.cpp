// Single numbers in programs too large for streams, and runs of equal operations.
#include "stream.hpp"

namespace wengert::exec {

namespace {

using std::size_t;

double strong(double a, double b) { return annihilate(a, b); }

template <class F>
const ScalarStep* run_of(double* w, const ScalarStep* s, const ScalarStep* end, F&& f) {
  const std::uint32_t code = s->code;
  for (; s != end && s->code == code; ++s) w[s->out] = f(w[s->a], w[s->b]);
  return s;
}

template <class F>
const ScalarStep* run_of_three(double* w, const ScalarStep* s, const ScalarStep* end, F&& f) {
  const std::uint32_t code = s->code;
  for (; s != end && s->code == code; ++s) w[s->out] = f(w[s->a], w[s->b], w[s->c]);
  return s;
}

}  // namespace

// Programs too large for the stream's places.
void run_scalars(double* w, const ScalarStep* s, const ScalarStep* end) {
  for (; s != end; ++s)
    if (s->code == sincos_code)
      sine_and_cosine(w[s->a], w + s->out, w + s->b);
    else
      w[s->out] = element_function(s->code)(w[s->a], w[s->b], w[s->c]);
}

void run_grouped(double* w, const ScalarStep* s, const ScalarStep* end) {
  while (s != end) {
    switch (s->code) {
      case code_of<Add>:
        s = run_of(w, s, end, [](double a, double b) { return a + b; });
        break;
      case code_of<Sub>:
        s = run_of(w, s, end, [](double a, double b) { return a - b; });
        break;
      case code_of<Mul>:
        s = run_of(w, s, end, [](double a, double b) { return a * b; });
        break;
      case code_of<StrongMul>:
        s = run_of(w, s, end, [](double a, double b) { return strong(a, b); });
        break;
      case code_of<Div>:
        s = run_of(w, s, end, [](double a, double b) { return a / b; });
        break;
      case code_of<Neg>:
        s = run_of(w, s, end, [](double a, double) { return -a; });
        break;
      case copy_code:
        s = run_of(w, s, end, [](double a, double) { return a; });
        break;
      case square_code:
        s = run_of(w, s, end, [](double a, double) { return a * a; });
        break;
      case cube_code:
        s = run_of(w, s, end, [](double a, double) { return a * a * a; });
        break;
      case muladd_code:
        s = run_of_three(w, s, end, [](double a, double b, double c) { return a * b + c; });
        break;
      case strong_muladd_code:
        s = run_of_three(w, s, end, [](double a, double b, double c) { return strong(a, b) + c; });
        break;
      default: {
        const ElementFunction f = element_function(static_cast<Code>(s->code));
        const std::uint32_t code = s->code;
        for (; s != end && s->code == code; ++s) w[s->out] = f(w[s->a], w[s->b], w[s->c]);
      }
    }
  }
}

}  // namespace wengert::exec
