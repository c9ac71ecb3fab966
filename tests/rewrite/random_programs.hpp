// Random programs for tests of printing and simplifying: a few scalars, or small arrays.
#pragma once
#include "../tools/program.hpp"
#include "wengert/print/text.hpp"

namespace wengert::test {

template <class R>
Expr row(const Expr& a) { return Lift<Expr>::call<R>(a); }
template <class R>
Expr row(const Expr& a, const Expr& b) { return Lift<Expr>::call<R>(a, b); }

inline std::size_t pick(Random& random, std::size_t n) { return static_cast<std::size_t>(random.next() >> 20) % n; }

inline Expr small_number(Graph& g, Random& random) {
  const auto p = static_cast<std::int64_t>(pick(random, 9)) - 4;
  const auto q = static_cast<std::int64_t>(pick(random, 3)) + 1;
  return {g, g.constant(Constant::rational(p, q))};
}

inline Expr function_of(const Expr& a, Random& random) {
  switch (pick(random, 16)) {
    case 0: return row<Exp>(a);
    case 1: return row<Log>(a);
    case 2: return row<Sin>(a);
    case 3: return row<Cos>(a);
    case 4: return row<Tan>(a);
    case 5: return row<Sqrt>(a);
    case 6: return row<Abs>(a);
    case 7: return row<Tanh>(a);
    case 8: return row<Cbrt>(a);
    case 9: return row<Sinh>(a);
    case 10: return row<Cosh>(a);
    case 11: return row<Sigmoid>(a);
    case 12: return row<Relu>(a);
    case 13: return row<Atan>(a);
    case 14: return row<Sqrt>(a);
    default: return row<Log>(a);
  }
}

inline Expr combined(const Expr& a, const Expr& b, Random& random) {
  Graph& g = *a.graph;
  switch (pick(random, 16)) {
    case 0: case 1: return a + b;
    case 2: case 3: return a - b;
    case 4: case 5: return a * b;
    case 6: case 7: return a / b;
    case 8: return annihilate(a, b);
    case 9: return -a;
    case 10: return power(a, small_number(g, random));
    case 11: return power(a, Expr(g, g.constant(Constant::integer(static_cast<std::int64_t>(pick(random, 5)) - 1))));
    case 12: return a.shape() == b.shape() && a.shape().scalar() ? power(a, b) : a * b;
    case 13: return select(less(a, b), a, b);
    default: return function_of(a, random);
  }
}

inline Program random_scalars(Random& random) {
  Program p;
  std::vector<Expr> pool{p.input("x"), p.input("y"), p.input("z"), small_number(*p.graph, random)};
  const std::size_t operations = 2 + pick(random, 12);
  for (std::size_t k = 0; k < operations; ++k) {
    const Expr& a = pool[pool.size() - 1 - pick(random, std::min<std::size_t>(pool.size(), 4))];
    const Expr& b = pool[pick(random, pool.size())];
    const Expr made = combined(a, b, random);
    pool.push_back(made);
  }
  p.output = pool.back();
  p.text = to_text(p.output).all();
  return p;
}

inline Program random_arrays(Random& random) {
  Program p;
  Graph& g = *p.graph;
  const Expr s = p.input("s"), v = p.input("v", {2, 1}), w = p.input("w", {2, 1}), A = p.input("A", {2, 2}), B = p.input("B", {2, 2});
  std::vector<Expr> pool{s, v, w, A, B, transpose(v), Lift<Expr>::array<DiagonalMatrix>({.shape = {2, 2}}, std::span(&v, 1)),
                         broadcast(Expr(g, g.constant(Constant::integer(1))), {2, 2})};
  for (std::size_t k = 0, n = 2 + pick(random, 10); k < n; ++k) {
    const Expr a = pool[pool.size() - 1 - pick(random, std::min<std::size_t>(pool.size(), 5))];
    const Expr b = pool[pick(random, pool.size())];
    Expr made = a;
    switch (pick(random, 9)) {
      case 0: made = transpose(a); break;
      case 1: made = total(a, along::all); break;
      case 2: made = a.shape().cols == b.shape().rows ? matmul(a, b) : matmul(transpose(a), a); break;
      case 3: made = strong_matmul(a, transpose(a)); break;
      case 4: made = a * small_number(g, random); break;
      case 5: made = broadcast(part(a, {a.shape().rows - 1, 0, {}}), {2, 1}); break;
      case 6:
        if (a.shape().scalar() && b.shape().scalar()) {
          const Slice two[] = {{0, 0, {}}, {1, 0, {}}};
          const Expr both[] = {a, b};
          made = Lift<Expr>::array<Place>({.shape = {2, 1}, .slices = two}, both);
        } else {
          made = part(a, {0, 0, {a.shape().rows, 1}});
        }
        break;
      default:
        if (a.shape() == b.shape() || a.shape().scalar() || b.shape().scalar()) made = combined(a, b, random);
    }
    pool.push_back(made);
  }
  p.output = pool.back();
  p.text = to_text(p.output).all();
  return p;
}

}  // namespace wengert::test
