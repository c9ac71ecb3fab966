// The sweeps over `iterate`: the body's tape run again and again.
//
// The forward sweep carries the state's tangents along. The reverse sweep needs the states in reverse
// order: it keeps them all where they are few, otherwise as many as there is room for (checkpoints.hpp), and
// recomputes the others. As an expression the tangent of a loop is a loop over the state
// and its tangent, and the adjoint is a node of its own, whose derivatives are again those of that loop.
#pragma once
#include "loop_derivatives.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/checkpoints.hpp"
#include "wengert/sweep/counts.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {
namespace {

constexpr std::uint64_t kept_elements = std::uint64_t{1} << 24;  // of states, by a reverse sweep

// One run of a loop in numbers. Arguments are slots of the frame around it: state, parameters.
template <class N>
class LoopRun {
 public:
  using F = NumericFrame<N>;
  LoopRun(const LoopBody& b, const decltype(F::literals)& literals) : body_(b), frame_(b.tape, literals) {}

  F& frame() { return frame_; }
  std::size_t size() const { return body_.state.size(); }

  // f(argument, element) is a number of an argument of the iterate.
  template <class From>
  void set_parameters(From&& f) {
    for (std::size_t a = 1; a <= body_.parameters.size(); ++a)
      if (const SlotId s = body_.input(a); s != Tape::no_slot)
        for (std::size_t e = 0; e < body_.parameters[a - 1].size(); ++e) frame_.values.set(body_.tape.offset(s) + e, f(a, e));
  }
  void set_state(const std::vector<N>& state) {
    if (const SlotId s = body_.input(0); s != Tape::no_slot)
      for (std::size_t e = 0; e < size(); ++e) frame_.values.set(body_.tape.offset(s) + e, state[e]);
  }
  void step(std::vector<N>& state) {
    set_state(state);
    evaluate(frame_);
    for (std::size_t e = 0; e < size(); ++e) state[e] = frame_.values.get(body_.tape.offset(body_.output()) + e);
  }

  // Adjoints of every argument for the cotangent g, from the first state; add(argument, element, number).
  template <class Add>
  void reverse(std::vector<N> state, std::vector<N> g, Add&& add) {
    const std::uint64_t room = std::max<std::uint64_t>(kept_elements / std::max<std::size_t>(size(), 1), 3);
    const auto back = [&](const std::vector<N>& from) {
      set_state(from);
      evaluate(frame_);
      frame_.clear_adjoints();
      for (std::size_t e = 0; e < size(); ++e) frame_.adjoints.set(body_.tape.offset(body_.output()) + e, g[e]);
      pull_back(frame_);
      for (std::size_t a = 1; a <= body_.parameters.size(); ++a)
        if (const SlotId s = body_.input(a); s != Tape::no_slot)
          for (std::size_t e = 0; e < body_.parameters[a - 1].size(); ++e) add(a, e, frame_.adjoints.get(body_.tape.offset(s) + e));
      const SlotId s = body_.input(0);
      for (std::size_t e = 0; e < size(); ++e) g[e] = s == Tape::no_slot ? frame_.zero() : frame_.adjoints.get(body_.tape.offset(s) + e);
    };
    go_back(std::move(state), body_.count, room, [&](std::vector<N>& from) { step(from); }, back);
    for (std::size_t e = 0; e < size(); ++e) add(0, e, g[e]);
  }

 private:
  const LoopBody& body_;
  F frame_;
};

template <class N>
std::vector<N> elements(const Plane<N>& plane, std::size_t offset, Shape shape) {
  std::vector<N> out;
  for (std::size_t e = 0; e < shape.size(); ++e) out.push_back(plane.get(offset + e));
  return out;
}
template <class N>
std::vector<N> elements(const Plane<N>& plane, const Tape& tape, SlotId s) {
  return elements(plane, tape.offset(s), tape.shape(s));
}

template <class R, class F>
struct Act;

template <class N>
struct Act<Iterate, NumericFrame<N>> {
  using F = NumericFrame<N>;

  static void value(F& f, const Instruction& i) {
    const LoopBody& body = f.tape.body(i);
    const auto x = f.tape.arguments(i);
    LoopRun<N> run(body, f.literals);
    run.set_parameters([&](std::size_t a, std::size_t e) { return f.values.get(f.tape.offset(x[a]) + e); });
    std::vector<N> state = elements(f.values, f.tape, x[0]);
    for (std::uint64_t k = 0; k < body.count; ++k) run.step(state);
    for (std::size_t e = 0; e < state.size(); ++e) f.values.set(f.tape.offset(i.out) + e, state[e]);
  }

  static void push(F& f, const Instruction& i) {
    const LoopBody& body = f.tape.body(i);
    const auto x = f.tape.arguments(i);
    LoopRun<N> run(body, f.literals);
    run.set_parameters([&](std::size_t a, std::size_t e) { return f.values.get(f.tape.offset(x[a]) + e); });
    F& b = run.frame();
    b.clear_tangents(f.tangents.size());
    std::vector<std::vector<N>> tangents;
    for (std::size_t t = 0; t < f.tangents.size(); ++t) {
      tangents.push_back(elements(f.tangents[t], f.tape, x[0]));
      for (std::size_t a = 1; a < x.size(); ++a)
        if (const SlotId s = body.input(a); s != Tape::no_slot)
          for (std::size_t e = 0; e < f.tape.shape(x[a]).size(); ++e)
            b.tangents[t].set(body.tape.offset(s) + e, f.tangents[t].get(f.tape.offset(x[a]) + e));
    }
    std::vector<N> state = elements(f.values, f.tape, x[0]);
    const std::size_t out = body.tape.offset(body.output());
    for (std::uint64_t k = 0; k < body.count; ++k) {
      if (const SlotId s = body.input(0); s != Tape::no_slot)
        for (std::size_t t = 0; t < tangents.size(); ++t)
          for (std::size_t e = 0; e < state.size(); ++e) b.tangents[t].set(body.tape.offset(s) + e, tangents[t][e]);
      run.step(state);
      push_forward(b);
      for (std::size_t t = 0; t < tangents.size(); ++t)
        for (std::size_t e = 0; e < state.size(); ++e) tangents[t][e] = b.tangents[t].get(out + e);
    }
    for (std::size_t t = 0; t < tangents.size(); ++t)
      for (std::size_t e = 0; e < state.size(); ++e) f.tangents[t].set(f.tape.offset(i.out) + e, tangents[t][e]);
  }

  static void pull(F& f, const Instruction& i) {
    const auto x = f.tape.arguments(i);
    LoopRun<N> run(f.tape.body(i), f.literals);
    run.set_parameters([&](std::size_t a, std::size_t e) { return f.values.get(f.tape.offset(x[a]) + e); });
    run.reverse(elements(f.values, f.tape, x[0]), elements(f.adjoints, f.tape.adjoint_offset(i.out), f.tape.shape(i.out)), [&](std::size_t a, std::size_t e, const N& g) {
      if (f.active(x[a])) f.adjoints.add(f.tape.adjoint_offset(x[a]) + e, g);
    });
  }
};

// Whether there are sweeps over dual numbers of N.
template <class N>
inline constexpr bool has_dual = std::is_same_v<N, double> || std::is_same_v<N, Decimal>;

template <class N>
struct Act<IterateAdjoint, NumericFrame<N>> {
  using F = NumericFrame<N>;

  // Where the adjoint of each argument begins in the result.
  static std::vector<std::size_t> places(const LoopBody& body) {
    std::vector<std::size_t> at{0, body.state.size()};
    for (const Shape& s : body.parameters) at.push_back(at.back() + s.size());
    return at;
  }

  // The adjoints in numbers of type M; of(k, e) is element e of argument k of this node.
  template <class M, class Of>
  static std::vector<M> adjoints(const F& f, const Instruction& i, const M& zero, Of&& of) {
    const LoopBody& body = f.tape.body(i);
    const auto at = places(body);
    std::vector<M> result(at.back(), zero), state, g;
    LoopRun<M> run(body, f.literals);
    run.set_parameters([&](std::size_t a, std::size_t e) { return of(a + 1, e); });
    for (std::size_t e = 0; e < body.state.size(); ++e) {
      g.push_back(of(0, e));
      state.push_back(of(1, e));
    }
    run.reverse(state, g, [&](std::size_t a, std::size_t e, const M& x) { result[at[a] + e] = result[at[a] + e] + x; });
    return result;
  }

  static void value(F& f, const Instruction& i) {
    const auto x = f.tape.arguments(i);
    const auto of = [&](std::size_t k, std::size_t e) { return f.values.get(f.tape.offset(x[k]) + e); };
    std::vector<N> result;
    if constexpr (requires { f.adjoints; }) result = adjoints<N>(f, i, f.zero(), of);
    else result = stepped_back(f, i, of);
    for (std::size_t e = 0; e < result.size(); ++e) f.values.set(f.tape.offset(i.out) + e, result[e]);
  }

  // The adjoints where there is no reverse sweep: one backward step after the other is evaluated.
  template <class Of>
  static std::vector<N> stepped_back(const F& f, const Instruction& i, Of&& of) {
    const LoopBody& body = f.tape.body(i);
    const BackwardStep& step = body.derivatives->backward();
    const std::size_t size = body.state.size();
    std::vector<std::vector<N>> states(1);
    for (std::size_t e = 0; e < size; ++e) states[0].push_back(of(1, e));
    LoopRun<N> run(body, f.literals);
    run.set_parameters([&](std::size_t a, std::size_t e) { return of(a + 1, e); });
    for (std::uint64_t k = 1; k < body.count; ++k) {
      states.push_back(states.back());
      run.step(states.back());
    }
    F back(step.tape, f.literals);
    const auto set = [&](SlotId s, auto&& number) {
      if (s == Tape::no_slot) return;
      for (std::size_t e = 0; e < step.tape.shape(s).size(); ++e) back.values.set(step.tape.offset(s) + e, number(e));
    };
    for (std::size_t a = 1; a <= body.parameters.size(); ++a) set(step.arguments[a], [&](std::size_t e) { return of(a + 1, e); });
    const auto at = places(body);
    const N zero = FromConstant<N>::make(Constant::integer(0), f.literals);
    std::vector<N> result(at.back(), zero), g;
    for (std::size_t e = 0; e < size; ++e) g.push_back(of(0, e));
    for (std::uint64_t k = body.count; k-- > 0;) {
      set(step.arguments[0], [&](std::size_t e) { return states[k][e]; });
      set(step.cotangent, [&](std::size_t e) { return g[e]; });
      evaluate(back);
      const auto out = [&](std::size_t a, std::size_t e) { return back.values.get(step.tape.offset(step.tape.outputs()[a]) + e); };
      for (std::size_t e = 0; e < size; ++e) g[e] = out(0, e);
      for (std::size_t a = 1; a < at.size() - 1; ++a)
        for (std::size_t e = 0; e < at[a + 1] - at[a]; ++e) result[at[a] + e] = result[at[a] + e] + out(a, e);
    }
    for (std::size_t e = 0; e < size; ++e) result[e] = g[e];
    return result;
  }

  static void push(F& f, const Instruction& i) {
    if constexpr (has_dual<N>) {
      const auto x = f.tape.arguments(i);
      for (auto& t : f.tangents) {
        const auto result = adjoints<Dual<N>>(f, i, Dual<N>{f.zero(), {f.zero()}}, [&](std::size_t k, std::size_t e) {
          return Dual<N>{f.values.get(f.tape.offset(x[k]) + e), {t.get(f.tape.offset(x[k]) + e)}};
        });
        for (std::size_t e = 0; e < result.size(); ++e) t.set(f.tape.offset(i.out) + e, result[e].t[0]);
      }
    } else {
      const auto x = f.tape.arguments(i);
      for (auto& t : f.tangents) {
        const auto value = [&](std::size_t k, std::size_t e) { return f.values.get(f.tape.offset(x[k]) + e); };
        const auto tangent = [&](std::size_t k, std::size_t e) { return t.get(f.tape.offset(x[k]) + e); };
        const auto result = second(f, i, tangent, [&](std::size_t k, std::size_t e) { return tangent(k + 1, e); }, value);
        for (std::size_t e = 0; e < result.size(); ++e) t.set(f.tape.offset(i.out) + e, result[e]);
      }
    }
  }

  // The same without dual numbers: the adjoints of the tangent loop for the cotangents a of the state and b
  // of its tangent (both of argument 0), the halves that belong to the state and the parameters. direction(k, e)
  // is the tangent of the loop's argument k.
  template <class A, class Direction, class Value>
  static std::vector<N> second(const F& f, const Instruction& i, A&& a, Direction&& direction, Value&& value) {
    const LoopBody& body = f.tape.body(i);
    const LoopBody& tangent = body.derivatives->tangent();
    const std::size_t size = body.state.size(), count = body.parameters.size();
    const auto at = places(body);
    std::vector<N> result(at.back(), f.zero()), state, g;
    LoopRun<N> run(tangent, f.literals);
    run.set_parameters([&](std::size_t k, std::size_t e) { return k <= count ? value(k + 1, e) : direction(k - count, e); });
    for (std::size_t e = 0; e < size; ++e) state.push_back(value(1, e));
    for (std::size_t e = 0; e < size; ++e) state.push_back(direction(0, e));
    for (std::size_t e = 0; e < size; ++e) g.push_back(a(0, e));
    for (std::size_t e = 0; e < size; ++e) g.push_back(value(0, e));
    run.reverse(state, g, [&](std::size_t k, std::size_t e, const N& x) {
      if (k <= count && !(k == 0 && e >= size)) result[at[k] + e] = result[at[k] + e] + x;
    });
    return result;
  }

  // With the adjoint w of the result as a direction: by symmetry of second derivatives, the adjoint by
  // the loop's arguments is the tangent of their adjoints in the direction w, and by the cotangent it is the
  // tangent of the loop itself.
  static void pull(F& f, const Instruction& i) {
    if constexpr (has_dual<N>) {
      const LoopBody& body = f.tape.body(i);
      const auto x = f.tape.arguments(i);
      const auto at = places(body);
      const std::vector<N> w = elements(f.adjoints, f.tape.adjoint_offset(i.out), f.tape.shape(i.out));
      const auto dual = [&](std::size_t k, std::size_t e) {
        return Dual<N>{f.values.get(f.tape.offset(x[k]) + e), {k == 0 ? f.zero() : w[at[k - 1] + e]}};
      };
      const auto result = adjoints<Dual<N>>(f, i, Dual<N>{f.zero(), {f.zero()}}, dual);
      for (std::size_t k = 1; k < x.size(); ++k)
        if (f.active(x[k]))
          for (std::size_t e = 0; e < at[k] - at[k - 1]; ++e) f.adjoints.add(f.tape.adjoint_offset(x[k]) + e, result[at[k - 1] + e].t[0]);
      if (!f.active(x[0])) return;
      LoopRun<Dual<N>> run(body, f.literals);
      run.set_parameters([&](std::size_t a, std::size_t e) { return dual(a + 1, e); });
      std::vector<Dual<N>> state;
      for (std::size_t e = 0; e < body.state.size(); ++e) state.push_back(dual(1, e));
      for (std::uint64_t k = 0; k < body.count; ++k) run.step(state);
      for (std::size_t e = 0; e < state.size(); ++e) f.adjoints.add(f.tape.adjoint_offset(x[0]) + e, state[e].t[0]);
    } else {
      const LoopBody& body = f.tape.body(i);
      const auto x = f.tape.arguments(i);
      const auto at = places(body);
      const std::vector<N> w = elements(f.adjoints, f.tape.adjoint_offset(i.out), f.tape.shape(i.out));
      const auto value = [&](std::size_t k, std::size_t e) { return f.values.get(f.tape.offset(x[k]) + e); };
      const auto direction = [&](std::size_t k, std::size_t e) { return w[at[k] + e]; };
      const auto result = second(f, i, [&](std::size_t, std::size_t) { return f.zero(); }, direction, value);
      for (std::size_t k = 1; k < x.size(); ++k)
        if (f.active(x[k]))
          for (std::size_t e = 0; e < at[k] - at[k - 1]; ++e) f.adjoints.add(f.tape.adjoint_offset(x[k]) + e, result[at[k - 1] + e]);
      if (!f.active(x[0])) return;
      const std::size_t size = body.state.size(), count = body.parameters.size();
      LoopRun<N> run(body.derivatives->tangent(), f.literals);
      run.set_parameters([&](std::size_t k, std::size_t e) { return k <= count ? value(k + 1, e) : direction(k - count, e); });
      std::vector<N> state;
      for (std::size_t e = 0; e < size; ++e) state.push_back(value(1, e));
      for (std::size_t e = 0; e < size; ++e) state.push_back(direction(0, e));
      for (std::uint64_t k = 0; k < body.count; ++k) run.step(state);
      for (std::size_t e = 0; e < size; ++e) f.adjoints.add(f.tape.adjoint_offset(x[0]) + e, state[size + e]);
    }
  }
};

// --- types without a rule of their own: index notation has none for a loop

template <class V>
struct NoLoop {
  using F = SymbolicFrame<V>;
  static void value(F&, const Instruction&) { V::refuse_loop(); }
  static void push(F&, const Instruction&) { V::refuse_loop(); }
  static void pull(F&, const Instruction&) { V::refuse_loop(); }
};
template <class V>
  requires requires { V::refuse_loop(); }
struct Act<Iterate, SymbolicFrame<V>> : NoLoop<V> {};
template <class V>
  requires requires { V::refuse_loop(); }
struct Act<IterateAdjoint, SymbolicFrame<V>> : NoLoop<V> {};

}  // namespace
}  // namespace wengert
