// Products of small matrices with long rows, where packing would cost more than the product; a part of
// products_body.hpp. Every element is one sum in the order of the inner index, wherever it stands.
#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace wengert::exec {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t line = 8;
#elif defined(__AVX2__)
constexpr std::size_t line = 4;
#else
constexpr std::size_t line = 2;
#endif
typedef double Line __attribute__((vector_size(line * sizeof(double)), aligned(8)));
typedef double LineRegister __attribute__((vector_size(line * sizeof(double))));

inline LineRegister spread(double x) { return x - LineRegister{}; }
// One rounding where the processor has such an instruction, for a register as for a number.
inline LineRegister plus_product(LineRegister s, LineRegister a, LineRegister b) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, s);
#elif defined(__FMA__)
  return _mm256_fmadd_pd(a, b, s);
#else
  return s + a * b;
#endif
}
inline double plus_product(double s, double a, double b) {
#ifdef __FMA__
  return __builtin_fma(a, b, s);
#else
  return s + a * b;
#endif
}

// The sums of four registers' numbers each: of neighbours first, then of the pairs.
inline void totals(double* to, const LineRegister* x) {
#if defined(__AVX2__)
  __m256d y[4];
  for (std::size_t k = 0; k < 4; ++k)
#if defined(__AVX512F__)
    y[k] = _mm512_castpd512_pd256(x[k]) + _mm512_extractf64x4_pd(x[k], 1);
#else
    y[k] = x[k];
#endif
  const __m256d first = _mm256_hadd_pd(y[0], y[1]), second = _mm256_hadd_pd(y[2], y[3]);
  _mm256_storeu_pd(to, _mm256_permute2f128_pd(first, second, 0x20) + _mm256_permute2f128_pd(first, second, 0x31));
#else
  for (std::size_t k = 0; k < 4; ++k) to[k] = x[k][0] + x[k][1];
#endif
}

struct Small {
  const double *left, *right;
  double* out;
  std::size_t m, k, n, left_row, left_column;  // how far rows and columns of the left one are apart
};

// R rows by C registers of the result from row i, column j on.
template <std::size_t R, std::size_t C>
void small_tile(const Small& p, std::size_t i, std::size_t j) {
  LineRegister sum[R][C] = {};
  const double* left = p.left + i * p.left_row;
  const double* right = p.right + j;
  for (std::size_t l = 0; l < p.k; ++l, left += p.left_column, right += p.n) {
    LineRegister b[C];
    for (std::size_t c = 0; c < C; ++c) b[c] = *reinterpret_cast<const Line*>(right + c * line);
    for (std::size_t r = 0; r < R; ++r) {
      const LineRegister a = spread(left[r * p.left_row]);
      for (std::size_t c = 0; c < C; ++c) sum[r][c] = plus_product(sum[r][c], a, b[c]);
    }
  }
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t c = 0; c < C; ++c) *reinterpret_cast<Line*>(p.out + (i + r) * p.n + j + c * line) = sum[r][c];
}

template <std::size_t C>
void small_columns(const Small& p, std::size_t j) {
  std::size_t i = 0;
  for (; i + 5 <= p.m; i += 5) small_tile<5, C>(p, i, j);
  for (; i + 2 <= p.m; i += 2) small_tile<2, C>(p, i, j);
  for (; i < p.m; ++i) small_tile<1, C>(p, i, j);
}

void multiply_small(const Small& p) {
  std::size_t j = 0;
  for (; j + 2 * line <= p.n; j += 2 * line) small_columns<2>(p, j);
  for (; j + line <= p.n; j += line) small_columns<1>(p, j);
  for (; j < p.n; ++j)
    for (std::size_t i = 0; i < p.m; ++i) {
      double s = 0;
      for (std::size_t l = 0; l < p.k; ++l)
        s = plus_product(s, p.left[i * p.left_row + l * p.left_column], p.right[l * p.n + j]);
      p.out[i * p.n + j] = s;
    }
}

// Rows of both, element by element: R by C sums over k of them, added to what is there unless they are the first.
template <std::size_t R, std::size_t C>
void dot_tile(double* out, const double* left, const double* right, std::size_t k, const Small& p, bool first) {
  constexpr std::size_t all = (R * C + 3) / 4 * 4;
  LineRegister sum[all] = {};
  std::size_t l = 0;
  for (; l + line <= k; l += line) {
    LineRegister b[C];
    for (std::size_t c = 0; c < C; ++c) b[c] = *reinterpret_cast<const Line*>(right + c * p.k + l);
    for (std::size_t r = 0; r < R; ++r) {
      const LineRegister a = *reinterpret_cast<const Line*>(left + r * p.k + l);
      for (std::size_t c = 0; c < C; ++c) sum[r * C + c] = plus_product(sum[r * C + c], a, b[c]);
    }
  }
  double s[all];
  for (std::size_t r = 0; r < all; r += 4) totals(s + r, sum + r);
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t c = 0; c < C; ++c) {
      double& x = s[r * C + c];
      for (std::size_t i = l; i < k; ++i) x = plus_product(x, left[r * p.k + i], right[c * p.k + i]);
      out[r * p.n + c] = first ? x : out[r * p.n + c] + x;
    }
}

template <std::size_t R>
void dot_rows(const Small& p, std::size_t i, std::size_t from, std::size_t k) {
  std::size_t j = 0;
  const double* left = p.left + i * p.k + from;
  for (; j + 2 <= p.n; j += 2) dot_tile<R, 2>(p.out + i * p.n + j, left, p.right + j * p.k + from, k, p, from == 0);
  for (; j < p.n; ++j) dot_tile<R, 1>(p.out + i * p.n + j, left, p.right + j * p.k + from, k, p, from == 0);
}

// A stretch of all rows at a time that stays in the first-level cache.
void multiply_rows_by_rows(const Small& p) {
  constexpr std::size_t cache = 4096;  // numbers
  const std::size_t stretch = std::max(cache / (p.m + p.n) / (4 * line), std::size_t{1}) * (4 * line);
  for (std::size_t from = 0; from < p.k; from += stretch) {
    const std::size_t k = std::min(stretch, p.k - from);
    std::size_t i = 0;
    for (; i + 5 <= p.m; i += 5) dot_rows<5>(p, i, from, k);
    for (; i < p.m; ++i) dot_rows<1>(p, i, from, k);
  }
}

}  // namespace
}  // namespace wengert::exec
