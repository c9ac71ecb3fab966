// Rows that reduce an array by more than a sum: what is built on its largest element, and the norm.
#pragma once
#include "wengert/rules/arrays.hpp"

namespace wengert {

template <class T>
T largest(std::size_t n, const T* x, std::size_t stride) {
  T best = x[0];
  for (std::size_t i = 1; i < n; ++i) best = larger(best, x[i * stride]);
  return best;
}

struct LogSumExp : ArrayRow {
  static constexpr Info info{.name = "logsumexp", .help = "log(sum(exp(x))) without overflow", .rule = "chain rule"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_line(x[0].shape(), p.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t to) {
      const T m = largest(n, x[0].data() + begin, stride);
      const T shift = order_of(m) - order_of(m) == 0 ? m : T(0.0);  // not by an infinity
      const T s = fixed_sum<T>(n, [&](std::size_t i) { return exp(x[0][begin + i * stride] - shift); });
      out.at(to) = shift + log(s);
    });
    return out;
  }
  template <class V, class D>
  static V push(const Params& p, const V&, std::span<const V> x, const D& dx) {
    return total(annihilate(dx[0], softmax(x[0], p.number)), p.number);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    sink.add(0, annihilate(broadcast(g, shape_of(x[0])), softmax(x[0], p.number)));
  }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) {
    c.add += 3 * x[0].size() - p.shape.size();
    c.call += x[0].size() + p.shape.size();
  }
};

struct Softmax : ArrayRow {
  static constexpr Info info{.name = "softmax", .help = "exp(x)/sum(exp(x)) of each column, or along a dimension", .rule = "softmax rule"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_line(p.shape, p.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t) {
      const T m = largest(n, x[0].data() + begin, stride);
      for (std::size_t i = 0; i < n; ++i) out.at(begin + i * stride) = exp(x[0][begin + i * stride] - m);
      const T s = fixed_sum<T>(n, [&](std::size_t i) { return out[begin + i * stride]; });
      for (std::size_t i = 0; i < n; ++i) out.at(begin + i * stride) = out[begin + i * stride] / s;
    });
    return out;
  }
  // J = diag(y) - y y', symmetric.
  template <class V>
  static V product(const Params& p, const V& v, const V& y) {
    const V inner = total(annihilate(v, y), p.number);
    return annihilate(v - broadcast(inner, p.shape), y);
  }
  template <class V, class D> static V push(const Params& p, const V& y, std::span<const V>, const D& dx) { return product(p, dx[0], y); }
  template <class V, class S> static void pull(const Params& p, const V& g, const V& y, std::span<const V>, S& sink) { sink.add(0, product(p, g, y)); }
  static void count(const Params& p, std::span<const Shape>, OperationCount& c) {
    c.add += 3 * p.shape.size();
    c.call += p.shape.size();
    c.div += p.shape.size();
  }
};

struct LogSoftmax : ArrayRow {
  static constexpr Info info{.name = "log_softmax", .help = "log(softmax(x)) without overflow", .rule = "softmax rule"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_line(p.shape, p.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t) {
      const T m = largest(n, x[0].data() + begin, stride);
      const T s = log(fixed_sum<T>(n, [&](std::size_t i) { return exp(x[0][begin + i * stride] - m); }));
      for (std::size_t i = 0; i < n; ++i) out.at(begin + i * stride) = (x[0][begin + i * stride] - m) - s;
    });
    return out;
  }
  template <class V, class D>
  static V push(const Params& p, const V&, std::span<const V> x, const D& dx) {
    return dx[0] - broadcast(total(annihilate(dx[0], softmax(x[0], p.number)), p.number), p.shape);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    sink.add(0, g - annihilate(broadcast(total(g, p.number), p.shape), softmax(x[0], p.number)));
  }
  static void count(const Params& p, std::span<const Shape>, OperationCount& c) {
    c.add += 5 * p.shape.size();
    c.call += p.shape.size() + 1;
  }
};

// Largest or smallest element; tied elements share the derivative equally.
template <class Self>
struct Extreme : ArrayRow {
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_line(x[0].shape(), p.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t to) {
      T best = x[0][begin];
      for (std::size_t i = 1; i < n; ++i) best = Self::better(best, x[0][begin + i * stride]);
      out.at(to) = best;
    });
    return out;
  }
  template <class V>
  static V shares(const Params& p, const V& y, const V& x) {
    const V ties = equal_to(x, broadcast(y, shape_of(x)));
    return ties / broadcast(total(ties, p.number), shape_of(x));
  }
  template <class V, class D> static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) { return total(annihilate(dx[0], shares(p, y, x[0])), p.number); }
  template <class V, class S> static void pull(const Params& p, const V& g, const V& y, std::span<const V> x, S& sink) { sink.add(0, annihilate(broadcast(g, shape_of(x[0])), shares(p, y, x[0]))); }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) { c.add += x[0].size() - p.shape.size(); }
  static bool kink(std::uint32_t number, Shape s, const double* x, double) {
    bool tied = false;
    each_line(s, number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t) {
      double best = x[begin];
      std::size_t ties = 1;
      for (std::size_t i = 1; i < n; ++i) {
        const double next = x[begin + i * stride];
        ties = next == best ? ties + 1 : Self::better(best, next) == best ? ties : 1;
        best = Self::better(best, next);
      }
      tied = tied || (ties > 1 && best == best);
    });
    return tied;
  }
};
struct MaxOf : Extreme<MaxOf> {
  static constexpr Info info{.name = "max", .help = "largest element of an array, or the larger of several arguments", .rule = "branch", .convention = "tied elements share the derivative equally"};
  template <class T> static T better(const T& a, const T& b) { return larger(a, b); }
};
struct MinOf : Extreme<MinOf> {
  static constexpr Info info{.name = "min", .help = "smallest element of an array, or the smaller of several arguments", .rule = "branch", .convention = "tied elements share the derivative equally"};
  template <class T> static T better(const T& a, const T& b) { return smaller(a, b); }
};

// The place, by rows from 1, of the first extreme element; derivative 0.
template <class Self>
struct ExtremePlace : ArrayRow {
  static constexpr unsigned differentiable = 0;
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < x[0].size(); ++i)
      if (Self::better(order_of(x[0][i]), order_of(x[0][best]))) best = i;
    return Array<T>(p.shape, T(static_cast<double>(best + 1)));
  }
  static void count(const Params&, std::span<const Shape> x, OperationCount& c) { c.add += x[0].size() - 1; }
};
struct ArgMax : ExtremePlace<ArgMax> {
  static constexpr Info info{.name = "argmax", .help = "place of the first largest element, by rows from 1", .rule = "piecewise constant"};
  static bool better(const auto& a, const auto& b) { return a > b; }
};
struct ArgMin : ExtremePlace<ArgMin> {
  static constexpr Info info{.name = "argmin", .help = "place of the first smallest element, by rows from 1", .rule = "piecewise constant"};
  static bool better(const auto& a, const auto& b) { return a < b; }
};

// Frobenius norm, scaled so that squares neither overflow nor underflow; derivative x/norm, 0 at 0.
struct Norm : ArrayRow {
  static constexpr Info info{.name = "norm", .help = "Frobenius norm", .rule = "power rule", .convention = "norm'(0) = 0"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    const std::size_t n = x[0].size();
    if constexpr (Real<T>) {
      T m = T(0.0);
      for (std::size_t i = 0; i < n; ++i) m = larger(m, magnitude(x[0][i]));
      if (m == 0 || m - m != 0) return Array<T>(p.shape, m);
      return Array<T>(p.shape, m * sqrt(fixed_sum<T>(n, [&](std::size_t i) { const T q = x[0][i] / m; return T(q * q); })));
    } else {
      double m = 0;
      for (std::size_t i = 0; i < n; ++i) m = std::fmax(m, scale_of(x[0][i]));
      if (m == 0 || std::isinf(m)) m = 1;
      return Array<T>(p.shape, m * sqrt(fixed_sum<T>(n, [&](std::size_t i) { const T q = x[0][i] / m; return q * q; })));
    }
  }
  template <class V>
  static V direction(const Params& p, const V& y, const V& x) {
    const V zero = like(y, 0.0);
    const V s = broadcast(y, shape_of(x));
    if (p.shown) return x / s;
    return select(equal_to(s, zero), zero, x / s);
  }
  template <class V, class D> static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) { return total(annihilate(dx[0], direction(p, y, x[0])), along::all); }
  template <class V, class S> static void pull(const Params& p, const V& g, const V& y, std::span<const V> x, S& sink) { sink.add(0, annihilate(broadcast(g, shape_of(x[0])), direction(p, y, x[0]))); }
  static void count(const Params&, std::span<const Shape> x, OperationCount& c) { c.mul += x[0].size(); c.add += x[0].size() - 1; c.call += 1; }
  static bool kink(std::uint32_t, Shape, const double*, double y) { return y == 0; }
};

using ArrayRows = Rows<MatMul, StrongMatMul, Transpose, Sum, Broadcast, Part, Place, Reshape, DiagonalMatrix, Diagonal,
                       Cumsum, LogSumExp, Softmax, LogSoftmax, MaxOf, MinOf, ArgMax, ArgMin, Norm>;

}  // namespace wengert
