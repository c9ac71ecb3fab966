// Arrays in index notation as a type of number: see wengert/sweep/matrix_form.hpp.
//
// An Indexed is an expression, or (a tangent) a sum of terms with the variable's indices in them. Every
// operation that a rule makes of tangents is linear in one of them, so here only linear operations
// are stated; others, and products of two tangents, throw NoIndexNotation.
#pragma once
#include <type_traits>

#include "wengert/rules/build.hpp"
#include "wengert/sweep/matrix_form.hpp"

namespace wengert {

struct NoIndexNotation {};

struct Indexed {
  Expr plain;                      // where it does not vary
  bool varies = false;
  Shape shape;                     // of a tangent
  std::vector<IndexedTerm> terms;  // of a tangent
  Graph* graph = nullptr;          // null: absent

  [[noreturn]] static void refuse_loop() { throw NoIndexNotation{}; }
};

inline bool present(const Indexed& x) { return x.graph != nullptr; }
inline Shape shape_of(const Indexed& x) { return x.varies ? x.shape : x.plain.shape(); }

namespace indexed {

inline Expr argument(const Expr& e, std::size_t k) { return {*e.graph, e.graph->arguments(e.id)[k]}; }

Indexed plain(const Expr& e);
Indexed identity(Graph& graph, Shape shape);  // the tangent of the variable itself

Indexed added(const Indexed& a, const Indexed& b, bool minus);
Indexed times(const Indexed& a, const Indexed& b);          // element by element
Indexed chosen(const Expr& c, const Indexed& a, const Indexed& b);
Indexed product(const Indexed& a, const Indexed& b);        // of matrices
Indexed transposed(const Indexed& a);
Indexed summed(const Indexed& a, std::uint32_t dimension);
Indexed repeated(const Indexed& a, Shape to);
Indexed part(const Indexed& a, const Slice& s);
Indexed placed(std::span<const Indexed> x, std::span<const Slice> at, Shape shape);
Indexed reshaped(const Indexed& a, Shape to);
Indexed diagonal_matrix(const Indexed& a);
Indexed diagonal(const Indexed& a);
Indexed running_sums(const Indexed& a, std::uint32_t how);
Indexed solved(const Indexed& a, const Indexed& b, std::uint32_t how);

// The formula of one term with the indices rows-by-columns of a matrix, if there is one.
std::optional<Expr> matrix_of(Graph& graph, const IndexedForm& form, const IndexedTerm& term);

}  // namespace indexed

template <>
struct Lift<Indexed> {
  static constexpr bool lifted = true;

  template <class R, class... A>
  static Indexed call(const A&... x) {
    if (!(x.varies || ...)) return indexed::plain(Lift<Expr>::call<R>(x.plain...));
    return linear<R>({x...});
  }
  template <class R>
  static Indexed array(const Params& p, std::span<const Indexed> x) {
    bool varies = false;
    std::vector<Expr> plain;
    for (const Indexed& a : x) {
      varies = varies || a.varies;
      plain.push_back(a.plain);
    }
    if (!varies) return indexed::plain(Lift<Expr>::array<R>(p, plain));
    if constexpr (std::is_base_of_v<Product, R>) return indexed::product(x[0], x[1]);
    else if constexpr (std::is_same_v<R, Transpose>) return indexed::transposed(x[0]);
    else if constexpr (std::is_same_v<R, Sum>) return indexed::summed(x[0], p.number);
    else if constexpr (std::is_same_v<R, Broadcast>) return indexed::repeated(x[0], p.shape);
    else if constexpr (std::is_same_v<R, Part>) return indexed::part(x[0], p.slices[0]);
    else if constexpr (std::is_same_v<R, Place>) return indexed::placed(x, p.slices, p.shape);
    else if constexpr (std::is_same_v<R, Reshape>) return indexed::reshaped(x[0], p.shape);
    else if constexpr (std::is_same_v<R, DiagonalMatrix>) return indexed::diagonal_matrix(x[0]);
    else if constexpr (std::is_same_v<R, Diagonal>) return indexed::diagonal(x[0]);
    else if constexpr (std::is_same_v<R, Cumsum>) return indexed::running_sums(x[0], p.number);
    else if constexpr (std::is_same_v<R, Solve>) return indexed::solved(x[0], x[1], p.number);
    else throw NoIndexNotation{};
  }
  static Indexed like(const Indexed& x, double c) { return indexed::plain(number(*x.graph, c)); }
  static Indexed zero(const Indexed& x, Shape shape) { return indexed::plain(broadcast(number(*x.graph, 0), shape)); }
  static Indexed annihilate(const Indexed& g, const Indexed& p) { return call<StrongMul>(g, p); }
  static Indexed annihilate_quotient(const Indexed& g, const Indexed& b) { return call<Div>(g, b); }
  static Indexed pi_like(const Indexed& x) { return indexed::plain({*x.graph, x.graph->constant(Constant::pi())}); }
  static Indexed ln2_like(const Indexed& x) { return call<Log>(like(x, 2.0)); }
  static Indexed ln10_like(const Indexed& x) { return call<Log>(like(x, 10.0)); }
  static Indexed two_over_sqrt_pi_like(const Indexed& x) { return like(x, 2.0) / call<Sqrt>(pi_like(x)); }

 private:
  template <class R>
  static Indexed linear(std::initializer_list<Indexed> all) {
    const Indexed* x = all.begin();
    const auto minus_one = [&] { return indexed::plain(number(*x[0].graph, -1)); };
    if constexpr (std::is_same_v<R, Add>) return indexed::added(x[0], x[1], false);
    else if constexpr (std::is_same_v<R, Sub>) return indexed::added(x[0], x[1], true);
    else if constexpr (std::is_same_v<R, Neg>) return indexed::times(minus_one(), x[0]);
    else if constexpr (std::is_same_v<R, Mul> || std::is_same_v<R, StrongMul>) return indexed::times(x[0], x[1]);
    else if constexpr (std::is_same_v<R, Div>) {
      if (x[1].varies) throw NoIndexNotation{};
      return indexed::times(x[0], indexed::plain(1.0 / x[1].plain));
    } else if constexpr (std::is_same_v<R, Select>) {
      if (x[0].varies) throw NoIndexNotation{};
      return indexed::chosen(x[0].plain, x[1], x[2]);
    } else {
      throw NoIndexNotation{};
    }
  }
};

}  // namespace wengert
