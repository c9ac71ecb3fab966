// Sums, extremes, products and copies of lines of numbers; a part of lanes_body.hpp.
namespace wengert::exec {
namespace {

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
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t k = 0; k < 8; ++k) acc[k] += at<T>(x + (i + k) * stride);
  for (std::size_t k = 0; k < 7; ++k)  // which one is known: they stay in registers
    if (i + k < n) acc[k] += at<T>(x + (i + k) * stride);
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

// Several lines as the columns of one array, four rows at a time where registers hold as many.
template <std::size_t S>
void weave_tile(double* __restrict to, const double* const* from, std::size_t n) {
  std::size_t k = 0;
#if WENGERT_VECTOR >= 4
  typedef double Four __attribute__((vector_size(4 * sizeof(double))));
  const auto get = [&](std::size_t r) {
    Four v;
    std::memcpy(&v, from[r] + k, sizeof v);
    return v;
  };
  const auto put = [&](std::size_t at, Four v) { std::memcpy(to + S * k + at, &v, sizeof v); };
  if constexpr (S == 2)
    for (; k + 4 <= n; k += 4) {
      const Four a = get(0), b = get(1), low = __builtin_shufflevector(a, b, 0, 4, 2, 6),
                 high = __builtin_shufflevector(a, b, 1, 5, 3, 7);
      put(0, __builtin_shufflevector(low, high, 0, 1, 4, 5));
      put(4, __builtin_shufflevector(low, high, 2, 3, 6, 7));
    }
  if constexpr (S == 3)  // each number goes to its place within a register, then registers are mixed
    for (; k + 4 <= n; k += 4) {
      Four a = get(0), b = get(1), c = get(2);
      a = __builtin_shufflevector(a, a, 0, 3, 2, 1);
      b = __builtin_shufflevector(b, b, 1, 0, 3, 2);
      c = __builtin_shufflevector(c, c, 2, 1, 0, 3);
      const auto mixed = [](Four x, Four y, Four z) {  // x y z x
        return __builtin_shufflevector(__builtin_shufflevector(x, y, 0, 5, 2, 3), z, 0, 1, 6, 3);
      };
      put(0, mixed(a, b, c));
      put(4, mixed(b, c, a));
      put(8, mixed(c, a, b));
    }
  if constexpr (S == 4)
    for (; k + 4 <= n; k += 4) {
      const Four a = get(0), b = get(1), c = get(2), d = get(3);
      const Four ab = __builtin_shufflevector(a, b, 0, 4, 2, 6), cd = __builtin_shufflevector(c, d, 0, 4, 2, 6);
      const Four ba = __builtin_shufflevector(a, b, 1, 5, 3, 7), dc = __builtin_shufflevector(c, d, 1, 5, 3, 7);
      put(0, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
      put(4, __builtin_shufflevector(ba, dc, 0, 1, 4, 5));
      put(8, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
      put(12, __builtin_shufflevector(ba, dc, 2, 3, 6, 7));
    }
#endif
  for (; k < n; ++k)
    for (std::size_t r = 0; r < S; ++r) to[S * k + r] = from[r][k];
}
void weave(double* to, const WovenLine* lines, std::size_t s, std::size_t n) {
  constexpr std::size_t tile = 64;
  double made[most_woven][tile];  // sums, and numbers that are the same all along
  for (std::size_t k = 0; k < n; k += tile, to += s * tile) {
    const std::size_t here = n - k < tile ? n - k : tile;
    const double* at[most_woven];
    for (std::size_t r = 0; r < s; ++r) {
      const WovenLine& l = lines[r];
      at[r] = l.plus == nullptr && l.step == 1 ? l.from + k : made[r];
      if (l.plus != nullptr)
        binary<AddOf>(made[r], l.from + k * l.step, l.plus + k * l.plus_step, nullptr, l.step | l.plus_step << 1, here);
      else if (l.step == 0 && k == 0)
        for (double& x : made[r]) x = *l.from;
    }
    if (s == 1)
      weave_tile<1>(to, at, here);
    else if (s == 2)
      weave_tile<2>(to, at, here);
    else if (s == 3)
      weave_tile<3>(to, at, here);
    else
      weave_tile<4>(to, at, here);
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

}  // namespace
}  // namespace wengert::exec
