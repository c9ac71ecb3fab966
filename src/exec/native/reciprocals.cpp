// Division by one number again and again: by its reciprocal, in fast mathematics.
//
// A division keeps its unit busy for as long as several multiplications take together, and waits longer for its result.
// A product by a rounded reciprocal is 1.5 units in the last place from the quotient at most, as long as the reciprocal
// is finite; where it is not (a divisor of 0, or one below the smallest normal number) the program divides.
#include "emitter.hpp"

namespace wengert::exec {

using namespace asmjit;

NativeProgram with_reciprocals(NativeProgram p) {
  const auto divides = [](const NativeValue& v) {
    return v.kind == NativeValue::Kind::operation && v.code == code_of<Div>;
  };
  std::vector<std::uint32_t> times(p.values.size());
  for (const NativeValue& v : p.values)
    if (divides(v) && p.values[v.x[1]].kind != NativeValue::Kind::constant) ++times[v.x[1]];
  if (std::none_of(times.begin(), times.end(), [](std::uint32_t n) { return n > 1; })) return p;
  constexpr std::uint32_t none = Registers::empty;
  std::vector<std::uint32_t> now(p.values.size()), reciprocal(p.values.size(), none);
  std::uint32_t one = none;
  std::vector<NativeValue> values;
  const auto add = [&](const NativeValue& v) {
    values.push_back(v);
    return static_cast<std::uint32_t>(values.size() - 1);
  };
  for (std::uint32_t k = 0; k < p.values.size(); ++k) {
    NativeValue v = p.values[k];
    const bool shared = divides(v) && times[v.x[1]] > 1;
    const std::uint32_t by = v.x[1];
    if (v.kind == NativeValue::Kind::operation)
      for (std::uint32_t& x : v.x) x = now[x];
    if (shared) {
      if (reciprocal[by] == none) {
        if (one == none) one = add({.kind = NativeValue::Kind::constant, .number = 1});
        reciprocal[by] = add({.code = reciprocal_code, .x = {one, now[by], one}});
      }
      const NativeValue& numerator = values[v.x[0]];
      if (numerator.kind == NativeValue::Kind::constant && numerator.number == 1) {
        now[k] = reciprocal[by];
        continue;
      }
      v.x[2] = reciprocal[by];
    }
    now[k] = add(v);
    if (v.kind == NativeValue::Kind::constant && v.number == 1) one = now[k];
  }
  p.values = std::move(values);
  for (auto* list : {&p.stores, &p.sums})
    for (NativeProgram::Store& s : *list) s.value = now[s.value];
  return p;
}

bool Emitter::reciprocal(std::uint32_t value) const {
  const NativeValue& x = p_->values[value];
  return x.kind == NativeValue::Kind::operation && x.code == reciprocal_code;
}
// An operation of two operands has the first one as its third, too.
bool Emitter::by_reciprocal(const NativeValue& v) const { return v.x[2] != v.x[0] && reciprocal(v.x[2]); }

// Of the careful version: as the fast one where the reciprocal is finite, so that both have the same bits.
void Emitter::quotient(const Vec& d, const Vec& a, const Vec& b, const Vec& reciprocal) {
  constexpr int unordered = 3;
  const Vec t = temporary(0), q = temporary(1);
  binary(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, d, a, reciprocal);
  binary(x86::Inst::kIdVdivpd, x86::Inst::kIdVdivsd, q, a, b);
  binary(x86::Inst::kIdVsubpd, x86::Inst::kIdVsubsd, t, reciprocal, reciprocal);
  if (wide_) {
    a_.vcmppd(x86::k2, t.as<x86::Zmm>(), t.as<x86::Zmm>(), unordered);
    a_.k(x86::k2).vmovapd(d.as<x86::Zmm>(), q.as<x86::Zmm>());
    return;
  }
  a_.emit(vector_ ? Id{x86::Inst::kIdVcmppd} : Id{x86::Inst::kIdVcmpsd}, t, t, t, Imm(unordered));
  a_.emit(x86::Inst::kIdVblendvpd, d, d, q, t);
}

}  // namespace wengert::exec
