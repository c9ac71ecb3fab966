// LU factors with partial pivoting, for any base type that Eigen can work with. Large matrices ask whether to stop.
#pragma once
#include <Eigen/LU>
#include <limits>

#include "wengert/rules/linear_algebra.hpp"

namespace wengert {

template <class T>
class EigenFactors : public Factors<T> {
 public:
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Index = Eigen::Index;

  EigenFactors(const Array<T>& a, const StopAsked* stop) {
    const Eigen::Map<const Matrix> matrix(a.data(), a.shape().rows, a.shape().cols);
    if constexpr (Complex<T>) matrix_ = matrix;
    if (matrix.rows() > without_questions) {
      lu_ = matrix;
      factorise_by_panels(stop);
    } else {
      const Eigen::PartialPivLU<Matrix> whole(matrix);
      lu_ = whole.matrixLU();
      order_ = whole.permutationP();
    }
    for (Index i = 0; i < lu_.rows(); ++i) {
      const T& pivot = lu_(i, i);
      singular_ = singular_ || pivot == T(0.0) || pivot != pivot;
    }
  }
  bool singular() const override { return singular_; }
  Array<T> solve(const Array<T>& b, bool transposed, const StopAsked* stop) const override {
    if (singular_) return Array<T>(b.shape(), T(std::numeric_limits<double>::quiet_NaN()));
    const Eigen::Map<const Matrix> right(b.data(), b.shape().rows, b.shape().cols);
    Array<T> out(b.shape());
    Eigen::Map<Matrix> x(out.mutable_data(), b.shape().rows, b.shape().cols);
    const Index columns = lu_.rows() > without_questions ? panel : right.cols();
    for (Index first = 0; first < right.cols(); first += columns) {
      ask_whether_to_stop(stop);
      const Index n = std::min(columns, right.cols() - first);
      Matrix some = solved(right.middleCols(first, n), transposed);
      if constexpr (Complex<T>) refine(some, right.middleCols(first, n), transposed);
      x.middleCols(first, n) = some;
    }
    return out;
  }
  Matrix solved(const Matrix& right, bool transposed) const {
    Matrix x = transposed ? right : Matrix(order_ * right);
    if (transposed) {
      lu_.transpose().template triangularView<Eigen::Lower>().solveInPlace(x);
      lu_.transpose().template triangularView<Eigen::UnitUpper>().solveInPlace(x);
      return order_.transpose() * x;
    }
    lu_.template triangularView<Eigen::UnitLower>().solveInPlace(x);
    lu_.template triangularView<Eigen::Upper>().solveInPlace(x);
    return x;
  }
  // One step: the complex step reads tiny imaginary parts, whose error elimination bounds by the real ones.
  void refine(Matrix& x, const Matrix& right, bool transposed) const requires Complex<T> {
    x += solved(right - (transposed ? Matrix(matrix_.transpose() * x) : Matrix(matrix_ * x)), transposed);
  }
  T determinant() const override { return T(static_cast<double>(order_.determinant())) * lu_.diagonal().prod(); }
  T log_determinant() const override {
    T sum(0.0);
    bool negative = order_.determinant() < 0;
    for (Index i = 0; i < lu_.rows(); ++i) {
      const T& pivot = lu_(i, i);
      negative = negative != (order_of(pivot) < 0);
      sum = sum + log(order_of(pivot) < 0 ? T(-pivot) : pivot);
    }
    return negative ? T(std::numeric_limits<double>::quiet_NaN()) : sum;
  }

 private:
  static constexpr Index panel = 128;              // columns that are eliminated before the rest is brought up to date
  // Rows, a hundredth of a second. By panels whether or not somebody may ask: the bits are the same.
  static constexpr Index without_questions = std::is_arithmetic_v<T> || Complex<T> ? 500 : 64;

  // Golub and Van Loan, Matrix Computations, section 3.4: a panel of columns with its pivots, then the rest by
  // products.
  void factorise_by_panels(const StopAsked* stop) {
    const Index n = lu_.rows();
    order_.setIdentity(n);
    for (Index k = 0; k < n; k += panel) {
      const Index w = std::min(panel, n - k), rest = n - k - w;
      eliminate(k, w);
      if (rest == 0) break;
      auto right = lu_.block(k, k + w, w, rest);
      lu_.block(k, k, w, w).template triangularView<Eigen::UnitLower>().solveInPlace(right);
      for (Index i = k + w; i < n; i += panel) {
        ask_whether_to_stop(stop);
        const Index m = std::min(panel, n - i);
        lu_.block(i, k + w, m, rest).noalias() -= lu_.block(i, k, m, w) * right;
      }
    }
  }
  // Columns k to k + w, whole rows changing places.
  void eliminate(Index k, Index w) {
    const Index n = lu_.rows();
    for (Index j = k; j < k + w; ++j) {
      Index pivot = 0;
      lu_.col(j).tail(n - j).cwiseAbs().maxCoeff(&pivot);
      if (pivot != 0) {
        lu_.row(j).swap(lu_.row(j + pivot));
        order_.applyTranspositionOnTheLeft(j, j + pivot);
      }
      const T head = lu_(j, j);
      if (head == T(0.0)) continue;  // singular
      const Index right = k + w - j - 1;
      for (Index i = j + 1; i < n; ++i) {
        lu_(i, j) = lu_(i, j) / head;
        lu_.row(i).segment(j + 1, right) -= lu_(i, j) * lu_.row(j).segment(j + 1, right);
      }
    }
  }

  Matrix lu_;
  Matrix matrix_;  // of complex ones, to refine by
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic> order_;
  bool singular_ = false;
};

}  // namespace wengert
