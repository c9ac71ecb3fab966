// The log-likelihood of a Gaussian mixture with a Wishart prior, as ADBench defines it, and its gradient.
#include <cmath>
#include <vector>

#include "hand.hpp"

namespace wengert::bench::hand {

namespace {

constexpr std::size_t d = 10, components = 25;
constexpr double prior = 1;  // gamma; m is 0

struct Component {
  double diagonal[d], lower[d][d], log_weight;
};

// L (x - mean) with the diagonal exp(q); returns its square.
double whiten(const Component& c, const double* gap, double* z) {
  double square = 0;
  for (std::size_t i = 0; i < d; ++i) {
    double s = c.diagonal[i] * gap[i];
    for (std::size_t j = 0; j < i; ++j) s += c.lower[i][j] * gap[j];
    z[i] = s;
    square += s * s;
  }
  return square;
}

double log_sum_exp(const double* x, double* weight) {
  double most = x[0], sum = 0;
  for (std::size_t k = 1; k < components; ++k) most = x[k] > most ? x[k] : most;
  for (std::size_t k = 0; k < components; ++k) sum += weight[k] = std::exp(x[k] - most);
  for (std::size_t k = 0; k < components; ++k) weight[k] /= sum;
  return most + std::log(sum);
}

}  // namespace

// a (25), M (25 x 10), Q (25 x 10), L (250 x 10, below the diagonals), X (10 x n), the mask
void mixture(In in, Out out, std::size_t n) {
  const double *a = in[0], *mean = in[1], *q = in[2], *l = in[3], *x = in[4];
  double *ga = out[1], *gm = out[2], *gq = out[3], *gl = out[4];
  static thread_local std::vector<Component> all(components);
  for (std::size_t k = 0; k < components; ++k) {
    all[k].log_weight = a[k];
    ga[k] = 0;
    for (std::size_t i = 0; i < d; ++i) {
      all[k].diagonal[i] = std::exp(q[k * d + i]);
      all[k].log_weight += q[k * d + i];
      gm[k * d + i] = gq[k * d + i] = 0;
      for (std::size_t j = 0; j < d; ++j) {
        all[k].lower[i][j] = l[(k * d + i) * d + j];
        gl[(k * d + i) * d + j] = 0;
      }
    }
  }
  double total = 0, z[components][d], gap[components][d], terms[components], weight[components];
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t k = 0; k < components; ++k) {
      for (std::size_t i = 0; i < d; ++i) gap[k][i] = x[i * n + p] - mean[k * d + i];
      terms[k] = all[k].log_weight - 0.5 * whiten(all[k], gap[k], z[k]);
    }
    total += log_sum_exp(terms, weight);
    for (std::size_t k = 0; k < components; ++k) {
      const double w = weight[k];
      const Component& c = all[k];
      ga[k] += w;
      double down[d];
      for (std::size_t i = 0; i < d; ++i) {
        const double s = -w * z[k][i];  // the adjoint of z
        gq[k * d + i] += w + s * c.diagonal[i] * gap[k][i];
        down[i] = s * c.diagonal[i];
        for (std::size_t j = 0; j < i; ++j) {
          gl[(k * d + i) * d + j] += s * gap[k][j];
          down[j] += s * c.lower[i][j];
        }
      }
      for (std::size_t i = 0; i < d; ++i) gm[k * d + i] -= down[i];
    }
  }
  total -= static_cast<double>(n) * log_sum_exp(a, weight);
  for (std::size_t k = 0; k < components; ++k) {
    ga[k] -= static_cast<double>(n) * weight[k];
    for (std::size_t i = 0; i < d; ++i) {
      const double e = all[k].diagonal[i];
      total += 0.5 * prior * prior * e * e;
      gq[k * d + i] += prior * prior * e * e;
      for (std::size_t j = 0; j < i; ++j) {
        const double v = all[k].lower[i][j];
        total += 0.5 * prior * prior * v * v;
        gl[(k * d + i) * d + j] += prior * prior * v;
      }
    }
  }
  out[0][0] = total;
}

}  // namespace wengert::bench::hand
