// Values alone, without what a gradient keeps: what a gradient takes over its value by hand.
#include <Eigen/Core>
#include <cmath>

#include "hand.hpp"

namespace wengert::bench::hand {

void speelpenning_value(In in, Out out, std::size_t n) {
  const double* x = in[0];
  double p = 1;
  for (std::size_t i = 0; i < n; ++i) p *= x[i];
  out[0][0] = p;
}

void rosenbrock_value(In in, Out out, std::size_t n) {
  const double* __restrict x = in[0];
  double sum[8] = {};
  std::size_t i = 0;
  for (; i + 8 < n; i += 8)
    for (std::size_t k = 0; k < 8; ++k) {
      const double a = x[i + k + 1] - x[i + k] * x[i + k], b = 1 - x[i + k];
      sum[k] += 100 * a * a + b * b;
    }
  for (; i + 1 < n; ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    sum[0] += 100 * a * a + b * b;
  }
  double total = 0;
  for (double s : sum) total += s;
  out[0][0] = total;
}

void logsumexp_chain_value(In in, Out out, std::size_t n) {
  const double* x = in[0];
  double most = x[0], sum = 0, chain = 0;
  for (std::size_t i = 1; i < n; ++i) most = x[i] > most ? x[i] : most;
  for (std::size_t i = 0; i < n; ++i) sum += std::exp(x[i] - most);
  for (std::size_t i = 0; i + 1 < n; ++i) chain += std::sin(x[i]) * x[i + 1];
  out[0][0] = most + std::log(sum) + chain;
}

void mlp_value(In in, Out out, std::size_t batch_) {
  using Size = Eigen::Index;
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using In2 = Eigen::Map<const Matrix>;
  const auto batch = static_cast<Size>(batch_);
  constexpr Size n = 784, h = 128, m = 10;
  const In2 x(in[0], n, batch), y(in[1], m, batch), w1(in[2], h, n), w2(in[4], m, h);
  const double *b1 = in[3], *b2 = in[5];
  static thread_local Matrix s, z;
  s.resize(h, batch);
  z.resize(m, batch);
  if (batch == 1)
    s.col(0).noalias() = w1 * x.col(0);
  else
    s.noalias() = w1 * x;
  for (Size i = 0; i < h; ++i)
    for (Size j = 0; j < batch; ++j) s(i, j) = 1 / (1 + std::exp(-s(i, j) - b1[i]));
  z.noalias() = w2 * s;
  double loss = 0;
  for (Size j = 0; j < batch; ++j) {
    double most = -1e300, sum = 0;
    for (Size i = 0; i < m; ++i) most = std::max(most, z(i, j) += b2[i]);
    for (Size i = 0; i < m; ++i) sum += std::exp(z(i, j) - most);
    const double log_sum = std::log(sum);
    for (Size i = 0; i < m; ++i) loss -= y(i, j) * (z(i, j) - most - log_sum);
  }
  out[0][0] = loss;
}

void lstm_value(In in, Out out, std::size_t n) {
  constexpr std::size_t b = 14, layers = 2;
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double *extra = in[4], *sequence = in[5];
  double hidden[layers][b] = {}, cell[layers][b] = {}, total = 0;
  for (std::size_t t = 0; t + 1 < n; ++t) {
    double x[b], y[b], sum = 2;
    for (std::size_t i = 0; i < b; ++i) x[i] = sequence[t * b + i] * extra[i];
    for (std::size_t l = 0; l < layers; ++l) {
      const double *w = in[2 * l], *v = in[2 * l + 1];
      for (std::size_t i = 0; i < b; ++i) {
        const double h = hidden[l][i];
        cell[l][i] = cell[l][i] * sigmoid(x[i] * w[i] + v[i]) +
                     sigmoid(h * w[b + i] + v[b + i]) * std::tanh(h * w[3 * b + i] + v[3 * b + i]);
        x[i] = hidden[l][i] = sigmoid(x[i] * w[2 * b + i] + v[2 * b + i]) * std::tanh(cell[l][i]);
      }
    }
    for (std::size_t i = 0; i < b; ++i) sum += std::exp(y[i] = x[i] * extra[b + i] + extra[2 * b + i]);
    const double log_sum = std::log(sum);
    for (std::size_t i = 0; i < b; ++i) total += sequence[(t + 1) * b + i] * (y[i] - log_sum);
  }
  out[0][0] = -total / static_cast<double>((n - 1) * b);
}

}  // namespace wengert::bench::hand
