// Single numbers: one operation after the other, or (grouped) runs of equal operations.
#include <algorithm>
#include <cmath>

#include "layout.hpp"

namespace wengert::exec {

namespace {

using std::size_t;

double strong(double a, double b) { return annihilate(a, b); }
double chosen(double c, double a, double b) { return select(c, a, b); }

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

namespace {

// Operations that are worth a place of their own; the others are called by their row.
constexpr Code handled[] = {
    code_of<Add>,  code_of<Sub>,       code_of<Mul>,       code_of<StrongMul>, code_of<Div>,    code_of<Less>,
    code_of<Pow>,  code_of<Neg>,       code_of<Exp>,       code_of<Log>,       code_of<Sin>,    code_of<Cos>,
    code_of<Sqrt>, copy_code,          square_code,        cube_code,          muladd_code,     mulsub_code,
    submul_code,   strong_muladd_code, strong_mulsub_code, strong_submul_code, code_of<Select>, sincos_code};

}  // namespace

std::uint16_t handler_of(Code code) {
  const auto* found = std::find(std::begin(handled), std::end(handled), code);
  return static_cast<std::uint16_t>(found == std::end(handled) ? 0 : 1 + (found - handled));
}

// Each operation jumps to the next by itself: a processor predicts that better than one jump for all.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"  // addresses of labels
void run_scalars(double* w, const ScalarStep* s, const ScalarStep* end) {
  // In the order of `handled`.
  static const void* const places[] = {
      &&other,  &&add,    &&sub,           &&mul,           &&strong_mul,    &&div,    &&less,   &&pow,  &&neg,
      &&exp,    &&log,    &&sin,           &&cos,           &&sqrt,          &&copy,   &&square, &&cube, &&muladd,
      &&mulsub, &&submul, &&strong_muladd, &&strong_mulsub, &&strong_submul, &&select, &&sincos};
#define WENGERT_NEXT      \
  if (++s == end) return; \
  goto* places[s->handler]
#define WENGERT_STEP(label, ...) \
  label:                         \
  w[s->out] = __VA_ARGS__;       \
  WENGERT_NEXT
  if (s == end) return;
  goto* places[s->handler];
  WENGERT_STEP(add, w[s->a] + w[s->b]);
  WENGERT_STEP(sub, w[s->a] - w[s->b]);
  WENGERT_STEP(mul, w[s->a] * w[s->b]);
  WENGERT_STEP(strong_mul, strong(w[s->a], w[s->b]));
  WENGERT_STEP(div, w[s->a] / w[s->b]);
  WENGERT_STEP(less, w[s->a] < w[s->b] ? 1.0 : 0.0);
  WENGERT_STEP(pow, power(w[s->a], w[s->b]));
  WENGERT_STEP(neg, -w[s->a]);
  WENGERT_STEP(exp, std::exp(w[s->a]));
  WENGERT_STEP(log, std::log(w[s->a]));
  WENGERT_STEP(sin, std::sin(w[s->a]));
  WENGERT_STEP(cos, std::cos(w[s->a]));
  WENGERT_STEP(sqrt, std::sqrt(w[s->a]));
  WENGERT_STEP(copy, w[s->a]);
  WENGERT_STEP(square, w[s->a] * w[s->a]);
  WENGERT_STEP(cube, w[s->a] * w[s->a] * w[s->a]);
  WENGERT_STEP(muladd, w[s->a] * w[s->b] + w[s->c]);
  WENGERT_STEP(mulsub, w[s->a] * w[s->b] - w[s->c]);
  WENGERT_STEP(submul, w[s->c] - w[s->a] * w[s->b]);
  WENGERT_STEP(strong_muladd, strong(w[s->a], w[s->b]) + w[s->c]);
  WENGERT_STEP(strong_mulsub, strong(w[s->a], w[s->b]) - w[s->c]);
  WENGERT_STEP(strong_submul, w[s->c] - strong(w[s->a], w[s->b]));
  WENGERT_STEP(select, chosen(w[s->a], w[s->b], w[s->c]));
sincos : {
  const double x = w[s->a];
  ::sincos(x, w + s->out, w + s->b);
}
  WENGERT_NEXT;
  WENGERT_STEP(other, element_function(s->code)(w[s->a], w[s->b], w[s->c]));
#undef WENGERT_STEP
#undef WENGERT_NEXT
}
#pragma GCC diagnostic pop
#else
void run_scalars(double* w, const ScalarStep* s, const ScalarStep* end) {
  for (; s != end; ++s) {
    const double a = w[s->a], b = w[s->b], c = w[s->c];
    if (s->code == sincos_code) {
      w[s->out] = std::sin(a);
      w[s->b] = std::cos(a);
    } else {
      w[s->out] = element_function(s->code)(a, b, c);
    }
  }
}
#endif

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
