// Rows for whole arrays: value for arrays of a base type, push and pull in the vocabulary of arrays.
//
// A row states
//   numeric(p, x)          the value, for arrays of a base type of number
//   push(p, y, x, dx)      the tangent of y; dx.active(j) says whether dx[j] is there
//   pull(p, g, y, x, sink) the adjoints: sink.add(j, contribution), or sink.add_part for a rectangle
//   count(p, shapes, c)    the operations of the value, by formula
// where p holds the result's shape and the row's own parameters. Linear rows push by their value.
#pragma once
#include <algorithm>
#include <span>

#include "wengert/core/stop.hpp"
#include "wengert/rules/array.hpp"
#include "wengert/rules/special.hpp"

namespace wengert {

class FactorCache;

struct Params {
  Shape shape;                      // of the result
  std::uint32_t number = 0;         // as the row says
  std::span<const Slice> slices;    // of part and place
  FactorCache* cache = nullptr;     // of the run, for matrix factorisations
  const StopAsked* stop = nullptr;  // whom products and factorisations of large matrices ask
  bool evaluating = false;          // the value is being computed: factors of before are stale
  bool shown = false;               // a formula for a reader, in the blackboard's form
};

// Which elements a reduction takes together.
namespace along {
inline constexpr std::uint32_t all = 0;   // every element
inline constexpr std::uint32_t rows = 1;  // over the rows, giving a row
inline constexpr std::uint32_t cols = 2;  // over the columns, giving a column
}  // namespace along

inline Shape reduced(Shape s, std::uint32_t dimension) {
  return dimension == along::all ? Shape{} : dimension == along::rows ? Shape{1, s.cols} : Shape{s.rows, 1};
}

// Operations of a value by kind; negations, comparisons, choices and copies are free.
struct OperationCount {
  std::uint64_t add = 0, mul = 0, div = 0, call = 0;
  std::uint64_t total() const { return add + mul + div + call; }
  OperationCount& operator+=(const OperationCount& o) {
    add += o.add; mul += o.mul; div += o.div; call += o.call;
    return *this;
  }
  friend bool operator==(const OperationCount&, const OperationCount&) = default;
};

struct MatMul; struct StrongMatMul; struct Transpose; struct Sum; struct Broadcast; struct Part; struct Place;
struct Reshape; struct DiagonalMatrix; struct Diagonal; struct Cumsum; struct Softmax; struct LogSoftmax; struct LogSumExp;

template <class R, Lifted V>
V apply_array(const Params& p, std::initializer_list<V> x) {
  return Lift<V>::template array<R>(p, std::span<const V>(x.begin(), x.size()));
}
template <Lifted V> V matmul(const V& a, const V& b) { return apply_array<MatMul>({.shape = {shape_of(a).rows, shape_of(b).cols}}, {a, b}); }
template <Lifted V> V strong_matmul(const V& a, const V& b, const StopAsked* stop = nullptr) {
  return apply_array<StrongMatMul>({.shape = {shape_of(a).rows, shape_of(b).cols}, .stop = stop}, {a, b});
}
template <Lifted V> V transpose(const V& a) { return apply_array<Transpose>({.shape = shape_of(a).transposed()}, {a}); }
template <Lifted V> V total(const V& a, std::uint32_t dimension) { return apply_array<Sum>({.shape = reduced(shape_of(a), dimension), .number = dimension}, {a}); }
template <Lifted V> V broadcast(const V& a, Shape to) { return shape_of(a) == to ? a : apply_array<Broadcast>({.shape = to}, {a}); }
template <Lifted V> V part(const V& a, const Slice& s) { return apply_array<Part>({.shape = s.shape, .slices = {&s, 1}}, {a}); }
template <Lifted V> V reshape(const V& a, Shape to) { return shape_of(a) == to ? a : apply_array<Reshape>({.shape = to}, {a}); }
template <Lifted V> V softmax(const V& a, std::uint32_t dimension) { return apply_array<Softmax>({.shape = shape_of(a), .number = dimension}, {a}); }
template <Lifted V> V zero_like(const V& a, Shape shape) { return Lift<V>::zero(a, shape); }

struct ArrayRow {
  static constexpr bool elementwise = false;
  static constexpr bool linear = false;
  static constexpr unsigned differentiable = ~0u;
};

// The value is the JVP: y' = R(x').
struct LinearRow : ArrayRow {
  static constexpr bool linear = true;
  static void count(const Params&, std::span<const Shape>, OperationCount&) {}  // moves numbers only
};

// Reduces along a dimension: f(begin, count, stride) for each result in order.
template <class F>
void each_line(Shape s, std::uint32_t dimension, F&& f) {
  if (dimension == along::all) f(std::size_t{0}, s.size(), std::size_t{1}, std::size_t{0});
  else if (dimension == along::rows) for (std::size_t c = 0; c < s.cols; ++c) f(c, std::size_t{s.rows}, std::size_t{s.cols}, c);
  else for (std::size_t r = 0; r < s.rows; ++r) f(r * s.cols, std::size_t{s.cols}, std::size_t{1}, r);
}

// Eight interleaved accumulators and a fixed tree: the same bits on every instruction set.
template <class T, class At>
T fixed_sum(std::size_t n, At&& at) {
  T acc[8] = {T(0.0), T(0.0), T(0.0), T(0.0), T(0.0), T(0.0), T(0.0), T(0.0)};
  if (n < 8) {
    T s = n > 0 ? T(at(0)) : T(0.0);
    for (std::size_t i = 1; i < n; ++i) s = s + at(i);
    return s;
  }
  for (std::size_t i = 0; i < n; ++i) acc[i & 7] = acc[i & 7] + at(i);
  return ((acc[0] + acc[1]) + (acc[2] + acc[3])) + ((acc[4] + acc[5]) + (acc[6] + acc[7]));
}

template <class T>
Array<T> multiply(const Array<T>& a, const Array<T>& b, const StopAsked* stop = nullptr) {
  const std::size_t m = a.shape().rows, k = a.shape().cols, n = b.shape().cols;
  Array<T> out({a.shape().rows, b.shape().cols});
  if (k * n < 1000) stop = nullptr;
  for (std::size_t i = 0; i < m; ++i, ask_whether_to_stop(stop))
    for (std::size_t l = 0; l < k; ++l) {
      const T f = a(i, l);
      for (std::size_t j = 0; j < n; ++j) out.at(i, j) = out.at(i, j) + f * b(l, j);
    }
  return out;
}
Array<double> multiply(const Array<double>& a, const Array<double>& b, const StopAsked* stop = nullptr);  // by Eigen

// 0 annihilates whatever it meets: only a product with a NaN in it can need the slow loop.
template <class T>
Array<T> strong_multiply(const Array<T>& a, const Array<T>& b, const StopAsked* stop = nullptr) {
  Array<T> out = multiply(a, b, stop);
  bool suspicious = false;
  for (std::size_t i = 0; i < out.size(); ++i) suspicious = suspicious || out[i] != out[i];
  if (!suspicious) return out;
  for (std::size_t i = 0; i < out.shape().rows; ++i, ask_whether_to_stop(stop))
    for (std::size_t j = 0; j < out.shape().cols; ++j) {
      T s = T(0.0);
      for (std::size_t l = 0; l < a.shape().cols; ++l) s = s + annihilate(a(i, l), b(l, j));
      out.at(i, j) = s;
    }
  return out;
}

struct Product : ArrayRow {
  static constexpr bool bilinear = true;
  template <class V> static V times(const Params& p, const V& a, const V& b) { return strong_matmul(a, b, p.stop); }  // the product that sweeps make
  template <class V, class D>
  static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) {
    if (dx.active(0) && dx.active(1)) return strong_matmul(dx[0], x[1], p.stop) + strong_matmul(x[0], dx[1], p.stop);
    if (dx.active(0)) return strong_matmul(dx[0], x[1], p.stop);
    if (dx.active(1)) return strong_matmul(x[0], dx[1], p.stop);
    return zero_like(y, p.shape);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    if (sink.active(0)) sink.add(0, strong_matmul(g, transpose(x[1]), p.stop));
    if (sink.active(1)) sink.add(1, strong_matmul(transpose(x[0]), g, p.stop));
  }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) {
    c.mul += p.shape.size() * x[0].cols;
    c.add += p.shape.size() * (x[0].cols - 1);
  }
};
struct MatMul : Product {
  static constexpr Info info{.name = "*", .help = "matrix product", .rule = "product rule", .notation = Notation::infix, .language = false};
  template <class T> static Array<T> numeric(const Params& p, std::span<const Array<T>> x) { return multiply(x[0], x[1], p.stop); }
};
struct StrongMatMul : Product {
  static constexpr Info info{.name = "*", .help = "matrix product in which 0 annihilates", .rule = "product rule", .notation = Notation::infix, .language = false};
  template <class T> static Array<T> numeric(const Params& p, std::span<const Array<T>> x) { return strong_multiply(x[0], x[1], p.stop); }
};

struct Transpose : LinearRow {
  static constexpr Info info{.name = "transpose", .help = "transpose (also x')", .rule = "linearity", .notation = Notation::special};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    for (std::size_t r = 0; r < p.shape.rows; ++r)
      for (std::size_t c = 0; c < p.shape.cols; ++c) out.at(r, c) = x[0](c, r);
    return out;
  }
  template <class V, class S> static void pull(const Params&, const V& g, const V&, std::span<const V>, S& sink) { sink.add(0, transpose(g)); }
};

struct Sum : LinearRow {
  static constexpr Info info{.name = "sum", .help = "sum of all elements, or along a dimension", .rule = "linearity"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_line(x[0].shape(), p.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t to) {
      out.at(to) = fixed_sum<T>(n, [&](std::size_t i) { return x[0][begin + i * stride]; });
    });
    return out;
  }
  template <class V, class S>
  static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) { sink.add(0, broadcast(g, shape_of(x[0]))); }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) { c.add += x[0].size() - p.shape.size(); }
};

// Repeats a scalar, a row or a column to a shape.
struct Broadcast : LinearRow {
  static constexpr Info info{.name = "broadcast", .help = "a scalar, a row or a column repeated", .rule = "linearity", .notation = Notation::special, .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    const Shape s = x[0].shape();
    for (std::size_t r = 0; r < p.shape.rows; ++r)
      for (std::size_t c = 0; c < p.shape.cols; ++c) out.at(r, c) = x[0](s.rows == 1 ? 0 : r, s.cols == 1 ? 0 : c);
    return out;
  }
  template <class V, class S>
  static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) {
    const Shape s = shape_of(x[0]);
    sink.add(0, total(g, s.scalar() ? along::all : s.rows == 1 ? along::rows : along::cols));
  }
};

// A rectangle of an array.
struct Part : LinearRow {
  static constexpr Info info{.name = "part", .help = "elements of an array: x[i], W[i, :], x[2..n]", .rule = "linearity", .notation = Notation::special, .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    const Slice& s = p.slices[0];
    for (std::size_t r = 0; r < s.shape.rows; ++r)
      for (std::size_t c = 0; c < s.shape.cols; ++c) out.at(r, c) = x[0](s.row + r, s.col + c);
    return out;
  }
  template <class V, class S> static void pull(const Params& p, const V& g, const V&, std::span<const V>, S& sink) { sink.add_part(0, p.slices[0], g); }
};

// Arrays put into their rectangles of a result that is 0 elsewhere; where rectangles meet they add up.
struct Place : LinearRow {
  static constexpr Info info{.name = "place", .help = "an array of parts: [a, b], hcat, vcat", .rule = "linearity", .notation = Notation::special, .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    std::vector<bool> filled(p.shape.size());  // 0 + (-0) would lose the sign
    for (std::size_t j = 0; j < x.size(); ++j) {
      const Slice& s = p.slices[j];
      for (std::size_t r = 0; r < s.shape.rows; ++r)
        for (std::size_t c = 0; c < s.shape.cols; ++c) {
          const std::size_t i = (s.row + r) * p.shape.cols + s.col + c;
          out.at(i) = filled[i] ? T(out[i] + x[j](r, c)) : x[j](r, c);
          filled[i] = true;
        }
    }
    return out;
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    for (std::size_t j = 0; j < x.size(); ++j)
      if (sink.active(static_cast<int>(j))) sink.add(static_cast<int>(j), part(g, p.slices[j]));
  }
};

// The same elements, by rows, in another shape.
struct Reshape : LinearRow {
  static constexpr Info info{.name = "reshape", .help = "reshape(A, rows, cols): the same elements by rows", .rule = "linearity"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    std::copy(x[0].data(), x[0].data() + x[0].size(), out.mutable_data());
    return out;
  }
  template <class V, class S> static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) { sink.add(0, reshape(g, shape_of(x[0]))); }
};

struct DiagonalMatrix : LinearRow {
  static constexpr Info info{.name = "diag", .help = "a vector as a diagonal matrix; of a matrix, its diagonal", .rule = "linearity"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    for (std::size_t i = 0; i < x[0].size(); ++i) out.at(i, i) = x[0][i];
    return out;
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    sink.add(0, reshape(apply_array<Diagonal>({.shape = {p.shape.rows, 1}}, {g}), shape_of(x[0])));
  }
};
struct Diagonal : LinearRow {
  static constexpr Info info{.name = "diag", .help = "the diagonal of a square matrix", .rule = "linearity", .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    for (std::size_t i = 0; i < out.size(); ++i) out.at(i) = x[0](i, i);
    return out;
  }
  template <class V, class S>
  static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) {
    sink.add(0, apply_array<DiagonalMatrix>({.shape = shape_of(x[0])}, {g}));
  }
};

// Running sums along a dimension; bit 2 of the number: from the end.
struct Cumsum : LinearRow {
  static constexpr std::uint32_t backwards = 4;
  static constexpr Info info{.name = "cumsum", .help = "running sums of each column, or along a dimension", .rule = "linearity"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_line(p.shape, p.number & 3u, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t) {
      T s = T(0.0);
      for (std::size_t k = 0; k < n; ++k) {
        const std::size_t i = begin + ((p.number & backwards) != 0 ? n - 1 - k : k) * stride;
        s = k == 0 ? x[0][i] : T(s + x[0][i]);
        out.at(i) = s;
      }
    });
    return out;
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V>, S& sink) {
    sink.add(0, apply_array<Cumsum>({.shape = p.shape, .number = p.number ^ backwards}, {g}));
  }
  static void count(const Params& p, std::span<const Shape>, OperationCount& c) { c.add += p.shape.size(); }
};

}  // namespace wengert
