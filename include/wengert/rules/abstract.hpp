// A row: a function of one argument of which only the name is known.
//
// Its derivatives are functions of the same name: u(x) has the derivative u'(x), of which u''(x) is the
// derivative. It applies to every element of an array. It has no value: numbers are NaN, and whoever
// computes with them says so beforehand.
#pragma once
#include <limits>
#include <stdexcept>

#include "wengert/rules/arrays.hpp"

namespace wengert {

// The row's number: which name (the graph's list of them), and how often it was differentiated.
inline constexpr std::uint32_t abstract_orders = 1u << 16;
inline std::uint32_t abstract_number(std::uint32_t name, std::uint32_t order) { return name * abstract_orders + order; }
inline std::uint32_t abstract_name(std::uint32_t number) { return number / abstract_orders; }
inline std::uint32_t abstract_order(std::uint32_t number) { return number % abstract_orders; }

struct Abstract : ArrayRow {
  static constexpr Info info{.name = "abstract", .help = "a function that only has a name", .rule = "chain rule", .notation = Notation::special, .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>>) {
    return Array<T>(p.shape, T(std::numeric_limits<double>::quiet_NaN()));
  }
  template <class V>
  static V slope(const Params& p, const V& x) {
    if (abstract_order(p.number) + 1 == abstract_orders) throw std::invalid_argument("a derivative of an abstract function of too high an order");
    return apply_array<Abstract>({.shape = p.shape, .number = p.number + 1}, {x});
  }
  template <class V, class D> static V push(const Params& p, const V&, std::span<const V> x, const D& dx) { return annihilate(dx[0], slope(p, x[0])); }
  template <class V, class S> static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) { sink.add(0, annihilate(g, slope(p, x[0]))); }
  static void count(const Params& p, std::span<const Shape>, OperationCount& c) { c.call += p.shape.size(); }
};

using AbstractRows = Rows<Abstract>;

}  // namespace wengert
