// Power series that unfold: what Taylor coefficients of a row are made of, from the row's own rule.
//
// Along a curve x(t), y = R(x) has y' = push(y, x, x'), the rule that the forward sweep follows. So
// coefficient k of y is coefficient k - 1 of push(y, x, x'), over k. The right-hand side is written
// once, in the vocabulary, over series again, that of y too: coefficient k - 1 needs no more of them
// than is known. Only what is no analysis but arithmetic is native here: sums and linear rows
// coefficient by coefficient, products as convolutions, quotients and linear systems as their inverses.
//
//   Unfolding<double> u(5);
//   Series<double> x = u.known({0.3, 1.0});        // 0.3 + t
//   std::vector<double> c = u.unfold(tan(x));      // tan(0.3), tan'(0.3), tan''(0.3)/2, ...
//
// Series are shared as nodes of a graph are: the same row of the same arguments is one series. So rules
// close (the partial of sin is cos, whose partial is -sin) and an order k costs O(k^2) for each series,
// O(k) where the curve is a line and the row's factors are polynomials. Rules that never close
// (x^a, polygamma) are chains, as long as the order: O(k^3), or O(k^2) along a line.
//
// Strong zero: in every coefficient but the first, a product with a factor 0 is 0.
#pragma once
#include <bit>
#include <cstdint>
#include <deque>
#include <map>
#include <type_traits>
#include <vector>

#include "wengert/rules/table.hpp"
#include "wengert/sweep/dual.hpp"

namespace wengert {

template <class V>
class Unfolding;

template <class V>
struct Series {
  Unfolding<V>* home = nullptr;
  std::uint32_t id = 0;
};

template <class R, class... Any>
inline constexpr bool is_one_of = (std::is_same_v<R, Any> || ...);

// The value of a row in the type of coefficients.
template <class R, class V, class... X>
V coefficient_value(const V& first, const X&... more) {
  if constexpr (Lifted<V>) return Lift<V>::template call<R>(first, more...);
  else return R::value(first, more...);
}

template <class T>
T zero_of_shape(const T& x) { return like(x, 0.0); }
template <class T>
Array<T> zero_of_shape(const Array<T>& x) { return Array<T>(x.shape()); }

template <class T, class F>
bool all_elements(const T& x, F&& f) { return f(x); }
template <class T, class F>
bool all_elements(const Array<T>& x, F&& f) { return std::all_of(x.data(), x.data() + x.size(), f); }

template <class V>
bool all_zero(const V& x) {
  return all_elements(x, [](const auto& e) { return e == 0; });
}

template <class T>
bool same_shape(const T&, const T&) { return true; }
template <class T>
bool same_shape(const Array<T>& a, const Array<T>& b) { return a.shape() == b.shape(); }

// The series of one row's value, and of all that its rule leads to.
template <class V>
class Unfolding {
 public:
  using Id = std::uint32_t;

  explicit Unfolding(std::size_t order) : order_(order) {}
  Unfolding(const Unfolding&) = delete;
  Unfolding& operator=(const Unfolding&) = delete;

  // A polynomial; at least one coefficient.
  Series<V> known(std::vector<V> c) {
    Node& n = nodes_.emplace_back();
    n.degree = c.size() - 1;
    n.zero = zero_of_shape(c[0]);
    n.c = std::move(c);
    return {this, newest()};
  }
  Series<V> constant(V v) {
    std::vector<V> c;
    c.push_back(std::move(v));
    return known(std::move(c));
  }
  Series<V> constant(double c, const V& type) {
    const auto bits = std::bit_cast<std::uint64_t>(c);
    const auto [it, fresh] = shared_.try_emplace(Key{constants, static_cast<Id>(bits >> 32), static_cast<Id>(bits)});
    if (fresh) it->second = constant(like(type, c)).id;
    return {this, it->second};
  }

  const V& first(Series<V> s) const { return nodes_[s.id].c[0]; }
  std::size_t size() const { return nodes_.size(); }  // series in all: the measure of a rule's cost

  // Coefficients 0 to the order that the series were made for; what is 0 at the end may be missing.
  // One order after the other: every series that is in use goes on by one coefficient, what stands
  // deepest (made last) first, so that calls stay shallow.
  std::vector<V> unfold(Series<V> root) {
    std::vector<std::size_t> known;
    for (std::size_t k = 1; k <= std::min(order_, nodes_[root.id].degree); ++k) {
      known.clear();
      for (const Node& n : nodes_) known.push_back(n.c.size());
      for (Id id = static_cast<Id>(known.size()); id-- > 0;)
        if (known[id] > 1 && known[id] < k) at(id, known[id]);
      at(root.id, k);
    }
    const std::vector<V>& c = nodes_[root.id].c;
    return {c.begin(), c.begin() + static_cast<std::ptrdiff_t>(std::min(c.size(), order_ + 1))};
  }

  template <class R, std::size_t N>
  Series<V> row(const std::array<Id, N>& x) {
    if constexpr (std::is_same_v<R, Neg>)
      if (const Node& n = nodes_[x[0]]; n.next == &coefficientwise<Neg>) return {this, n.x[0]};
    return shared<R>(x, {}, [&](Node& n) {
      const auto value = [&]<std::size_t... J>(std::index_sequence<J...>) { return coefficient_value<R>(nodes_[x[J]].c[0]...); };
      n.c.push_back(value(std::make_index_sequence<N>{}));
    });
  }
  template <class R>
  Series<V> row(const Params& p, std::span<const Id> x) {
    return shared<R>(x, p, [&](Node& n) { n.c.push_back(apply<R>(p, x, 0)); });
  }

 private:
  using Next = V (*)(Unfolding&, Id, std::size_t);
  using Key = std::vector<Id>;
  static constexpr std::size_t endless = static_cast<std::size_t>(-1);
  static constexpr Id none = static_cast<Id>(-1);
  static constexpr Id constants = none, derivatives = none - 1;  // in keys, where rows have their number

  struct Node {
    std::vector<V> c;              // the coefficients so far
    std::size_t degree = endless;  // of a polynomial
    V zero{};                      // a polynomial's coefficients after the last
    Next next = nullptr;           // coefficient k, the ones before it known
    std::vector<Id> x;             // arguments
    Params p;
    std::vector<Slice> slices;     // that p refers to
    Id slope = none;               // its derivative, once it is needed
  };

  Id newest() const { return static_cast<Id>(nodes_.size() - 1); }
  bool is_constant(Id id) const { return nodes_[id].degree == 0; }
  bool vanishes(Id id) const { return is_constant(id) && all_zero(nodes_[id].c[0]); }
  Series<V> series(Id id) { return {this, id}; }

  const V& at(Id id, std::size_t k) {
    Node& n = nodes_[id];
    if (k > n.degree) return n.zero;
    while (n.c.size() <= k) {
      V next = n.next(*this, id, n.c.size());
      n.c.push_back(std::move(next));
    }
    return n.c[k];
  }

  // --- making series

  template <class R, class X, class First>
  Series<V> shared(const X& x, const Params& p, First&& first_coefficient) {
    Key key{static_cast<Id>(op_of<R>)};
    key.insert(key.end(), x.begin(), x.end());
    if constexpr (!R::elementwise) {
      key.insert(key.end(), {p.shape.rows, p.shape.cols, p.number});
      for (const Slice& s : p.slices) key.insert(key.end(), {s.row, s.col, s.shape.rows, s.shape.cols});
    }
    const auto [it, fresh] = shared_.try_emplace(std::move(key));
    if (!fresh) return series(it->second);
    Node& n = nodes_.emplace_back();
    it->second = newest();
    n.x.assign(x.begin(), x.end());
    first_coefficient(n);
    n.p = p;
    n.p.evaluating = false;
    n.slices.assign(p.slices.begin(), p.slices.end());
    n.p.slices = n.slices;
    n.next = next_of<R>();
    n.degree = degree_of<R>(n.x);
    if (n.degree == endless) n.c.reserve(order_ + 2);
    else n.zero = zero_of_shape(n.c[0]);
    return series(it->second);
  }

  template <class R>
  static constexpr bool is_product = is_one_of<R, Mul, StrongMul> || requires { R::bilinear; };
  template <class R>
  static constexpr bool is_linear = [] {
    if constexpr (R::elementwise) return is_one_of<R, Add, Sub, Neg, Select>;
    else return R::linear;
  }();

  template <class R>
  static constexpr Next next_of() {
    if constexpr (R::differentiable == 0) return nullptr;
    else if constexpr (is_linear<R>) return &coefficientwise<R>;
    else if constexpr (is_product<R>) return &convolved<R>;
    else if constexpr (is_one_of<R, Div, Solve>) return &divided<R>;
    else return &integrated<R>;
  }

  // The degree of a row of polynomials, where it is one.
  template <class R>
  std::size_t degree_of(const std::vector<Id>& x) const {
    std::size_t most = 0;
    for (std::size_t j = 0; j < x.size(); ++j)
      if (varies_with<R>(static_cast<int>(std::min<std::size_t>(j, 31)))) most = std::max(most, nodes_[x[j]].degree);
    if constexpr (is_product<R>) {
      if (vanishes(x[0]) || vanishes(x[1])) return 0;
      return most == endless ? endless : nodes_[x[0]].degree + nodes_[x[1]].degree;
    }
    if constexpr (is_one_of<R, Div>) return is_constant(x[1]) ? most : endless;
    if constexpr (is_one_of<R, Solve>) return is_constant(x[0]) ? most : endless;
    return is_linear<R> || most == 0 ? most : endless;
  }

  Series<V> derivative(Id x) {
    const auto [it, fresh] = shared_.try_emplace(Key{derivatives, x});
    if (fresh) {
      const std::size_t degree = nodes_[x].degree;
      const V slope = at(x, 1);
      Node& n = nodes_.emplace_back();
      it->second = newest();
      n.x = {x};
      n.c.reserve(order_ + 2);
      n.c.push_back(slope);
      n.zero = zero_of_shape(slope);
      n.degree = degree == endless ? endless : degree - std::min<std::size_t>(degree, 1);
      n.next = [](Unfolding& u, Id id, std::size_t k) -> V { return u.at(u.nodes_[id].x[0], k + 1) * static_cast<double>(k + 1); };
    }
    return series(it->second);
  }

  // y' = push(y, x, x').
  template <class R>
  Id slope(Id id) {
    const std::vector<Id>& arguments = nodes_[id].x;
    std::vector<Series<V>> x, dx;
    for (Id a : arguments) {
      x.push_back(series(a));
      dx.push_back(derivative(a));
    }
    if constexpr (R::elementwise) {
      return [&]<std::size_t... J>(std::index_sequence<J...> each) {
        return pushed<R, Series<V>>(series(id), {x[J]...}, {dx[J]...}, each).id;
      }(std::make_index_sequence<R::arity>{});
    } else {
      return R::push(nodes_[id].p, series(id), std::span<const Series<V>>(x), AllTangents<Series<V>>{dx}).id;
    }
  }

  // --- one more coefficient

  template <class R>
  V apply(const Params& p, std::span<const Id> x, std::size_t k) {
    std::vector<V> values;
    values.reserve(x.size());
    for (Id a : x) values.push_back(at(a, k));
    return Lift<V>::template array<R>(p, std::span<const V>(values));
  }
  template <class R>
  static V coefficientwise(Unfolding& u, Id id, std::size_t k) {
    const Node& n = u.nodes_[id];
    if constexpr (R::elementwise) {
      return [&]<std::size_t... J>(std::index_sequence<J...>) -> V {
        return coefficient_value<R, V>(u.at(n.x[J], varies_with<R>(J) ? k : 0)...);
      }(std::make_index_sequence<R::arity>{});
    } else {
      return u.apply<R>(n.p, n.x, k);
    }
  }

  // The strong product of two coefficients.
  template <class R>
  static V times(const Node& n, const V& a, const V& b) {
    if constexpr (R::elementwise) return annihilate(a, b);
    else if constexpr (std::is_same_v<R, Solve>) return Solve::product(n.p, a, b);
    else return R::times(n.p, a, b);
  }
  // The sum of a_i b_(k-i) for i from `from` on. 0 where there is no term.
  template <class R>
  V convolve(const Node& n, Id a, Id b, std::size_t from, std::size_t k) {
    const std::size_t most_b = std::min(k - from, nodes_[b].degree);
    const std::size_t low = std::max(from, k - most_b), high = std::min(k, nodes_[a].degree);
    V sum = zero_of_shape(n.c[0]);
    if (low > high) return sum;
    at(a, high);
    at(b, k - low);
    const std::vector<V>&x = nodes_[a].c, &y = nodes_[b].c;
    if constexpr (!Lifted<V>) {  // only a NaN may have been a strong zero
      V plain = sum;
      for (std::size_t i = low; i <= high; ++i) plain = plain + x[i] * y[k - i];
      if (plain == plain) return plain;
    }
    for (std::size_t i = low; i <= high; ++i) sum = sum + times<R>(n, x[i], y[k - i]);
    return sum;
  }
  template <class R>
  static V convolved(Unfolding& u, Id id, std::size_t k) {
    const Node& n = u.nodes_[id];
    return u.convolve<R>(n, n.x[0], n.x[1], 0, k);
  }
  // a = b*y is a_k = b_0 y_k + the rest.
  template <class R>
  static V divided(Unfolding& u, Id id, std::size_t k) {
    const Node& n = u.nodes_[id];
    if constexpr (R::elementwise) {
      const V rest = u.convolve<R>(n, n.x[1], id, 1, k);
      const V& b = u.at(n.x[1], 0);
      return annihilate_quotient(u.at(n.x[0], k), b) - annihilate_quotient(rest, b);
    } else {
      const V rest = u.convolve<R>(n, n.x[0], id, 1, k);
      return solve(n.p, u.at(n.x[0], 0), V(u.at(n.x[1], k) - rest), n.p.number);
    }
  }
  template <class R>
  static V integrated(Unfolding& u, Id id, std::size_t k) {
    Node& n = u.nodes_[id];
    if (n.slope == none) n.slope = u.slope<R>(id);
    return u.at(n.slope, k - 1) / static_cast<double>(k);
  }

  std::size_t order_;
  std::deque<Node> nodes_;
  std::map<Key, Id> shared_;
};

template <class V>
struct Lift<Series<V>> {
  using S = Series<V>;
  static constexpr bool lifted = true;

  template <class R, class... A>
  static S call(const S& x, const A&... more) {
    if constexpr (std::is_same_v<R, Select>)
      if (const S* chosen = choice(x, more...)) return *chosen;
    return x.home->template row<R>(std::array<std::uint32_t, 1 + sizeof...(A)>{x.id, more.id...});
  }
  template <class R>
  static S array(const Params& p, std::span<const S> x) {
    std::vector<std::uint32_t> ids;
    for (const S& s : x) ids.push_back(s.id);
    return x[0].home->template row<R>(p, std::span<const std::uint32_t>(ids));
  }
  static S like(const S& x, double c) { return x.home->constant(c, first(x)); }
  static S zero(const S& x, Shape shape) { return x.home->constant(zero_like(first(x), shape)); }
  static S pi_like(const S& x) { return x.home->constant(wengert::pi_like(first(x))); }
  static S ln2_like(const S& x) { return x.home->constant(wengert::ln2_like(first(x))); }
  static S ln10_like(const S& x) { return x.home->constant(wengert::ln10_like(first(x))); }
  static S two_over_sqrt_pi_like(const S& x) { return x.home->constant(wengert::two_over_sqrt_pi_like(first(x))); }
  static S annihilate(const S& g, const S& p) { return call<StrongMul>(g, p); }
  static S annihilate_quotient(const S& g, const S& b) { return annihilate(g, like(b, 1.0) / b); }

 private:
  static const V& first(const S& x) { return x.home->first(x); }
  // The branch that all elements take: the other one need not unfold.
  static const S* choice(const S& c, const S& a, const S& b) {
    const auto chosen = [](const auto& e) { return truth(e); };
    const auto other = [](const auto& e) { return !truth(e); };
    const S* branch = all_elements(first(c), chosen) ? &a : all_elements(first(c), other) ? &b : nullptr;
    const V& shaped = all_elements(first(c), chosen) ? first(b) : first(a);
    return branch != nullptr && same_shape(first(*branch), shaped) && same_shape(first(*branch), first(c)) ? branch : nullptr;
  }
};

template <class V>
Shape shape_of(const Series<V>& s) { return shape_of(s.home->first(s)); }

}  // namespace wengert
