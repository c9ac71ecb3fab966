// The instructions of what is inlined in the fast version of a loop.
#include "emitter.hpp"

namespace wengert::exec {

using namespace asmjit;

// False where it is no such operation.
bool Emitter::inlined(std::uint32_t k) {
  const NativeValue& v = p_->values[k];
  if (v.version == NativeValue::Version::both || careful_) return false;
  if (v.version == NativeValue::Version::called) return adopt(k), true;
  const auto two = [&](Id id) {
    std::uint64_t keep = 0;
    const Vec a = reg(in_register(v.x[0], k, keep));
    const Operand b = in_place(v.x[1], k, keep);
    const int r = fresh(k, keep);
    a_.emit(id, reg(r), a, b);
    registers_.put(k, r);
  };
  const auto shift = [&](Id id) {
    std::uint64_t keep = 0;
    const Vec a = reg(in_register(v.x[0], k, keep));
    const int r = fresh(k, keep);
    a_.emit(id, reg(r), a, Imm(v.pointer));
    registers_.put(k, r);
  };
  switch (v.code) {
    case fused_code:
      return fused(k), true;
    case test_code:
      return test(k), true;
    case bits_plus_code:
      return two(x86::Inst::kIdVpaddq), true;
    case bits_minus_code:
      return two(x86::Inst::kIdVpsubq), true;
    case bits_and_code:
      return two(x86::Inst::kIdVandpd), true;
    case bits_or_code:
      return two(x86::Inst::kIdVorpd), true;
    case bits_xor_code:
      return two(x86::Inst::kIdVxorpd), true;
    case bits_left_code:
      return shift(x86::Inst::kIdVpsllq), true;
    case bits_right_code:
      return shift(x86::Inst::kIdVpsrlq), true;
    default:
      return false;
  }
}

// The result of the formula is that of the function; it moves only where somebody else reads it, too.
void Emitter::adopt(std::uint32_t k) {
  std::uint64_t keep = 0;
  const std::uint32_t from = p_->values[k].x[1];
  const int r = in_register(from, k, keep);
  if (registers_.needed_after(from, k)) {
    const int to = fresh(k, keep);
    move(reg(to), reg(r));
    registers_.put(k, to);
  } else {
    registers_.put(k, r);
  }
}

// The instruction overwrites one of its operands: one that nobody reads any more, else a copy.
void Emitter::fused(std::uint32_t k) {
  const NativeValue& v = p_->values[k];
  std::uint32_t a = v.x[0], b = v.x[1];
  const std::uint32_t c = v.x[2];
  std::uint64_t keep = 0;
  const auto in = [&](std::uint32_t x) { return registers_.of(x) >= 0; };
  const auto ends = [&](std::uint32_t x) { return in(x) && x != remembered_ && !registers_.needed_after(x, k); };
  if (ends(b) && !ends(a)) std::swap(a, b);
  if (!ends(a) && ends(c) && c != b) {
    if (!in(a)) std::swap(a, b);
    const int r = registers_.of(c);
    keep |= std::uint64_t{1} << r;
    const Vec x = reg(in_register(a, k, keep));
    const Operand y = in_place(b, k, keep);
    a_.emit(x86::Inst::kIdVfmadd231pd, reg(r), x, y);
    registers_.put(k, r);
    return;
  }
  int r = registers_.of(a);
  if (!ends(a)) {
    if (in(a) && !in(b)) std::swap(a, b);
    for (const std::uint32_t x : {a, b, c})
      if (in(x)) keep |= std::uint64_t{1} << registers_.of(x);
    r = fresh(k, keep);
    if (in(a))
      move(reg(r), reg(registers_.of(a)));
    else
      fetch(a, reg(r));
  }
  keep |= std::uint64_t{1} << r;
  const Vec d = reg(r);
  if (!in(b) && in(c)) {
    const Operand y = in_place(b, k, keep);
    a_.emit(x86::Inst::kIdVfmadd132pd, d, reg(registers_.of(c)), y);
  } else {
    const Vec x = reg(in_register(b, k, keep));
    const Operand y = in_place(c, k, keep);
    a_.emit(x86::Inst::kIdVfmadd213pd, d, x, y);
  }
  registers_.put(k, r);
}

void Emitter::test(std::uint32_t k) {
  const NativeValue& v = p_->values[k];
  std::uint64_t keep = 0;
  const Vec a = reg(in_register(v.x[0], k, keep));
  const Operand b = in_place(v.x[1], k, keep);
  jumps_ = true;
  find_where(a, b, static_cast<int>(v.pointer));
}

}  // namespace wengert::exec
