// Jets: a value and its Taylor coefficients along a curve, c[k] = f^(k)(0)/k!, to an order chosen at run time.
//
//   NumericFrame<Jet<double>> f(tape, 20);
//   f.values.set(tape.offset(slot), {20, {0.3, 1.0}});     // the input is 0.3 + t
//   evaluate(f);                                            // coefficients 0 to 20 of every value
//
// A jet of arrays holds arrays, so that a product of jets is a convolution of products of arrays. Rows
// are applied by series.hpp, from their own rules. Memory: order + 1 numbers an element.
#pragma once
#include "wengert/rules/linear_algebra.hpp"
#include "wengert/sweep/frame.hpp"
#include "wengert/sweep/series.hpp"

namespace wengert {

template <class V>
struct Jet {
  std::size_t order = 0;  // to which rows unfold it
  std::vector<V> c;       // at least one; what is missing is 0
};

template <class V>
struct Lift<Jet<V>> {
  static constexpr bool lifted = true;
  template <class R, class... A>
  static Jet<V> call(const A&... x) {
    const std::size_t order = std::max({x.order...});
    Unfolding<V> u(order);
    return {order, u.unfold(Lift<Series<V>>::template call<R>(u.known(x.c)...))};
  }
  template <class R>
  static Jet<V> array(const Params& p, std::span<const Jet<V>> x) {
    std::size_t order = 0;
    for (const Jet<V>& j : x) order = std::max(order, j.order);
    Unfolding<V> u(order);
    std::vector<Series<V>> series;
    for (const Jet<V>& j : x) series.push_back(u.known(j.c));
    return {order, u.unfold(Lift<Series<V>>::template array<R>(p, std::span<const Series<V>>(series)))};
  }
};

// Coefficients by order, each a plane of its own.
template <class V>
class Plane<Jet<V>> {
 public:
  using Number = Jet<V>;
  using Whole = Jet<Array<V>>;
  void resize(std::size_t n, std::size_t order, const V& zero) {
    c_.resize(order + 1);
    for (Plane<V>& plane : c_) plane.resize(n, zero);
  }
  std::size_t order() const { return c_.size() - 1; }
  Number get(std::size_t i) const { return gather<V>([&](const Plane<V>& plane) { return plane.get(i); }); }
  Whole view(std::size_t offset, Shape shape) const { return gather<Array<V>>([&](const Plane<V>& plane) { return plane.view(offset, shape); }); }
  void set(std::size_t i, const Number& x) {
    const V zero = like(x.c[0], 0.0);
    for (std::size_t k = 0; k < c_.size(); ++k) c_[k].set(i, k < x.c.size() ? x.c[k] : zero);
  }
  void put(std::size_t offset, const Whole& x) {
    const Array<V> zero = zero_of_shape(x.c[0]);
    for (std::size_t k = 0; k < c_.size(); ++k) c_[k].put(offset, k < x.c.size() ? x.c[k] : zero);
  }
  void copy(std::size_t from, std::size_t to) {
    for (Plane<V>& plane : c_) plane.copy(from, to);
  }

 private:
  // Without the zeros at its end: a jet of low degree is cheaper.
  template <class Coefficient, class F>
  Jet<Coefficient> gather(F&& f) const {
    Jet<Coefficient> jet{order(), {}};
    std::size_t last = order();
    while (last > 0 && all_zero(Coefficient(f(c_[last])))) --last;
    jet.c.reserve(last + 1);
    for (std::size_t k = 0; k <= last; ++k) jet.c.push_back(f(c_[k]));
    return jet;
  }
  std::vector<Plane<V>> c_;
};

template <class V>
struct FromConstant<Jet<V>> {
  static Jet<V> make(const Constant& c, const Literals& how) { return {0, {FromConstant<V>::make(c, how)}}; }
};

// What a frame of jets is made with; a loop's frame has the same as the frame around it.
struct JetLiterals : Literals {
  std::size_t order = 0;
};

// Jets are for evaluation: there are neither tangents nor adjoints.
template <class V>
class NumericFrame<Jet<V>> {
 public:
  static constexpr bool symbolic = false;
  using Number = Jet<V>;
  using Whole = typename Plane<Number>::Whole;

  NumericFrame(const Tape& program, std::size_t order) : NumericFrame(program, JetLiterals{{}, order}) {}
  NumericFrame(const Tape& program, const JetLiterals& how) : tape(program), literals(how) {
    values.resize(tape.elements(), literals.order, FromConstant<V>::make(Constant::integer(0), literals));
    for (const Tape::Known& k : tape.constants()) values.set(tape.offset(k.slot), FromConstant<Number>::make(k.value, literals));
  }

  const Tape& tape;
  JetLiterals literals;
  Plane<Number> values;
  FactorCache factors;
};

}  // namespace wengert
