// Linear systems with bounds. The numbers are those of the factors in doubles; the bound is that of the backward error
// of Gaussian elimination (Higham, Accuracy and Stability, 2nd ed., 9.3): the computed x solves (A + D)x = b + e with
// |D| <= 3n u |L||U|, and so do errors of the elements of A; e is what underflow leaves of products and quotients, n
// times the smallest number for each of L and of |L||U|. Elimination in bounded numbers would multiply them again and
// again.
#include <algorithm>

#include "wengert/sweep/rounded.hpp"

namespace wengert {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unit = 0x1p-53;
constexpr double smallest = std::numeric_limits<double>::denorm_min();  // a bound is not rounded to 0

// A product of sizes, which is 0 only where a factor is.
double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b + smallest; }

Array<double> numbers_of(const Array<Rounded>& a) {
  Array<double> out(a.shape());
  for (std::size_t i = 0; i < a.size(); ++i) out.at(i) = a[i].value;
  return out;
}

// Before each row of what takes n^3 steps.
void ask_of(std::size_t n, const StopAsked* stop) {
  if (n >= 32) ask_whether_to_stop(stop);
}

// |L||U| with the rows in the order of A, by partial pivoting.
Array<double> factor_sizes(Array<double> a, const StopAsked* stop) {
  const std::size_t n = a.shape().rows;
  std::vector<std::size_t> row(n);
  for (std::size_t i = 0; i < n; ++i) row[i] = i;
  for (std::size_t k = 0; k < n; ++k, ask_of(n, stop)) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::fabs(a(i, k)) > std::fabs(a(pivot, k))) pivot = i;
    std::swap(row[k], row[pivot]);
    for (std::size_t j = 0; j < n; ++j) std::swap(a.at(k, j), a.at(pivot, j));
    if (a(k, k) == 0) continue;
    for (std::size_t i = k + 1; i < n; ++i) {
      a.at(i, k) /= a(k, k);
      for (std::size_t j = k + 1; j < n; ++j) a.at(i, j) -= a(i, k) * a(k, j);
    }
  }
  Array<double> sizes(a.shape());
  for (std::size_t i = 0; i < n; ++i, ask_of(n, stop))
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k <= std::min(i, j); ++k)
        sizes.at(row[i], j) += std::fabs(k == i ? a(k, j) : a(i, k) * a(k, j));
  return sizes;
}

class RoundedFactors : public Factors<Rounded> {
 public:
  RoundedFactors(const Array<Rounded>& a, const StopAsked* stop)
      : n_(a.shape().rows),
        numbers_(numbers_of(a)),
        lu_(factorise(numbers_, stop)),
        errors_(factor_sizes(numbers_, stop)),
        inverse_({a.shape()}),
        row_sizes_(n_),
        column_sizes_(n_) {
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j) {
        row_sizes_[i] += errors_(i, j);
        column_sizes_[j] += errors_(i, j);
      }
    for (std::size_t i = 0; i < a.size(); ++i)
      errors_.at(i) = a[i].bound + 3 * static_cast<double>(n_) * unit * errors_[i];
    if (lu_->singular()) return;
    for (std::size_t i = 0; i < n_; ++i) inverse_.at(i, i) = 1;
    inverse_ = lu_->solve(inverse_, false, stop);
    // Beyond one half the inverse of what was rounded says nothing of the inverse.
    double worst = 0;
    for (std::size_t i = 0; i < n_; ++i, ask_of(n_, stop)) {
      double sum = 0;
      for (std::size_t j = 0; j < n_; ++j)
        for (std::size_t k = 0; k < n_; ++k) sum += std::fabs(inverse_(i, k)) * errors_(k, j);
      worst = sum < 0.5 ? std::max(worst, sum) : 1;  // a NaN too
    }
    safe_ = worst < 0.5;
    growth_ = safe_ ? 1 / (1 - worst) : 1;
    if (safe_) add_errors_of_inverse(stop);
  }

  bool singular() const override { return lu_->singular(); }

  Array<Rounded> solve(const Array<Rounded>& b, bool transposed, const StopAsked* stop) const override {
    const Array<double> x = lu_->solve(numbers_of(b), transposed, stop);
    Array<Rounded> out(b.shape());
    for (std::size_t c = 0; c < b.shape().cols; ++c, ask_of(n_, stop)) {
      std::vector<double> rest(n_), size(n_);
      for (std::size_t j = 0; j < n_; ++j) size[j] = size_of(x, b, j, c, transposed);
      for (std::size_t i = 0; i < n_; ++i) {
        rest[i] = b(i, c).bound;
        bool reached = b(i, c).value != 0;
        for (std::size_t j = 0; j < n_; ++j) {
          rest[i] += times(transposed ? errors_(j, i) : errors_(i, j), size[j]);
          reached = reached || (size[j] != 0 && (transposed ? numbers_(j, i) : numbers_(i, j)) != 0);
        }
        if (reached) rest[i] += underflow(transposed ? column_sizes_[i] : row_sizes_[i]);
      }
      for (std::size_t i = 0; i < n_; ++i) {
        double bound = safe_ ? 0 : infinity;
        for (std::size_t j = 0; j < n_ && safe_; ++j)
          bound += times(std::fabs(transposed ? inverse_(j, i) : inverse_(i, j)), rest[j]);
        bound *= growth_;
        out.at(i, c) = {x(i, c), std::isnan(bound) || !std::isfinite(x(i, c)) ? infinity : bound};
      }
    }
    return out;
  }

  // d det = det * tr(inv(A) dA); near a singular matrix Hadamard's bound of the cofactors.
  Rounded determinant() const override {
    const double d = lu_->determinant();
    if (!std::isfinite(d)) return {d, infinity};
    double bound = 0;
    if (safe_)
      bound = std::fabs(d) * relative_error() * growth_;
    else
      for (std::size_t i = 0; i < n_; ++i) {
        double others = 1, errors = 0;
        for (std::size_t k = 0; k < n_; ++k) {
          double square = 0;
          for (std::size_t j = 0; j < n_; ++j)
            square += (std::fabs(numbers_(k, j)) + errors_(k, j)) * (std::fabs(numbers_(k, j)) + errors_(k, j));
          if (k != i) others *= std::sqrt(square);
        }
        for (std::size_t j = 0; j < n_; ++j) errors += errors_(i, j);
        bound += others * errors;
      }
    return {d, std::isnan(bound) ? infinity : bound + static_cast<double>(n_) * unit * std::fabs(d)};
  }
  // Of a negative determinant it is no number, as surely as the sign is known.
  Rounded log_determinant() const override {
    const double d = lu_->log_determinant();
    if (!safe_ || std::isnan(d)) return {d, safe_ ? 0 : infinity};
    const double logs = static_cast<double>(n_) * (1 + std::fabs(d));
    return {d, relative_error() * growth_ + 4 * unit * logs};
  }

 private:
  // Its sizes, with what they may be wrong by: an element that came out 0 may be none.
  void add_errors_of_inverse(const StopAsked* stop) {
    Array<double> half({inverse_.shape()}), sizes({inverse_.shape()});
    for (std::size_t i = 0; i < n_; ++i, ask_of(n_, stop))
      for (std::size_t k = 0; k < n_; ++k)
        for (std::size_t j = 0; j < n_; ++j) half.at(i, j) += times(std::fabs(inverse_(i, k)), errors_(k, j));
    for (std::size_t i = 0; i < n_; ++i, ask_of(n_, stop))
      for (std::size_t j = 0; j < n_; ++j) {
        sizes.at(i, j) = std::fabs(inverse_(i, j));
        for (std::size_t k = 0; k < n_; ++k) sizes.at(i, j) += growth_ * times(half(i, k), std::fabs(inverse_(k, j)));
      }
    inverse_ = std::move(sizes);
  }
  // Of an element of the solution, which may be 0 by underflow.
  double size_of(const Array<double>& x, const Array<Rounded>& b, std::size_t j, std::size_t c, bool transposed) const {
    if (x(j, c) != 0) return std::fabs(x(j, c));
    for (std::size_t k = 0; k < n_; ++k)
      if ((transposed ? inverse_(k, j) : inverse_(j, k)) != 0 && b(k, c).value != 0) return smallest;
    return 0;
  }
  double underflow(double sizes) const {
    const double n = static_cast<double>(n_);
    return n * (n * smallest + times(sizes, smallest));
  }
  double relative_error() const {
    double sum = 0;
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j) sum += std::fabs(inverse_(j, i)) * errors_(i, j);
    return sum;
  }

  std::size_t n_;
  Array<double> numbers_;
  std::unique_ptr<Factors<double>> lu_;
  Array<double> errors_, inverse_;                // of the elements of A, backward errors with them
  std::vector<double> row_sizes_, column_sizes_;  // of |L||U|
  bool safe_ = false;
  double growth_ = 1;
};

}  // namespace

std::unique_ptr<Factors<Rounded>> factorise(const Array<Rounded>& a, const StopAsked* stop) {
  return std::make_unique<RoundedFactors>(a, stop);
}

// Hadamard's bound of what one row's errors make of the determinant of all rows but one. Elimination with complete
// pivoting finds the cofactors of a matrix that differs by 8n u |L||D||R|, where no element of L and R is above 1.
Array<Rounded> cofactors(const Array<Rounded>& a, const StopAsked* stop) {
  const std::size_t n = a.shape().rows;
  const Array<double> numbers = numbers_of(a);
  const CompletePivoting<double> found(numbers, stop);
  double largest = 0;
  for (std::size_t k = 0; k < n; ++k) largest = std::max(largest, std::fabs(found.pivot(k)));
  const double backward = 8 * static_cast<double>(n * n) * unit * largest + static_cast<double>(n) * smallest;
  std::vector<double> error(n), size(n);
  for (std::size_t i = 0; i < n; ++i) {
    double square = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double e = a(i, j).bound + backward;
      error[i] += e;
      square += (std::fabs(a(i, j).value) + e) * (std::fabs(a(i, j).value) + e);
    }
    size[i] = std::sqrt(square);
  }
  Array<double> values = found.cofactors(stop);
  Array<Rounded> out(a.shape());
  for (std::size_t i = 0; i < n; ++i, ask_of(n, stop)) {
    double bound = 0;
    for (std::size_t k = 0; k < n; ++k) {
      double others = error[k];
      for (std::size_t l = 0; l < n; ++l)
        if (l != i && l != k) others = times(others, size[l]);
      if (k != i) bound += others;
    }
    for (std::size_t j = 0; j < n; ++j) out.at(i, j) = {values(i, j), std::isnan(bound) ? infinity : bound};
  }
  return out;
}

}  // namespace wengert
