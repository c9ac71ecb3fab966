// LU factors by Eigen, for any base type that Eigen can work with.
#pragma once
#include <Eigen/LU>
#include <limits>

#include "wengert/rules/linear_algebra.hpp"

namespace wengert {

template <class T>
class EigenFactors : public Factors<T> {
 public:
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  explicit EigenFactors(const Array<T>& a) : lu_(Eigen::Map<const Matrix>(a.data(), a.shape().rows, a.shape().cols)) {
    for (Eigen::Index i = 0; i < lu_.rows(); ++i) {
      const T& pivot = lu_.matrixLU()(i, i);
      singular_ = singular_ || pivot == T(0.0) || pivot != pivot;
    }
  }
  bool singular() const override { return singular_; }
  Array<T> solve(const Array<T>& b, bool transposed) const override {
    if (singular_) return Array<T>(b.shape(), T(std::numeric_limits<double>::quiet_NaN()));
    const Eigen::Map<const Matrix> right(b.data(), b.shape().rows, b.shape().cols);
    const Matrix x = transposed ? Matrix(lu_.transpose().solve(right)) : Matrix(lu_.solve(right));
    Array<T> out(b.shape());
    std::copy(x.data(), x.data() + out.size(), out.mutable_data());
    return out;
  }
  T determinant() const override { return lu_.determinant(); }
  T log_determinant() const override {
    T sum(0.0);
    bool negative = lu_.permutationP().determinant() < 0;
    for (Eigen::Index i = 0; i < lu_.rows(); ++i) {
      const T& pivot = lu_.matrixLU()(i, i);
      negative = negative != (order_of(pivot) < 0);
      sum = sum + log(order_of(pivot) < 0 ? T(-pivot) : pivot);
    }
    return negative ? T(std::numeric_limits<double>::quiet_NaN()) : sum;
  }

 private:
  Eigen::PartialPivLU<Matrix> lu_;
  bool singular_ = false;
};

}  // namespace wengert
