// Polygamma functions of many digits.
#include <cmath>

#include "wengert/core/limits.hpp"
#include "wengert/sweep/decimal.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

namespace {

Decimal widened(const Decimal& x, int bits) {
  Decimal out(0.0, bits);
  mpfr_set(out.get(), x.get(), MPFR_RNDN);
  return out;
}

// The tangent numbers 1, 2, 16, 272, ... (R. Brent, D. Harvey, Fast computation of Bernoulli, tangent and secant
// numbers, 2013): B_2k = (-1)^(k - 1) 2k T_k/(4^k (4^k - 1)).
std::vector<Decimal> tangent_numbers(std::size_t count, int bits) {
  std::vector<Decimal> t(count + 1, Decimal(1.0, bits));
  for (std::size_t k = 2; k <= count; ++k) mpfr_mul_ui(t[k].get(), t[k - 1].get(), k - 1, MPFR_RNDN);
  Decimal left(0.0, bits);
  for (std::size_t k = 2; k <= count; ++k)
    for (std::size_t j = k; j <= count; ++j) {
      mpfr_mul_ui(left.get(), t[j - 1].get(), j - k, MPFR_RNDN);
      mpfr_mul_ui(t[j].get(), t[j].get(), j - k + 2, MPFR_RNDN);
      mpfr_add(t[j].get(), t[j].get(), left.get(), MPFR_RNDN);
    }
  return t;
}

Decimal to_power(const Decimal& base, long k) {
  return Decimal::of([k](mpfr_ptr r, mpfr_srcptr b, mpfr_rnd_t m) { mpfr_pow_si(r, b, k, m); }, base);
}

// Adds n!/(x + j)^(n + 1) from j = 0 on, as long as x + j is less than `far`; then x + j is in `at`. Powers by
// products: the last bits that this costs are to spare.
Decimal first_terms(int n, double far, const Decimal& factorial, Decimal& at) {
  Decimal sum(0.0, at.bits()), power(0.0, at.bits());
  for (; at < far; mpfr_add_ui(at.get(), at.get(), 1, MPFR_RNDN)) {
    mpfr_set(power.get(), at.get(), MPFR_RNDN);
    for (int bit = std::ilogb(n + 1) - 1; bit >= 0; --bit) {
      mpfr_sqr(power.get(), power.get(), MPFR_RNDN);
      if (((n + 1) >> bit & 1) != 0) mpfr_mul(power.get(), power.get(), at.get(), MPFR_RNDN);
    }
    mpfr_div(power.get(), factorial.get(), power.get(), MPFR_RNDN);
    mpfr_add(sum.get(), sum.get(), power.get(), MPFR_RNDN);
  }
  return sum;
}

// n! times the sum of 1/(x + j)^(n + 1) over all j: term by term up to where the asymptotic series holds (Abramowitz
// and Stegun 6.4.6, 6.4.11).
Decimal positive_polygamma(int n, const Decimal& x) {
  const int bits = std::max(x.bits(), 53), wide = bits + 64;
  Decimal at = widened(x, wide), factorial(1.0, wide);
  mpfr_fac_ui(factorial.get(), static_cast<unsigned long>(n), MPFR_RNDN);
  Decimal sum = first_terms(n, 0.5 * wide + n, factorial, at);
  const Decimal inverse = to_power(at, -n);
  sum = sum + factorial / static_cast<double>(n) * inverse + factorial * inverse / (at * 2.0);

  // So many terms that the next one is below the last bit.
  const double fall = 2 * std::log(6.283185307179586 * std::min(at.to_double(), 1e300));
  std::size_t count = 1;
  while (count < 1000 &&
         std::lgamma(2.0 * static_cast<double>(count) + n) - std::lgamma(n) - fall * static_cast<double>(count) >
             -0.7 * wide)
    ++count;
  const std::vector<Decimal> tangents = tangent_numbers(count, wide);
  // (2k + n - 1)!/(2k - 1)! x^-(2k + n)
  Decimal scale = factorial / static_cast<double>(n) * inverse, four(1.0, wide);
  const Decimal inverse_square = 1.0 / (at * at);
  for (std::size_t k = 1; k <= count; ++k) {
    const double even = 2.0 * static_cast<double>(k);
    scale = scale * ((even + n - 2) * (even + n - 1)) * inverse_square;
    if (k > 1) scale = scale / ((even - 2) * (even - 1));
    mpfr_mul_2ui(four.get(), four.get(), 2, MPFR_RNDN);
    const Decimal term = scale * tangents[k] / (four * (four - 1.0));
    sum = k % 2 == 1 ? sum + term : sum - term;
  }
  const Decimal out = widened(sum, bits);
  return n % 2 == 1 ? out : -out;
}

// The n-th derivative of pi cot(pi x): pi^(n + 1) times a polynomial of c = cot(pi x), of derivative -(1 + c^2) by pi
// x. Its terms have one sign.
Decimal cotangent_derivative(int n, const Decimal& x) {
  const int bits = x.bits();
  const auto size = static_cast<std::size_t>(n) + 2;
  std::vector<Decimal> now(size, Decimal(0.0, bits));  // coefficients; each step's powers are all even or all odd
  now[1] = Decimal(1.0, bits);
  for (std::size_t step = 1; step + 1 < size; ++step) {
    std::vector<Decimal> next(size, Decimal(0.0, bits));
    for (std::size_t k = 1; k <= step; ++k) {
      const Decimal slope = now[k] * static_cast<double>(k);
      next[k - 1] = next[k - 1] - slope;
      next[k + 1] = next[k + 1] - slope;
    }
    now = std::move(next);
  }
  const Decimal pi = Known<Decimal>::pi(x);
  const Decimal c = 1.0 / tan(pi * (x - round(x)));
  Decimal sum(0.0, bits);
  for (std::size_t k = size; k-- > 0;) sum = sum * c + now[k];
  return sum * to_power(pi, n + 1);
}

// (-1)^n times that of 1 - x, less the derivative of pi cot(pi x) (Abramowitz and Stegun 6.4.7): with as many more bits
// as the difference cancels.
Decimal reflected_polygamma(int n, const Decimal& x) {
  const int bits = std::max(x.bits(), 53);
  for (int guard = 64 + n;; guard *= 4) {
    const Decimal wide = widened(x, bits + guard);
    const Decimal there = positive_polygamma(n, 1.0 - wide), turn = cotangent_derivative(n, wide);
    const Decimal sum = n % 2 == 0 ? there - turn : -there - turn;
    const auto exponent = [](const Decimal& d) {
      return mpfr_regular_p(d.get()) == 0 ? mpfr_exp_t{0} : mpfr_get_exp(d.get());
    };
    const auto lost = std::max(exponent(there), exponent(turn)) - exponent(sum);
    if (mpfr_regular_p(sum.get()) == 0 || lost < guard - 24 - n || guard > 16 * bits) return widened(sum, bits);
  }
}

}  // namespace

// (Boost.Math's version computes its tables before main, whether it is called or not.)
Decimal polygamma(const Decimal& n, const Decimal& x) {
  const double order = n.to_double();
  const int bits = std::max(x.bits(), 53);
  const Decimal undefined(std::nan(""), bits);
  if (!(order >= 0) || order != std::floor(order) || order > highest_polygamma_order) return undefined;
  if (isnan(x) || (x <= 0.0 && x == floor(x))) return undefined;
  if (order == 0) return digamma(x);
  if (isinf(x)) return Decimal(0.0, bits);
  const int k = static_cast<int>(order);
  return x > 0.0 ? positive_polygamma(k, x) : reflected_polygamma(k, x);
}

namespace {

// Where b is far smaller than a, by the first powers of b.
Decimal short_rise(int n, const Decimal& a, const Decimal& b, int bits) {
  const Decimal from = widened(a, bits);
  Decimal power = widened(b, bits), sum(0.0, bits);
  for (int k = 1;; ++k) {
    const Decimal term = power * polygamma(Decimal(n + k), from);
    sum = sum + term;
    if (mpfr_regular_p(term.get()) == 0 || mpfr_get_exp(term.get()) < mpfr_get_exp(sum.get()) - bits) return sum;
    power = power * b / static_cast<double>(k + 1);
  }
}

}  // namespace

// The difference itself, with as many more bits as it can cancel.
Decimal polygamma_rise(const Decimal& n, const Decimal& a, const Decimal& b) {
  constexpr int short_bits = 60;
  const int bits = std::max({a.bits(), b.bits(), 53});
  if (!(a > 0.0) || !(a + b > 0.0) || isinf(a)) return Decimal(std::nan(""), bits);
  if (isinf(b)) return n == 0.0 ? b : -polygamma(n, a);
  const auto size = [](const Decimal& x) { return std::ilogb(std::max(std::fabs(x.to_double()), 1e-300)); };
  const int apart = size(a) - size(b), wide = bits + 64 + 2 * std::max(0, apart);
  const double order = n.to_double();
  if (apart > short_bits && order >= 0 && order == std::floor(order) &&
      order + bits / short_bits + 2 < highest_polygamma_order)
    return widened(short_rise(static_cast<int>(order), a, b, bits + 64), bits);
  const Decimal from = widened(a, wide);
  return widened(polygamma(n, from + widened(b, wide)) - polygamma(n, from), bits);
}

}  // namespace wengert
