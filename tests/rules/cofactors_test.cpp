// The cofactors of matrices that have an inverse and of those that have none, against minors.
#include "wengert/rules/cofactors.hpp"

#include <doctest/doctest.h>

#include <random>

#include "wengert/rules/linear_algebra.hpp"

namespace wengert::test {

namespace {

using Matrix = Array<double>;

Matrix without(const Matrix& a, std::size_t row, std::size_t column) {
  const std::uint32_t n = a.shape().rows - 1;
  Matrix out({n, n});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) out.at(i, j) = a(i + (i >= row ? 1 : 0), j + (j >= column ? 1 : 0));
  return out;
}
double minor(const Matrix& a, std::size_t row, std::size_t column) {
  const Matrix rest = without(a, row, column);
  return ((row + column) % 2 == 0 ? 1 : -1) * factorise(rest)->determinant();
}

// A product of n x r and r x n whole numbers: of rank r, exactly.
Matrix of_rank(std::uint32_t n, std::uint32_t r, std::mt19937& random) {
  std::uniform_int_distribution<int> digit(-4, 4);
  Matrix left({n, r}), right({r, n});
  for (std::size_t i = 0; i < left.size(); ++i) left.at(i) = digit(random);
  for (std::size_t i = 0; i < right.size(); ++i) right.at(i) = digit(random);
  return r == 0 ? Matrix({n, n}) : multiply(left, right);
}

double largest(const Matrix& a) {
  double size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) size = std::max(size, std::fabs(a[i]));
  return size;
}

}  // namespace

TEST_CASE("cofactors are the minors with their signs, whatever the rank is") {
  std::mt19937 random(7);
  for (const std::uint32_t n : {2u, 3u, 5u, 8u})
    for (std::uint32_t rank = n; rank + 3 > n && rank > 0; --rank) {
      CAPTURE(n);
      CAPTURE(rank);
      const Matrix a = of_rank(n, rank, random), found = cofactors(a, nullptr);
      // What rounding makes of a minor: of the product of rows, not of the minor.
      const double scale = std::pow(largest(a) * std::sqrt(n), n - 1.0);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) CHECK(std::fabs(found(i, j) - minor(a, i, j)) <= 1e-14 * scale);
      if (rank + 1 == n) CHECK(largest(found) > 0);
    }
}

TEST_CASE("cofactors of one number are 1, of a matrix with two zero rows 0") {
  CHECK(cofactors(Matrix({1, 1}), nullptr)[0] == 1);
  Matrix a({4, 4}, 2);
  for (std::size_t j = 0; j < 4; ++j) a.at(1, j) = a.at(2, j) = 0;
  CHECK(largest(cofactors(a, nullptr)) == 0);
}

TEST_CASE("cofactors are found where the determinant is too small for a double") {
  Matrix a({7, 7});
  for (std::size_t i = 0; i < 7; ++i) a.at(i, i) = 1e-50;
  CHECK(factorise(a)->determinant() == 0);
  const Matrix found = cofactors(a, nullptr);
  CHECK(found(3, 3) == doctest::Approx(1e-300).epsilon(1e-14));
  CHECK(found(3, 2) == 0);
}

TEST_CASE("complex cofactors are those of the real part, and carry a step along") {
  std::mt19937 random(11);
  const Matrix a = of_rank(4, 4, random);
  Array<std::complex<double>> z(a.shape());
  for (std::size_t i = 0; i < a.size(); ++i) z.at(i) = a[i];
  z.at(0, 0) += std::complex<double>(0, 1e-100);
  const Array<std::complex<double>> found = cofactors(z, nullptr);
  const Matrix real = cofactors(a, nullptr);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(found[i].real() == doctest::Approx(real[i]).epsilon(1e-12));
  // By the step's element the cofactor of (1, 1) has derivative a(2, 2).
  Matrix inner = without(without(a, 0, 0), 0, 0);
  CHECK(found(1, 1).imag() / 1e-100 == doctest::Approx(factorise(inner)->determinant()).epsilon(1e-12));
}

}  // namespace wengert::test
