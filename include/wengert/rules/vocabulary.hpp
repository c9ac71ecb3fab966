// The functions and operators that rows are written in, for every type of number that lifts rows.
//
// Only what other rows use stands here; a new row needs no entry.
#pragma once
#include "wengert/rules/numeric.hpp"
#include "wengert/rules/row.hpp"

namespace wengert {

struct Add; struct Sub; struct Mul; struct StrongMul; struct Div; struct Neg; struct Pow;
struct Less; struct LessEqual; struct Equal; struct Select;
struct Exp; struct Log; struct Sqrt; struct Sin; struct Cos; struct Tan; struct Sec; struct Csc; struct Sinh; struct Cosh;
struct Hypot; struct Abs; struct Sign; struct Floor; struct Sigmoid; struct Erfc; struct Gamma; struct Digamma;
struct Polygamma; struct PolygammaRise; struct Expm1;

template <Lifted T> T operator+(const T& a, const T& b) { return Lift<T>::template call<Add>(a, b); }
template <Lifted T> T operator-(const T& a, const T& b) { return Lift<T>::template call<Sub>(a, b); }
template <Lifted T> T operator*(const T& a, const T& b) { return Lift<T>::template call<Mul>(a, b); }
template <Lifted T> T operator/(const T& a, const T& b) { return Lift<T>::template call<Div>(a, b); }
template <Lifted T> T operator-(const T& a) { return Lift<T>::template call<Neg>(a); }
template <Lifted T> T operator+(const T& a, double b) { return a + like(a, b); }
template <Lifted T> T operator-(const T& a, double b) { return a - like(a, b); }
template <Lifted T> T operator*(const T& a, double b) { return a * like(a, b); }
template <Lifted T> T operator/(const T& a, double b) { return a / like(a, b); }
template <Lifted T> T operator+(double a, const T& b) { return like(b, a) + b; }
template <Lifted T> T operator-(double a, const T& b) { return like(b, a) - b; }
template <Lifted T> T operator*(double a, const T& b) { return like(b, a) * b; }
template <Lifted T> T operator/(double a, const T& b) { return like(b, a) / b; }

template <Lifted T> T annihilate(const T& g, const T& p) { return Lift<T>::annihilate(g, p); }
template <Lifted T> T annihilate_quotient(const T& g, const T& b) { return Lift<T>::annihilate_quotient(g, b); }
// False also where it is not known before the program runs.
template <Lifted T> bool surely_finite(const T& x) {
  if constexpr (requires { Lift<T>::surely_finite(x); }) return Lift<T>::surely_finite(x);
  else return false;
}
template <Lifted T> T power(const T& x, const T& y) { return Lift<T>::template call<Pow>(x, y); }
template <Lifted T> T less(const T& a, const T& b) { return Lift<T>::template call<Less>(a, b); }
template <Lifted T> T less_equal(const T& a, const T& b) { return Lift<T>::template call<LessEqual>(a, b); }
template <Lifted T> T equal_to(const T& a, const T& b) { return Lift<T>::template call<Equal>(a, b); }
template <Lifted T> T select(const T& c, const T& a, const T& b) { return Lift<T>::template call<Select>(c, a, b); }
template <Lifted T> T exp(const T& x) { return Lift<T>::template call<Exp>(x); }
template <Lifted T> T expm1(const T& x) { return Lift<T>::template call<Expm1>(x); }
template <Lifted T> T log(const T& x) { return Lift<T>::template call<Log>(x); }
template <Lifted T> T sqrt(const T& x) { return Lift<T>::template call<Sqrt>(x); }
template <Lifted T> T sin(const T& x) { return Lift<T>::template call<Sin>(x); }
template <Lifted T> T cos(const T& x) { return Lift<T>::template call<Cos>(x); }
template <Lifted T> T tan(const T& x) { return Lift<T>::template call<Tan>(x); }
template <Lifted T> T sinh(const T& x) { return Lift<T>::template call<Sinh>(x); }
template <Lifted T> T cosh(const T& x) { return Lift<T>::template call<Cosh>(x); }
template <Lifted T> T hypot(const T& a, const T& b) { return Lift<T>::template call<Hypot>(a, b); }
template <Lifted T> T magnitude(const T& x) { return Lift<T>::template call<Abs>(x); }
template <Lifted T> T sign_of(const T& x) { return Lift<T>::template call<Sign>(x); }
template <Lifted T> T floor(const T& x) { return Lift<T>::template call<Floor>(x); }
template <Lifted T> T sigmoid(const T& x) { return Lift<T>::template call<Sigmoid>(x); }
template <Lifted T> T erfc(const T& x) { return Lift<T>::template call<Erfc>(x); }
template <Lifted T> T gamma_function(const T& x) { return Lift<T>::template call<Gamma>(x); }
template <Lifted T> T digamma(const T& x) { return Lift<T>::template call<Digamma>(x); }
template <Lifted T> T polygamma(const T& n, const T& x) { return Lift<T>::template call<Polygamma>(n, x); }
template <Lifted T> T polygamma_rise(const T& n, const T& a, const T& b) { return Lift<T>::template call<PolygammaRise>(n, a, b); }

}  // namespace wengert
