// Dense second derivatives: the logsumexp chain and Speelpenning's product.
#include <cmath>
#include <vector>

#include "hand.hpp"

namespace wengert::bench::hand {

// diag(p) - p p' of the logsumexp; -sin(x_i)*x_(i+1) on the diagonal, cos(x_i) beside it.
void logsumexp_hessian(In in, Out out, std::size_t n) {
  const double* x = in[0];
  double* h = out[1];
  static thread_local std::vector<double> p;
  p.resize(n);
  double most = x[0], sum = 0, chain = 0;
  for (std::size_t i = 1; i < n; ++i) most = x[i] > most ? x[i] : most;
  for (std::size_t i = 0; i < n; ++i) {
    p[i] = std::exp(x[i] - most);
    sum += p[i];
  }
  for (std::size_t i = 0; i < n; ++i) p[i] /= sum;
  for (std::size_t i = 0; i < n; ++i) {
    const double f = -p[i];
    for (std::size_t j = 0; j < n; ++j) h[i * n + j] = f * p[j];
    h[i * n + i] += p[i];
  }
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double s = std::sin(x[i]), c = std::cos(x[i]);
    chain += s * x[i + 1];
    h[i * n + i] -= s * x[i + 1];
    h[i * n + i + 1] += c;
    h[(i + 1) * n + i] += c;
  }
  out[0][0] = most + std::log(sum) + chain;
}

// Every product of all but two, by products from the left, from the right, and in between.
void speelpenning_hessian(In in, Out out, std::size_t n) {
  const double* x = in[0];
  double* h = out[1];
  static thread_local std::vector<double> right;
  right.resize(n + 1);
  right[n] = 1;
  for (std::size_t i = n; i-- > 0;) right[i] = right[i + 1] * x[i];
  double left = 1;
  for (std::size_t i = 0; i < n; ++i) {
    double between = left;
    h[i * n + i] = 0;
    for (std::size_t j = i + 1; j < n; ++j) {
      const double v = between * right[j + 1];
      h[i * n + j] = v;
      h[j * n + i] = v;
      between *= x[j];
    }
    left *= x[i];
  }
  out[0][0] = left;
}

}  // namespace wengert::bench::hand
