// The problems for tools that overload operators: each is a template over their number.
#pragma once
#include <cmath>
#include <stdexcept>

#include "adapter.hpp"

namespace peers {

template <class T>
T lecture(const T& x, const T& z) {
  return exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
}

template <class T>
T logsumexp(const T* x, std::size_t n) {
  T sum = exp(x[0]);
  for (std::size_t i = 1; i < n; ++i) sum += exp(x[i]);
  return log(sum);
}

template <class T>
T speelpenning(const T* x, std::size_t n) {
  T y = x[0];
  for (std::size_t i = 1; i < n; ++i) y *= x[i];
  return y;
}

template <class T>
T rosenbrock(const T* x, std::size_t n) {
  T y = 0.0;
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const T a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
    y += 100.0 * a * a + b * b;
  }
  return y;
}

template <class T>
T chain(const T* x, std::size_t n) {
  T y = logsumexp(x, n);
  for (std::size_t i = 0; i + 1 < n; ++i) y += sin(x[i]) * x[i + 1];
  return y;
}

template <class T>
T long_chain(T y, std::size_t n) {
  for (std::size_t k = 0; k < n / 4; ++k) {
    const T s = sin(y * 1.1 + 0.1);
    y = s * s;
  }
  return y;
}

// A is 32 x n, B is m x 32.
template <class T>
void network(const T* x, const Numbers& A, const Numbers& B, std::size_t n, T* y, std::size_t m) {
  std::vector<T> h(32);
  for (std::size_t k = 0; k < 32; ++k) {
    T sum = 0.0;
    for (std::size_t j = 0; j < n; ++j) sum += A[k * n + j] * x[j];
    h[k] = tanh(sum);
  }
  for (std::size_t i = 0; i < m; ++i) {
    T sum = 0.0;
    for (std::size_t k = 0; k < 32; ++k) sum += B[i * 32 + k] * sin(h[k] + static_cast<double>(i + 1));
    y[i] = sum;
  }
}

template <class T>
void bundle(const T* p, const Numbers& m, T* out) {
  const T x[3] = {p[11] - p[3], p[12] - p[4], p[13] - p[5]};
  const T t = sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
  const T c = cos(t), s = sin(t), w[3] = {p[0] / t, p[1] / t, p[2] / t};
  const T d = (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) * (1.0 - c);
  const T y0 = x[0] * c + (w[1] * x[2] - w[2] * x[1]) * s + w[0] * d;
  const T y1 = x[1] * c + (w[2] * x[0] - w[0] * x[2]) * s + w[1] * d;
  const T y2 = x[2] * c + (w[0] * x[1] - w[1] * x[0]) * s + w[2] * d;
  const T u = y0 / y2, v = y1 / y2, r = u * u + v * v, l = 1.0 + r * (p[9] + r * p[10]);
  out[0] = p[14] * (u * l * p[6] + p[7] - m[0]);
  out[1] = p[14] * (v * l * p[6] + p[8] - m[1]);
}

// p: a (25), M (25 x 10), Q (25 x 10), L (250 x 10, below the diagonals).
template <class T>
T mixture(const T* p, const Numbers& X, std::size_t n) {
  constexpr std::size_t d = 10, K = 25;
  const T *a = p, *M = a + K, *Q = M + K * d, *L = Q + K * d;
  std::vector<T> root(K * d), sums(K), parts(K);
  T prior = 0.0;
  for (std::size_t k = 0; k < K; ++k) {
    T sum = 0.0;
    for (std::size_t i = 0; i < d; ++i) {
      root[k * d + i] = exp(Q[k * d + i]);
      sum += Q[k * d + i];
      prior += root[k * d + i] * root[k * d + i];
      for (std::size_t j = 0; j < i; ++j) prior += L[(k * d + i) * d + j] * L[(k * d + i) * d + j];
    }
    sums[k] = a[k] + sum;
  }
  T all = 0.0;
  std::vector<T> away(d);
  for (std::size_t point = 0; point < n; ++point) {
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t i = 0; i < d; ++i) away[i] = X[i * n + point] - M[k * d + i];
      T squares = 0.0;
      for (std::size_t i = 0; i < d; ++i) {
        T z = root[k * d + i] * away[i];
        for (std::size_t j = 0; j < i; ++j) z += L[(k * d + i) * d + j] * away[j];
        squares += z * z;
      }
      parts[k] = sums[k] - 0.5 * squares;
    }
    T high = parts[0];
    for (std::size_t k = 1; k < K; ++k)
      if (parts[k] > high) high = parts[k];
    T sum = 0.0;
    for (std::size_t k = 0; k < K; ++k) sum += exp(parts[k] - high);
    all += log(sum) + high;
  }
  return all - static_cast<double>(n) * logsumexp(a, K) + 0.5 * prior;
}

// p: W1 (128 x 784), b1, W2 (10 x 128), b2.
template <class T>
T mlp(const T* p, const Numbers& X, const Numbers& Y, std::size_t batch) {
  const T *W1 = p, *b1 = W1 + 128 * 784, *W2 = b1 + 128, *b2 = W2 + 1280;
  T loss = 0.0;
  std::vector<T> h(128), o(10);
  for (std::size_t e = 0; e < batch; ++e) {
    for (std::size_t i = 0; i < 128; ++i) {
      T sum = b1[i];
      for (std::size_t j = 0; j < 784; ++j) sum += W1[i * 784 + j] * X[j * batch + e];
      h[i] = 1.0 / (1.0 + exp(-sum));
    }
    for (std::size_t i = 0; i < 10; ++i) {
      T sum = b2[i];
      for (std::size_t j = 0; j < 128; ++j) sum += W2[i * 128 + j] * h[j];
      o[i] = sum;
    }
    const T norm = logsumexp(o.data(), 10);
    for (std::size_t i = 0; i < 10; ++i)
      if (Y[i * batch + e] != 0) loss += Y[i * batch + e] * (norm - o[i]);
  }
  return loss;
}

// A scalar problem over all that one differentiates by; whether it is one.
template <class T>
bool scalar(const Problem& p, const T* x, T& y) {
  const std::size_t n = p.size;
  if (p.name == "lecture") return y = lecture(x[0], x[1]), true;
  if (p.name == "speelpenning") return y = speelpenning(x, n), true;
  if (p.name == "rosenbrock") return y = rosenbrock(x, n), true;
  if (p.name == "logsumexp-chain") return y = chain(x, n), true;
  if (p.name == "chain") return y = long_chain(x[0], n), true;
  if (p.name == "mixture") return y = mixture(x, p.given.at("X"), n), true;
  if (p.name == "mlp" && n > 1) throw std::runtime_error("a tape of 26 million operations on numbers");
  if (p.name == "mlp") return y = mlp(x, p.given.at("X"), p.given.at("Y"), n), true;
  return false;
}

template <class T>
bool vector(const Problem& p, const T* x, T* y) {
  if (p.name == "network")
    return network(x, p.given.at("A"), p.given.at("B"), p.given.at("x").size(), y, p.expected[0].size()), true;
  if (p.name == "bundle") return bundle(x, p.given.at("m"), y), true;
  return false;
}

// The derivative by all, cut into those by each input.
inline void cut(const double* all, Results& results) {
  for (std::size_t k = 1; k < results.size(); ++k) {
    std::copy(all, all + results[k].size(), results[k].begin());
    all += results[k].size();
  }
}

}  // namespace peers
