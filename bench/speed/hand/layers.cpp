// Matrix by hand: the network's Jacobian and the classifier's gradient by all of its weights.
#include <Eigen/Core>
#include <cmath>

#include "hand.hpp"

namespace wengert::bench::hand {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using In2 = Eigen::Map<const Matrix>;
using Out2 = Eigen::Map<Matrix>;
using In1 = Eigen::Map<const Vector>;
using Out1 = Eigen::Map<Vector>;
using Size = Eigen::Index;

}  // namespace

// y_i = sum_k B_ik sin(tanh(A_k . x) + i)
void network(In in, Out out, std::size_t n_) {
  const auto n = static_cast<Size>(n_);
  constexpr Size hidden = 32;
  const In1 x(in[0], n);
  const In2 a(in[1], hidden, n), b(in[2], n, hidden);
  Out1 y(out[0], n);
  Out2 jacobian(out[1], n, n);
  static thread_local Matrix inner;
  inner.resize(n, hidden);
  const Vector t = (a * x).array().tanh();
  for (Size i = 0; i < n; ++i) {
    double sum = 0;
    for (Size k = 0; k < hidden; ++k) {
      const double u = t[k] + static_cast<double>(i + 1);
      sum += b(i, k) * std::sin(u);
      inner(i, k) = b(i, k) * std::cos(u) * (1 - t[k] * t[k]);
    }
    y[i] = sum;
  }
  jacobian.noalias() = inner * a;
}

// Sigmoid hidden layer, softmax, cross-entropy summed over the examples.
void mlp(In in, Out out, std::size_t batch_) {
  const auto batch = static_cast<Size>(batch_);
  constexpr Size n = 784, h = 128, m = 10;
  const In2 x(in[0], n, batch), y(in[1], m, batch), w1(in[2], h, n), w2(in[4], m, h);
  const In1 b1(in[3], h), b2(in[5], m);
  static thread_local Matrix s, z, d;
  s.resize(h, batch);
  z.resize(m, batch);
  d.resize(h, batch);
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
    for (Size i = 0; i < m; ++i) {
      loss -= y(i, j) * (z(i, j) - most - log_sum);
      z(i, j) = std::exp(z(i, j) - most) / sum - y(i, j);
    }
  }
  out[0][0] = loss;
  Out2 gw1(out[1], h, n), gw2(out[3], m, h);
  Out1 gb1(out[2], h), gb2(out[4], m);
  gw2.noalias() = z * s.transpose();
  gb2 = z.rowwise().sum();
  d.noalias() = w2.transpose() * z;
  d.array() *= s.array() * (1 - s.array());
  gb1 = d.rowwise().sum();
  if (batch == 1) {
    for (Size i = 0; i < h; ++i) gw1.row(i) = d(i, 0) * x.col(0).transpose();
  } else {
    gw1.noalias() = d * x.transpose();
  }
}

}  // namespace wengert::bench::hand
