// The three sweeps over a tape, for every type of number: evaluate, push forward, pull back.
//
//   NumericFrame<double> f(tape);
//   f.values.set(tape.offset(slot), 2.0);             // the inputs
//   evaluate(f);
//   f.clear_adjoints();
//   f.adjoints.set(tape.adjoint_offset(tape.outputs()[0]), 1.0);
//   pull_back(f);                                     // the adjoint of every value
//
// A sweep that is told to stop throws Stopped. The chain rule stands in kernels.hpp and nowhere else; it is instantiated in one file a type.
#pragma once
#include "wengert/core/expr.hpp"
#include "wengert/sweep/counted.hpp"
#include "wengert/sweep/decimal.hpp"
#include "wengert/sweep/frame.hpp"

namespace wengert {

template <>
struct FromConstant<Decimal> {
  static Decimal make(const Constant& c, const Literals& how);
};

// What a row does on a frame; null where a row has no version for that type of number.
template <class F>
struct Kernel {
  void (*value)(F&, const Instruction&) = nullptr;
  void (*push)(F&, const Instruction&) = nullptr;
  void (*pull)(F&, const Instruction&) = nullptr;
};

template <class F>
std::span<const Kernel<F>> kernels();  // by Op, the leaves left out

template <class F>
const Kernel<F>& kernel(Op op) { return kernels<F>()[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::first_row)]; }

template <class N>
void fill_iota(NumericFrame<N>& f, const Instruction& i) {
  const std::uint32_t start = f.tape.payload(i);
  for (std::uint32_t k = 0; k < f.tape.shape(i.out).rows; ++k) {
    if constexpr (std::is_same_v<N, double>) f.values.set(f.tape.offset(i.out) + k, static_cast<double>(std::uint64_t{start} + k));
    else f.values.set(f.tape.offset(i.out) + k, FromConstant<N>::make(Constant::integer(std::int64_t{start} + k), f.literals));
  }
}

// The partials of an elementwise row at one element, for reports; null for other rows.
using ElementPartials = void (*)(double y, const double* x, double* partials);
ElementPartials element_partials(Op op);

// Every value, from the inputs on; after(i) is called behind each.
template <class N, class After>
void evaluate_each(NumericFrame<N>& f, After&& after) {
  const auto table = kernels<NumericFrame<N>>();
  std::uint32_t passed = 0;
  for (const Instruction& i : f.tape.code()) {
    f.tape.pause(passed);
    if (i.op == Op::iota) fill_iota(f, i);
    else table[static_cast<std::size_t>(i.op) - static_cast<std::size_t>(Op::first_row)].value(f, i);
    after(i);
  }
}
template <class N>
void evaluate(NumericFrame<N>& f) {
  evaluate_each(f, [](const Instruction&) {});
}
template <class V>
void evaluate(SymbolicFrame<V>& f) {
  for (const Instruction& i : f.tape.code())
    if (i.op != Op::iota) kernel<SymbolicFrame<V>>(i.op).value(f, i);
}

// Tangents, from the inputs on; every value is there.
template <class F>
void push_forward(F& f) {
  const auto table = kernels<F>();
  std::uint32_t passed = 0;
  for (const Instruction& i : f.tape.code()) {
    if (!f.active(i.out)) continue;
    f.tape.pause(passed);
    table[static_cast<std::size_t>(i.op) - static_cast<std::size_t>(Op::first_row)].push(f, i);
  }
}

// Values and tangents in one pass, which keeps no more of them than the tape does.
template <class N>
void evaluate_and_push(NumericFrame<N>& f) {
  const auto table = kernels<NumericFrame<N>>();
  evaluate_each(f, [&](const Instruction& i) {
    if (f.active(i.out)) table[static_cast<std::size_t>(i.op) - static_cast<std::size_t>(Op::first_row)].push(f, i);
    else f.clear_tangents_of(i.out);
  });
}

// Adjoints, from the outputs back; every value is there, and the outputs' cotangents.
template <class F>
void pull_back(F& f) {
  const auto table = kernels<F>();
  const auto code = f.tape.code();
  std::uint32_t passed = 0;
  for (std::size_t k = code.size(); k-- > 0;) {
    if (!f.active(code[k].out)) continue;
    f.tape.pause(passed);
    table[static_cast<std::size_t>(code[k].op) - static_cast<std::size_t>(Op::first_row)].pull(f, code[k]);
    if constexpr (requires { f.pass_on(code[k].out); }) f.pass_on(code[k].out);
  }
}

}  // namespace wengert
