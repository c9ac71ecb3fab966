// The matrix of cofactors, at singular matrices too.
//
// A = P L D R Q by elimination with complete pivoting: L and R triangles with a unit diagonal and no element above 1, D
// diagonal. The adjugate of a product is that of its factors in reverse, so
//   cof(A) = adj(A)' = det(P) det(Q) P L^-T adj(D) R^-T Q
// where adj(D) has in place k the product of all pivots but the k-th: at most one of them may be 0. No division by it,
// so that cofactors are as continuous here as they are. O(n^3).
//
// Source: G. W. Stewart, "On the adjugate matrix", Linear Algebra and its Applications 283 (1998) 151-164.
#pragma once
#include <utility>
#include <vector>

#include "wengert/core/stop.hpp"
#include "wengert/rules/array.hpp"
#include "wengert/rules/numeric.hpp"

namespace wengert {

// What pivots are chosen by.
template <Real T>
T pivot_size(const T& x) {
  return magnitude(x);
}
inline double pivot_size(const std::complex<double>& x) { return std::abs(x); }

// P'AQ' = L D R in the place of A, row by row: L below the diagonal, D on it, R above.
template <class T>
class CompletePivoting {
 public:
  CompletePivoting(const Array<T>& a, const StopAsked* stop)
      : n_(a.shape().rows), f_(a.shape()), row_(n_), column_(n_) {
    for (std::size_t i = 0; i < a.size(); ++i) f_.at(i) = a[i];
    for (std::size_t i = 0; i < n_; ++i) row_[i] = column_[i] = i;
    for (std::size_t k = 0; k < n_; ++k) {
      if (n_ >= 32) ask_whether_to_stop(stop);
      if (!bring_largest_to(k)) break;
      eliminate(k);
    }
  }
  const T& pivot(std::size_t k) const { return f_(k, k); }

  Array<T> cofactors(const StopAsked* stop) const {
    Array<T> m(f_.shape());
    for (std::size_t k = 0; k < n_; ++k) m.at(k, k) = others(k);
    for (std::size_t i = n_; i-- > 0;) {  // L^-T: what is not 0 yet stands from the diagonal on
      if (n_ >= 32) ask_whether_to_stop(stop);
      for (std::size_t k = i + 1; k < n_; ++k)
        for (std::size_t j = k; j < n_; ++j) m.at(i, j) = m(i, j) - f_(k, i) * m(k, j);
    }
    for (std::size_t i = 0; i < n_; ++i) {  // R^-T from the right
      if (n_ >= 32) ask_whether_to_stop(stop);
      for (std::size_t j = n_; j-- > 0;)
        for (std::size_t k = j + 1; k < n_; ++k) m.at(i, j) = m(i, j) - f_(j, k) * m(i, k);
    }
    Array<T> out(f_.shape());
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j) out.at(row_[i], column_[j]) = odd_ ? T(-m(i, j)) : m(i, j);
    return out;
  }

 private:
  // False where all that is left is 0.
  bool bring_largest_to(std::size_t k) {
    std::size_t r = k, c = k;
    auto largest = pivot_size(f_(k, k));
    for (std::size_t i = k; i < n_; ++i)
      for (std::size_t j = k; j < n_; ++j)
        if (auto size = pivot_size(f_(i, j)); size > largest) {
          largest = size;
          r = i;
          c = j;
        }
    if (r != k) exchange(row_, r, k, [&](std::size_t j) { std::swap(f_.at(r, j), f_.at(k, j)); });
    if (c != k) exchange(column_, c, k, [&](std::size_t i) { std::swap(f_.at(i, c), f_.at(i, k)); });
    return !(f_(k, k) == T(0.0));
  }
  template <class Swap>
  void exchange(std::vector<std::size_t>& order, std::size_t a, std::size_t b, Swap&& swap) {
    odd_ = !odd_;
    std::swap(order[a], order[b]);
    for (std::size_t i = 0; i < n_; ++i) swap(i);
  }
  void eliminate(std::size_t k) {
    for (std::size_t i = k + 1; i < n_; ++i) {
      f_.at(i, k) = f_(i, k) / f_(k, k);
      for (std::size_t j = k + 1; j < n_; ++j) f_.at(i, j) = f_(i, j) - f_(i, k) * f_(k, j);
    }
    for (std::size_t j = k + 1; j < n_; ++j) f_.at(k, j) = f_(k, j) / f_(k, k);
  }
  T others(std::size_t k) const {
    T product(1.0);
    for (std::size_t i = 0; i < n_; ++i)
      if (i != k) product = product * f_(i, i);
    return product;
  }

  std::size_t n_;
  Array<T> f_;
  std::vector<std::size_t> row_, column_;  // of A, where they stand now
  bool odd_ = false;
};

template <class T>
Array<T> cofactors(const Array<T>& a, const StopAsked* stop) {
  return CompletePivoting<T>(a, stop).cofactors(stop);
}

}  // namespace wengert
