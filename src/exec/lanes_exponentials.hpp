// Exponentials and logarithms on registers; a part of lanes_body.hpp. They take most of the time of most programs that
// call functions at all, so these are inlined into loops, share what they can, and take no branch for common arguments.
// Where one is not common, the C library's function has the answer for it, and the others' stay what they are: a result
// never depends on its neighbours.
#define WENGERT_DECLARE(name) extern "C" Vector WENGERT_LIBMVEC1(name)(Vector)

namespace wengert::exec {

WENGERT_DECLARE(exp);
WENGERT_DECLARE(log);
WENGERT_DECLARE(cosh);
#undef WENGERT_DECLARE

namespace {

// a*b + c, rounded once where the processor can.
inline Vector fused(Vector a, Vector b, Vector c) {
#if defined(__AVX512F__) && WENGERT_VECTOR == 8
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__FMA__) && WENGERT_VECTOR == 4
  return _mm256_fmadd_pd(a, b, c);
#else
  return a * b + c;
#endif
}
inline Vector fused(Vector a, Vector b, double c) { return fused(a, b, all(c)); }
inline Vector fused(Vector a, double b, Vector c) { return fused(a, all(b), c); }
inline Vector fused(Vector a, double b, double c) { return fused(a, all(b), all(c)); }

constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;  // the former times an exponent is exact

// exp for |x| < 708: x = k*log(2) + r, and a polynomial that meets exp(r) at the Chebyshev
// nodes of |r| <= log(2)/2, to 2^-56 of it.
inline Vector exp_within(Vector x) {
  constexpr double shift = 0x1.8p52 + 1023;  // what is added to it is rounded; its last bits are the exponent then
  const Vector shifted = fused(x, 0x1.71547652b82fep+0, shift), k = shifted - shift;
  const Vector r = fused(k, -ln2_low, fused(k, -ln2_high, x)), r2 = r * r, r4 = r2 * r2;
  // Of (exp(r) - 1 - r)/r^2.
  constexpr double c[] = {0x1p-1,
                          0x1.5555555555556p-3,
                          0x1.5555555553d63p-5,
                          0x1.11111111109b3p-7,
                          0x1.6c16c1788bd90p-10,
                          0x1.a01a01a7c41d5p-13,
                          0x1.a019b90d2ae7ap-16,
                          0x1.71de0dae63bb3p-19,
                          0x1.289185613a3d6p-22,
                          0x1.af38a9b0ec855p-26};
  const Vector low = fused(fused(r, c[3], c[2]), r2, fused(r, c[1], c[0]));
  const Vector middle = fused(fused(r, c[7], c[6]), r2, fused(r, c[5], c[4]));
  const Vector tail = fused(fused(fused(r, c[9], c[8]), r4, middle), r4, low);
  const Vector power = (Vector)((Mask)shifted << 52);
  return (1.0 + fused(tail, r2, r)) * power;
}

struct ExpOf {
  static Vector of(Vector x) {
    const Vector y = exp_within(x);
    const Mask common = AbsOf::of(x) < 708.0;
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(exp)(x));
  }
};

struct CoshOf {
  static Vector of(Vector x) {
    const Vector size = AbsOf::of(x), e = exp_within(size), y = 0.5 * e + 0.5 / e;
    const Mask common = size < 708.0;
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(cosh)(x));
  }
};

// x = 2^k * (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2); log(1 + f) by the series of s = f/(2 + f), as in
// FreeBSD's e_log.c.
struct LogOf {
  static Vector of(Vector x) {
    constexpr unsigned long long one = 0x3ff0000000000000, exponent = 0x7ff0000000000000;
    const Unsigned bits = (Unsigned)x, up = bits + (one - 0x3fe6a09e667f3bcd);
    const Vector f = (Vector)(bits - (up & exponent) + one) - 1.0;
    const Unsigned biased = up >> 52 | 0x4330000000000000;  // 2^52 and the exponent
    const Vector k = (Vector)biased - (0x1p52 + 1023);
    const Vector s = f / (2.0 + f), z = s * s, w = z * z;
    const Vector even =
        fused(fused(w, 1.531383769920937332e-01, 2.222219843214978396e-01), w, 3.999999999940941908e-01);
    const Vector odd =
        fused(fused(fused(w, 1.479819860511658591e-01, 1.818357216161805012e-01), w, 2.857142874366239149e-01), w,
              6.666666666666735130e-01);
    const Vector series = fused(even, w, odd * z), half = 0.5 * f * f;
    const Vector y = fused(k, ln2_high, f - (half - fused(s, half + series, k * ln2_low)));
    const Mask common = (x >= 0x1p-1022) & (x < __builtin_inf());
    if (all_of(common)) [[likely]]
      return y;
    return choose(common, y, WENGERT_LIBMVEC1(log)(x));
  }
};

// As in rules/numeric.hpp, without a branch.
struct SigmoidOf {
  static Vector of(Vector x) {
    const Vector e = ExpOf::of(-AbsOf::of(x));
    return choose(x >= 0.0, all(1.0), e) / (1.0 + e);
  }
};

// Near 0 x + x^3*P(x^2)/Q(x^2), with the coefficients of Cephes' tanh; elsewhere 1 - 2/(exp(2x) + 1). One quotient for
// both.
struct TanhOf {
  static Vector of(Vector x) {
    const Vector size = AbsOf::of(x), z = x * x;
    const Mask near = size < 0.625;
    const Vector p =
        fused(fused(z, -9.64399179425052238628e-1, -9.92877231001918586564e1), z, -1.61468768441708447952e3);
    const Vector q =
        fused(fused(z + 1.12811678491632931402e2, z, 2.23548839060100448583e3), z, 4.84406305325125486048e3);
    const Vector e = exp_within(choose(size > 40.0, all(40.0), size) * 2.0);
    const Vector quotient = choose(near, size * z * p, all(-2.0)) / choose(near, q, e + 1.0);
    const Vector y = choose(near, size, all(1.0)) + quotient;
    return (Vector)((Mask)y | ((Mask)x & (Mask)all(-0.0)));
  }
};

}  // namespace
}  // namespace wengert::exec
