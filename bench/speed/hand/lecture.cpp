// exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)
#include <cmath>

#include "hand.hpp"

namespace wengert::bench::hand {

namespace {

inline void point(double x, double z, double& value, double& by_x, double& by_z) {
  const double p = x * z, l = std::log(x), e = std::exp(p), s = std::sin(l), c = std::cos(l);
  const double rl = 1 / l, rp = 1 / p, rx = 1 / x, q = p * rl, t = s * rp;
  value = e + q + t;
  const double by_p = e + rl - t * rp, by_l = c * rp - q * rl;
  by_x = by_p * z + by_l * rx;
  by_z = by_p * x;
}

}  // namespace

void lecture(In in, Out out, std::size_t) { point(in[0][0], in[1][0], out[0][0], out[1][0], out[2][0]); }

void lecture_batch(In in, Out out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) point(in[0][i], in[1][i], out[0][i], out[1][i], out[2][i]);
}

}  // namespace wengert::bench::hand
