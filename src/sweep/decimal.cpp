#include "wengert/sweep/decimal.hpp"

#include "wengert/core/limits.hpp"

#include "wengert/sweep/propagate.hpp"

#include <cmath>

namespace wengert {

std::string Decimal::to_string(int digits) const {
  if (mpfr_nan_p(m_) != 0) return "nan";
  if (mpfr_inf_p(m_) != 0) return mpfr_sgn(m_) < 0 ? "-inf" : "inf";
  char* text = nullptr;
  mpfr_asprintf(&text, "%.*RNg", digits, m_);
  std::string out(text);
  mpfr_free_str(text);
  return out;
}

namespace {

template <class F>
Decimal periodic(F&& f, const Decimal& a) {
  constexpr mpfr_exp_t most = 10'000;
  if (mpfr_regular_p(a.get()) != 0 && mpfr_get_exp(a.get()) > most) return Decimal(std::nan(""), a.bits());
  return Decimal::of(f, a);
}

}  // namespace

Decimal sin(const Decimal& a) { return periodic(mpfr_sin, a); }
Decimal cos(const Decimal& a) { return periodic(mpfr_cos, a); }
Decimal tan(const Decimal& a) { return periodic(mpfr_tan, a); }

Decimal beta_function(const Decimal& a, const Decimal& b) {
  // Through gammas with guard bits: mpfr_beta does not end for some arguments.
  const int bits = std::max(a.bits(), b.bits());
  if (!(a > 0.0) || !(b > 0.0)) return Decimal(std::nan(""), bits);
  if (isinf(a) || isinf(b)) return Decimal(0.0, bits);
  const auto wide = [&](const Decimal& x) { Decimal r(0.0, bits + 64); mpfr_set(r.get(), x.get(), MPFR_RNDN); return r; };
  const Decimal p = wide(a), q = wide(b);
  const Decimal r = exp(log_gamma(p) + log_gamma(q) - log_gamma(p + q));
  Decimal out(0.0, bits);
  mpfr_set(out.get(), r.get(), MPFR_RNDN);
  return out;
}

namespace {

// The tangent numbers 1, 2, 16, 272, ... (R. Brent, D. Harvey, Fast computation of Bernoulli, tangent and secant numbers, 2013):
// B_2k = (-1)^(k - 1) 2k T_k/(4^k (4^k - 1)).
std::vector<Decimal> tangent_numbers(std::size_t count, int bits) {
  std::vector<Decimal> t(count + 1, Decimal(1.0, bits));
  for (std::size_t k = 2; k <= count; ++k) t[k] = t[k - 1] * static_cast<double>(k - 1);
  for (std::size_t k = 2; k <= count; ++k)
    for (std::size_t j = k; j <= count; ++j) t[j] = t[j - 1] * static_cast<double>(j - k) + t[j] * static_cast<double>(j - k + 2);
  return t;
}

// n! times the sum of 1/(x + j)^(n + 1) over all j: term by term up to where the asymptotic series holds (Abramowitz and
// Stegun 6.4.6, 6.4.11).
Decimal positive_polygamma(int n, const Decimal& x) {
  const int bits = std::max(x.bits(), 53), wide = bits + 64;
  const auto to_power = [](const Decimal& base, long k) {
    return Decimal::of([k](mpfr_ptr r, mpfr_srcptr b, mpfr_rnd_t m) { return mpfr_pow_si(r, b, k, m); }, base);
  };
  Decimal at(0.0, wide), factorial(1.0, wide), sum(0.0, wide);
  mpfr_set(at.get(), x.get(), MPFR_RNDN);
  mpfr_fac_ui(factorial.get(), static_cast<unsigned long>(n), MPFR_RNDN);
  for (const double far = 1.5 * bits + n; at < far; at = at + 1.0) sum = sum + factorial * to_power(at, -n - 1);
  const Decimal inverse = to_power(at, -n);
  sum = sum + factorial / static_cast<double>(n) * inverse + factorial * inverse / (at * 2.0);

  // So many terms that the next one is below the last bit.
  const double fall = 2 * std::log(6.283185307179586 * std::min(at.to_double(), 1e300));
  std::size_t count = 1;
  while (count < 1000 && std::lgamma(2.0 * static_cast<double>(count) + n) - std::lgamma(n) - fall * static_cast<double>(count) > -0.7 * wide) ++count;
  const std::vector<Decimal> tangents = tangent_numbers(count, wide);
  Decimal scale = factorial / static_cast<double>(n) * inverse, four(1.0, wide);  // (2k + n - 1)!/(2k - 1)! x^-(2k + n)
  for (std::size_t k = 1; k <= count; ++k) {
    const double even = 2.0 * static_cast<double>(k);
    scale = scale * (even + n - 2) * (even + n - 1) / (at * at);
    if (k > 1) scale = scale / ((even - 2) * (even - 1));
    four = four * 4.0;
    const Decimal term = scale * tangents[k] / (four * (four - 1.0));
    sum = k % 2 == 1 ? sum + term : sum - term;
  }
  Decimal out(0.0, bits);
  mpfr_set(out.get(), sum.get(), MPFR_RNDN);
  return n % 2 == 1 ? out : -out;
}

}  // namespace

// Below 0 the n-th central difference of MPFR's digamma, in so many more bits that neither the step nor the
// cancellation shows. (Boost.Math's version computes its tables before main, whether it is called or not.)
Decimal polygamma(const Decimal& n, const Decimal& x) {
  const double order = n.to_double();
  const int bits = std::max(x.bits(), 53);
  const Decimal undefined(std::nan(""), bits);
  if (!(order >= 0) || order != std::floor(order) || order > highest_polygamma_order) return undefined;
  if (isnan(x) || (x <= 0.0 && x == floor(x))) return undefined;
  if (order == 0) return digamma(x);
  if (isinf(x)) return Decimal(0.0, bits);

  const int k = static_cast<int>(order), guard = 32 + 8 * k;
  if (x > 0.0) return positive_polygamma(k, x);
  // The distance to the nearest pole sets the scale.
  const double gap = abs(x - round(x)).to_double();
  const int scale = std::ilogb(std::min(std::max(gap, 1e-300), 1e300));
  const int fall = bits / 2 + guard;  // h = 2^(scale - fall)
  const int wide = bits + k * (fall + 8) + 2 * guard + 2 * std::abs(scale);
  Decimal at(0.0, wide), h(1.0, wide), binomial(1.0, wide), sum(0.0, wide);
  mpfr_set(at.get(), x.get(), MPFR_RNDN);
  mpfr_mul_2si(h.get(), h.get(), scale - fall, MPFR_RNDN);
  for (int j = 0; j <= k; ++j) {
    const Decimal term = binomial * digamma(at + h * (0.5 * k - j));
    sum = j % 2 == 0 ? sum + term : sum - term;
    binomial = binomial * static_cast<double>(k - j) / static_cast<double>(j + 1);
  }
  mpfr_mul_2si(sum.get(), sum.get(), -static_cast<long>(k) * (scale - fall), MPFR_RNDN);
  Decimal out(0.0, bits);
  mpfr_set(out.get(), sum.get(), MPFR_RNDN);
  return out;
}

// The difference itself, with as many more bits as it can cancel.
Decimal polygamma_rise(const Decimal& n, const Decimal& a, const Decimal& b) {
  const int bits = std::max({a.bits(), b.bits(), 53});
  if (!(a > 0.0) || !(a + b > 0.0) || isinf(a)) return Decimal(std::nan(""), bits);
  if (isinf(b)) return n == 0.0 ? b : -polygamma(n, a);
  const auto size = [](const Decimal& x) { return std::ilogb(std::max(std::fabs(x.to_double()), 1e-300)); };
  const int wide = bits + 64 + 2 * std::max(0, size(a) - size(b));
  Decimal from(0.0, wide), by(0.0, wide), out(0.0, bits);
  mpfr_set(from.get(), a.get(), MPFR_RNDN);
  mpfr_set(by.get(), b.get(), MPFR_RNDN);
  const Decimal rise = polygamma(n, from + by) - polygamma(n, from);
  mpfr_set(out.get(), rise.get(), MPFR_RNDN);
  return out;
}

namespace {

Decimal whole(std::int64_t n, int bits) {
  Decimal r(0.0, std::max(bits, 64));
  mpfr_set_si(r.get(), n, MPFR_RNDN);
  return r;
}

// What MPFR keeps for later calls it keeps for each thread; a thread that ends gives it back.
struct CachesOfThread {
  CachesOfThread() = default;
  CachesOfThread(const CachesOfThread&) = delete;
  CachesOfThread& operator=(const CachesOfThread&) = delete;
  ~CachesOfThread() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }
};

}  // namespace

// Whoever computes in decimals makes a constant first.
Decimal FromConstant<Decimal>::make(const Constant& c, const Literals& how) {
  thread_local const CachesOfThread caches;
  switch (c.exactness) {
    case Constant::Exactness::rational:
      return whole(c.numerator, how.bits) / whole(c.denominator, how.bits);
    case Constant::Exactness::decimal:
      if (how.as_written) return Decimal(c.text, how.bits);
      break;
    case Constant::Exactness::pi:
      if (how.as_written) return wengert::pi_like(Decimal(0.0, how.bits));
      break;
    case Constant::Exactness::e:
      if (how.as_written) return exp(Decimal(1.0, how.bits));
      break;
    case Constant::Exactness::real: break;
  }
  return Decimal(c.value, how.bits);
}

}  // namespace wengert
