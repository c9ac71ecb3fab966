// One observation of bundle adjustment, as ADBench defines it: the weighted reprojection error and its Jacobian.
#include <cmath>

#include "hand.hpp"

namespace wengert::bench::hand {

// p: rotation (3), centre (3), focal length, principal point (2), distortion (2), point (3), weight; m: measured (2)
void bundle(In in, Out out, std::size_t) {
  const double *p = in[0], *measured = in[1];
  double* j = out[1];
  const double x[3] = {p[11] - p[3], p[12] - p[4], p[13] - p[5]};
  const double theta = std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]), back = 1 / theta;
  const double c = std::cos(theta), s = std::sin(theta), r = 1 - c;
  const double w[3] = {p[0] * back, p[1] * back, p[2] * back};
  const double wx[3] = {w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]};
  const double dot = w[0] * x[0] + w[1] * x[1] + w[2] * x[2];
  double y[3], turn[3];
  for (int k = 0; k < 3; ++k) {
    y[k] = x[k] * c + wx[k] * s + w[k] * dot * r;
    turn[k] = wx[k] * c - x[k] * s + w[k] * dot * s;
  }
  // The rotation's matrix, and the derivative by the axis.
  const double sw[3] = {s * w[0], s * w[1], s * w[2]};
  const double rotation[3][3] = {{c + w[0] * w[0] * r, w[0] * w[1] * r - sw[2], w[0] * w[2] * r + sw[1]},
                                 {w[1] * w[0] * r + sw[2], c + w[1] * w[1] * r, w[1] * w[2] * r - sw[0]},
                                 {w[2] * w[0] * r - sw[1], w[2] * w[1] * r + sw[0], c + w[2] * w[2] * r}};
  const double cross[3][3] = {{0, s * x[2], -s * x[1]}, {-s * x[2], 0, s * x[0]}, {s * x[1], -s * x[0], 0}};
  double by_rotation[3][3];  // of y
  for (int i = 0; i < 3; ++i) {
    double by_axis[3], along = 0;
    for (int k = 0; k < 3; ++k) {
      by_axis[k] = cross[i][k] + w[i] * x[k] * r + (i == k ? dot * r : 0);
      along += w[k] * by_axis[k];
    }
    for (int k = 0; k < 3; ++k) by_rotation[i][k] = w[k] * turn[i] + back * (by_axis[k] - w[k] * along);
  }
  const double z = 1 / y[2], u = y[0] * z, v = y[1] * z, rr = u * u + v * v;
  const double l = 1 + rr * (p[9] + rr * p[10]), dl = p[9] + 2 * p[10] * rr, f = p[6], weight = p[14];
  // By u and v.
  const double uu = l + 2 * u * u * dl, uv = 2 * u * v * dl, vv = l + 2 * v * v * dl;
  const double k = weight * f;
  const double by[2][3] = {{k * uu * z, k * uv * z, -k * z * (uu * u + uv * v)},
                           {k * uv * z, k * vv * z, -k * z * (uv * u + vv * v)}};
  const double q[2] = {u, v};
  for (int i = 0; i < 2; ++i) {
    double* row = j + 15 * i;
    for (int a = 0; a < 3; ++a) {
      row[a] = by[i][0] * by_rotation[0][a] + by[i][1] * by_rotation[1][a] + by[i][2] * by_rotation[2][a];
      row[11 + a] = by[i][0] * rotation[0][a] + by[i][1] * rotation[1][a] + by[i][2] * rotation[2][a];
      row[3 + a] = -row[11 + a];
    }
    row[6] = weight * q[i] * l;
    row[7] = i == 0 ? weight : 0;
    row[8] = i == 1 ? weight : 0;
    row[9] = k * q[i] * rr;
    row[10] = k * q[i] * rr * rr;
    row[14] = q[i] * l * f + p[7 + i] - measured[i];
    out[0][i] = weight * row[14];
  }
}

}  // namespace wengert::bench::hand
