#include "wengert/sweep/decimal.hpp"

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

// Far out by the asymptotic series (DLMF 7.12.1), whose error is below the first term that is left out; mpfr_erfc would
// compute 1 - erf with thousands of guard bits there.
Decimal erfc(const Decimal& a) {
  constexpr double nats = 0.7;  // at least what a bit is
  const double x = a.to_double(), squared = x * x;
  if (!(x > 1) || !std::isfinite(squared)) return Decimal::of(mpfr_erfc, a);
  const int wide = a.bits() + 64 + 2 * std::ilogb(x);
  if (squared < nats * (wide + 64)) return Decimal::of(mpfr_erfc, a);
  Decimal z(0.0, wide), root(0.0, wide), term(1.0, wide), sum(1.0, wide), out(0.0, a.bits());
  mpfr_set(z.get(), a.get(), MPFR_RNDN);
  const Decimal s = z * z, twice = s * 2.0;
  for (double k = 1; !(term == 0.0) && mpfr_get_exp(term.get()) > -wide; k += 2) {
    term = -(term * k) / twice;
    sum = sum + term;
  }
  mpfr_const_pi(root.get(), MPFR_RNDN);
  const Decimal y = exp(-s) * sum / (z * sqrt(root));
  mpfr_set(out.get(), y.get(), MPFR_RNDN);
  return out;
}

// Through gammas, whose logarithms may be far larger than their sum: with guard bits for that, and for the sum of the
// arguments. (mpfr_beta does not end for some arguments.)
Decimal beta_function(const Decimal& a, const Decimal& b) {
  constexpr long far = 4000;  // bits apart: beta(a, b) is gamma(b)*a^-b, for a the larger one, to more digits than asked
  const int bits = std::max(a.bits(), b.bits());
  if (!(a > 0.0) || !(b > 0.0)) return Decimal(std::nan(""), bits);
  if (isinf(a) || isinf(b)) return Decimal(0.0, bits);
  const Decimal &large = a < b ? b : a, &small = a < b ? a : b;
  const long top = std::max(mpfr_get_exp(large.get()), mpfr_exp_t{0}), bottom = mpfr_get_exp(small.get());
  const bool apart = top - bottom > far && bottom < far / 4 && bits < far / 2;
  const int guard = static_cast<int>(std::min(2 * top - std::min(bottom, 0L), 4 * far));
  const auto wide = [&](const Decimal& x) {
    Decimal r(0.0, bits + 64 + (apart ? 0 : guard));
    mpfr_set(r.get(), x.get(), MPFR_RNDN);
    return r;
  };
  const Decimal p = wide(large), q = wide(small);
  const Decimal r = apart ? exp(log_gamma(q) - q * log(p)) : exp(log_gamma(p) + log_gamma(q) - log_gamma(p + q));
  Decimal out(0.0, bits);
  mpfr_set(out.get(), r.get(), MPFR_RNDN);
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
