#include "wengert/sweep/rounded_complex.hpp"

#include <array>

#include "rounded_steps.hpp"

namespace wengert {

using namespace bounds;

namespace {

using C = RoundedComplex;
using Z = std::complex<double>;

constexpr double library = 16;  // units of a complex function, of either part

Rounded widened(const Rounded& x, double by) { return by == 0 ? x : Rounded(x.value, known(x.bound + by)); }
// What is no number here may be one elsewhere: 0 times what is too large.
Rounded doubted(const Rounded& x) { return std::isnan(x.value) ? Rounded(x.value, infinity) : x; }

// A part of an argument and how far it may be moved: at least to the next double, for the share of that.
struct Reach {
  double step = 0, share = 0;
};
Reach reach(const Rounded& x) {
  if (x.exact()) return {};
  const double step = std::max(x.bound, std::max(std::fabs(x.value) * 2 * unit, smallest));
  return {step, x.bound / step};
}

bool bounded(const Rounded& x) { return std::isfinite(x.value) && std::isfinite(x.bound); }
// Whether x may be the number c, as far as rounding tells.
bool reaches(const Rounded& x, double c) { return !(std::fabs(x.value - c) > x.bound); }
bool reaches_below(const Rounded& x, double c) { return !(x.value - x.bound > c); }

// A function of complex numbers at the ends of each part of its arguments, one by one.
template <std::size_t n, class F>
C carried(F&& f, const std::array<C, n>& x) {
  std::array<Z, n> at, half, real;
  bool moves = false, exact = true;
  for (std::size_t k = 0; k < n; ++k) {
    at[k] = {x[k].re.value, x[k].im.value};
    half[k] = {x[k].re.value, x[k].im.value / 2};
    real[k] = x[k].re.value;
    moves = moves || x[k].im.value != 0 || !x[k].im.exact();
    exact = exact && x[k].re.exact() && x[k].im.exact();
  }
  const Z y = f(at);
  if (!std::isfinite(y.real()) || !std::isfinite(y.imag())) return {{y.real(), infinity}, {y.imag(), infinity}};
  // Off the real line it may go on where a real function has no value.
  const Z line = f(real);
  if (!(line.imag() == 0)) return {{y.real(), infinity}, {y.imag(), infinity}};
  double re = std::fabs(y.real() - line.real()), im = std::fabs(y.imag() - 2 * f(half).imag());
  for (std::size_t k = 0; k < n; ++k) {
    if (!bounded(x[k].re) || !bounded(x[k].im)) return {{y.real(), infinity}, {y.imag(), infinity}};
    for (const bool imaginary : {false, true}) {
      const Reach r = reach(imaginary ? x[k].im : x[k].re);
      if (r.step == 0) continue;
      double re_most = 0, im_most = 0;
      for (const double step : {r.step, -r.step}) {
        std::array<Z, n> moved = at;
        moved[k] += imaginary ? Z(0, step) : Z(step, 0);
        const Z there = f(moved);
        re_most = std::max(re_most, known(std::fabs(there.real() - y.real())));
        im_most = std::max(im_most, known(std::fabs(there.imag() - y.imag())));
      }
      re += r.share * re_most;
      im += r.share * im_most;
    }
  }
  if constexpr (n == 2) {  // 1^0 changes by neither alone
    const Reach first = reach(x[0].re), second = reach(x[1].re);
    const double share = std::min(first.share, second.share);
    for (int corner = 0; share > 0 && corner < 4; ++corner) {
      const Z there = f({at[0] + (corner % 2 == 0 ? first.step : -first.step),
                         at[1] + (corner / 2 == 0 ? second.step : -second.step)});
      re = std::max(re, share * known(std::fabs(there.real() - y.real())));
      im = std::max(im, share * known(std::fabs(there.imag() - y.imag())));
    }
  }
  const bool whole = exact && y.real() == std::round(y.real()) && std::fabs(y.real()) <= 1;  // exp(0), cos(0)
  return {{y.real(), known(re + (whole ? 0 : own(y.real(), library)))},
          moves ? Rounded(y.imag(), known(im + own(y.imag(), library))) : Rounded(0.0)};
}

template <class F>
C carried(F&& f, const C& x) {
  return carried<1>([&](const std::array<Z, 1>& z) { return f(z[0]); }, std::array<C, 1>{x});
}

// Nothing is known of y, but what it is.
C lost(C y) {
  y.re.bound = y.im.bound = infinity;
  return y;
}

// The same with a branch point or an edge of the domain at `at`, on or below which x must not be.
template <class F>
C above(double at, F&& f, const C& x) {
  const C y = carried(f, x);
  return reaches_below(x.re, at) ? lost(y) : y;
}
template <class F>
C within(double low, double high, F&& f, const C& x) {
  const C y = carried(f, x);
  return reaches_below(x.re, low) || reaches_below(-x.re, -high) ? lost(y) : y;
}

}  // namespace

C operator*(const C& a, const C& b) {
  const double squares = std::fabs(a.im.value) * std::fabs(b.im.value);
  const Rounded re = a.re * b.re, one = doubted(a.re * b.im), other = doubted(a.im * b.re);
  return {std::isnan(re.value) ? re : widened(re, squares), doubted(one + other)};
}

// The quotient's parts by the formula of the library: products of both, over a square that is scaled.
C operator/(const C& a, const C& b) {
  const Rounded re = a.re / b.re;
  const double d = b.im.value / b.re.value,
               squares = std::fabs(a.im.value / b.re.value * d) + std::fabs(re.value * d * d);
  const bool still = a.im.value == 0 && a.im.exact() && b.im.value == 0 && b.im.exact();
  if (still) return {re, std::isfinite(re.value) ? Rounded(0.0) : Rounded(std::nan(""), infinity)};
  const Rounded im = (a.im - re * b.im) / b.re;
  const double sizes = std::fabs(a.im.value / b.re.value) + std::fabs(re.value * d);
  return {std::isnan(re.value) ? re : widened(re, squares), doubted(widened(im, 4 * unit * sizes + smallest))};
}

C less(const C& a, const C& b) { return C(less(a.re, b.re)); }
C less_equal(const C& a, const C& b) { return C(less_equal(a.re, b.re)); }
C equal_to(const C& a, const C& b) { return C(equal_to(a.re, b.re)); }
C select(const C& c, const C& a, const C& b) { return {select(c.re, a.re, b.re), select(c.re, a.im, b.im)}; }
C larger(const C& a, const C& b) {
  if (a.re.value != a.re.value) return a;
  if (b.re.value != b.re.value) return b;
  return select(less(a, b), b, a);
}
C smaller(const C& a, const C& b) {
  if (a.re.value != a.re.value) return a;
  if (b.re.value != b.re.value) return b;
  return select(less(b, a), b, a);
}

namespace {

bool zero(const C& z) { return z.re.value == 0 && z.re.exact() && z.im.value == 0 && z.im.exact(); }

}  // namespace

C annihilate(const C& g, const C& p) { return zero(g) || zero(p) ? C(0.0) : g * p; }
C annihilate_quotient(const C& g, const C& b) { return zero(g) ? C(0.0) : g / b; }
C xlogy(const C& a, const C& b) { return zero(a) ? C(0.0) : a * log(b); }

C magnitude(const C& x) {
  if (x.re.value == 0 && x.re.exact()) return x * x;
  return select(less(x, C(0.0)), -x, x);
}
C sign_of(const C& x) { return C(sign_of(x.re)); }
C softsign(const C& x) { return x / (C(1.0) + magnitude(x)); }

C power(const C& x, const C& y) {
  const bool constant = y.re.exact() && y.im.value == 0 && y.im.exact();
  if (constant && y.re.value == 2) return x * x;
  if (constant && y.re.value == 1) return x;
  const C p = carried<2>([](const std::array<Z, 2>& z) { return power(z[0], z[1]); }, std::array<C, 2>{x, y});
  // At 0 a power that is no whole number has a branch point, or a pole.
  const bool smooth = constant && y.re.value == std::round(y.re.value) && y.re.value >= 0;
  // A negative number has no power for the exponents beside a whole one.
  return (!smooth && reaches(x.re, 0)) || (!constant && reaches_below(x.re, 0)) ? lost(p) : p;
}
C sqrt(const C& x) {
  return above(
      0, [](const Z& z) { return std::sqrt(z); }, x);
}
C hypot(const C& a, const C& b) {
  const double m = std::fmax(scale_of(a), scale_of(b));
  if (m == 0 || std::isinf(m)) return sqrt(a * a + b * b);
  const C p = a / m, q = b / m;
  return m * sqrt(p * p + q * q);
}
C cube_root(const C& x) {
  const C y = carried([](const Z& z) { return cube_root(z); }, x);
  return reaches(x.re, 0) ? lost(y) : y;
}
C exp(const C& x) {
  return carried([](const Z& z) { return std::exp(z); }, x);
}
C expm1(const C& x) {
  return carried([](const Z& z) { return expm1(z); }, x);
}
C log(const C& x) {
  return above(
      0, [](const Z& z) { return std::log(z); }, x);
}
C log2(const C& x) {
  return above(
      0, [](const Z& z) { return log2(z); }, x);
}
C log10(const C& x) {
  return above(
      0, [](const Z& z) { return std::log10(z); }, x);
}
C log1p(const C& x) {
  return above(
      -1, [](const Z& z) { return log1p(z); }, x);
}
C sin(const C& x) {
  return carried([](const Z& z) { return std::sin(z); }, x);
}
C cos(const C& x) {
  return carried([](const Z& z) { return std::cos(z); }, x);
}
C tan(const C& x) {
  const C y = carried([](const Z& z) { return std::tan(z); }, x);
  return std::isfinite(tan(x.re).bound) ? y : lost(y);
}
C asin(const C& x) {
  return within(
      -1, 1, [](const Z& z) { return std::asin(z); }, x);
}
C acos(const C& x) {
  return within(
      -1, 1, [](const Z& z) { return std::acos(z); }, x);
}
C atan(const C& x) {
  return carried([](const Z& z) { return std::atan(z); }, x);
}
C sinh(const C& x) {
  return carried([](const Z& z) { return std::sinh(z); }, x);
}
C cosh(const C& x) {
  return carried([](const Z& z) { return std::cosh(z); }, x);
}
C tanh(const C& x) {
  return carried([](const Z& z) { return std::tanh(z); }, x);
}
C asinh(const C& x) {
  return carried([](const Z& z) { return std::asinh(z); }, x);
}
C acosh(const C& x) {
  return above(
      1, [](const Z& z) { return std::acosh(z); }, x);
}
C atanh(const C& x) {
  return within(
      -1, 1, [](const Z& z) { return std::atanh(z); }, x);
}

namespace {

// Gaussian elimination in these numbers, rows exchanged as the library does.
class ComplexElimination : public Factors<C> {
 public:
  ComplexElimination(const Array<C>& a, const StopAsked* stop) : matrix_(a), pivots_(eliminated(a, nullptr, stop)) {}

  bool singular() const override { return singular_; }
  Array<C> solve(const Array<C>& b, bool transposed, const StopAsked* stop) const override {
    if (singular_) return Array<C>(b.shape(), lost(C(std::nan(""))));
    const std::size_t n = matrix_.shape().rows;
    Array<C> turned(matrix_.shape());
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) turned.at(i, j) = transposed ? matrix_(j, i) : matrix_(i, j);
    Array<C> x = own(b);
    eliminated(turned, &x, stop);
    return x;
  }
  C determinant() const override {
    C product(even_ ? 1.0 : -1.0);
    for (const C& p : pivots_) product = product * p;
    return product;
  }
  C log_determinant() const override {
    C sum(0.0);
    bool negative = !even_;
    for (const C& p : pivots_) {
      negative = negative != (p.re.value < 0);
      sum = sum + log(p.re.value < 0 ? -p : p);
    }
    return negative ? lost(C(std::nan(""))) : sum;
  }

 private:
  static Array<C> own(const Array<C>& b) {
    Array<C> out(b.shape());
    for (std::size_t i = 0; i < b.size(); ++i) out.at(i) = b[i];
    return out;
  }
  static double size(const C& z) { return pivot_size(z); }

  // The pivots; b, if there is one, becomes the solution.
  std::vector<C> eliminated(const Array<C>& from, Array<C>* b, const StopAsked* stop) const {
    Array<C> a = own(from);
    const std::size_t n = a.shape().rows;
    std::vector<C> pivots;
    for (std::size_t k = 0; k < n; ++k) {
      if (n >= 32) ask_whether_to_stop(stop);
      std::size_t best = k;
      for (std::size_t i = k + 1; i < n; ++i)
        if (size(a(i, k)) > size(a(best, k))) best = i;
      if (best != k && b == nullptr) even_ = !even_;
      for (std::size_t j = 0; j < n; ++j) std::swap(a.at(k, j), a.at(best, j));
      for (std::size_t j = 0; b != nullptr && j < b->shape().cols; ++j) std::swap(b->at(k, j), b->at(best, j));
      pivots.push_back(a(k, k));
      if (size(a(k, k)) == 0) {
        singular_ = true;
        continue;
      }
      for (std::size_t i = k + 1; i < n; ++i) {
        if (zero(a(i, k))) continue;
        const C factor = a(i, k) / a(k, k);
        for (std::size_t j = k + 1; j < n; ++j) a.at(i, j) = a(i, j) - factor * a(k, j);
        for (std::size_t j = 0; b != nullptr && j < b->shape().cols; ++j)
          b->at(i, j) = (*b)(i, j) - factor * (*b)(k, j);
      }
    }
    if (b != nullptr) back(a, *b);
    return pivots;
  }
  static void back(const Array<C>& a, Array<C>& b) {
    const std::size_t n = a.shape().rows;
    for (std::size_t c = 0; c < b.shape().cols; ++c)
      for (std::size_t i = n; i-- > 0;) {
        C rest = b(i, c);
        for (std::size_t j = i + 1; j < n; ++j)
          if (!zero(a(i, j))) rest = rest - a(i, j) * b(j, c);
        b.at(i, c) = rest / a(i, i);
      }
  }

  Array<C> matrix_;
  mutable bool singular_ = false, even_ = true;
  std::vector<C> pivots_;
};

}  // namespace

std::unique_ptr<Factors<C>> factorise(const Array<C>& a, const StopAsked* stop) {
  return std::make_unique<ComplexElimination>(a, stop);
}

}  // namespace wengert
