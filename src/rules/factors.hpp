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
    if constexpr (Complex<T>) matrix_ = Eigen::Map<const Matrix>(a.data(), a.shape().rows, a.shape().cols);
    for (Eigen::Index i = 0; i < lu_.rows(); ++i) {
      const T& pivot = lu_.matrixLU()(i, i);
      singular_ = singular_ || pivot == T(0.0) || pivot != pivot;
    }
  }
  bool singular() const override { return singular_; }
  Array<T> solve(const Array<T>& b, bool transposed) const override {
    if (singular_) return Array<T>(b.shape(), T(std::numeric_limits<double>::quiet_NaN()));
    const Eigen::Map<const Matrix> right(b.data(), b.shape().rows, b.shape().cols);
    Matrix x = transposed ? Matrix(lu_.transpose().solve(right)) : Matrix(lu_.solve(right));
    if constexpr (Complex<T>) refine(x, right, transposed);
    Array<T> out(b.shape());
    std::copy(x.data(), x.data() + out.size(), out.mutable_data());
    return out;
  }
  // One step: the complex step reads tiny imaginary parts, whose error elimination bounds by the real ones.
  void refine(Matrix& x, const Eigen::Map<const Matrix>& right, bool transposed) const
    requires Complex<T>
  {
    const Matrix rest = right - (transposed ? Matrix(matrix_.transpose() * x) : Matrix(matrix_ * x));
    x += transposed ? Matrix(lu_.transpose().solve(rest)) : Matrix(lu_.solve(rest));
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
  Matrix matrix_;  // of complex ones, to refine by
  bool singular_ = false;
};

}  // namespace wengert
