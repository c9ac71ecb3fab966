// Rows: determinants, inverses and linear systems. One factorisation serves the value and both sweeps.
//
// Formulas: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
// differentiation", Advances in Automatic Differentiation (2008) 35-44.
#pragma once
#include <map>
#include <memory>

#include "wengert/rules/arrays.hpp"
#include "wengert/rules/cofactors.hpp"

namespace wengert {

// An LU factorisation with partial pivoting of a square matrix.
template <class T>
class Factors {
 public:
  virtual ~Factors() = default;
  virtual bool singular() const = 0;
  virtual Array<T> solve(const Array<T>& b, bool transposed, const StopAsked* stop = nullptr) const = 0;
  virtual T determinant() const = 0;
  virtual T log_determinant() const = 0;  // NaN where the determinant is negative
};

// By Eigen; each base type in its own file.
std::unique_ptr<Factors<double>> factorise(const Array<double>& a, const StopAsked* stop = nullptr);
std::unique_ptr<Factors<std::complex<double>>> factorise(const Array<std::complex<double>>& a, const StopAsked* stop = nullptr);

// The factorisations of one run, by the memory in which the matrix stands. The step that computes a
// value factorises; the sweeps afterwards find the factors here.
class FactorCache {
 public:
  // Factors of a; `fresh` where its elements may have changed.
  template <class T>
  const Factors<T>& of(const Array<T>& a, bool fresh, const StopAsked* stop) {
    std::shared_ptr<void>& known = factors_[a.data()];
    if (fresh || known == nullptr) known = std::shared_ptr<Factors<T>>(factorise(a, stop));
    return *static_cast<const Factors<T>*>(known.get());
  }

 private:
  std::map<const void*, std::shared_ptr<void>> factors_;
};

// The factors of the run's cache, or (an array of a rule's own) made for this call.
template <class T, class F>
auto with_factors(const Params& p, const Array<T>& a, F&& f) {
  if (p.cache != nullptr && a.is_view()) return f(p.cache->of(a, p.evaluating, p.stop));
  return f(*factorise(a, p.stop));
}

struct Solve; struct Inv; struct Det; struct LogDet; struct SingularCofactors;
inline constexpr std::uint32_t transposed_system = 1;
inline constexpr std::uint32_t zero_if_singular = 1;  // of an inverse: 0 where the determinant is

template <Lifted V> V solve(const Params& p, const V& a, const V& b, std::uint32_t how) {
  return apply_array<Solve>({.shape = shape_of(b), .number = how, .cache = p.cache, .stop = p.stop}, {a, b});
}
template <Lifted V> V inverse(const Params& p, const V& a, std::uint32_t how = 0) {
  return apply_array<Inv>({.shape = shape_of(a), .number = how, .cache = p.cache, .stop = p.stop}, {a});
}

// number: transposed_system for A'X = B.
struct Solve : ArrayRow {
  static constexpr Info info{.name = "solve", .help = "solve(A, b): the x with A*x = b", .rule = "linear system", .source = "Giles 2008, 2.3"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    return with_factors(p, x[0], [&](const Factors<T>& lu) { return lu.solve(x[1], p.number == transposed_system, p.stop); });
  }
  template <class V>
  static V product(const Params& p, const V& a, const V& x) { return strong_matmul(p.number == transposed_system ? transpose(a) : a, x, p.stop); }
  template <class V, class D>
  static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) {
    if (dx.active(0) && dx.active(1)) return solve(p, x[0], dx[1] - product(p, dx[0], y), p.number);
    if (dx.active(0)) return solve(p, x[0], -product(p, dx[0], y), p.number);
    return dx.active(1) ? solve(p, x[0], dx[1], p.number) : zero_like(y, p.shape);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V& y, std::span<const V> x, S& sink) {
    const V b = solve(p, x[0], g, p.number ^ transposed_system);
    if (sink.active(0)) sink.add(0, p.number == transposed_system ? -strong_matmul(y, transpose(b), p.stop) : -strong_matmul(b, transpose(y), p.stop));
    if (sink.active(1)) sink.add(1, b);
  }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) {
    const std::uint64_t n = x[0].rows, work = n * n * n / 3 + n * n * p.shape.cols;
    c.mul += work;
    c.add += work;
    c.div += n;
  }
};

// number: zero_if_singular in the rule of a determinant.
struct Inv : ArrayRow {
  static constexpr Info info{.name = "inv", .help = "inverse of a square matrix", .rule = "inverse rule", .source = "Giles 2008, 2.2.3"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    Array<T> identity(p.shape);
    for (std::size_t i = 0; i < p.shape.rows; ++i) identity.at(i, i) = T(1.0);
    return with_factors(p, x[0], [&](const Factors<T>& lu) {
      return p.number == zero_if_singular && lu.determinant() == T(0.0) ? Array<T>(p.shape) : lu.solve(identity, false, p.stop);
    });
  }
  template <class V, class D>
  static V push(const Params& p, const V& y, std::span<const V>, const D& dx) { return -strong_matmul(strong_matmul(y, dx[0], p.stop), y, p.stop); }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V& y, std::span<const V>, S& sink) {
    const V t = transpose(y);
    sink.add(0, -strong_matmul(strong_matmul(t, g, p.stop), t, p.stop));
  }
  static void count(const Params&, std::span<const Shape> x, OperationCount& c) {
    const std::uint64_t n = x[0].rows;
    c.mul += n * n * n;
    c.add += n * n * n;
    c.div += n;
  }
};

// The cofactors of a matrix whose determinant, the second argument, is 0; of any other matrix zeros. How they move with
// the matrix is not told: number is `movement` for what stands in the derivative's place, NaN where the determinant is 0.
struct SingularCofactors : ArrayRow {
  static constexpr unsigned differentiable = 1;
  static constexpr std::uint32_t movement = 1;
  static constexpr Info info{.name = "singular_cofactors", .help = "cofactors of a matrix, where its determinant is 0", .rule = "determinant rule", .source = "Stewart 1998", .language = false};
  template <class V>
  static V of(const Params& p, const V& a, const V& det, std::uint32_t what = 0) {
    return apply_array<SingularCofactors>({.shape = shape_of(a), .number = what, .stop = p.stop}, {a, det});
  }
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    if (!(x[1][0] == T(0.0))) return Array<T>(p.shape);
    if (p.number == movement) return Array<T>(p.shape, T(std::numeric_limits<double>::quiet_NaN()));
    return cofactors(x[0], p.stop);
  }
  template <class V>
  static V moved(const Params& p, const V& by, std::span<const V> x) {
    return broadcast(total(annihilate(by, of(p, x[0], x[1], movement)), along::all), p.shape);
  }
  template <class V, class D>
  static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) {
    return p.number == movement || !dx.active(0) ? zero_like(y, p.shape) : moved(p, dx[0], x);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    if (p.number != movement) sink.add(0, moved(p, g, x));
  }
  static void count(const Params&, std::span<const Shape>, OperationCount&) {}  // but where the determinant is 0
};

// d det = det * tr(inv(A) dA), and where there is no inverse tr(cof(A)' dA). For a reader the former alone: of matrices
// that have one.
struct Det : ArrayRow {
  static constexpr Info info{.name = "det", .help = "determinant of a square matrix", .rule = "determinant rule", .source = "Giles 2008, 2.2.4"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    return with_factors(p, x[0], [&](const Factors<T>& lu) { return Array<T>(p.shape, lu.determinant()); });
  }
  template <class V, class D>
  static V push(const Params& p, const V& y, std::span<const V> x, const D& dx) {
    const V regular = annihilate(total(annihilate(dx[0], transpose(inverse(p, x[0], p.shown ? 0 : zero_if_singular))), along::all), y);
    if (p.shown) return regular;
    return regular + total(annihilate(dx[0], SingularCofactors::of(p, x[0], y)), along::all);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V& y, std::span<const V> x, S& sink) {
    sink.add(0, annihilate(broadcast(annihilate(g, y), shape_of(x[0])), transpose(inverse(p, x[0], p.shown ? 0 : zero_if_singular))));
    if (!p.shown) sink.add(0, annihilate(broadcast(g, shape_of(x[0])), SingularCofactors::of(p, x[0], y)));
  }
  static void count(const Params&, std::span<const Shape> x, OperationCount& c) {
    const std::uint64_t n = x[0].rows;
    c.mul += n * n * n / 3 + n;
    c.add += n * n * n / 3;
    c.div += n;
  }
};

struct LogDet : ArrayRow {
  static constexpr Info info{.name = "logdet", .help = "logarithm of the determinant, without overflow", .rule = "determinant rule", .source = "Giles 2008, 2.2.4"};
  template <class T>
  static Array<T> numeric(const Params& p, std::span<const Array<T>> x) {
    return with_factors(p, x[0], [&](const Factors<T>& lu) { return Array<T>(p.shape, lu.log_determinant()); });
  }
  template <class V, class D>
  static V push(const Params& p, const V&, std::span<const V> x, const D& dx) {
    return total(annihilate(dx[0], transpose(inverse(p, x[0]))), along::all);
  }
  template <class V, class S>
  static void pull(const Params& p, const V& g, const V&, std::span<const V> x, S& sink) {
    sink.add(0, annihilate(broadcast(g, shape_of(x[0])), transpose(inverse(p, x[0]))));
  }
  static void count(const Params& p, std::span<const Shape> x, OperationCount& c) {
    Det::count(p, x, c);
    c.call += x[0].rows;
  }
};

// A function applied again and again: one node whatever the count. Its sweeps run the body's tape
// (src/sweep/loops.hpp); arguments: the first state, then the parameters.
struct Iterate : ArrayRow {
  static constexpr Info info{.name = "iterate", .help = "iterate(f, u, n, ...): f applied n times to u", .rule = "chain rule", .notation = Notation::special, .language = false};
};
// All adjoints of an iterate in one column; arguments: the cotangent, then those of the iterate.
struct IterateAdjoint : ArrayRow {
  static constexpr Info info{.name = "iterate_adjoint", .help = "the reverse sweep of an iterate", .rule = "chain rule", .notation = Notation::special, .analytic = false, .language = false};
};

using LoopRows = Rows<Iterate, IterateAdjoint>;
using LinearAlgebraRows = Rows<Solve, Inv, Det, LogDet>;
using CofactorRows = Rows<SingularCofactors>;

}  // namespace wengert
