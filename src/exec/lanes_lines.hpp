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

// Several lines as the columns of one array: to[s*k + r] = from[r][k*step[r]], for steps of 0 and 1.
template <std::size_t S>
void weave_tile(double* __restrict to, const double* const* from, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t r = 0; r < S; ++r) to[S * k + r] = from[r][k];
}
void weave(double* to, const double* const* from, const std::uint32_t* step, std::size_t s, std::size_t n) {
  constexpr std::size_t tile = 64;
  double same[most_woven][tile];
  const double* at[most_woven];
  for (std::size_t r = 0; r < s; ++r) {
    at[r] = step[r] == 0 ? same[r] : from[r];
    if (step[r] == 0)
      for (double& x : same[r]) x = *from[r];
  }
  for (std::size_t k = 0; k < n; k += tile, to += s * tile) {
    const std::size_t here = n - k < tile ? n - k : tile;
    if (s == 1)
      weave_tile<1>(to, at, here);
    else if (s == 2)
      weave_tile<2>(to, at, here);
    else if (s == 3)
      weave_tile<3>(to, at, here);
    else
      weave_tile<4>(to, at, here);
    for (std::size_t r = 0; r < s; ++r) at[r] += step[r] * tile;
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
