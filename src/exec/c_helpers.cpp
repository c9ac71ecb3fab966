// What written C calls besides the C library.
#include "c_helpers.hpp"

namespace wengert::exec {

namespace {

// In an order in which each is defined before it is called.
constexpr CHelper definitions[] = {
    {"WG_COLD",
     "/* What is hardly ever called stays out of the way. */\n"
     "#ifdef __GNUC__\n#define WG_COLD __attribute__((cold, noinline))\n#else\n#define WG_COLD\n#endif\n"},
    {"wg_true", "static int wg_true(double c) { return c != 0.0 && c == c; }\n"},
    {"wg_strong",
     "/* 0 where either factor is 0, whatever the other one is. */\n"
     "static double wg_strong(double a, double b) {\n"
     "  const double p = a * b;\n"
     "  return p != p && (a == 0.0 || b == 0.0) ? 0.0 : p;\n"
     "}\n"},
    {"wg_sign", "static double wg_sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == x ? 0.0 : x; }\n"},
    {"wg_step", "static double wg_step(double x) { return x != x ? x : x >= 0.0 ? 1.0 : 0.0; }\n"},
    {"wg_max", "static double wg_max(double a, double b) { return a != a ? a : b != b ? b : a < b ? b : a; }\n"},
    {"wg_min", "static double wg_min(double a, double b) { return a != a ? a : b != b ? b : b < a ? b : a; }\n"},
    {"wg_mod",
     "static double wg_mod(double a, double b) {\n"
     "  const double r = fmod(a, b);\n"
     "  return r != 0.0 && ((r < 0.0) != (b < 0.0)) ? r + b : r;\n"
     "}\n"},
    {"wg_hinge",
     "static double wg_hinge(double a, double y) {\n"
     "  const double m = y * a;\n"
     "  return m > 1.0 ? 0.0 : 1.0 - m;\n"
     "}\n"},
    {"wg_atan2", "static double wg_atan2(double y, double x) { return y == 0.0 && x == 0.0 ? 0.0 : atan2(y, x); }\n"},
    {"wg_gamma", "static double wg_gamma(double x) { return x < 0.0 && x == floor(x) ? NAN : tgamma(x); }\n"},
    {"wg_sigmoid",
     "static double wg_sigmoid(double x) {\n"
     "  const double e = exp(-fabs(x));\n"
     "  return x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);\n"
     "}\n"},
    {"wg_softplus", "static double wg_softplus(double x) { return x > 0.0 ? x + log1p(exp(-x)) : log1p(exp(x)); }\n"},
    {"wg_logit",
     "static double wg_logit(double x) {\n"
     "  return x > 0.25 && x < 0.75 ? log1p((x - 1.0 + x) / (1.0 - x)) : log(x / (1.0 - x));\n"
     "}\n"},
    {"wg_sum",
     "static double wg_sum(const double *x, size_t n, size_t stride) {\n"
     "  double acc[8] = {0.0};\n"
     "  if (n < 8) {\n"
     "    double s = x[0];\n"
     "    for (size_t i = 1; i < n; ++i) s += x[i * stride];\n"
     "    return s;\n"
     "  }\n"
     "  const size_t eights = n - n % 8;\n"
     "  for (size_t i = 0; i < eights; i += 8)\n"
     "    for (size_t e = 0; e < 8; ++e) acc[e] += x[(i + e) * stride];\n"
     "  for (size_t i = eights; i < n; ++i) acc[i - eights] += x[i * stride];\n"
     "  return ((acc[0] + acc[1]) + (acc[2] + acc[3])) + ((acc[4] + acc[5]) + (acc[6] + acc[7]));\n"
     "}\n"},
    {"wg_not_numbers",
     "static size_t wg_not_numbers(const double *x, size_t n) {\n"
     "  size_t wrong = 0;\n"
     "  for (size_t i = 0; i < n; ++i) wrong += x[i] != x[i];\n"
     "  return wrong;\n"
     "}\n"},
    {"wg_largest",
     "static double wg_largest(const double *x, size_t n, size_t stride) {\n"
     "  double best = x[0];\n"
     "  for (size_t i = 1; i < n; ++i) best = wg_max(best, x[i * stride]);\n"
     "  return best;\n"
     "}\n"},
    {"wg_smallest",
     "static double wg_smallest(const double *x, size_t n, size_t stride) {\n"
     "  double best = x[0];\n"
     "  for (size_t i = 1; i < n; ++i) best = wg_min(best, x[i * stride]);\n"
     "  return best;\n"
     "}\n"},
    {"wg_norm",
     "static double wg_norm(const double *x, size_t n) {\n"
     "  double m = 0.0, s = 0.0;\n"
     "  for (size_t i = 0; i < n; ++i) m = wg_max(m, fabs(x[i]));\n"
     "  if (m == 0.0 || m - m != 0.0) return m;\n"
     "  for (size_t i = 0; i < n; ++i) s += (x[i] / m) * (x[i] / m);\n"
     "  return m * sqrt(s);\n"
     "}\n"},
    {"wg_dots",
     "/* Rows of a by columns of b, the numbers of either one after the other: eight sums each. */\n"
     "static void wg_dots(double *restrict out, const double *a, size_t a_row, const double *b, size_t b_column,\n"
     "                    size_t m, size_t k, size_t n) {\n"
     "  const size_t eights = k - k % 8;\n"
     "  for (size_t i = 0; i < m; ++i)\n"
     "    for (size_t j = 0; j < n; ++j) {\n"
     "      const double *p = a + i * a_row, *q = b + j * b_column;\n"
     "      double s[8] = {0.0}, rest = 0.0;\n"
     "      for (size_t l = 0; l < eights; l += 8)\n"
     "        for (size_t e = 0; e < 8; ++e) s[e] += p[l + e] * q[l + e];\n"
     "      for (size_t l = eights; l < k; ++l) rest += p[l] * q[l];\n"
     "      out[i * n + j] = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7])) + rest;\n"
     "    }\n"
     "}\n"},
    {"wg_rows",
     "/* A row of the product, or two of them: four rows of b at a time, added in their order. */\n"
     "static void wg_rows(double *restrict out, double *restrict next, const double *a, const double *c,\n"
     "                    size_t a_column, const double *b, size_t b_row, size_t k, size_t n) {\n"
     "  const size_t four = k - k % 4;\n"
     "  for (size_t j = 0; j < n; ++j) out[j] = 0.0;\n"
     "  for (size_t j = 0; next && j < n; ++j) next[j] = 0.0;\n"
     "  for (size_t l = 0; l < k; l += l < four ? 4 : 1) {\n"
     "    const double *f = a + l * a_column, *g = c + l * a_column, *p = b + l * b_row;\n"
     "    if (l < four) {\n"
     "      const double *q = p + b_row, *r = q + b_row, *s = r + b_row;\n"
     "      const double x = f[0], y = f[a_column], z = f[2 * a_column], w = f[3 * a_column];\n"
     "      const double x2 = g[0], y2 = g[a_column], z2 = g[2 * a_column], w2 = g[3 * a_column];\n"
     "      if (next)\n"
     "        for (size_t j = 0; j < n; ++j) {\n"
     "          out[j] = out[j] + x * p[j] + y * q[j] + z * r[j] + w * s[j];\n"
     "          next[j] = next[j] + x2 * p[j] + y2 * q[j] + z2 * r[j] + w2 * s[j];\n"
     "        }\n"
     "      else\n"
     "        for (size_t j = 0; j < n; ++j) out[j] = out[j] + x * p[j] + y * q[j] + z * r[j] + w * s[j];\n"
     "    } else {\n"
     "      const double x = f[0], y = g[0];\n"
     "      for (size_t j = 0; j < n; ++j) out[j] += x * p[j];\n"
     "      for (size_t j = 0; next && j < n; ++j) next[j] += y * p[j];\n"
     "    }\n"
     "  }\n"
     "}\n"},
    {"wg_product",
     "/* out (m x n) = a (m x k) * b (k x n); element (i, j) of a factor is i*row + j*column. */\n"
     "static void wg_product(double *restrict out, const double *a, size_t a_row, size_t a_column, const double *b,\n"
     "                       size_t b_row, size_t b_column, size_t m, size_t k, size_t n) {\n"
     "  if (n == 1 && a_row == 1) { /* a row by a matrix */\n"
     "    wg_rows(out, NULL, b, b, b_row, a, a_column, k, m);\n"
     "  } else if (a_column == 1 && b_row == 1 && k >= 8) {\n"
     "    wg_dots(out, a, a_row, b, b_column, m, k, n);\n"
     "  } else if (b_column == 1) {\n"
     "    for (size_t i = 0; i < m; i += 2)\n"
     "      wg_rows(out + i * n, i + 1 < m ? out + (i + 1) * n : NULL, a + i * a_row,\n"
     "              a + (i + 1 < m ? i + 1 : i) * a_row, a_column, b, b_row, k, n);\n"
     "  } else {\n"
     "    for (size_t i = 0; i < m; ++i)\n"
     "      for (size_t j = 0; j < n; ++j) {\n"
     "        double s = 0.0;\n"
     "        for (size_t l = 0; l < k; ++l) s += a[i * a_row + l * a_column] * b[l * b_row + j * b_column];\n"
     "        out[i * n + j] = s;\n"
     "      }\n"
     "  }\n"
     "}\n"},
    {"wg_strong_product",
     "/* The product in which 0 annihilates: only where something is not a number does it differ. */\n"
     "static void wg_strong_product(double *out, const double *a, size_t a_row, size_t a_column, const double *b,\n"
     "                              size_t b_row, size_t b_column, size_t m, size_t k, size_t n) {\n"
     "  size_t wrong = 0;\n"
     "  wg_product(out, a, a_row, a_column, b, b_row, b_column, m, k, n);\n"
     "  for (size_t i = 0; i < m * n; ++i) wrong += out[i] != out[i];\n"
     "  if (wrong == 0) return;\n"
     "  for (size_t i = 0; i < m; ++i)\n"
     "    for (size_t j = 0; j < n; ++j) {\n"
     "      double s = 0.0;\n"
     "      for (size_t l = 0; l < k; ++l) s += wg_strong(a[i * a_row + l * a_column], b[l * b_row + j * b_column]);\n"
     "      out[i * n + j] = s;\n"
     "    }\n"
     "}\n"},
    {"wg_kron",
     "/* Element (i, k), (j, l) is a[i, j] * b[k, l]. */\n"
     "static void wg_kron(double *out, const double *a, const double *b, size_t am, size_t an, size_t bm, size_t bn,\n"
     "                    int strong) {\n"
     "  for (size_t i = 0; i < am; ++i)\n"
     "    for (size_t k = 0; k < bm; ++k)\n"
     "      for (size_t j = 0; j < an; ++j)\n"
     "        for (size_t l = 0; l < bn; ++l) {\n"
     "          const double x = a[i * an + j], y = b[k * bn + l];\n"
     "          *out++ = strong ? wg_strong(x, y) : x * y;\n"
     "        }\n"
     "}\n"},
    {"wg_block_product",
     "/* Each block of g times b, summed. */\n"
     "static void wg_block_product(double *out, const double *g, const double *b, size_t am, size_t an, size_t bm,\n"
     "                             size_t bn) {\n"
     "  for (size_t i = 0; i < am * an; ++i) out[i] = 0.0;\n"
     "  for (size_t i = 0; i < am; ++i)\n"
     "    for (size_t k = 0; k < bm; ++k)\n"
     "      for (size_t j = 0; j < an; ++j)\n"
     "        for (size_t l = 0; l < bn; ++l) out[i * an + j] += wg_strong(*g++, b[k * bn + l]);\n"
     "}\n"},
    {"wg_block_sum",
     "/* The sum of the blocks of g, each times its element of a. */\n"
     "static void wg_block_sum(double *out, const double *g, const double *a, size_t am, size_t an, size_t bm,\n"
     "                         size_t bn) {\n"
     "  for (size_t i = 0; i < bm * bn; ++i) out[i] = 0.0;\n"
     "  for (size_t i = 0; i < am; ++i)\n"
     "    for (size_t k = 0; k < bm; ++k)\n"
     "      for (size_t j = 0; j < an; ++j)\n"
     "        for (size_t l = 0; l < bn; ++l) out[k * bn + l] += wg_strong(*g++, a[i * an + j]);\n"
     "}\n"},
    {"wg_digamma",
     "/* By recurrence to 10, then the asymptotic series; reflected below 0. */\n"
     "static double wg_digamma(double x) {\n"
     "  const double pi = 3.14159265358979323846;\n"
     "  double s = 0.0;\n"
     "  if (x <= 0.0 && x == floor(x)) return NAN;\n"
     "  if (x < 0.0) return wg_digamma(1.0 - x) - pi / tan(pi * (x - floor(x)));\n"
     "  for (; x < 10.0; x += 1.0) s -= 1.0 / x;\n"
     "  const double q = 1.0 / (x * x);\n"
     "  return s + log(x) - 0.5 / x - q * (1.0 / 12 - q * (1.0 / 120 - q * (1.0 / 252 - q * (1.0 / 240 - q * (1.0 / "
     "132 -\n"
     "         q * (691.0 / 32760 - q * (1.0 / 12 - q * (3617.0 / 8160))))))));\n"
     "}\n"},
    {"wg_polygamma",
     "/* The n-th derivative of digamma, likewise. */\n"
     "static double wg_polygamma(double n, double x) {\n"
     "  static const double bernoulli[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6,\n"
     "                                     -3617.0 / 510, 43867.0 / 798, -174611.0 / 330};\n"
     "  double s = 0.0, factorial, scale;\n"
     "  if (!(n >= 0.0) || n != floor(n) || n > 100.0 || (x <= 0.0 && x == floor(x)) || x < -1e6) return NAN;\n"
     "  if (n == 0.0) return wg_digamma(x);\n"
     "  factorial = tgamma(n + 1.0);\n"
     "  for (; x < 20.0 + n; x += 1.0) s += factorial * pow(x, -n - 1.0);\n"
     "  s += tgamma(n) * pow(x, -n) + factorial / 2.0 * pow(x, -n - 1.0);\n"
     "  scale = tgamma(n + 2.0) / 2.0;\n"
     "  for (int k = 1; k <= 10; ++k) {\n"
     "    if (k > 1) scale *= (2 * k + n - 2.0) * (2 * k + n - 1.0) / ((2.0 * k - 1.0) * (2.0 * k));\n"
     "    s += bernoulli[k - 1] * scale * pow(x, -(2 * k + n));\n"
     "  }\n"
     "  return fmod(n, 2.0) == 0.0 ? -s : s;\n"
     "}\n"},
    {"wg_fall",
     "static double wg_fall(double x, double b, double m) { return expm1(-m * log1p(b / x)) / pow(x, m); }\n"},
    {"wg_polygamma_rise",
     "/* polygamma(n, a + b) - polygamma(n, a), term by term. */\n"
     "static double wg_polygamma_rise(double n, double a, double b) {\n"
     "  static const double bernoulli[] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6,\n"
     "                                     -3617.0 / 510, 43867.0 / 798, -174611.0 / 330};\n"
     "  double x = a, rise = 0.0, scale = 0.0, factorial;\n"
     "  if (!(n >= 0.0) || n != floor(n) || n > 100.0 || !(a > 0.0) || !(a + b > 0.0)) return NAN;\n"
     "  if (a + b == INFINITY) return a == INFINITY ? NAN : n == 0.0 ? b : -wg_polygamma(n, a);\n"
     "  factorial = tgamma(n + 1.0);\n"
     "  for (; x < 20.0 + n; x += 1.0) rise -= factorial * wg_fall(x, b, n + 1.0);\n"
     "  rise -= (n == 0.0 ? -log1p(b / x) : tgamma(n) * wg_fall(x, b, n)) + factorial / 2.0 * wg_fall(x, b, n + 1.0);\n"
     "  for (int k = 1; k <= 10; ++k) {\n"
     "    scale = n == 0.0 ? 1.0 / (2.0 * k)\n"
     "            : k == 1 ? tgamma(n + 2.0) / 2.0\n"
     "                     : scale * (2 * k + n - 2.0) * (2 * k + n - 1.0) / ((2.0 * k - 1.0) * (2.0 * k));\n"
     "    rise -= bernoulli[k - 1] * scale * wg_fall(x, b, 2 * k + n);\n"
     "  }\n"
     "  return fmod(n, 2.0) == 0.0 ? rise : -rise;\n"
     "}\n"},
    {"wg_beta",
     "static double wg_beta(double a, double b) {\n"
     "  if (!(a > 0.0) || !(b > 0.0)) return NAN;\n"
     "  return a + b < 170.0 ? tgamma(a) / tgamma(a + b) * tgamma(b) : exp(lgamma(a) + lgamma(b) - lgamma(a + b));\n"
     "}\n"},
    {"wg_factor",
     "/* P*a = L*U by rows with pivots, in f. The sign of P, 0 if a is singular. */\n"
     "static int wg_factor(double *f, size_t *pivot, const double *a, size_t n) {\n"
     "  int sign = 1;\n"
     "  for (size_t i = 0; i < n * n; ++i) f[i] = a[i];\n"
     "  for (size_t k = 0; k < n; ++k) {\n"
     "    size_t best = k;\n"
     "    for (size_t i = k + 1; i < n; ++i)\n"
     "      if (fabs(f[i * n + k]) > fabs(f[best * n + k])) best = i;\n"
     "    pivot[k] = best;\n"
     "    if (best != k) sign = -sign;\n"
     "    for (size_t j = 0; best != k && j < n; ++j) {\n"
     "      const double t = f[k * n + j];\n"
     "      f[k * n + j] = f[best * n + j];\n"
     "      f[best * n + j] = t;\n"
     "    }\n"
     "    if (f[k * n + k] == 0.0) return 0;\n"
     "    for (size_t i = k + 1; i < n; ++i) {\n"
     "      const double m = f[i * n + k] /= f[k * n + k];\n"
     "      for (size_t j = k + 1; j < n; ++j) f[i * n + j] -= m * f[k * n + j];\n"
     "    }\n"
     "  }\n"
     "  return sign;\n"
     "}\n"},
    {"wg_swap",
     "static void wg_swap(double *a, double *b, size_t n) {\n"
     "  for (size_t i = 0; a != b && i < n; ++i) {\n"
     "    const double t = a[i];\n"
     "    a[i] = b[i];\n"
     "    b[i] = t;\n"
     "  }\n"
     "}\n"},
    {"wg_solve",
     "/* x (n x m) with a*x = b, or a'*x = b by the same factors; NaN where a is singular. */\n"
     "static void wg_solve(double *x, const double *a, const double *b, size_t n, size_t m, int transposed,\n"
     "                     double *f, size_t *pivot) {\n"
     "  const int sign = wg_factor(f, pivot, a, n);\n"
     "  /* Row i of a triangle: f[i * row + k * column]. Of a', U' comes first, then L'. */\n"
     "  const size_t row = transposed ? 1 : n, column = transposed ? n : 1;\n"
     "  for (size_t i = 0; i < n * m; ++i) x[i] = sign == 0 ? NAN : b[i];\n"
     "  for (size_t k = 0; sign != 0 && !transposed && k < n; ++k) wg_swap(x + k * m, x + pivot[k] * m, m);\n"
     "  for (size_t i = 0; i < n; ++i) {\n"
     "    for (size_t k = 0; k < i; ++k)\n"
     "      for (size_t j = 0; j < m; ++j) x[i * m + j] -= f[i * row + k * column] * x[k * m + j];\n"
     "    for (size_t j = 0; transposed && j < m; ++j) x[i * m + j] /= f[i * n + i];\n"
     "  }\n"
     "  for (size_t i = n; i-- > 0;) {\n"
     "    for (size_t k = i + 1; k < n; ++k)\n"
     "      for (size_t j = 0; j < m; ++j) x[i * m + j] -= f[i * row + k * column] * x[k * m + j];\n"
     "    for (size_t j = 0; !transposed && j < m; ++j) x[i * m + j] /= f[i * n + i];\n"
     "  }\n"
     "  for (size_t k = n; sign != 0 && transposed && k-- > 0;) wg_swap(x + k * m, x + pivot[k] * m, m);\n"
     "}\n"},
    {"wg_inverse",
     "/* NaN where a is singular, or 0 where that is asked for. */\n"
     "static void wg_inverse(double *x, const double *a, size_t n, double *f, size_t *pivot, double *unit, int zero) "
     "{\n"
     "  for (size_t i = 0; i < n * n; ++i) unit[i] = i % (n + 1) == 0 ? 1.0 : 0.0;\n"
     "  wg_solve(x, a, unit, n, n, 0, f, pivot);\n"
     "  for (size_t k = 0; zero && k < n; ++k)\n"
     "    for (size_t i = 0; f[k * n + k] == 0.0 && i < n * n; ++i) x[i] = 0.0;\n"
     "}\n"},
    {"wg_det",
     "static double wg_det(const double *a, size_t n, double *f, size_t *pivot) {\n"
     "  double d = (double)wg_factor(f, pivot, a, n);\n"
     "  for (size_t i = 0; d != 0.0 && i < n; ++i) d *= f[i * n + i];\n"
     "  return d;\n"
     "}\n"},
    {"wg_logdet",
     "static double wg_logdet(const double *a, size_t n, double *f, size_t *pivot) {\n"
     "  int sign = wg_factor(f, pivot, a, n);\n"
     "  double s = 0.0;\n"
     "  if (sign == 0) return -INFINITY;\n"
     "  for (size_t i = 0; i < n; ++i) {\n"
     "    s += log(fabs(f[i * n + i]));\n"
     "    if (f[i * n + i] < 0.0) sign = -sign;\n"
     "  }\n"
     "  return sign < 0 ? NAN : s;\n"
     "}\n"},
    {"wg_singular_cofactors",
     "/* The cofactors of a (n x n) where its determinant d is 0, and otherwise 0; f holds a = L*D*R with rows and "
     "columns\n"
     "   in the order of complete pivoting, x that of L^-T*adj(D)*R^-T. */\n"
     "static void wg_singular_cofactors(double *y, const double *a, double d, size_t n, double *f, double *x,\n"
     "                                  size_t *row, size_t *column) {\n"
     "  double sign = 1.0;\n"
     "  for (size_t i = 0; i < n * n; ++i) {\n"
     "    y[i] = 0.0;\n"
     "    f[i] = a[i];\n"
     "    x[i] = i % (n + 1) == 0 ? 1.0 : 0.0;\n"
     "  }\n"
     "  if (d != 0.0 || d != d) return;\n"
     "  for (size_t i = 0; i < n; ++i) row[i] = column[i] = i;\n"
     "  for (size_t k = 0; k < n; ++k) {\n"
     "    size_t r = k, c = k;\n"
     "    for (size_t i = k; i < n; ++i)\n"
     "      for (size_t j = k; j < n; ++j)\n"
     "        if (fabs(f[i * n + j]) > fabs(f[r * n + c])) {\n"
     "          r = i;\n"
     "          c = j;\n"
     "        }\n"
     "    for (size_t j = 0; r != k && j < n; ++j) {\n"
     "      const double t = f[k * n + j];\n"
     "      f[k * n + j] = f[r * n + j];\n"
     "      f[r * n + j] = t;\n"
     "    }\n"
     "    for (size_t i = 0; c != k && i < n; ++i) {\n"
     "      const double t = f[i * n + k];\n"
     "      f[i * n + k] = f[i * n + c];\n"
     "      f[i * n + c] = t;\n"
     "    }\n"
     "    if ((r != k) != (c != k)) sign = -sign;\n"
     "    if (r != k || c != k) {\n"
     "      size_t t = row[k];\n"
     "      row[k] = row[r];\n"
     "      row[r] = t;\n"
     "      t = column[k];\n"
     "      column[k] = column[c];\n"
     "      column[c] = t;\n"
     "    }\n"
     "    for (size_t i = 0; i < n; ++i)\n"
     "      if (i != k) x[i * n + i] *= f[k * n + k];\n"
     "    if (f[k * n + k] == 0.0) continue;\n"
     "    for (size_t i = k + 1; i < n; ++i) {\n"
     "      const double m = f[i * n + k] /= f[k * n + k];\n"
     "      for (size_t j = k + 1; j < n; ++j) f[i * n + j] -= m * f[k * n + j];\n"
     "    }\n"
     "    for (size_t j = k + 1; j < n; ++j) f[k * n + j] /= f[k * n + k];\n"
     "  }\n"
     "  for (size_t i = n; i-- > 0;)\n"
     "    for (size_t k = i + 1; k < n; ++k)\n"
     "      for (size_t j = k; j < n; ++j) x[i * n + j] -= f[k * n + i] * x[k * n + j];\n"
     "  for (size_t i = 0; i < n; ++i)\n"
     "    for (size_t j = n; j-- > 0;) {\n"
     "      for (size_t k = j + 1; k < n; ++k) x[i * n + j] -= f[j * n + k] * x[i * n + k];\n"
     "    }\n"
     "  for (size_t i = 0; i < n; ++i)\n"
     "    for (size_t j = 0; j < n; ++j) y[row[i] * n + column[j]] = sign * x[i * n + j];\n"
     "}\n"},
};

}  // namespace

std::span<const CHelper> c_helper_list() { return definitions; }

}  // namespace wengert::exec
