#include "array_rows.hpp"

#include <algorithm>

namespace wengert::exec {

namespace {

template <class R>
void array_value(double* out, const Params& p, std::span<const Array<double>> in) {
  const Array<double> y = R::numeric(p, in);
  std::copy(y.data(), y.data() + y.size(), out);
}
template <class R>
constexpr ArrayFunction made() {
  if constexpr (R::elementwise || std::is_same_v<R, Iterate> || std::is_same_v<R, IterateAdjoint>)
    return nullptr;
  else
    return array_value<R>;
}
template <class... R>
constexpr std::array<ArrayFunction, sizeof...(R)> all_made(Rows<R...>) {
  return {made<R>()...};
}
constexpr auto from_rows = all_made(AllRows{});

const double* numbers(double* const* bases, const Address& a) { return bases[a.base] + a.at; }

// The products in which 0 annihilates, where one that is not a number came out.
struct Factor {
  const double* begin;
  std::size_t row, column, lane;
  double operator()(std::size_t i, std::size_t j, std::size_t w) const {
    return begin[i * row + j * column + w * lane];
  }
};
void strong_again(double* out, const Factor& a, const Factor& b, std::size_t m, std::size_t k, std::size_t n,
                  std::size_t width) {
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t w = 0; w < width; ++w) {
        double s = 0;
        for (std::size_t l = 0; l < k; ++l) s += annihilate(a(i, l, w), b(l, j, w));
        out[(i * n + j) * width + w] = s;
      }
}

}  // namespace

ArrayFunction array_function(Code code) { return from_rows[code - static_cast<std::size_t>(Op::first_row)]; }

// Lane by lane where there are several.
void run_array(const Layout& l, const Step& s, double* const* bases) {
  const Detail& d = l.details[s.first];
  const Params p{.shape = d.shape, .number = d.number, .slices = d.slices, .evaluating = true};
  double* out = bases[s.out.base] + s.out.at;
  std::vector<Array<double>> in;
  if (s.width == 1) {
    for (std::size_t j = 0; j < d.in.size(); ++j)
      in.push_back(Array<double>::view(numbers(bases, d.in[j]), d.shapes[j]));
    return array_function(s.code)(out, p, in);
  }
  std::vector<double> y(d.shape.size());
  for (std::size_t w = 0; w < s.width; ++w) {
    in.clear();
    for (std::size_t j = 0; j < d.in.size(); ++j) {
      const double* x = numbers(bases, d.in[j]);
      Array<double> a(d.shapes[j]);
      for (std::size_t e = 0; e < a.size(); ++e) a.at(e) = d.varying[j] != 0 ? x[e * s.width + w] : x[e];
      in.push_back(std::move(a));
    }
    array_function(s.code)(y.data(), p, in);
    for (std::size_t e = 0; e < y.size(); ++e) out[e * s.width + w] = y[e];
  }
}

void run_product(const Layout& l, const Step& s, double* const* bases) {
  ask_whether_to_stop(l.stop);
  const Detail& d = l.details[s.first];
  const std::size_t m = d.shape.rows, n = d.shape.cols, w = s.width;
  const bool lt = (d.number & left_transposed) != 0, rt = (d.number & right_transposed) != 0;
  const std::size_t k = lt ? d.shapes[0].rows : d.shapes[0].cols;
  const bool left_varies = d.varying[0] != 0, right_varies = d.varying[1] != 0;
  double* out = bases[s.out.base] + s.out.at;
  const double *left = numbers(bases, d.in[0]), *right = numbers(bases, d.in[1]);
  const KernelTable& t = *l.kernels;
  const std::size_t lw = left_varies ? w : 1, rw = right_varies ? w : 1;
  const Factor a{left, (lt ? 1 : k) * lw, (lt ? m : 1) * lw, left_varies ? std::size_t{1} : 0};
  const Factor b{right, (rt ? 1 : n) * rw, (rt ? k : 1) * rw, right_varies ? std::size_t{1} : 0};
  if (w == 1) {
    t.multiply(out, left, right, m, k, n, d.number);
  } else if (!left_varies && (!rt || n == 1 || k == 1)) {
    t.multiply_wide(out, left, right, m, k, n * w, d.number & left_transposed);  // lanes are columns
  } else if (!right_varies && (!lt || m == 1 || k == 1)) {
    for (std::size_t i = 0; i < m; ++i)
      t.multiply_wide(out + i * n * w, right, left + i * k * w, n, k, w, rt ? 0 : left_transposed);
  } else if (left_varies && right_varies) {
    t.multiply_lanes(out, left, right, {m, k, n, w, a.row, a.column, b.row, b.column});
  } else {
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t q = 0; q < w; ++q) {
          double sum = 0;
          for (std::size_t e = 0; e < k; ++e) sum += a(i, e, q) * b(e, j, q);
          out[(i * n + j) * w + q] = sum;
        }
  }
  if ((d.number & strong_product) == 0) return;
  // Where all factors are finite, 0 met nothing that it would have to annihilate; look at the shorter side.
  const std::size_t in_size = m * k * lw + k * n * rw, out_size = m * n * w;
  const bool clean =
      in_size < out_size ? t.finite(left, m * k * lw) && t.finite(right, k * n * rw) : t.finite(out, out_size);
  if (!clean && std::any_of(out, out + out_size, [](double x) { return x != x; })) strong_again(out, a, b, m, k, n, w);
}

}  // namespace wengert::exec
