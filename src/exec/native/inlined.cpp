// Elementary functions within a loop, as the instructions that they are.
//
// A call costs more than its instructions: what lives across it goes to memory and back, and its constants are read
// anew. So the fast version of a loop has the formulas of common numbers in it, those that the kernels take
// (lanes_formulas.hpp), which gives the same bits. Other numbers are found by a test as products are that are no
// numbers, and the careful version calls the kernels. It takes some microseconds a function to make, which short loops do not
// earn back; a function alone gains little, and very many would leave the processor's cache of instructions.
#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "emitter.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t fewest_inlined = 2, most_inlined = 48;  // functions in a loop

// What formulas are made from, on values of a program.
struct Traced {
  std::vector<NativeValue>* values = nullptr;
  std::uint32_t at = 0;

  Traced add(const NativeValue& v) const {
    values->push_back(v);
    return {values, static_cast<std::uint32_t>(values->size() - 1)};
  }
  // One for each use: an instruction reads it where it is.
  Traced number(double x) const { return add({.kind = NativeValue::Kind::constant, .number = x}); }
  Traced bits(unsigned long long x) const { return number(std::bit_cast<double>(x)); }
  Traced apply(Code code, Traced b, Traced c, std::uint32_t immediate = 0) const {
    return add({.code = code, .x = {at, b.at, c.at}, .pointer = immediate, .version = NativeValue::Version::fast});
  }
  Traced apply(Code code, Traced b) const { return apply(code, b, *this); }
  Traced shifted(Code code, int by) const { return apply(code, *this, *this, static_cast<std::uint32_t>(by)); }
};

Traced operator+(Traced a, Traced b) { return a.apply(code_of<Add>, b); }
Traced operator+(Traced a, double b) { return a + a.number(b); }
Traced operator+(double a, Traced b) { return b + a; }
Traced operator-(Traced a, Traced b) { return a.apply(code_of<Sub>, b); }
Traced operator-(Traced a, double b) { return a - a.number(b); }
Traced operator*(Traced a, Traced b) { return a.apply(code_of<Mul>, b); }
Traced operator*(Traced a, double b) { return a * a.number(b); }
Traced operator*(double a, Traced b) { return b * a; }
Traced operator/(Traced a, Traced b) { return a.apply(code_of<Div>, b); }
Traced fused(Traced a, Traced b, Traced c) { return a.apply(fused_code, b, c); }
Traced fused(Traced a, Traced b, double c) { return fused(a, b, a.number(c)); }
Traced fused(Traced a, double b, Traced c) { return fused(a, a.number(b), c); }
Traced fused(Traced a, double b, double c) { return fused(a, a.number(b), a.number(c)); }
Traced bits_plus(Traced a, unsigned long long b) { return a.apply(bits_plus_code, a.bits(b)); }
Traced bits_minus(Traced a, Traced b) { return a.apply(bits_minus_code, b); }
Traced bits_and(Traced a, unsigned long long b) { return a.apply(bits_and_code, a.bits(b)); }
Traced bits_or(Traced a, unsigned long long b) { return a.apply(bits_or_code, a.bits(b)); }
Traced bits_or(Traced a, Traced b) { return a.apply(bits_or_code, b); }
Traced bits_xor(Traced a, Traced b) { return a.apply(bits_xor_code, b); }
Traced bits_left(Traced a, int by) { return a.shifted(bits_left_code, by); }
Traced bits_right(Traced a, int by) { return a.shifted(bits_right_code, by); }

}  // namespace
}  // namespace wengert::exec

#include "../lanes_formulas.hpp"

namespace wengert::exec {

namespace {

class Inliner {
 public:
  Traced of(Code code, Traced x) {
    switch (code) {
      case code_of<Exp>:
        less(size(x), exp_most);
        return exp_within(x);
      case code_of<Log>:
        at_least(x, log_least);
        less(x, std::numeric_limits<double>::infinity());
        return log_within(x);
      case code_of<Sin>:
        less(size(x), circular_most);
        return sin_within(x);
      default:
        less(size(x), circular_most);
        return cos_within(x);
    }
  }

 private:
  std::map<std::uint32_t, Traced> sizes_;
  std::map<std::pair<std::uint32_t, double>, Traced> tests_;

  Traced size(Traced x) {
    const auto [at, fresh] = sizes_.try_emplace(x.at);
    if (fresh) at->second = bits_and(x, ~(1ull << 63));
    return at->second;
  }
  // Else the careful version goes on.
  void less(Traced x, double most) { test(x, most, not_less); }
  void at_least(Traced x, double least) { test(x, least, not_at_least); }
  void test(Traced x, double bound, int predicate) {
    const auto [at, fresh] = tests_.try_emplace({x.at, bound});
    if (fresh) at->second = x.apply(test_code, x.number(bound), x, static_cast<std::uint32_t>(predicate));
  }
};

}  // namespace

NativeProgram with_inlined(NativeProgram p, const KernelTable& kernels) {
  const auto inlines = [&](const NativeValue& v) {
    const bool known =
        v.code == code_of<Exp> || v.code == code_of<Log> || v.code == code_of<Sin> || v.code == code_of<Cos>;
    return known && v.kind == NativeValue::Kind::operation && kernels.vector_function[v.code] != nullptr;
  };
  const auto n = static_cast<std::size_t>(std::count_if(p.values.begin(), p.values.end(), inlines));
  if (!p.many || n < fewest_inlined || n > most_inlined) return p;
  Inliner inliner;
  std::vector<NativeValue> values;
  std::vector<std::uint32_t> now(p.values.size());
  for (std::uint32_t k = 0; k < p.values.size(); ++k) {
    NativeValue v = p.values[k];
    if (v.kind == NativeValue::Kind::operation)
      for (std::uint32_t& x : v.x) x = now[x];
    if (inlines(p.values[k])) {
      v.x[1] = v.x[2] = inliner.of(v.code, {&values, v.x[0]}).at;
      v.version = NativeValue::Version::called;
    }
    now[k] = static_cast<std::uint32_t>(values.size());
    values.push_back(v);
  }
  p.values = std::move(values);
  for (auto* list : {&p.stores, &p.sums})
    for (NativeProgram::Store& s : *list) s.value = now[s.value];
  return p;
}

}  // namespace wengert::exec
