// Rows: the Kronecker product and its two adjoints, which are closed under differentiation.
//
//   kron(A, B)           element (i,k),(j,l) is A[i,j]*B[k,l]
//   block_product(G, B)  element i,j is the sum of block (i,j) of G times B, element by element
//   block_sum(G, A)      the sum of the blocks of G, each times its element of A
//
// All three are the contractions of one trilinear form, <G, kron(A, B)>, so the adjoint of each by either
// argument is again one of them. number: `strong_product` where 0 annihilates whatever it meets.
#pragma once
#include "wengert/rules/arrays.hpp"

namespace wengert {

struct Kron; struct BlockProduct; struct BlockSum;
inline constexpr std::uint32_t strong_product = 1;

inline Shape kron_shape(Shape a, Shape b) { return {a.rows * b.rows, a.cols * b.cols}; }
inline Shape block_count(Shape whole, Shape block) { return {whole.rows / block.rows, whole.cols / block.cols}; }

template <Lifted V> V kron(const V& a, const V& b, std::uint32_t how = strong_product) {
  return apply_array<Kron>({.shape = kron_shape(shape_of(a), shape_of(b)), .number = how}, {a, b});
}
template <Lifted V> V block_product(const V& g, const V& b) {
  return apply_array<BlockProduct>({.shape = block_count(shape_of(g), shape_of(b)), .number = strong_product}, {g, b});
}
template <Lifted V> V block_sum(const V& g, const V& a) {
  return apply_array<BlockSum>({.shape = block_count(shape_of(g), shape_of(a)), .number = strong_product}, {g, a});
}

// f(element of G, element of A, element of B) for all elements of a product of these shapes, G's by rows.
template <class F>
void each_product(Shape a, Shape b, F&& f) {
  std::size_t g = 0;
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t k = 0; k < b.rows; ++k)
      for (std::size_t j = 0; j < a.cols; ++j)
        for (std::size_t l = 0; l < b.cols; ++l) f(g++, i * a.cols + j, k * b.cols + l);
}

template <class T>
T kron_factor(const Params& p, const T& a, const T& b) { return p.number == strong_product ? T(annihilate(a, b)) : T(a * b); }

template <class Self>
struct KronRow : ArrayRow {
  static constexpr bool bilinear = true;
  template <class V, class D>
  static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) {
    if (dx.active(0) && dx.active(1)) return Self::times(p, dx[0], x[1]) + Self::times(p, x[0], dx[1]);
    if (dx.active(0)) return Self::times(p, dx[0], x[1]);
    if (dx.active(1)) return Self::times(p, x[0], dx[1]);
    return zero_like(y, p.shape);
  }
};

struct Kron : KronRow<Kron> {
  static constexpr Info info{.name = "kron", .help = "the Kronecker product", .ratio = 5, .rule = "product rule", .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_product(x[0].shape(), x[1].shape(), [&](std::size_t g, std::size_t a, std::size_t b) { out.at(g) = kron_factor<T>(p, x[0][a], x[1][b]); });
    return out;
  }
  template <class V> static V times(const Params&, const V& a, const V& b) { return kron(a, b); }
  template <class V, class S>
  static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) {
    if (sink.active(0)) sink.add(0, block_product(g, x[1]));
    if (sink.active(1)) sink.add(1, block_sum(g, x[0]));
  }
  static void count(const Params& p, std::span<const Shape>, OperationCount& c) { c.mul += p.shape.size(); }
};

struct BlockProduct : KronRow<BlockProduct> {
  static constexpr Info info{.name = "block_product", .help = "every block times a matrix, summed", .rule = "product rule", .notation = Notation::special, .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_product(p.shape, x[1].shape(), [&](std::size_t g, std::size_t a, std::size_t b) { out.at(a) = out[a] + kron_factor<T>(p, x[0][g], x[1][b]); });
    return out;
  }
  template <class V> static V times(const Params&, const V& g, const V& b) { return block_product(g, b); }
  template <class V, class S>
  static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) {
    if (sink.active(0)) sink.add(0, kron(g, x[1]));
    if (sink.active(1)) sink.add(1, block_sum(x[0], g));
  }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) {
    c.mul += x[0].size();
    c.add += x[0].size() - p.shape.size();
  }
};

struct BlockSum : KronRow<BlockSum> {
  static constexpr Info info{.name = "block_sum", .help = "blocks times the elements of a matrix, summed", .rule = "product rule", .notation = Notation::special, .language = false};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> out(p.shape);
    each_product(x[1].shape(), p.shape, [&](std::size_t g, std::size_t a, std::size_t b) { out.at(b) = out[b] + kron_factor<T>(p, x[0][g], x[1][a]); });
    return out;
  }
  template <class V> static V times(const Params&, const V& g, const V& a) { return block_sum(g, a); }
  template <class V, class S>
  static void pull(const Params&, const V& g, const V&, std::span<const V> x, S& sink) {
    if (sink.active(0)) sink.add(0, kron(x[1], g));
    if (sink.active(1)) sink.add(1, block_product(x[0], g));
  }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) { BlockProduct::count(p, x, c); }
};

using KroneckerRows = Rows<Kron, BlockProduct, BlockSum>;

}  // namespace wengert
