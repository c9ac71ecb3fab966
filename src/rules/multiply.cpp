#include <Eigen/Core>

#include "wengert/rules/arrays.hpp"

namespace wengert {

Array<double> multiply(const Array<double>& a, const Array<double>& b) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Array<double> out({a.shape().rows, b.shape().cols});
  const Eigen::Map<const Matrix> left(a.data(), a.shape().rows, a.shape().cols);
  const Eigen::Map<const Matrix> right(b.data(), b.shape().rows, b.shape().cols);
  Eigen::Map<Matrix>(out.mutable_data(), out.shape().rows, out.shape().cols).noalias() = left * right;
  return out;
}

}  // namespace wengert
