#include <Eigen/Core>

#include "wengert/rules/arrays.hpp"

namespace wengert {

// Rows at a time, so that a large product can be stopped: each element is the same sum whatever they are. It begins at
// 0, as that of other numbers: Eigen begins small ones with their first product, which may be -0.
Array<double> multiply(const Array<double>& a, const Array<double>& b, const StopAsked* stop) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  constexpr Eigen::Index at_once = Eigen::Index{1} << 25;  // products between questions: some milliseconds
  constexpr Eigen::Index fewest = 192;                     // rows, below which it would get slower
  Array<double> out({a.shape().rows, b.shape().cols});
  const Eigen::Map<const Matrix> left(a.data(), a.shape().rows, a.shape().cols);
  const Eigen::Map<const Matrix> right(b.data(), b.shape().rows, b.shape().cols);
  Eigen::Map<Matrix> result(out.mutable_data(), out.shape().rows, out.shape().cols);
  const Eigen::Index m = left.rows(), a_row = std::max<Eigen::Index>(1, left.cols() * right.cols());
  if (m * a_row < at_once) stop = nullptr;
  const Eigen::Index rows = stop == nullptr ? m : std::max(fewest, at_once / a_row / fewest * fewest);
  // The product of a few rows would be computed in another way: what is left goes with the rows before.
  for (Eigen::Index first = 0, n = 0; first < m; first += n) {
    n = m - first < 2 * rows ? m - first : rows;
    ask_whether_to_stop(stop);
    result.middleRows(first, n).noalias() += left.middleRows(first, n) * right;
  }
  return out;
}

}  // namespace wengert
