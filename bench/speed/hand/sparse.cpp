// Sparse derivatives by hand: the nonzeros, row by row.
#include "hand.hpp"

namespace wengert::bench::hand {

// Rosenbrock's Hessian: -400 x_(i-1) | 1200 x_i^2 - 400 x_(i+1) + 2 (+ 200) | -400 x_i.
void rosenbrock_sparse(In in, Out out, std::size_t n) {
  const double* __restrict x = in[0];
  double* __restrict h = out[1];
  h[0] = 1200 * x[0] * x[0] - 400 * x[1] + 2;
  h[1] = -400 * x[0];
  for (std::size_t i = 1; i + 1 < n; ++i) {
    double* row = h + 3 * i - 1;
    row[0] = -400 * x[i - 1];
    row[1] = 1200 * x[i] * x[i] - 400 * x[i + 1] + 202;
    row[2] = -400 * x[i];
  }
  h[3 * n - 4] = -400 * x[n - 2];
  h[3 * n - 3] = 200;
}

// 10 (x_(i+1) - x_i^2): -20 x_i | 10; then 1 - x_i: -1.
void residuals_sparse(In in, Out out, std::size_t n) {
  const double* __restrict x = in[0];
  double* __restrict j = out[1];
  for (std::size_t i = 0; i + 1 < n; ++i) {
    j[2 * i] = -20 * x[i];
    j[2 * i + 1] = 10;
  }
  for (std::size_t i = 0; i + 1 < n; ++i) j[2 * (n - 1) + i] = -1;
}

// u: 1 + u^2 v - 4u + a (left - 2u + right), the ends held at 1; v: 3u - u^2 v + a (...), at 3.
void brusselator_sparse(In in, Out out, std::size_t n) {
  const std::size_t m = n / 2;
  const double* __restrict u = in[0], * __restrict v = in[0] + m;
  double* __restrict j = out[1];
  constexpr double a = 50;
  for (std::size_t i = 0; i < m; ++i) {
    if (i > 0) *j++ = a;
    *j++ = 2 * u[i] * v[i] - (4 + 2 * a);
    if (i + 1 < m) *j++ = a;
    *j++ = u[i] * u[i];
  }
  for (std::size_t i = 0; i < m; ++i) {
    *j++ = 3 - 2 * u[i] * v[i];
    if (i > 0) *j++ = a;
    *j++ = -(u[i] * u[i]) - 2 * a;
    if (i + 1 < m) *j++ = a;
  }
}

}  // namespace wengert::bench::hand
