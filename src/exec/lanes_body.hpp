// The kernels of one instruction set; included by one file each, which defines
//   WENGERT_VECTOR         numbers in a register
//   WENGERT_LIBMVEC(name)  the C library's vector function, such as _ZGVdN4v_exp; absent: scalar functions
//   WENGERT_ADD            the function that adds the kernels to a table
// Everything here has internal linkage.
#include <cmath>
#include <cstring>
#include <utility>

#include "lanes.hpp"

#define WENGERT_DECLARE(name) extern "C" Vector WENGERT_LIBMVEC1(name)(Vector)
#define WENGERT_DECLARE2(name) extern "C" Vector WENGERT_LIBMVEC2(name)(Vector, Vector)

namespace wengert::exec {
namespace {

constexpr std::size_t lanes = WENGERT_VECTOR;
typedef double Vector __attribute__((vector_size(lanes * sizeof(double))));
typedef long long Mask __attribute__((vector_size(lanes * sizeof(double))));

inline Vector load(const double* p) {
  Vector v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void store(double* p, Vector v) { std::memcpy(p, &v, sizeof v); }
inline Vector all(double x) { return x - Vector{}; }
inline Vector choose(Mask m, Vector a, Vector b) { return m ? a : b; }
inline bool any(Mask m) {
  long long r = 0;
  for (std::size_t i = 0; i < lanes; ++i) r |= m[i];
  return r != 0;
}

// A block at a time; the tail is padded with its last number and goes the same way.
template <bool A, bool B, bool C, class F>
void loop(double* out, const double* a, const double* b, const double* c, std::size_t n, F&& f) {
  const Vector a0 = A ? Vector{} : all(*a), b0 = B ? Vector{} : all(*b), c0 = C ? Vector{} : all(*c);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    store(out + i, f(A ? load(a + i) : a0, B ? load(b + i) : b0, C ? load(c + i) : c0));
  if (i == n) return;
  double x[3][lanes], y[lanes];
  for (std::size_t l = 0; l < lanes; ++l) {
    const std::size_t at = i + l < n ? i + l : n - 1;
    x[0][l] = a[A ? at : 0];
    x[1][l] = b[B ? at : 0];
    x[2][l] = c[C ? at : 0];
  }
  store(y, f(load(x[0]), load(x[1]), load(x[2])));
  for (std::size_t l = 0; i + l < n; ++l) out[i + l] = y[l];
}

template <class F>
void unary(double* out, const double* a, const double*, const double*, unsigned form, std::size_t n) {
  const auto f = [](Vector x, Vector, Vector) { return F::of(x); };
  if ((form & 1u) != 0)
    loop<true, false, false>(out, a, a, a, n, f);
  else
    loop<false, false, false>(out, a, a, a, n, f);
}
template <class F>
void binary(double* out, const double* a, const double* b, const double*, unsigned form, std::size_t n) {
  const auto f = [](Vector x, Vector y, Vector) { return F::of(x, y); };
  switch (form & 3u) {
    case 3:
      return loop<true, true, false>(out, a, b, a, n, f);
    case 1:
      return loop<true, false, false>(out, a, b, a, n, f);
    case 2:
      return loop<false, true, false>(out, a, b, a, n, f);
    default:
      return loop<false, false, false>(out, a, b, a, n, f);
  }
}
template <class F>
void ternary(double* out, const double* a, const double* b, const double* c, unsigned form, std::size_t n) {
  const auto f = [](Vector x, Vector y, Vector z) { return F::of(x, y, z); };
  switch (form & 7u) {
    case 7:
      return loop<true, true, true>(out, a, b, c, n, f);
    case 6:
      return loop<false, true, true>(out, a, b, c, n, f);
    case 5:
      return loop<true, false, true>(out, a, b, c, n, f);
    case 4:
      return loop<false, false, true>(out, a, b, c, n, f);
    case 3:
      return loop<true, true, false>(out, a, b, c, n, f);
    case 2:
      return loop<false, true, false>(out, a, b, c, n, f);
    case 1:
      return loop<true, false, false>(out, a, b, c, n, f);
    default:
      return loop<false, false, false>(out, a, b, c, n, f);
  }
}

// --- arithmetic: the same bits on every instruction set, and as the rows'

inline Vector one_where(Mask m) { return choose(m, all(1.0), all(0.0)); }
// What == and != say of a number that is not NaN and not 0.
inline Mask truth(Vector c) { return (c != 0.0) & (c == c); }

struct AddOf {
  static Vector of(Vector a, Vector b) { return a + b; }
};
struct SubOf {
  static Vector of(Vector a, Vector b) { return a - b; }
};
struct MulOf {
  static Vector of(Vector a, Vector b) { return a * b; }
};
struct DivOf {
  static Vector of(Vector a, Vector b) { return a / b; }
};
struct NegOf {
  static Vector of(Vector a) { return -a; }
};
struct CopyOf {
  static Vector of(Vector a) { return a; }
};
struct SquareOf {
  static Vector of(Vector a) { return a * a; }
};
struct CubeOf {
  static Vector of(Vector a) { return a * a * a; }
};
struct StrongMulOf {
  static Vector of(Vector a, Vector b) {
    const Vector p = a * b;
    const Mask zero = (p != p) & ((a == 0.0) | (b == 0.0));
    return choose(zero, Vector{}, p);
  }
};
struct AbsOf {
  static Vector of(Vector a) { return (Vector)((Mask)a & 0x7fffffffffffffffll); }
};
struct LessOf {
  static Vector of(Vector a, Vector b) { return one_where(a < b); }
};
struct LessEqualOf {
  static Vector of(Vector a, Vector b) { return one_where(a <= b); }
};
struct EqualOf {
  static Vector of(Vector a, Vector b) { return one_where(a == b); }
};
struct NotEqualOf {
  static Vector of(Vector a, Vector b) { return one_where(a != b); }
};
struct SelectOf {
  static Vector of(Vector c, Vector a, Vector b) { return choose(truth(c), a, b); }
};
struct MaxOfTwo {
  static Vector of(Vector a, Vector b) { return choose(a != a, a, choose(b != b, b, choose(a < b, b, a))); }
};
struct MinOfTwo {
  static Vector of(Vector a, Vector b) { return choose(a != a, a, choose(b != b, b, choose(b < a, b, a))); }
};
struct ReluOf {
  static Vector of(Vector a) { return choose(a <= 0.0, Vector{}, a); }
};
struct SignOf {
  static Vector of(Vector a) {
    return choose(a != a, a, choose(a > 0.0, all(1.0), choose(a < 0.0, all(-1.0), Vector{})));
  }
};
struct SqrtOf {
  static Vector of(Vector a) {
    Vector r;
    for (std::size_t i = 0; i < lanes; ++i) r[i] = __builtin_sqrt(a[i]);
    return r;
  }
};
struct FloorOf {
  static Vector of(Vector a) {
    Vector r;
    for (std::size_t i = 0; i < lanes; ++i) r[i] = __builtin_floor(a[i]);
    return r;
  }
};

#ifdef WENGERT_LIBMVEC1
}  // namespace
WENGERT_DECLARE(exp);
WENGERT_DECLARE(log);
WENGERT_DECLARE(sin);
WENGERT_DECLARE(cos);
WENGERT_DECLARE(tan);
WENGERT_DECLARE(sinh);
WENGERT_DECLARE(cosh);
WENGERT_DECLARE(tanh);
WENGERT_DECLARE(asin);
WENGERT_DECLARE(acos);
WENGERT_DECLARE(atan);
WENGERT_DECLARE(asinh);
WENGERT_DECLARE(acosh);
WENGERT_DECLARE(atanh);
WENGERT_DECLARE(expm1);
WENGERT_DECLARE(log1p);
WENGERT_DECLARE(log2);
WENGERT_DECLARE(log10);
WENGERT_DECLARE(erf);
WENGERT_DECLARE(erfc);
WENGERT_DECLARE(cbrt);
WENGERT_DECLARE2(pow);
WENGERT_DECLARE2(hypot);
WENGERT_DECLARE2(atan2);
namespace {

#define WENGERT_FUNCTION(type, name)                                 \
  struct type {                                                      \
    static Vector of(Vector x) { return WENGERT_LIBMVEC1(name)(x); } \
  }
WENGERT_FUNCTION(ExpOf, exp);
WENGERT_FUNCTION(LogOf, log);
WENGERT_FUNCTION(SinOf, sin);
WENGERT_FUNCTION(CosOf, cos);
WENGERT_FUNCTION(TanOf, tan);
WENGERT_FUNCTION(SinhOf, sinh);
WENGERT_FUNCTION(CoshOf, cosh);
WENGERT_FUNCTION(TanhOf, tanh);
WENGERT_FUNCTION(AsinOf, asin);
WENGERT_FUNCTION(AcosOf, acos);
WENGERT_FUNCTION(AtanOf, atan);
WENGERT_FUNCTION(AsinhOf, asinh);
WENGERT_FUNCTION(AcoshOf, acosh);
WENGERT_FUNCTION(AtanhOf, atanh);
WENGERT_FUNCTION(Expm1Of, expm1);
WENGERT_FUNCTION(Log1pOf, log1p);
WENGERT_FUNCTION(Log2Of, log2);
WENGERT_FUNCTION(Log10Of, log10);
WENGERT_FUNCTION(ErfOf, erf);
WENGERT_FUNCTION(ErfcOf, erfc);
WENGERT_FUNCTION(CbrtOf, cbrt);
#undef WENGERT_FUNCTION

struct PowOf {
  static Vector of(Vector x, Vector y) { return WENGERT_LIBMVEC2(pow)(x, y); }
};
struct HypotOf {
  static Vector of(Vector x, Vector y) { return WENGERT_LIBMVEC2(hypot)(x, y); }
};
struct Atan2Of {
  static Vector of(Vector y, Vector x) {
    return choose((y == 0.0) & (x == 0.0), Vector{}, WENGERT_LIBMVEC2(atan2)(y, x));
  }
};
// As in rules/numeric.hpp, both branches computed.
struct SigmoidOf {
  static Vector of(Vector x) {
    const Vector e = ExpOf::of(-AbsOf::of(x)), q = 1.0 / (1.0 + e);
    return choose(x >= 0.0, q, e / (1.0 + e));
  }
};
struct SoftplusOf {
  static Vector of(Vector x) {
    const Vector tail = Log1pOf::of(ExpOf::of(choose(x > 0.0, -x, x)));
    return choose(x > 0.0, x + tail, tail);
  }
};
struct SecOf {
  static Vector of(Vector x) { return 1.0 / CosOf::of(x); }
};
struct CscOf {
  static Vector of(Vector x) { return 1.0 / SinOf::of(x); }
};
struct CotOf {
  static Vector of(Vector x) { return 1.0 / TanOf::of(x); }
};
struct SiluOf {
  static Vector of(Vector x) { return x * SigmoidOf::of(x); }
};
struct XLogYOf {
  static Vector of(Vector a, Vector b) { return choose(a == 0.0, Vector{}, a * LogOf::of(b)); }
};
// log is met at 0 and below: the C library's vector function answers as the scalar one there.
#endif

template <class T>
T at(const double* p) {
  if constexpr (std::is_same_v<T, double>)
    return *p;
  else
    return load(p);
}
// Eight accumulators, whatever the registers' width: the same bits.
template <class T>
T sum_lines(const double* x, std::size_t n, std::size_t stride) {
  if (n < 8) {
    T s = at<T>(x);
    for (std::size_t i = 1; i < n; ++i) s += at<T>(x + i * stride);
    return s;
  }
  T acc[8] = {};
  for (std::size_t i = 0; i < n; ++i) acc[i & 7] += at<T>(x + i * stride);
  return ((acc[0] + acc[1]) + (acc[2] + acc[3])) + ((acc[4] + acc[5]) + (acc[6] + acc[7]));
}
void sum_block(double* out, const double* in, std::size_t n, std::size_t stride, std::size_t width) {
  if (width == 1 && stride == 1 && n >= 8) {
    double acc[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
      for (std::size_t k = 0; k < 8; ++k) acc[k] += in[i + k];
    for (; i < n; ++i) acc[i & 7] += in[i];
    out[0] = ((acc[0] + acc[1]) + (acc[2] + acc[3])) + ((acc[4] + acc[5]) + (acc[6] + acc[7]));
    return;
  }
  std::size_t l = 0;
  for (; l + lanes <= width; l += lanes) store(out + l, sum_lines<Vector>(in + l, n, stride));
  for (; l < width; ++l) out[l] = sum_lines<double>(in + l, n, stride);
}

// The largest (sign 1) or smallest (sign -1) of each lane; NaN if one is.
template <class T>
T extreme_lines(const double* x, std::size_t n, std::size_t stride, double sign) {
  const auto better = [sign](T a, T b) {
    if constexpr (std::is_same_v<T, double>)
      return a != a ? a : b != b ? b : sign * a < sign * b ? b : a;
    else
      return choose(a != a, a, choose(b != b, b, choose(sign * a < sign * b, b, a)));
  };
  T best = at<T>(x);
  for (std::size_t i = 1; i < n; ++i) best = better(best, at<T>(x + i * stride));
  return best;
}
void extreme_block(double* out, const double* in, std::size_t n, std::size_t stride, std::size_t width, double sign) {
  if (width == 1 && stride == 1 && n >= 2 * lanes) {
    double part[lanes];
    store(part, extreme_lines<Vector>(in, n / lanes, lanes, sign));
    const double rest = n % lanes == 0 ? part[0] : extreme_lines<double>(in + n / lanes * lanes, n % lanes, 1, sign);
    const double most = extreme_lines<double>(part, lanes, 1, sign);
    const double both[] = {most, rest};
    out[0] = extreme_lines<double>(both, 2, 1, sign);
    return;
  }
  std::size_t l = 0;
  for (; l + lanes <= width; l += lanes) store(out + l, extreme_lines<Vector>(in + l, n, stride, sign));
  for (; l < width; ++l) out[l] = extreme_lines<double>(in + l, n, stride, sign);
}

// A product whose factors both differ from lane to lane: left(i, l) begins at left + i*left_row + l*left_column.
void multiply_lanes(double* out, const double* left, const double* right, const LaneProduct& p) {
  for (std::size_t i = 0; i < p.m; ++i)
    for (std::size_t j = 0; j < p.n; ++j) {
      double* y = out + (i * p.n + j) * p.width;
      const double *a = left + i * p.left_row, *b = right + j * p.right_column;
      for (std::size_t w = 0; w < p.width; w += lanes) {
        Vector s{};
        for (std::size_t l = 0; l < p.k; ++l) s += load(a + l * p.left_column + w) * load(b + l * p.right_row + w);
        store(y + w, s);
      }
    }
}

bool finite_block(const double* x, std::size_t n) {
  Vector s{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) s += load(x + i) - load(x + i);
  double t = 0;
  for (; i < n; ++i) t += x[i] - x[i];
  for (std::size_t l = 0; l < lanes; ++l) t += s[l];
  return t == 0;
}

template <class R>
Kernel& slot(KernelTable& t) {
  return t.elementwise[code_of<R>];
}

void add_arithmetic(KernelTable& t) {
  slot<Add>(t) = binary<AddOf>;
  slot<Sub>(t) = binary<SubOf>;
  slot<Mul>(t) = binary<MulOf>;
  slot<Div>(t) = binary<DivOf>;
  slot<StrongMul>(t) = binary<StrongMulOf>;
  slot<Neg>(t) = unary<NegOf>;
  slot<Abs>(t) = unary<AbsOf>;
  slot<Sign>(t) = unary<SignOf>;
  slot<Sqrt>(t) = unary<SqrtOf>;
  slot<Floor>(t) = unary<FloorOf>;
  slot<Less>(t) = binary<LessOf>;
  slot<LessEqual>(t) = binary<LessEqualOf>;
  slot<Equal>(t) = binary<EqualOf>;
  slot<NotEqual>(t) = binary<NotEqualOf>;
  slot<Select>(t) = ternary<SelectOf>;
  slot<Max>(t) = binary<MaxOfTwo>;
  slot<Min>(t) = binary<MinOfTwo>;
  slot<Relu>(t) = unary<ReluOf>;
  t.elementwise[copy_code] = unary<CopyOf>;
  t.elementwise[square_code] = unary<SquareOf>;
  t.elementwise[cube_code] = unary<CubeOf>;
  t.sum = sum_block;
  t.extreme = extreme_block;
  t.multiply_lanes = multiply_lanes;
  t.finite = finite_block;
  t.vector = lanes;
}

void add_functions([[maybe_unused]] KernelTable& t) {
#ifdef WENGERT_LIBMVEC1
  slot<Exp>(t) = unary<ExpOf>;
  slot<Log>(t) = unary<LogOf>;
  slot<Sin>(t) = unary<SinOf>;
  slot<Cos>(t) = unary<CosOf>;
  slot<Tan>(t) = unary<TanOf>;
  slot<Sinh>(t) = unary<SinhOf>;
  slot<Cosh>(t) = unary<CoshOf>;
  slot<Tanh>(t) = unary<TanhOf>;
  slot<Asin>(t) = unary<AsinOf>;
  slot<Acos>(t) = unary<AcosOf>;
  slot<Atan>(t) = unary<AtanOf>;
  slot<Asinh>(t) = unary<AsinhOf>;
  slot<Acosh>(t) = unary<AcoshOf>;
  slot<Atanh>(t) = unary<AtanhOf>;
  slot<Expm1>(t) = unary<Expm1Of>;
  slot<Log1p>(t) = unary<Log1pOf>;
  slot<Log2>(t) = unary<Log2Of>;
  slot<Log10>(t) = unary<Log10Of>;
  slot<Erf>(t) = unary<ErfOf>;
  slot<Erfc>(t) = unary<ErfcOf>;
  slot<Cbrt>(t) = unary<CbrtOf>;
  slot<Pow>(t) = binary<PowOf>;
  slot<Hypot>(t) = binary<HypotOf>;
  slot<Atan2>(t) = binary<Atan2Of>;
  slot<Sigmoid>(t) = unary<SigmoidOf>;
  slot<Softplus>(t) = unary<SoftplusOf>;
  slot<Sec>(t) = unary<SecOf>;
  slot<Csc>(t) = unary<CscOf>;
  slot<Cot>(t) = unary<CotOf>;
  slot<Silu>(t) = unary<SiluOf>;
  slot<XLogY>(t) = binary<XLogYOf>;
  const auto direct = [&t](Code code, Vector (*f)(Vector)) {
    t.vector_function[code] = reinterpret_cast<const void*>(f);
  };
  direct(code_of<Exp>, WENGERT_LIBMVEC1(exp));
  direct(code_of<Log>, WENGERT_LIBMVEC1(log));
  direct(code_of<Sin>, WENGERT_LIBMVEC1(sin));
  direct(code_of<Cos>, WENGERT_LIBMVEC1(cos));
  direct(code_of<Tan>, WENGERT_LIBMVEC1(tan));
  direct(code_of<Sinh>, WENGERT_LIBMVEC1(sinh));
  direct(code_of<Cosh>, WENGERT_LIBMVEC1(cosh));
  direct(code_of<Tanh>, WENGERT_LIBMVEC1(tanh));
  direct(code_of<Asin>, WENGERT_LIBMVEC1(asin));
  direct(code_of<Acos>, WENGERT_LIBMVEC1(acos));
  direct(code_of<Atan>, WENGERT_LIBMVEC1(atan));
  direct(code_of<Asinh>, WENGERT_LIBMVEC1(asinh));
  direct(code_of<Acosh>, WENGERT_LIBMVEC1(acosh));
  direct(code_of<Atanh>, WENGERT_LIBMVEC1(atanh));
  direct(code_of<Expm1>, WENGERT_LIBMVEC1(expm1));
  direct(code_of<Log1p>, WENGERT_LIBMVEC1(log1p));
  direct(code_of<Log2>, WENGERT_LIBMVEC1(log2));
  direct(code_of<Log10>, WENGERT_LIBMVEC1(log10));
  direct(code_of<Erf>, WENGERT_LIBMVEC1(erf));
  direct(code_of<Erfc>, WENGERT_LIBMVEC1(erfc));
  direct(code_of<Cbrt>, WENGERT_LIBMVEC1(cbrt));
#endif
}

}  // namespace

void WENGERT_ADD(KernelTable& table, bool fast) {
  add_arithmetic(table);
  if (fast) add_functions(table);
}

}  // namespace wengert::exec
