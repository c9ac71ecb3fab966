// Values of the complex step with bounds of their rounding. Rows in which a comparison chooses a piece choose by the
// real part, and take both pieces where rounding could have chosen either.
#include "kernels.hpp"
#include "wengert/sweep/rounded_complex.hpp"

namespace wengert {

namespace {

using C = RoundedComplex;

template <>
C row_value<Step, C>(const C& x) {
  return x.re != x.re ? x : less_equal(C(0.0), x);
}
template <>
C row_value<Relu, C>(const C& x) {
  return select(less_equal(x, C(0.0)), C(0.0), x);
}
template <>
C row_value<Elu, C>(const C& x, const C& alpha) {
  return select(less(C(0.0), x), x, alpha * expm1(x));
}
template <>
C row_value<LeakyRelu, C>(const C& x, const C& alpha) {
  return select(less(C(0.0), x), x, alpha * x);
}
template <>
C row_value<Hinge, C>(const C& a, const C& y) {
  const C m = y * a;
  return select(less(C(1.0), m), C(0.0), C(1.0) - m);
}
template <>
C row_value<And, C>(const C& a, const C& b) {
  return select(a, select(b, C(1.0), C(0.0)), C(0.0));
}
template <>
C row_value<Or, C>(const C& a, const C& b) {
  return select(a, C(1.0), select(b, C(1.0), C(0.0)));
}
template <>
C row_value<Not, C>(const C& a) {
  return select(a, C(0.0), C(1.0));
}

// The place of an extreme may be any that rounding cannot tell from it.
template <class Self>
Array<C> place_among(const Params& p, const Array<C>& x) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < x.size(); ++i)
    if (Self::better(x[i].re, x[best].re)) best = i;
  double moved = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(x[i].re.exact() && x[best].re.exact()) &&
        !(std::fabs(x[i].re.value - x[best].re.value) > x[i].re.bound + x[best].re.bound))
      moved = std::max(moved, std::fabs(static_cast<double>(i) - static_cast<double>(best)));
  return Array<C>(p.shape, C(Rounded(static_cast<double>(best + 1), moved)));
}

}  // namespace

template <>
template <>
Array<C> ExtremePlace<ArgMax>::numeric(const Params& p, std::span<const Array<C>> x) {
  return place_among<ArgMax>(p, x[0]);
}
template <>
template <>
Array<C> ExtremePlace<ArgMin>::numeric(const Params& p, std::span<const Array<C>> x) {
  return place_among<ArgMin>(p, x[0]);
}

template std::span<const Kernel<NumericFrame<C>>> kernels<NumericFrame<C>>();

}  // namespace wengert
