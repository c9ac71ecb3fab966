#include "wengert/sweep/decimal.hpp"

#include "wengert/sweep/propagate.hpp"

#include <boost/math/special_functions/polygamma.hpp>
#include <boost/multiprecision/mpfr.hpp>
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

Decimal beta_function(const Decimal& a, const Decimal& b) {
  // Through gammas with guard bits: mpfr_beta does not end for some arguments.
  const int bits = std::max(a.bits(), b.bits());
  if (!(a > 0.0) || !(b > 0.0)) return Decimal(std::nan(""), bits);
  const auto wide = [&](const Decimal& x) { Decimal r(0.0, bits + 64); mpfr_set(r.get(), x.get(), MPFR_RNDN); return r; };
  const Decimal p = wide(a), q = wide(b);
  const Decimal r = exp(log_gamma(p) + log_gamma(q) - log_gamma(p + q));
  Decimal out(0.0, bits);
  mpfr_set(out.get(), r.get(), MPFR_RNDN);
  return out;
}

Decimal polygamma(const Decimal& n, const Decimal& x) {
  namespace mp = boost::multiprecision;
  namespace bm = boost::math;
  using Wide = mp::number<mp::mpfr_float_backend<110>, mp::et_off>;
  using Quiet = bm::policies::policy<
      bm::policies::domain_error<bm::policies::ignore_error>, bm::policies::pole_error<bm::policies::ignore_error>,
      bm::policies::overflow_error<bm::policies::ignore_error>, bm::policies::evaluation_error<bm::policies::ignore_error>>;
  const double order = n.to_double();
  const int bits = std::max(x.bits(), 53);
  const Decimal undefined(std::nan(""), bits);
  if (!(order >= 0) || order != std::floor(order) || order > 1e6 || x.bits() > Decimal::bits_for(100)) return undefined;
  if (x <= 0.0 && x == floor(x)) return undefined;
  if (order == 0) return digamma(x);
  Wide wide;
  mpfr_set(wide.backend().data(), x.get(), MPFR_RNDN);
  const Wide result = bm::polygamma(static_cast<int>(order), wide, Quiet{});
  Decimal out(0.0, bits);
  mpfr_set(out.get(), result.backend().data(), MPFR_RNDN);
  return out;
}

namespace {

Decimal whole(std::int64_t n, int bits) {
  Decimal r(0.0, std::max(bits, 64));
  mpfr_set_sj(r.get(), n, MPFR_RNDN);
  return r;
}

}  // namespace

Decimal FromConstant<Decimal>::make(const Constant& c, const Literals& how) {
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
