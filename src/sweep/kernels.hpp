// The chain rule: what a row does in a sweep, once for numbers and once for types that stand for
// whole arrays. Each frame type instantiates the table in a file of its own.
#pragma once
#include <array>
#include <utility>

#include "loops.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {
namespace {

template <class F>
Params params(const F& f, const Instruction& i) {
  return {.shape = f.tape.shape(i.out), .number = f.tape.payload(i), .slices = f.tape.slices(i), .shown = f.shown};
}

template <class N>
Params params(NumericFrame<N>& f, const Instruction& i, bool evaluating = false) {
  return {.shape = f.tape.shape(i.out), .number = f.tape.payload(i), .slices = f.tape.slices(i), .cache = &f.factors, .stop = f.tape.stop(), .evaluating = evaluating};
}

template <class R, class N, class... X>
N row_value(const X&... x) {
  if constexpr (Lifted<N>) return Lift<N>::template call<R>(x...);
  else return R::value(x...);
}

// Types that stand for formulas: a person may read what they make.
template <class F>
inline constexpr bool writes_formulas = requires(F& f) { f.shown; } && !std::is_same_v<typename F::Number, Counted>;

// The value of an elementwise row's partial, in the form that the frame asks for.
template <class R, int J, class F, class... X>
auto frame_partial(const F& f, const typename F::Number& y, const X&... x) {
  if constexpr (writes_formulas<F>) {
    if (f.shown) {
      if constexpr (J == 0 && requires { R::shown0(y, x...); }) return R::shown0(y, x...);
      if constexpr (J == 1 && requires { R::shown1(y, x...); }) return R::shown1(y, x...);
    }
  }
  return partial<R, J>(y, x...);
}

// --- elementwise rows over numbers

template <class R, class N>
  requires(R::elementwise)
struct Act<R, NumericFrame<N>> {
  using F = NumericFrame<N>;
  static constexpr std::size_t arity = R::arity;
  using Indices = std::make_index_sequence<arity>;

  struct Cursor {  // where an argument's elements are; a scalar's stays
    std::size_t offset, step;
    std::size_t operator[](std::size_t e) const { return offset + step * e; }
  };
  static std::array<Cursor, arity> cursors(const F& f, const Instruction& i, bool adjoints = false) {
    std::array<Cursor, arity> c;
    const auto x = f.tape.arguments(i);
    for (std::size_t j = 0; j < arity; ++j)
      c[j] = {adjoints ? f.tape.adjoint_offset(x[j]) : f.tape.offset(x[j]), f.tape.shape(x[j]).scalar() ? std::size_t{0} : std::size_t{1}};
    return c;
  }

  static void value(F& f, const Instruction& i) {
    run_value(f, i, Indices{});
  }
  template <std::size_t... J>
  static void run_value(F& f, const Instruction& i, std::index_sequence<J...>) {
    const auto c = cursors(f, i);
    const std::size_t out = f.tape.offset(i.out), n = f.tape.shape(i.out).size();
    for (std::size_t e = 0; e < n; ++e) f.values.set(out + e, row_value<R, N>(f.values.get(c[J][e])...));
  }

  static void push(F& f, const Instruction& i) {
    if constexpr (R::differentiable != 0) run_push(f, i, Indices{});
  }
  template <std::size_t... J>
  static void run_push(F& f, const Instruction& i, std::index_sequence<J...>) {
    const auto c = cursors(f, i);
    const auto a = f.tape.arguments(i);
    const std::size_t out = f.tape.offset(i.out), n = f.tape.shape(i.out).size();
    for (std::size_t e = 0; e < n; ++e) {
      const auto y = f.values.get(out + e);
      const std::array<N, arity> x{f.values.get(c[J][e])...};
      if constexpr (requires { R::push(y, x[J]..., x[J]...); }) {
        for (auto& t : f.tangents) t.set(out + e, R::push(y, x[J]..., t.get(c[J][e])...));
      } else {
        bool first = true;  // partials once, for all tangents
        const auto term = [&]<int I>(std::integral_constant<int, I>) {
          if constexpr (varies_with<R>(I)) {
            if (!f.active(a[I])) return;
            const N p = partial<R, I>(y, x[J]...);
            for (auto& t : f.tangents) {
              const N product = annihilate(t.get(c[I][e]), p);
              t.set(out + e, first ? product : N(t.get(out + e) + product));
            }
            first = false;
          }
        };
        (term(std::integral_constant<int, static_cast<int>(J)>{}), ...);
      }
    }
  }

  struct Sink {
    F& f;
    const std::array<Cursor, arity>& c;
    std::span<const SlotId> arguments;
    std::size_t e;
    bool active(int j) const { return f.active(arguments[static_cast<std::size_t>(j)]); }
    void add(int j, const N& x) { if (active(j)) f.adjoints.add(c[static_cast<std::size_t>(j)][e], x); }
  };
  static void pull(F& f, const Instruction& i) {
    if constexpr (R::differentiable != 0) run_pull(f, i, Indices{});
  }
  template <std::size_t... J>
  static void run_pull(F& f, const Instruction& i, std::index_sequence<J...>) {
    const auto c = cursors(f, i), into = cursors(f, i, true);
    const std::size_t out = f.tape.offset(i.out), from = f.tape.adjoint_offset(i.out), n = f.tape.shape(i.out).size();
    for (std::size_t e = 0; e < n; ++e) {
      const N g = f.adjoints.get(from + e);
      const N y = f.values.get(out + e);
      const std::array<N, arity> x{f.values.get(c[J][e])...};
      Sink sink{f, into, f.tape.arguments(i), e};
      if constexpr (requires { R::pull(g, y, x[J]..., sink); }) {
        R::pull(g, y, x[J]..., sink);
      } else {
        const auto term = [&]<int I>(std::integral_constant<int, I>) {
          if constexpr (varies_with<R>(I))
            if (sink.active(I)) sink.add(I, annihilate(g, partial<R, I>(y, x[J]...)));
        };
        (term(std::integral_constant<int, static_cast<int>(J)>{}), ...);
      }
    }
  }
};

// --- array rows over numbers

template <class R>
inline constexpr bool is_loop = std::is_same_v<R, Iterate> || std::is_same_v<R, IterateAdjoint>;

template <class R, class N>
  requires(!R::elementwise && !is_loop<R>)
struct Act<R, NumericFrame<N>> {
  using F = NumericFrame<N>;
  using Whole = typename F::Whole;

  static std::vector<Whole> views(const F& f, const Plane<N>& plane, const Instruction& i) {
    std::vector<Whole> x;
    const auto arguments = f.tape.arguments(i);
    x.reserve(arguments.size());
    for (SlotId s : arguments) x.push_back(plane.view(f.tape.offset(s), f.tape.shape(s)));
    return x;
  }
  // One element of an array is copied in place: programs that index do it all the time.
  static bool picks(const Params& p) { return std::is_same_v<R, Part> && p.shape.scalar(); }
  static std::size_t picked(const F& f, const Instruction& i, const Params& p) {
    return f.tape.offset(i.first) + std::size_t{p.slices[0].row} * f.tape.shape(i.first).cols + p.slices[0].col;
  }

  static void value(F& f, const Instruction& i) {
    const Params p = params(f, i, true);
    if (picks(p)) return f.values.copy(picked(f, i, p), f.tape.offset(i.out));
    f.values.put(f.tape.offset(i.out), Lift<Whole>::template array<R>(p, std::span<const Whole>(views(f, f.values, i))));
  }
  static void push(F& f, const Instruction& i) {
    if constexpr (R::differentiable != 0) {
      const Params p = params(f, i);
      const Whole y = f.values.view(f.tape.offset(i.out), p.shape);
      const auto x = views(f, f.values, i);
      for (auto& t : f.tangents) {
        if (picks(p)) {
          t.copy(picked(f, i, p), f.tape.offset(i.out));
          continue;
        }
        const auto dx = views(f, t, i);
        if constexpr (R::linear) t.put(f.tape.offset(i.out), Lift<Whole>::template array<R>(p, std::span<const Whole>(dx)));
        else t.put(f.tape.offset(i.out), R::push(p, y, std::span<const Whole>(x), Tangents{f, f.tape.arguments(i), dx}));
      }
    }
  }
  struct Tangents {
    const F& f;
    std::span<const SlotId> arguments;
    std::span<const Whole> t;
    bool active(int j) const { return f.active(arguments[static_cast<std::size_t>(j)]); }
    const Whole& operator[](std::size_t j) const { return t[j]; }
  };
  struct Sink {
    F& f;
    std::span<const SlotId> arguments;
    SlotId slot(int j) const { return arguments[static_cast<std::size_t>(j)]; }
    bool active(int j) const { return f.active(slot(j)); }
    void add(int j, const Whole& x) { if (active(j)) f.adjoints.add(f.tape.adjoint_offset(slot(j)), x); }
    void add_part(int j, const Slice& s, const Whole& x) {
      if (active(j)) f.adjoints.add_part(f.tape.adjoint_offset(slot(j)), f.tape.shape(slot(j)), s, x);
    }
  };
  static void pull(F& f, const Instruction& i) {
    if constexpr (R::differentiable != 0) {
      const Params p = params(f, i);
      if (picks(p))
        return f.adjoints.add(picked(f, i, p) - f.tape.offset(i.first) + f.tape.adjoint_offset(i.first), f.adjoints.get(f.tape.adjoint_offset(i.out)));
      const Whole g = f.adjoints.view(f.tape.adjoint_offset(i.out), p.shape), y = f.values.view(f.tape.offset(i.out), p.shape);
      const auto x = views(f, f.values, i);
      Sink sink{f, f.tape.arguments(i)};
      R::pull(p, g, y, std::span<const Whole>(x), sink);
    }
  }
};

// --- all rows over types that stand for whole arrays

template <class R, class V>
  requires(!is_loop<R>)
struct Act<R, SymbolicFrame<V>> {
  using F = SymbolicFrame<V>;

  static std::vector<V> gather(const F& f, const std::vector<V>& from, const Instruction& i) {
    std::vector<V> x;
    for (SlotId s : f.tape.arguments(i)) x.push_back(from[s]);
    return x;
  }
  template <class G>
  static auto with_elements(const std::vector<V>& x, G&& g) {
    return [&]<std::size_t... J>(std::index_sequence<J...>) { return g(x[J]...); }(std::make_index_sequence<R::arity>{});
  }

  static void value(F& f, const Instruction& i) {
    const auto x = gather(f, f.values, i);
    if constexpr (R::elementwise) f.values[i.out] = with_elements(x, [](const auto&... a) { return Lift<V>::template call<R>(a...); });
    else f.values[i.out] = Lift<V>::template array<R>(params(f, i), std::span<const V>(x));
  }

  // An argument whose tangent is absent has none: its term does not arise.
  static void push(F& f, const Instruction& i) {
    if constexpr (R::differentiable != 0) {
      const auto x = gather(f, f.values, i);
      const auto arguments = f.tape.arguments(i);
      auto dx = gather(f, f.tangents, i);
      const V& y = f.values[i.out];
      bool any = false, all = true;
      for (std::size_t j = 0; j < dx.size(); ++j) {
        any = any || present(dx[j]);
        all = all && (present(dx[j]) || !varies_with<R>(static_cast<int>(std::min<std::size_t>(j, 31))));
      }
      if (!any) return;
      V t{};
      if constexpr (R::elementwise) {
        t = push_elementwise(f, y, x, dx, all, std::make_index_sequence<R::arity>{});
      } else if constexpr (R::linear) {
        for (std::size_t j = 0; j < dx.size(); ++j)
          if (!present(dx[j])) dx[j] = zero_like(y, f.tape.shape(arguments[j]));
        t = Lift<V>::template array<R>(params(f, i), std::span<const V>(dx));
      } else {
        t = R::push(params(f, i), y, std::span<const V>(x), Tangents{dx});
      }
      if (present(t)) f.tangents[i.out] = broadcast(t, f.tape.shape(i.out));
    }
  }
  template <std::size_t... J>
  static V push_elementwise(F& f, const V& y, const std::vector<V>& x, std::vector<V>& dx, bool all, std::index_sequence<J...>) {
    if constexpr (requires { R::push(y, x[J]..., dx[J]...); }) {
      if (all || std::is_same_v<R, Select>) {
        for (V& t : dx)
          if (!present(t)) t = like(y, 0.0);
        return R::push(y, x[J]..., dx[J]...);
      }
    }
    V sum{};
    const auto term = [&]<int I>(std::integral_constant<int, I>) {
      if constexpr (varies_with<R>(I)) {
        if (!present(dx[I])) return;
        const V product = annihilate(dx[I], frame_partial<R, I>(f, y, x[J]...));
        sum = present(sum) ? sum + product : product;
      }
    };
    (term(std::integral_constant<int, static_cast<int>(J)>{}), ...);
    return sum;
  }
  struct Tangents {
    const std::vector<V>& t;
    bool active(int j) const { return present(t[static_cast<std::size_t>(j)]); }
    const V& operator[](std::size_t j) const { return t[j]; }
  };

  struct Sink {
    F& f;
    std::span<const SlotId> arguments;
    SlotId slot(int j) const { return arguments[static_cast<std::size_t>(j)]; }
    bool active(int j) const { return f.active(slot(j)); }
    void add(int j, const V& x) { if (active(j)) f.accumulate(slot(j), x); }
    void add_part(int j, const Slice& s, const V& x) { if (active(j)) f.parts[slot(j)].emplace_back(s, x); }
  };
  static void pull(F& f, const Instruction& i) {
    if constexpr (R::differentiable != 0) {
      const V g = f.adjoint(i.out);
      if (!present(g)) return;
      const auto x = gather(f, f.values, i);
      const V y = f.values[i.out];
      Sink sink{f, f.tape.arguments(i)};
      if constexpr (R::elementwise) pull_elementwise(f, g, y, x, sink, std::make_index_sequence<R::arity>{});
      else R::pull(params(f, i), g, y, std::span<const V>(x), sink);
    }
  }
  template <std::size_t... J>
  static void pull_elementwise(F& f, const V& g, const V& y, const std::vector<V>& x, Sink& sink, std::index_sequence<J...>) {
    if constexpr (requires { R::pull(g, y, x[J]..., sink); }) {
      R::pull(g, y, x[J]..., sink);
    } else {
      const auto term = [&]<int I>(std::integral_constant<int, I>) {
        if constexpr (varies_with<R>(I))
          if (sink.active(I)) sink.add(I, annihilate(g, frame_partial<R, I>(f, y, x[J]...)));
      };
      (term(std::integral_constant<int, static_cast<int>(J)>{}), ...);
    }
  }
};

// Complex numbers and jets only evaluate: complex numbers the analytic rows.
template <class F>
inline constexpr bool evaluates_only = !requires(F& f) { f.adjoints; } || Complex<typename F::Number>;
template <class R, class F>
inline constexpr bool can_evaluate = !Complex<typename F::Number> || R::info.analytic;

template <class R, class F>
constexpr Kernel<F> make_kernel() {
  Kernel<F> k;
  if constexpr (evaluates_only<F>) {
    if constexpr (can_evaluate<R, F>) k.value = &Act<R, F>::value;
  } else {
    k = {&Act<R, F>::value, &Act<R, F>::push, &Act<R, F>::pull};
  }
  return k;
}

template <class F, class... R>
constexpr std::array<Kernel<F>, sizeof...(R)> make_kernels(Rows<R...>) { return {make_kernel<R, F>()...}; }

}  // namespace

template <class F>
std::span<const Kernel<F>> kernels() {
  static constexpr auto table = make_kernels<F>(AllRows{});
  return table;
}

}  // namespace wengert
