// Products and factorisations of matrices so large that they ask whether to stop.
#include <doctest/doctest.h>

#include <cstring>

#include "../tools/program.hpp"
#include "wengert/core/diagnostic.hpp"
#include "wengert/rules/linear_algebra.hpp"

namespace wengert::test {
namespace {

Array<double> random_matrix(std::uint32_t rows, std::uint32_t cols, Random& random) {
  Array<double> a({rows, cols});
  for (std::size_t i = 0; i < a.size(); ++i) a.at(i) = random.between(-1, 1);
  return a;
}

const StopAsked never = [] { return false; };

// |a*x - b|, the largest element.
double residual(const Array<double>& a, const Array<double>& x, const Array<double>& b) {
  const Array<double> product = multiply(a, x);
  double worst = 0;
  for (std::size_t i = 0; i < b.size(); ++i) worst = std::max(worst, std::fabs(product[i] - b[i]));
  return worst;
}

Array<double> transposed_matrix(const Array<double>& a) {
  Array<double> t({a.shape().cols, a.shape().rows});
  for (std::size_t i = 0; i < a.shape().rows; ++i)
    for (std::size_t j = 0; j < a.shape().cols; ++j) t.at(j, i) = a(i, j);
  return t;
}

// By elimination with partial pivoting, element by element.
double eliminated_determinant(Array<double> a) {
  const std::size_t n = a.shape().rows;
  double product = 1;
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::fabs(a(i, k)) > std::fabs(a(pivot, k))) pivot = i;
    for (std::size_t j = 0; j < n && pivot != k; ++j) std::swap(a.at(k, j), a.at(pivot, j));
    product *= pivot == k ? a(k, k) : -a(k, k);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a(i, k) / a(k, k);
      for (std::size_t j = k + 1; j < n; ++j) a.at(i, j) -= factor * a(k, j);
    }
  }
  return product;
}

TEST_CASE("a product that can be stopped has the bits of one that can not") {
  Random random(1);
  struct Size {
    std::uint32_t m, k, n;
  };
  for (const Size s :
       {Size{401, 277, 403}, Size{1000, 1000, 1}, Size{1, 3000, 70}, Size{390, 300, 310}, Size{1000, 900, 1100}}) {
    const Array<double> a = random_matrix(s.m, s.k, random), b = random_matrix(s.k, s.n, random);
    const Array<double> whole = multiply(a, b), parts = multiply(a, b, &never);
    CHECK(std::memcmp(whole.data(), parts.data(), whole.size() * sizeof(double)) == 0);
  }
}

TEST_CASE("a factorisation that can be stopped solves, transposed too, and has the determinant") {
  Random random(2);
  const std::uint32_t n = 520;
  const Array<double> a = random_matrix(n, n, random), b = random_matrix(n, 130, random);
  const auto parts = factorise(a, &never);
  REQUIRE_FALSE(parts->singular());
  CHECK(residual(a, parts->solve(b, false, &never), b) < 1e-8);
  CHECK(residual(transposed_matrix(a), parts->solve(b, true, &never), b) < 1e-8);
  CHECK(factorise(a)->determinant() == parts->determinant());  // infinite
  Array<double> small(a.shape());
  for (std::size_t i = 0; i < a.size(); ++i) small.at(i) = a[i] * 0.125;
  const double by_parts = factorise(small, &never)->determinant(), at_once = eliminated_determinant(small);
  REQUIRE(std::isfinite(at_once));
  REQUIRE(at_once != 0);
  CHECK(by_parts == doctest::Approx(at_once).epsilon(1e-9));
}

TEST_CASE("a large singular matrix is found to be so") {
  Array<double> a({510, 510}, 1.0);
  CHECK(factorise(a, &never)->singular());
  CHECK(std::isnan(factorise(a, &never)->solve(a, false, &never)[5]));
}

TEST_CASE("products, factorisations and systems stop when they are told to") {
  Random random(3);
  int asked = 0;
  const StopAsked second = [&] { return ++asked >= 2; };
  const Array<double> a = random_matrix(510, 510, random);
  CHECK_THROWS_AS(multiply(a, a, &second), Stopped);
  asked = 0;
  CHECK_THROWS_AS(factorise(a, &second), Stopped);
  const auto lu = factorise(a);
  asked = 0;
  CHECK_THROWS_AS(lu->solve(a, false, &second), Stopped);
}

}  // namespace
}  // namespace wengert::test
