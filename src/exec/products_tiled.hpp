// Products of larger matrices; a part of products_body.hpp. A tile of the result stays in registers while a stretch
// of the inner index goes by; that stretch of as many columns as a tile has is copied side by side, and the first-level
// cache keeps it for all tiles below each other. Every element is one sum in the order of the inner index.
namespace wengert::exec {
namespace {

constexpr std::size_t tile_rows = line == 8 ? 8 : 4, tile_lines = 3, tile_columns = tile_lines * line;
constexpr std::size_t tile_depth = line == 8 ? 128 : 192, tile_block = 512;  // of the inner index; of rows

// As far as rows and columns of a factor are apart.
struct Strided {
  const double* begin;
  std::size_t row, column;
  const double* at(std::size_t r, std::size_t c) const { return begin + r * row + c * column; }
};

template <std::size_t R, std::size_t C>
void tile(const Strided& left, const double* panel, std::size_t depth, double* out, std::size_t out_row, bool first) {
  LineRegister sum[R][C];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 3
    for (std::size_t c = 0; c < C; ++c)
      sum[r][c] = first ? LineRegister{} : LineRegister(*reinterpret_cast<const Line*>(out + r * out_row + c * line));
  const double* a = left.begin;
  for (std::size_t l = 0; l < depth; ++l, a += left.column, panel += C * line) {
    LineRegister b[C];
#pragma GCC unroll 3
    for (std::size_t c = 0; c < C; ++c) b[c] = *reinterpret_cast<const Line*>(panel + c * line);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r) {
      const LineRegister x = spread(a[r * left.row]);
#pragma GCC unroll 3
      for (std::size_t c = 0; c < C; ++c) sum[r][c] = plus_product(sum[r][c], x, b[c]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 3
    for (std::size_t c = 0; c < C; ++c) *reinterpret_cast<Line*>(out + r * out_row + c * line) = sum[r][c];
}

// Where the last register has columns that are not there: by way of a whole tile.
template <std::size_t R, std::size_t C>
void tile_of(const Strided& left, const double* panel, std::size_t depth, double* out, std::size_t out_row,
             std::size_t columns, bool first) {
  if (columns == C * line) return tile<R, C>(left, panel, depth, out, out_row, first);
  double whole[R * C * line] = {};
  for (std::size_t r = 0; r < R && !first; ++r)
    for (std::size_t c = 0; c < columns; ++c) whole[r * C * line + c] = out[r * out_row + c];
  tile<R, C>(left, panel, depth, whole, C * line, first);
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t c = 0; c < columns; ++c) out[r * out_row + c] = whole[r * C * line + c];
}

#ifdef __AVX2__
// Four rows of four become columns.
void transpose_four(double* to, std::size_t to_row, const double* from, std::size_t from_row) {
  const __m256d a = _mm256_loadu_pd(from), b = _mm256_loadu_pd(from + from_row);
  const __m256d c = _mm256_loadu_pd(from + 2 * from_row), d = _mm256_loadu_pd(from + 3 * from_row);
  const __m256d ab = _mm256_unpacklo_pd(a, b), ba = _mm256_unpackhi_pd(a, b);
  const __m256d cd = _mm256_unpacklo_pd(c, d), dc = _mm256_unpackhi_pd(c, d);
  _mm256_storeu_pd(to, _mm256_permute2f128_pd(ab, cd, 0x20));
  _mm256_storeu_pd(to + to_row, _mm256_permute2f128_pd(ba, dc, 0x20));
  _mm256_storeu_pd(to + 2 * to_row, _mm256_permute2f128_pd(ab, cd, 0x31));
  _mm256_storeu_pd(to + 3 * to_row, _mm256_permute2f128_pd(ba, dc, 0x31));
}
#else
void transpose_four(double* to, std::size_t to_row, const double* from, std::size_t from_row) {
  for (std::size_t r = 0; r < 4; ++r)
    for (std::size_t c = 0; c < 4; ++c) to[c * to_row + r] = from[r * from_row + c];
}
#endif

// `depth` rows of so many columns side by side, 0 in what C registers have more.
template <std::size_t C>
void fill_panel(double* panel, const Strided& right, std::size_t depth, std::size_t columns) {
  constexpr std::size_t width = C * line;
  if (columns < width) std::fill_n(panel, depth * width, 0.0);
  if (right.column == 1) {
    for (std::size_t l = 0; l < depth; ++l) {
      if (columns == width)
        std::copy_n(right.at(l, 0), width, panel + l * width);
      else
        std::copy_n(right.at(l, 0), columns, panel + l * width);
    }
    return;
  }
  std::size_t c = 0;
  for (; c + 4 <= columns; c += 4) {
    std::size_t l = 0;
    for (; l + 4 <= depth; l += 4) transpose_four(panel + l * width + c, width, right.at(l, c), right.column);
    for (; l < depth; ++l)
      for (std::size_t i = 0; i < 4; ++i) panel[l * width + c + i] = *right.at(l, c + i);
  }
  for (; c < columns; ++c)
    for (std::size_t l = 0; l < depth; ++l) panel[l * width + c] = *right.at(l, c);
}

struct Stretch {  // of the inner index; the result's rows that go with it
  std::size_t from, depth, first_row, end_row;
};

// So many columns, at most C registers, from column j on.
template <std::size_t C>
void tiles_down(double* panel, double* out, const Strided& left, const Strided& right, std::size_t n, std::size_t j,
                std::size_t columns, const Stretch& s) {
  fill_panel<C>(panel, {right.at(s.from, j), right.row, right.column}, s.depth, columns);
  std::size_t i = s.first_row;
  const auto rows = [&]<std::size_t R>() {
    for (; i + R <= s.end_row; i += R)
      tile_of<R, C>({left.at(i, s.from), left.row, left.column}, panel, s.depth, out + i * n + j, n, columns,
                    s.from == 0);
  };
  rows.template operator()<tile_rows>();
  rows.template operator()<2>();
  rows.template operator()<1>();
}

void multiply_tiled(double* out, const Strided& left, const Strided& right, std::size_t m, std::size_t k,
                    std::size_t n) {
  alignas(64) double panel[tile_depth * tile_columns];
  for (std::size_t l = 0; l < k; l += tile_depth)
    for (std::size_t i = 0; i < m; i += tile_block)
      for (std::size_t j = 0; j < n; j += tile_columns) {
        const Stretch s{l, std::min(tile_depth, k - l), i, std::min(i + tile_block, m)};
        const std::size_t columns = std::min(tile_columns, n - j);
        if (columns <= line)
          tiles_down<1>(panel, out, left, right, n, j, columns, s);
        else if (columns <= 2 * line)
          tiles_down<2>(panel, out, left, right, n, j, columns, s);
        else
          tiles_down<3>(panel, out, left, right, n, j, columns, s);
      }
}

}  // namespace
}  // namespace wengert::exec
