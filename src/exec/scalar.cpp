// Single numbers: one operation after the other, or (grouped) runs of equal operations.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "layout.hpp"

namespace wengert::exec {

namespace {

using std::size_t;

double strong(double a, double b) { return annihilate(a, b); }
double chosen(double c, double a, double b) { return select(c, a, b); }
inline void sine_and_cosine(double x, double* s, double* c) {
#ifdef __GLIBC__
  ::sincos(x, s, c);  // the same bits as one by one
#else
  *s = std::sin(x);
  *c = std::cos(x);
#endif
}

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

// --- a stream of bytes: the handler, then where the result goes and where the operands are, three bytes each; a row
// without a handler of its own has its code behind them. Long programs are bound by reading their instructions.

std::size_t stream_operands(Code code) {
  if (code == sincos_code) return 2;
  return handler_of(code) == 0 ? 3 : operands_of(code);
}

void append_to_stream(std::vector<std::uint8_t>& stream, const ScalarStep& s) {
  const auto put = [&](std::uint32_t x, int bytes) {
    for (int k = 0; k < bytes; ++k) stream.push_back(static_cast<std::uint8_t>(x >> 8 * k));
  };
  put(s.handler, 1);
  put(s.out, 3);
  const std::uint32_t operands[] = {s.a, s.b, s.c};
  for (std::size_t k = 0; k < stream_operands(s.code); ++k) put(operands[k], 3);
  if (s.handler == 0) put(s.code, 2);
}

// An end, and room for reading a word where its last three bytes are.
void end_stream(std::vector<std::uint8_t>& stream) {
  stream.push_back(static_cast<std::uint8_t>(1 + std::size(handled)));
}

namespace {

inline std::uint32_t three_bytes(const std::uint8_t* p) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint32_t x;
    std::memcpy(&x, p, sizeof x);
    return x & 0xffffffu;
  }
  return static_cast<std::uint32_t>(p[0] | p[1] << 8 | p[2] << 16);
}
// Number k of an instruction's: 0 is where the result goes.
inline std::uint32_t place(const std::uint8_t* p, int k) { return three_bytes(p + 1 + 3 * k); }

}  // namespace

// Each operation jumps to the next by itself: a processor predicts that better than one jump for all.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"  // addresses of labels
void run_stream(double* w, const std::uint8_t* p) {
  // In the order of `handled`.
  static const void* const places[] = {
      &&other,  &&add,    &&sub,           &&mul,           &&strong_mul,    &&div,    &&less,   &&pow,  &&neg,
      &&exp,    &&log,    &&sin,           &&cos,           &&sqrt,          &&copy,   &&square, &&cube, &&muladd,
      &&mulsub, &&submul, &&strong_muladd, &&strong_mulsub, &&strong_submul, &&select, &&sincos, &&end};
#define WENGERT_NEXT(operands) \
  p += 4 + 3 * (operands);     \
  goto* places[*p]
#define WENGERT_STEP(label, operands, ...) \
  label:                                   \
  w[place(p, 0)] = __VA_ARGS__;            \
  WENGERT_NEXT(operands)
  goto* places[*p];
  WENGERT_STEP(add, 2, w[place(p, 1)] + w[place(p, 2)]);
  WENGERT_STEP(sub, 2, w[place(p, 1)] - w[place(p, 2)]);
  WENGERT_STEP(mul, 2, w[place(p, 1)] * w[place(p, 2)]);
  WENGERT_STEP(strong_mul, 2, strong(w[place(p, 1)], w[place(p, 2)]));
  WENGERT_STEP(div, 2, w[place(p, 1)] / w[place(p, 2)]);
  WENGERT_STEP(less, 2, w[place(p, 1)] < w[place(p, 2)] ? 1.0 : 0.0);
  WENGERT_STEP(pow, 2, power(w[place(p, 1)], w[place(p, 2)]));
  WENGERT_STEP(neg, 1, -w[place(p, 1)]);
  WENGERT_STEP(exp, 1, std::exp(w[place(p, 1)]));
  WENGERT_STEP(log, 1, std::log(w[place(p, 1)]));
  WENGERT_STEP(sin, 1, std::sin(w[place(p, 1)]));
  WENGERT_STEP(cos, 1, std::cos(w[place(p, 1)]));
  WENGERT_STEP(sqrt, 1, std::sqrt(w[place(p, 1)]));
  WENGERT_STEP(copy, 1, w[place(p, 1)]);
  WENGERT_STEP(square, 1, w[place(p, 1)] * w[place(p, 1)]);
  WENGERT_STEP(cube, 1, w[place(p, 1)] * w[place(p, 1)] * w[place(p, 1)]);
  WENGERT_STEP(muladd, 3, w[place(p, 1)] * w[place(p, 2)] + w[place(p, 3)]);
  WENGERT_STEP(mulsub, 3, w[place(p, 1)] * w[place(p, 2)] - w[place(p, 3)]);
  WENGERT_STEP(submul, 3, w[place(p, 3)] - w[place(p, 1)] * w[place(p, 2)]);
  WENGERT_STEP(strong_muladd, 3, strong(w[place(p, 1)], w[place(p, 2)]) + w[place(p, 3)]);
  WENGERT_STEP(strong_mulsub, 3, strong(w[place(p, 1)], w[place(p, 2)]) - w[place(p, 3)]);
  WENGERT_STEP(strong_submul, 3, w[place(p, 3)] - strong(w[place(p, 1)], w[place(p, 2)]));
  WENGERT_STEP(select, 3, chosen(w[place(p, 1)], w[place(p, 2)], w[place(p, 3)]));
sincos:
  sine_and_cosine(w[place(p, 1)], w + place(p, 0), w + place(p, 2));
  WENGERT_NEXT(2);
other:
  w[place(p, 0)] =
      element_function(static_cast<Code>(p[13] | p[14] << 8))(w[place(p, 1)], w[place(p, 2)], w[place(p, 3)]);
  p += 2;
  WENGERT_NEXT(3);
end:
  return;
#undef WENGERT_STEP
#undef WENGERT_NEXT
}
#pragma GCC diagnostic pop
#else
void run_stream(double* w, const std::uint8_t* p) {
  while (*p != 1 + std::size(handled)) {
    const Code code = *p == 0 ? static_cast<Code>(p[13] | p[14] << 8) : handled[*p - 1];
    const double a = w[place(p, 1)];
    const std::size_t operands = stream_operands(code);
    if (code == sincos_code)
      sine_and_cosine(a, w + place(p, 0), w + place(p, 2));
    else
      w[place(p, 0)] = element_function(code)(a, operands > 1 ? w[place(p, 2)] : a, operands > 2 ? w[place(p, 3)] : a);
    p += 4 + 3 * operands + (*p == 0 ? 2 : 0);
  }
}
#endif

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
