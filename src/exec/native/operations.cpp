// What each operation is in instructions of this processor.
#include <bit>
#include <cmath>

#include "emitter.hpp"

namespace wengert::exec {

using namespace asmjit;

void Emitter::operation(std::uint32_t k) {
  if (!pair_.empty() && pair_[k] < k) {  // computed with its partner
    const int r = fresh(k, {});
    fetch(k, reg(r));
    registers_.put(k, r);
    return;
  }
  if (!inlined(k) && !simple(k)) call(k);
}

void Emitter::binary(Id packed, Id single, const Vec& d, const Operand& a, const Operand& b) {
  a_.emit(vector_ ? packed : single, d, a, b);
}

// 1 where it holds, else 0.
void Emitter::compare(const Vec& d, const Vec& a, const Vec& b, int predicate) {
  const Mem one = constant(std::bit_cast<std::uint64_t>(1.0));
  if (wide_) {
    a_.vcmppd(x86::k2, a.as<x86::Zmm>(), b.as<x86::Zmm>(), predicate);
    a_.k(x86::k2).z().vmovupd(d.as<x86::Zmm>(), one);
    return;
  }
  a_.emit(vector_ ? Id{x86::Inst::kIdVcmppd} : Id{x86::Inst::kIdVcmpsd}, d, a, b, Imm(predicate));
  a_.emit(x86::Inst::kIdVandpd, d, d, one);
}

constexpr int equal = 0, less_than = 1, less_or_equal = 2, unordered = 3, not_equal_or_unordered = 4, not_equal = 12;

// a where c is neither 0 nor NaN, else b.
void Emitter::choose(const Vec& d, const Vec& c, const Vec& a, const Vec& b) {
  const Vec t = temporary(0);
  zero(t);
  if (wide_) {
    a_.vcmppd(x86::k2, c.as<x86::Zmm>(), t.as<x86::Zmm>(), not_equal);
    a_.k(x86::k2).vblendmpd(d.as<x86::Zmm>(), b.as<x86::Zmm>(), a.as<x86::Zmm>());
    return;
  }
  a_.emit(vector_ ? Id{x86::Inst::kIdVcmppd} : Id{x86::Inst::kIdVcmpsd}, t, c, t, Imm(not_equal));
  a_.emit(x86::Inst::kIdVblendvpd, d, b, a, t);
}

// The larger or smaller; NaN if either is.
void Emitter::extreme(const Vec& d, const Vec& a, const Vec& b, bool largest) {
  if (largest)
    binary(x86::Inst::kIdVmaxpd, x86::Inst::kIdVmaxsd, d, b, a);
  else
    binary(x86::Inst::kIdVminpd, x86::Inst::kIdVminsd, d, b, a);  // a if one of them is NaN
  if (wide_) {
    a_.vcmppd(x86::k2, b.as<x86::Zmm>(), b.as<x86::Zmm>(), unordered);
    a_.k(x86::k2).vmovapd(d.as<x86::Zmm>(), b.as<x86::Zmm>());
    return;
  }
  const Vec t = temporary(0);
  a_.emit(vector_ ? Id{x86::Inst::kIdVcmppd} : Id{x86::Inst::kIdVcmpsd}, t, b, b, Imm(unordered));
  a_.emit(x86::Inst::kIdVblendvpd, d, d, b, t);
}

// Of the careful version: 0 where the product is no number and a factor is 0.
void Emitter::strong_product(const Vec& d, const Vec& a, const Vec& b) {
  const Vec t = temporary(0), u = temporary(1);
  binary(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, d, a, b);
  zero(u);
  if (wide_) {
    a_.vcmppd(x86::k2, d.as<x86::Zmm>(), d.as<x86::Zmm>(), unordered);
    a_.vcmppd(x86::k3, a.as<x86::Zmm>(), u.as<x86::Zmm>(), equal);
    a_.vcmppd(x86::k4, b.as<x86::Zmm>(), u.as<x86::Zmm>(), equal);
    a_.korb(x86::k3, x86::k3, x86::k4);
    a_.kandb(x86::k2, x86::k2, x86::k3);
    a_.k(x86::k2).vmovapd(d.as<x86::Zmm>(), u.as<x86::Zmm>());
    return;
  }
  const Id cmp = vector_ ? Id{x86::Inst::kIdVcmppd} : Id{x86::Inst::kIdVcmpsd};
  a_.emit(cmp, t, a, u, Imm(equal));
  a_.emit(cmp, u, b, u, Imm(equal));
  a_.emit(x86::Inst::kIdVorpd, t, t, u);
  a_.emit(cmp, u, d, d, Imm(unordered));
  a_.emit(x86::Inst::kIdVandpd, t, t, u);
  a_.emit(x86::Inst::kIdVandnpd, d, t, d);
}

bool called(const NativeValue& v) {
  if (v.kind != NativeValue::Kind::operation || v.version != NativeValue::Version::both) return false;
  switch (v.code) {
    case code_of<Add>:
    case code_of<Sub>:
    case code_of<Mul>:
    case code_of<Div>:
    case code_of<Neg>:
    case code_of<Abs>:
    case code_of<Less>:
    case code_of<Greater>:
    case code_of<LessEqual>:
    case code_of<GreaterEqual>:
    case code_of<Equal>:
    case code_of<NotEqual>:
    case code_of<StrongMul>:
    case code_of<Select>:
    case code_of<Max>:
    case code_of<Min>:
    case code_of<Sqrt>:
    case copy_code:
    case square_code:
    case cube_code:
    case reciprocal_code:
      return false;
    default:
      return true;
  }
}

// False where it is a call.
bool Emitter::simple(std::uint32_t k) {
  const NativeValue& v = p_->values[k];
  std::uint64_t keep = 0;
  Vec x[3];
  const auto take = [&](std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) x[j] = reg(in_register(v.x[j], k, keep));
  };
  const auto result = [&] {
    const int r = fresh(k, keep);
    registers_.put(k, r);
    return reg(r);
  };
  const auto two = [&](Id packed, Id single, bool commutes, std::size_t other = 1) {
    std::uint32_t first = v.x[0], second = v.x[other];
    if (commutes && registers_.of(first) < 0 && registers_.of(second) >= 0) std::swap(first, second);
    const Vec a = reg(in_register(first, k, keep));
    const Operand b = in_place(second, k, keep);
    binary(packed, single, result(), a, b);
    return true;
  };
  const auto comparing = [&](int predicate, bool swapped) {
    take(2);
    const Vec d = result();
    compare(d, swapped ? x[1] : x[0], swapped ? x[0] : x[1], predicate);
    return true;
  };
  const auto with_bits = [&](Id id, std::uint64_t bits) {
    take(1);
    const Vec d = result();
    a_.emit(id, d, x[0], constant(bits));
    return true;
  };
  switch (v.code) {
    case code_of<Add>:
      return two(x86::Inst::kIdVaddpd, x86::Inst::kIdVaddsd, true);
    case code_of<Sub>:
      return two(x86::Inst::kIdVsubpd, x86::Inst::kIdVsubsd, false);
    case code_of<Mul>:
      return two(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, true);
    case code_of<Div>:
      if (!by_reciprocal(v)) return two(x86::Inst::kIdVdivpd, x86::Inst::kIdVdivsd, false);
      if (!careful_) return two(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, true, 2);
      take(3);
      quotient(result(), x[0], x[1], x[2]);
      return true;
    case reciprocal_code:  // whether it is finite is looked at
      return two(x86::Inst::kIdVdivpd, x86::Inst::kIdVdivsd, false);
    case code_of<Neg>:
      return with_bits(x86::Inst::kIdVxorpd, std::uint64_t{1} << 63);
    case code_of<Abs>:
      return with_bits(x86::Inst::kIdVandpd, ~(std::uint64_t{1} << 63));
    case code_of<Less>:
      return comparing(less_than, false);
    case code_of<Greater>:
      return comparing(less_than, true);
    case code_of<LessEqual>:
      return comparing(less_or_equal, false);
    case code_of<GreaterEqual>:
      return comparing(less_or_equal, true);
    case code_of<Equal>:
      return comparing(equal, false);
    case code_of<NotEqual>:
      return comparing(not_equal_or_unordered, false);
    default:
      break;
  }
  if (v.code == code_of<StrongMul>) {
    if (!careful_ || !strong(v)) return two(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, true);
    take(2);
    strong_product(result(), x[0], x[1]);
  } else if (v.code == code_of<Select>) {
    take(3);
    choose(result(), x[0], x[1], x[2]);
  } else if (v.code == code_of<Max> || v.code == code_of<Min>) {
    take(2);
    extreme(result(), x[0], x[1], v.code == code_of<Max>);
  } else if (v.code == code_of<Sqrt>) {
    take(1);
    const Vec d = result();
    if (vector_)
      a_.emit(x86::Inst::kIdVsqrtpd, d, x[0]);
    else
      a_.emit(x86::Inst::kIdVsqrtsd, d, x[0], x[0]);
  } else if (v.code == copy_code) {
    take(1);
    move(result(), x[0]);
  } else if (v.code == square_code || v.code == cube_code) {
    take(1);
    const Vec d = result();
    binary(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, d, x[0], x[0]);
    if (v.code == cube_code) binary(x86::Inst::kIdVmulpd, x86::Inst::kIdVmulsd, d, d, x[0]);
  } else {
    return false;
  }
  return true;
}

void Emitter::call_address(const void* f) {
  a_.call(reinterpret_cast<std::uint64_t>(f));
  forget_pointers();
  mask_ready_ = false;
}

// Both results go to where they would be saved.
void Emitter::sine_and_cosine(std::uint32_t k) {
  const std::uint32_t other = pair_[k];
  const bool sine = p_->values[k].code == code_of<Sin>;
  for (const std::uint32_t v : {k, other}) {
    if (slot_[v] < 0) slot_[v] = static_cast<std::int64_t>(slots_++);
    saved_[v] = 1;
  }
  a_.lea(x86::rdi, frame(static_cast<std::size_t>(slot_[sine ? k : other])));
  a_.lea(x86::rsi, frame(static_cast<std::size_t>(slot_[sine ? other : k])));
  call_address(reinterpret_cast<const void*>(&::sincos));
  fetch(k, reg(0));
}

void Emitter::operands_to_frame(const NativeValue& v, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    int r = registers_.of(v.x[j]);
    if (r < 0) {
      fetch(v.x[j], temporary(1));
      r = allocatable(wide_) + 1;
    }
    a_.emit(vector_ ? Id{x86::Inst::kIdVmovapd} : Id{x86::Inst::kIdVmovsd}, frame(j), reg(r));
  }
}

// The row's own function of numbers, or the kernel that an interpreter would call.
void Emitter::call_by_frame(Code code) {
  if (!vector_) {
    for (std::size_t j = 0; j < 3; ++j) a_.vmovsd(x86::xmm(static_cast<std::uint32_t>(j)), frame(j));
    return call_address(reinterpret_cast<const void*>(element_function(code)));
  }
  a_.lea(x86::rdi, frame(3));
  a_.lea(x86::rsi, frame(0));
  a_.lea(x86::rdx, frame(1));
  a_.lea(x86::rcx, frame(2));
  a_.mov(x86::r8d, 7);
  a_.mov(x86::r9d, static_cast<std::int32_t>(lanes_));
  call_address(reinterpret_cast<const void*>(kernels_.elementwise[code]));
  a_.emit(x86::Inst::kIdVmovapd, reg(0), frame(3));
}

// Functions keep no vector register: what is needed later is saved first.
void Emitter::call(std::uint32_t k) {
  const NativeValue& v = p_->values[k];
  if (remembered_ != Registers::empty && !registers_.needed_after(remembered_, k)) look();
  leave_if_any();
  save_all_needed_after(k);
  const void* direct = !vector_ ? kernels_.scalar_function[v.code] : kernels_.vector_function[v.code];
  const bool two = vector_ && row_of(static_cast<Op>(v.code)).arity == 2;
  if (direct != nullptr && two) {
    operands_to_frame(v, 2);
    clear_registers();
    move(reg(0), frame(0));
    move(reg(1), frame(1));
    call_address(direct);
  } else if (direct != nullptr) {
    if (const int r = registers_.of(v.x[0]); r >= 0)
      move(reg(0), reg(r));
    else
      fetch(v.x[0], reg(0));
    clear_registers();
    if (!pair_.empty() && pair_[k] != Registers::empty)
      sine_and_cosine(k);
    else
      call_address(direct);
  } else {
    operands_to_frame(v, 3);
    clear_registers();
    call_by_frame(v.code);
  }
  registers_.put(k, 0);
}

}  // namespace wengert::exec
