// Complex numbers: the complex step. What no step reaches is real, and computed as such: complex arithmetic makes NaN
// of a real infinity.
#include "kernels.hpp"

namespace wengert {

using Z = std::complex<double>;

namespace {

template <>
Z row_value<Mul, Z>(const Z& a, const Z& b) {
  return a.imag() == 0 && b.imag() == 0 ? Z(a.real() * b.real()) : a * b;
}
template <>
Z row_value<Div, Z>(const Z& a, const Z& b) {
  return a.imag() == 0 && b.imag() == 0 ? Z(a.real() / b.real()) : a / b;
}

// At 0, where |x| is not analytic, x itself is all of it to the second order.
template <>
Z row_value<Softsign, Z>(const Z& x) {
  return x.real() == 0 ? x : Softsign::value(x);
}

}  // namespace

template std::span<const Kernel<NumericFrame<Z>>> kernels<NumericFrame<Z>>();

}  // namespace wengert
