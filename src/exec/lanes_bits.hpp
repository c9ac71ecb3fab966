// What formulas are made from, on registers; a part of lanes_body.hpp.
namespace wengert::exec {
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

inline Vector bits_plus(Vector a, unsigned long long b) { return (Vector)((Unsigned)a + b); }
inline Vector bits_minus(Vector a, Vector b) { return (Vector)((Unsigned)a - (Unsigned)b); }
inline Vector bits_and(Vector a, unsigned long long b) { return (Vector)((Unsigned)a & b); }
inline Vector bits_or(Vector a, unsigned long long b) { return (Vector)((Unsigned)a | b); }
inline Vector bits_or(Vector a, Vector b) { return (Vector)((Unsigned)a | (Unsigned)b); }
inline Vector bits_xor(Vector a, Vector b) { return (Vector)((Unsigned)a ^ (Unsigned)b); }
inline Vector bits_left(Vector a, int by) { return (Vector)((Unsigned)a << by); }
inline Vector bits_right(Vector a, int by) { return (Vector)((Unsigned)a >> by); }

}  // namespace
}  // namespace wengert::exec
