// Products of matrices by rows; a factor that is stored transposed is read in place.
#include <Eigen/Core>
#include <algorithm>

#include "lanes.hpp"
#include "products_small.hpp"
// --
#include "products_tiled.hpp"

namespace wengert::exec {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Column = Eigen::Matrix<double, Eigen::Dynamic, 1>;
using Row = Eigen::Matrix<double, 1, Eigen::Dynamic>;
using In = Eigen::Map<const Matrix>;
using Size = Eigen::Index;

void outer(double* out, const double* left, const double* right, Size m, Size n) {
  for (Size i = 0; i < m; ++i) {
    const double f = left[i];
    for (Size j = 0; j < n; ++j) out[i * n + j] = f * right[j] + 0.0;  // as a sum that begins at 0
  }
}

}  // namespace

void WENGERT_MULTIPLY(double* out, const double* left, const double* right, std::size_t rows, std::size_t inner,
                      std::size_t cols, std::uint32_t flags) {
  const auto m = static_cast<Size>(rows), k = static_cast<Size>(inner), n = static_cast<Size>(cols);
  const bool lt = (flags & left_transposed) != 0, rt = (flags & right_transposed) != 0;
  if (k == 1) return outer(out, left, right, m, n);
  constexpr std::size_t small = 32, long_row = 16;
  if (!rt && rows <= small && inner <= small && cols >= long_row)
    return multiply_small({left, right, out, rows, inner, cols, lt ? 1 : inner, lt ? rows : 1});
  if (!lt && rt && rows <= small && cols <= small && cols > 1 && rows > 1 && inner >= long_row)
    return multiply_rows_by_rows({left, right, out, rows, inner, cols, inner, 1});
  if (rows >= tile_rows && cols >= 2 * line)
    return multiply_tiled(out, {left, lt ? 1 : inner, lt ? rows : 1}, {right, rt ? 1 : cols, rt ? inner : 1}, rows,
                          inner, cols);
  const In a(left, lt ? k : m, lt ? m : k), b(right, rt ? n : k, rt ? k : n);
  if (n == 1) {
    const Eigen::Map<const Column> x(right, k);
    Eigen::Map<Column> y(out, m);
    if (lt)
      y.noalias() = a.transpose() * x;
    else
      y.noalias() = a * x;
    return;
  }
  if (m == 1) {
    const Eigen::Map<const Row> x(left, k);
    Eigen::Map<Row> y(out, n);
    if (rt)
      y.noalias() = x * b.transpose();
    else
      y.noalias() = x * b;
    return;
  }
  Eigen::Map<Matrix> y(out, m, n);
  y.setZero();  // where every sum begins, small ones too
  if (lt && rt)
    y.noalias() += a.transpose() * b.transpose();
  else if (lt)
    y.noalias() += a.transpose() * b;
  else if (rt)
    y.noalias() += a * b.transpose();
  else
    y.noalias() += a * b;
}

}  // namespace wengert::exec
