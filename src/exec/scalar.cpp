// Single numbers: one operation after the other, or (grouped) runs of equal operations.
#include "layout.hpp"

namespace wengert::exec {

namespace {

using std::size_t;

double strong(double a, double b) { return annihilate(a, b); }
double chosen(double c, double a, double b) { return select(c, a, b); }

// One case for an operation that is worth it; every other one is called by its row.
inline double step(const ScalarStep& s, const double* w) {
  const double a = w[s.a], b = w[s.b];
  switch (s.code) {
    case code_of<Add>:
      return a + b;
    case code_of<Sub>:
      return a - b;
    case code_of<Mul>:
      return a * b;
    case code_of<StrongMul>:
      return strong(a, b);
    case code_of<Div>:
      return a / b;
    case code_of<Neg>:
      return -a;
    case code_of<Exp>:
      return std::exp(a);
    case code_of<Log>:
      return std::log(a);
    case code_of<Sin>:
      return std::sin(a);
    case code_of<Cos>:
      return std::cos(a);
    case code_of<Sqrt>:
      return std::sqrt(a);
    case code_of<Pow>:
      return power(a, b);
    case code_of<Select>:
      return chosen(a, b, w[s.c]);
    case code_of<Less>:
      return a < b ? 1.0 : 0.0;
    case copy_code:
      return a;
    case square_code:
      return a * a;
    case cube_code:
      return a * a * a;
    default:
      return element_function(static_cast<Code>(s.code))(a, b, w[s.c]);
  }
}

template <class F>
const ScalarStep* run_of(double* w, const ScalarStep* s, const ScalarStep* end, F&& f) {
  const std::uint32_t code = s->code;
  for (; s != end && s->code == code; ++s) w[s->out] = f(w[s->a], w[s->b]);
  return s;
}

}  // namespace

void run_scalars(double* w, const ScalarStep* s, const ScalarStep* end) {
  for (; s != end; ++s) w[s->out] = step(*s, w);
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
      default: {
        const ElementFunction f = element_function(static_cast<Code>(s->code));
        const std::uint32_t code = s->code;
        for (; s != end && s->code == code; ++s) w[s->out] = f(w[s->a], w[s->b], w[s->c]);
      }
    }
  }
}

}  // namespace wengert::exec
