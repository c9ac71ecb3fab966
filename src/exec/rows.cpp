// The kernel of every elementwise row, made from the row's value; and the table that a plan uses.
#include <algorithm>

#include "lanes.hpp"
#include "wengert/rules/array.hpp"

namespace wengert::exec {

namespace {

template <class R>
double value_of(double a, double b, double c) {
  if constexpr (R::arity == 1)
    return R::value(a);
  else if constexpr (R::arity == 2)
    return R::value(a, b);
  else
    return R::value(a, b, c);
}

template <class R>
void row_kernel(double* out, const double* a, const double* b, const double* c, unsigned form, std::size_t n) {
  const std::size_t sa = form & 1u, sb = (form >> 1) & 1u, sc = (form >> 2) & 1u;
  for (std::size_t i = 0; i < n; ++i)
    out[i] = value_of<R>(a[i * sa], R::arity > 1 ? b[i * sb] : 0.0, R::arity > 2 ? c[i * sc] : 0.0);
}

double copied(double a, double, double) { return a; }
double squared(double a, double, double) { return a * a; }
double cubed(double a, double, double) { return a * a * a; }
// A product and a sum, by code from muladd_code on.
constexpr ElementFunction joined[] = {
    [](double a, double b, double c) { return a * b + c; },
    [](double a, double b, double c) { return a * b - c; },
    [](double a, double b, double c) { return c - a * b; },
    [](double a, double b, double c) { return annihilate(a, b) + c; },
    [](double a, double b, double c) { return annihilate(a, b) - c; },
    [](double a, double b, double c) { return c - annihilate(a, b); },
};

struct Made {
  Kernel kernel = nullptr;
  ElementFunction element = nullptr;
  int arity = 0;
};

template <class R>
constexpr Made made() {
  if constexpr (R::elementwise)
    return {row_kernel<R>, value_of<R>, R::arity};
  else
    return {};
}
template <class... R>
constexpr std::array<Made, sizeof...(R)> all_made(Rows<R...>) {
  return {made<R>()...};
}
constexpr auto from_rows = all_made(AllRows{});

// The product of the sweeps.
void multiply_rows(double* out, const double* left, const double* right, std::size_t m, std::size_t k, std::size_t n,
                   std::uint32_t) {
  const auto view = [](const double* x, std::size_t rows, std::size_t cols) {
    return Array<double>::view(x, {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(cols)});
  };
  const Array<double> y = wengert::multiply(view(left, m, k), view(right, k, n));
  std::copy(y.data(), y.data() + y.size(), out);
}

KernelTable table_for(InstructionSet instructions, bool fast) {
  KernelTable t;
  for (std::size_t k = 0; k < from_rows.size(); ++k)
    t.elementwise[static_cast<std::size_t>(Op::first_row) + k] = from_rows[k].kernel;
  for (std::size_t k = 0; k < from_rows.size(); ++k)
    if (from_rows[k].arity == 1)
      t.scalar_function[static_cast<std::size_t>(Op::first_row) + k] =
          reinterpret_cast<const void*>(from_rows[k].element);
  // The library's own, without a step between.
  const auto direct = [&t](Code code, double (*f)(double)) {
    t.scalar_function[code] = reinterpret_cast<const void*>(f);
  };
  direct(code_of<Exp>, std::exp);
  direct(code_of<Log>, std::log);
  direct(code_of<Sin>, std::sin);
  direct(code_of<Cos>, std::cos);
  direct(code_of<Tanh>, std::tanh);
  t.multiply_wide = multiply_baseline;
  add_baseline(t, fast);
#ifdef WENGERT_X86
  if (instructions == InstructionSet::avx2) add_avx2(t, fast);
  if (instructions == InstructionSet::avx512) add_avx512(t, fast);
  if (fast && instructions == InstructionSet::avx2) t.multiply_wide = multiply_avx2;
  if (fast && instructions == InstructionSet::avx512) t.multiply_wide = multiply_avx512;
#else
  (void)instructions;
#endif
  t.multiply = fast ? t.multiply_wide : multiply_rows;
  return t;
}

}  // namespace

InstructionSet widest_instructions() {
#ifdef WENGERT_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("fma"))
    return InstructionSet::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

const KernelTable& kernels_for(InstructionSet instructions, Mathematics mathematics) {
  static const std::array<KernelTable, 6> tables = [] {
    std::array<KernelTable, 6> all;
    // What fills a table is itself made of the set's instructions: only those that there are.
    for (std::size_t k = 0; k < 6; ++k)
      all[k] = table_for(std::min(static_cast<InstructionSet>(k / 2), widest_instructions()), k % 2 == 1);
    return all;
  }();
  return tables[static_cast<std::size_t>(instructions) * 2 + (mathematics == Mathematics::fast ? 1 : 0)];
}

ElementFunction element_function(Code code) {
  if (code == copy_code) return copied;
  if (code == square_code) return squared;
  if (code == cube_code) return cubed;
  if (code >= muladd_code && code <= strong_submul_code) return joined[code - muladd_code];
  return from_rows[code - static_cast<std::size_t>(Op::first_row)].element;
}

}  // namespace wengert::exec
