// Dual numbers: a value and K tangents. Over arrays, a dual holds whole arrays, so that a product of
// duals is two products of arrays.
#pragma once
#include <array>
#include <utility>

#include "wengert/rules/arrays.hpp"

namespace wengert {

template <class V, int K = 1>
struct Dual {
  V v;
  std::array<V, K> t;
};

// The partial of a row by its argument number J, at y = R(x...).
template <class R, int J, class T, class... X>
T partial(const T& y, const X&... x) {
  if constexpr (J == 0) return R::d0(y, x...);
  else if constexpr (J == 1) return R::d1(y, x...);
  else return R::d2(y, x...);
}

template <class R>
constexpr bool varies_with(int j) { return ((R::differentiable >> j) & 1u) != 0; }

// The tangent of y = R(x...) for tangents dx.
template <class R, class T, std::size_t... J>
T pushed(const T& y, const std::array<T, sizeof...(J)>& x, const std::array<T, sizeof...(J)>& dx, std::index_sequence<J...>) {
  if constexpr (requires { R::push(y, x[J]..., dx[J]...); }) {
    return R::push(y, x[J]..., dx[J]...);
  } else {
    T sum = like(y, 0.0);
    bool first = true;
    const auto term = [&]<int I>(std::integral_constant<int, I>) {
      if constexpr (varies_with<R>(I)) {
        T product = annihilate(dx[I], partial<R, I>(y, x[J]...));
        sum = first ? std::move(product) : sum + product;
        first = false;
      }
    };
    (term(std::integral_constant<int, static_cast<int>(J)>{}), ...);
    return sum;
  }
}

// The tangents of an array row's arguments; all are there.
template <class V>
struct AllTangents {
  std::span<const V> t;
  bool active(int) const { return true; }
  const V& operator[](std::size_t j) const { return t[j]; }
};

template <class V, int K>
struct Lift<Dual<V, K>> {
  using D = Dual<V, K>;
  static constexpr bool lifted = true;

  template <class R, class... A>
  static D call(const A&... x) {
    D y;
    if constexpr (Lifted<V>) y.v = Lift<V>::template call<R>(x.v...);
    else y.v = R::value(x.v...);
    for (std::size_t k = 0; k < K; ++k) y.t[k] = 
          pushed<R, V>(y.v, std::array<V, sizeof...(A)>{x.v...}, std::array<V, sizeof...(A)>{x.t[k]...}, std::make_index_sequence<sizeof...(A)>{});
    return y;
  }
  template <class R>
  static D array(const Params& p, std::span<const D> x) {
    std::vector<V> values, tangents(x.size());
    values.reserve(x.size());
    for (const D& d : x) values.push_back(d.v);
    D y;
    y.v = Lift<V>::template array<R>(p, std::span<const V>(values));
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t j = 0; j < x.size(); ++j) tangents[j] = x[j].t[k];
      if constexpr (R::differentiable == 0) y.t[k] = zero_like(y.v, p.shape);
      else if constexpr (R::linear) y.t[k] = Lift<V>::template array<R>(p, std::span<const V>(tangents));
      else y.t[k] = R::push(p, y.v, std::span<const V>(values), AllTangents<V>{tangents});
    }
    return y;
  }
  static D constant(const V& v, const V& zero) {
    D d;
    d.v = v;
    d.t.fill(zero);
    return d;
  }
  static D like(const D& x, double c) { return constant(wengert::like(x.v, c), wengert::like(x.v, 0.0)); }
  static D zero(const D& x, Shape shape) { return constant(zero_like(x.v, shape), zero_like(x.v, shape)); }
  static D pi_like(const D& x) { return constant(wengert::pi_like(x.v), wengert::like(x.v, 0.0)); }
  static D ln2_like(const D& x) { return constant(wengert::ln2_like(x.v), wengert::like(x.v, 0.0)); }
  static D ln10_like(const D& x) { return constant(wengert::ln10_like(x.v), wengert::like(x.v, 0.0)); }
  static D two_over_sqrt_pi_like(const D& x) { return constant(wengert::two_over_sqrt_pi_like(x.v), wengert::like(x.v, 0.0)); }
  static bool surely_finite(const D& x) { return wengert::surely_finite(x.v); }
  static D annihilate(const D& g, const D& p) {
    D y;
    y.v = wengert::annihilate(g.v, p.v);
    for (std::size_t k = 0; k < K; ++k) y.t[k] = wengert::annihilate(g.t[k], p.v) + wengert::annihilate(g.v, p.t[k]);
    return y;
  }
  static D annihilate_quotient(const D& g, const D& b) {
    D y;
    y.v = wengert::annihilate_quotient(g.v, b.v);
    for (std::size_t k = 0; k < K; ++k)
      y.t[k] = wengert::annihilate_quotient(g.t[k], b.v) -
               wengert::annihilate_quotient(wengert::annihilate(y.v, b.t[k]), b.v);
    return y;
  }
};

template <class V, int K>
Shape shape_of(const Dual<V, K>& d) { return shape_of(d.v); }

}  // namespace wengert
