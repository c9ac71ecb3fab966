// A register of numbers and the loops over blocks of them; a part of lanes_body.hpp.
namespace wengert::exec {
namespace {

constexpr std::size_t lanes = WENGERT_VECTOR;
typedef double Vector __attribute__((vector_size(lanes * sizeof(double))));
typedef long long Mask __attribute__((vector_size(lanes * sizeof(double))));
typedef unsigned long long Unsigned __attribute__((vector_size(lanes * sizeof(double))));

inline Vector load(const double* p) {
  Vector v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void store(double* p, Vector v) { std::memcpy(p, &v, sizeof v); }
inline Vector all(double x) { return x - Vector{}; }
inline Vector choose(Mask m, Vector a, Vector b) { return m ? a : b; }
inline bool some_nan(Vector x) {
#if defined(__AVX512F__) && WENGERT_VECTOR == 8
  return _mm512_cmp_pd_mask(x, x, _CMP_UNORD_Q) != 0;
#elif defined(__AVX2__) && WENGERT_VECTOR == 4
  return _mm256_movemask_pd(_mm256_cmp_pd(x, x, _CMP_UNORD_Q)) != 0;
#elif defined(__SSE2__) && WENGERT_VECTOR == 2
  return _mm_movemask_pd(_mm_cmpunord_pd(x, x)) != 0;
#else
  bool some = false;
  for (std::size_t i = 0; i < lanes; ++i) some = some || x[i] != x[i];
  return some;
#endif
}

inline bool some_nan(Vector x, Vector y) {
#if defined(__AVX512F__) && WENGERT_VECTOR == 8
  return _mm512_cmp_pd_mask(x, y, _CMP_UNORD_Q) != 0;
#elif defined(__AVX2__) && WENGERT_VECTOR == 4
  return _mm256_movemask_pd(_mm256_cmp_pd(x, y, _CMP_UNORD_Q)) != 0;
#else
  return some_nan(x) || some_nan(y);
#endif
}

inline bool some_nan(Vector x, Vector y, Vector z, Vector w) {
#if defined(__AVX2__) && WENGERT_VECTOR == 4
  return _mm256_movemask_pd(_mm256_or_pd(_mm256_cmp_pd(x, y, _CMP_UNORD_Q), _mm256_cmp_pd(z, w, _CMP_UNORD_Q))) != 0;
#else
  return some_nan(x, y) || some_nan(z, w);
#endif
}

// Of a comparison's result.
inline bool all_of(Mask m) {
#if defined(__AVX512DQ__) && WENGERT_VECTOR == 8
  return _mm512_movepi64_mask((__m512i)m) == 0xff;
#elif defined(__AVX2__) && WENGERT_VECTOR == 4
  return _mm256_movemask_pd((__m256d)m) == 0xf;
#elif defined(__SSE2__) && WENGERT_VECTOR == 2
  return _mm_movemask_pd((__m128d)m) == 0x3;
#else
  bool every = true;
  for (std::size_t i = 0; i < lanes; ++i) every = every && m[i] != 0;
  return every;
#endif
}

// Fewer numbers than a register has: padded with the last one.
template <bool A, bool B, bool C, class F>
void short_loop(double* out, const double* a, const double* b, const double* c, std::size_t n, F&& f) {
  double x[3][lanes], y[lanes];
  for (std::size_t l = 0; l < lanes; ++l) {
    const std::size_t at = l < n ? l : n - 1;
    x[0][l] = a[A ? at : 0];
    x[1][l] = b[B ? at : 0];
    x[2][l] = c[C ? at : 0];
  }
  store(y, f(load(x[0]), load(x[1]), load(x[2])));
  for (std::size_t l = 0; l < n; ++l) out[l] = y[l];
}

// How an operation makes use of a strong product: not at all, or joined with a third operand.
struct Plain {
  static constexpr bool strong = false;
};
template <class F>
concept JoinsStrong = requires(Vector p) {
  F::joined(p, p);
};
template <class F>
struct Strong : F {
  static constexpr bool strong = true;
};
template <class F>
using StrongOrPlain = std::conditional_t<JoinsStrong<F>, Strong<F>, Plain>;

// A register at a time. The last one may overlap the one before it; it is computed first, from operands that the
// result may overwrite, and stored last: the same function of the same numbers, so the same bits twice.
// Of a strong product several at a time: one look says that none of them has to be mended.
template <bool A, bool B, bool C, class Of, class F>
void loop(double* out, const double* a, const double* b, const double* c, std::size_t n, F&& f) {
  if (n < lanes) return short_loop<A, B, C>(out, a, b, c, n, f);
  const Vector a0 = A ? Vector{} : all(*a), b0 = B ? Vector{} : all(*b), c0 = C ? Vector{} : all(*c);
  const auto at = [&](std::size_t i) { return f(A ? load(a + i) : a0, B ? load(b + i) : b0, C ? load(c + i) : c0); };
  const std::size_t whole = n / lanes * lanes;
  const Vector last = whole < n ? at(n - lanes) : Vector{};
  std::size_t i = 0;
  if constexpr (Of::strong) {
    const auto product = [&](std::size_t k) { return (A ? load(a + k) : a0) * (B ? load(b + k) : b0); };
    const auto joined = [&](Vector p, std::size_t k) { return Of::joined(p, C ? load(c + k) : c0); };
    for (; i + 4 * lanes <= whole; i += 4 * lanes) {
      const std::size_t i1 = i + lanes, i2 = i + 2 * lanes, i3 = i + 3 * lanes;
      const Vector p0 = product(i), p1 = product(i1), p2 = product(i2), p3 = product(i3);
      Vector y0, y1, y2, y3;
      if (!some_nan(p0, p1, p2, p3)) [[likely]]
        y0 = joined(p0, i), y1 = joined(p1, i1), y2 = joined(p2, i2), y3 = joined(p3, i3);
      else
        y0 = at(i), y1 = at(i1), y2 = at(i2), y3 = at(i3);
      store(out + i, y0);
      store(out + i1, y1);
      store(out + i2, y2);
      store(out + i3, y3);
    }
    for (; i + 2 * lanes <= whole; i += 2 * lanes) {
      const std::size_t i1 = i + lanes;
      const Vector p0 = product(i), p1 = product(i1);
      Vector y0, y1;
      if (!some_nan(p0, p1)) [[likely]]
        y0 = joined(p0, i), y1 = joined(p1, i1);
      else
        y0 = at(i), y1 = at(i1);
      store(out + i, y0);
      store(out + i1, y1);
    }
  }
  for (; i < whole; i += lanes) store(out + i, at(i));
  if (whole < n) store(out + n - lanes, last);
}

template <class F>
void unary(double* out, const double* a, const double*, const double*, unsigned form, std::size_t n) {
  const auto f = [](Vector x, Vector, Vector) { return F::of(x); };
  if ((form & 1u) != 0)
    loop<true, false, false, Plain>(out, a, a, a, n, f);
  else
    loop<false, false, false, Plain>(out, a, a, a, n, f);
}
template <class F>
void binary(double* out, const double* a, const double* b, const double*, unsigned form, std::size_t n) {
  const auto f = [](Vector x, Vector y, Vector) { return F::of(x, y); };
  switch (form & 3u) {
    case 3:
      return loop<true, true, false, StrongOrPlain<F>>(out, a, b, a, n, f);
    case 1:
      return loop<true, false, false, StrongOrPlain<F>>(out, a, b, a, n, f);
    case 2:
      return loop<false, true, false, StrongOrPlain<F>>(out, a, b, a, n, f);
    default:
      return loop<false, false, false, StrongOrPlain<F>>(out, a, b, a, n, f);
  }
}
template <class F>
void ternary(double* out, const double* a, const double* b, const double* c, unsigned form, std::size_t n) {
  const auto f = [](Vector x, Vector y, Vector z) { return F::of(x, y, z); };
  switch (form & 7u) {
    case 7:
      return loop<true, true, true, StrongOrPlain<F>>(out, a, b, c, n, f);
    case 6:
      return loop<false, true, true, StrongOrPlain<F>>(out, a, b, c, n, f);
    case 5:
      return loop<true, false, true, StrongOrPlain<F>>(out, a, b, c, n, f);
    case 4:
      return loop<false, false, true, StrongOrPlain<F>>(out, a, b, c, n, f);
    case 3:
      return loop<true, true, false, StrongOrPlain<F>>(out, a, b, c, n, f);
    case 2:
      return loop<false, true, false, StrongOrPlain<F>>(out, a, b, c, n, f);
    case 1:
      return loop<true, false, false, StrongOrPlain<F>>(out, a, b, c, n, f);
    default:
      return loop<false, false, false, StrongOrPlain<F>>(out, a, b, c, n, f);
  }
}

}  // namespace
}  // namespace wengert::exec
