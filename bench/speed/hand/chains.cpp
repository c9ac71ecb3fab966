// Speelpenning's product, Rosenbrock's chain, the logsumexp chain: values and gradients.
#include <cmath>
#include <vector>

#include "hand.hpp"

namespace wengert::bench::hand {

// Products from the left while going up, from the right while going down.
void speelpenning(In in, Out out, std::size_t n) {
  const double* x = in[0];
  double* g = out[1];
  double p = 1;
  for (std::size_t i = 0; i < n; ++i) {
    g[i] = p;
    p *= x[i];
  }
  out[0][0] = p;
  double s = 1;
  for (std::size_t i = n; i-- > 0;) {
    g[i] *= s;
    s *= x[i];
  }
}

void rosenbrock(In in, Out out, std::size_t n) {
  const double* __restrict x = in[0];
  double* __restrict g = out[1];
  double sum[8] = {};
  const double first = x[1] - x[0] * x[0];
  g[0] = -400 * first * x[0] - 2 * (1 - x[0]);
  sum[0] = 100 * first * first + (1 - x[0]) * (1 - x[0]);
  std::size_t i = 1;
  for (; i + 8 < n; i += 8)
    for (std::size_t k = 0; k < 8; ++k) {
      const double a = x[i + k + 1] - x[i + k] * x[i + k], before = x[i + k] - x[i + k - 1] * x[i + k - 1],
                   b = 1 - x[i + k];
      sum[k] += 100 * a * a + b * b;
      g[i + k] = -400 * a * x[i + k] - 2 * b + 200 * before;
    }
  for (; i + 1 < n; ++i) {
    const double a = x[i + 1] - x[i] * x[i], before = x[i] - x[i - 1] * x[i - 1], b = 1 - x[i];
    sum[0] += 100 * a * a + b * b;
    g[i] = -400 * a * x[i] - 2 * b + 200 * before;
  }
  g[n - 1] = 200 * (x[n - 1] - x[n - 2] * x[n - 2]);
  double total = 0;
  for (double s : sum) total += s;
  out[0][0] = total;
}

void logsumexp_chain(In in, Out out, std::size_t n) {
  const double* x = in[0];
  double* g = out[1];
  double most = x[0], sum = 0, chain = 0;
  for (std::size_t i = 1; i < n; ++i) most = x[i] > most ? x[i] : most;
  for (std::size_t i = 0; i < n; ++i) {
    g[i] = std::exp(x[i] - most);
    sum += g[i];
  }
  const double scale = 1 / sum;
  double before = 0;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double s = std::sin(x[i]), c = std::cos(x[i]);
    chain += s * x[i + 1];
    g[i] = g[i] * scale + c * x[i + 1] + before;
    before = s;
  }
  g[n - 1] = g[n - 1] * scale + before;
  out[0][0] = most + std::log(sum) + chain;
}

// x, then n/4 times: multiplied by 1.1, 0.1 added, its sine taken, squared; backwards from what was kept.
void long_chain(In in, Out out, std::size_t n) {
  static thread_local std::vector<double> kept;
  kept.resize(n / 4 * 2);
  double x = in[0][0];
  for (std::size_t k = 0; k < n / 4; ++k) {
    const double a = x * 1.1 + 0.1, s = std::sin(a);
    kept[2 * k] = std::cos(a);
    kept[2 * k + 1] = s;
    x = s * s;
  }
  out[0][0] = x;
  double g = 1;
  for (std::size_t k = n / 4; k-- > 0;) g = g * 2 * kept[2 * k + 1] * kept[2 * k] * 1.1;
  out[1][0] = g;
}

}  // namespace wengert::bench::hand
