// Where values are: in a register, in the frame, or where they came from.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "emitter.hpp"

namespace wengert::exec {

using namespace asmjit;

x86::Mem Emitter::constant(std::uint64_t bits) {
  const auto [at, fresh] = constant_at_.try_emplace(bits);
  if (fresh) {
    *at = static_cast<std::uint32_t>(constants_.size());
    constants_.emplace_back(bits, a_.newLabel());
  }
  return x86::ptr(constants_[*at].second);
}
void Emitter::zero(const Vec& d) { a_.emit(x86::Inst::kIdVxorpd, d, d, d); }
void Emitter::move(const Vec& d, const Operand& s) {
  if (s.isReg() && s.as<Vec>().id() == d.id()) return;
  a_.emit(s.isReg() || vector_ ? (s.isReg() ? Id{x86::Inst::kIdVmovapd} : Id{x86::Inst::kIdVmovupd})
                               : Id{x86::Inst::kIdVmovsd},
          d, s);
}

void Emitter::save(std::uint32_t value) {
  if (p_->values[value].kind != NativeValue::Kind::operation || saved_[value] != 0) return;
  if (slot_[value] < 0) slot_[value] = static_cast<std::int64_t>(slots_++);
  const Mem to = frame(static_cast<std::size_t>(slot_[value]));
  a_.emit(vector_ ? Id{x86::Inst::kIdVmovapd} : Id{x86::Inst::kIdVmovsd}, to, reg(registers_.of(value)));
  saved_[value] = 1;
}

// Where it was saved.
x86::Mem Emitter::saved(std::uint32_t value) {
  if (saved_[value] == 0) errors_.first = "a value is read before it is there";
  return frame(static_cast<std::size_t>(slot_[value]));
}

x86::Gp Emitter::pointer_to(const Pointer& p) {
  if (p.table == Pointer::Table::workspace) return workspace_;
  constexpr std::array<std::uint32_t, 6> free = {x86::Gp::kIdAx, x86::Gp::kIdCx,  x86::Gp::kIdR8,
                                                 x86::Gp::kIdR9, x86::Gp::kIdR10, x86::Gp::kIdR11};
  static_assert(free.size() == std::tuple_size_v<decltype(held_)>);
  for (std::size_t k = 0; k < free.size(); ++k)
    if (held_[k].table == p.table && held_[k].index == p.index) return x86::gpq(free[k]);
  const std::size_t k = held_next_++ % free.size();
  held_[k] = {p.table, p.index};
  a_.mov(x86::gpq(free[k]),
         x86::ptr(p.table == Pointer::Table::input ? in_ : out_, static_cast<std::int32_t>(p.index * 8)));
  return x86::gpq(free[k]);
}
void Emitter::forget_pointers() { held_ = {}; }

// Where a pointer leads: of a loop the element at hand, unless it stands still.
x86::Mem Emitter::element(std::uint32_t pointer, bool moving) {
  const auto size = static_cast<std::uint32_t>(moving ? lanes_ * 8 : 8);
  if (!vector_) {
    const Pointer& p = p_->pointers[pointer];
    return x86::ptr(pointer_to(p), static_cast<std::int32_t>(p.offset * 8), size);
  }
  x86::Gp base = x86::rax;
  if (pointer < pointer_registers_.size())
    base = pointer_registers_[pointer];
  else
    a_.mov(base, x86::ptr(table_, static_cast<std::int32_t>(pointer * 8)));
  return moving ? x86::ptr(base, index_, 3, 0, size) : x86::ptr(base, 0, size);
}

void Emitter::fetch(std::uint32_t value, const Vec& to) {
  const NativeValue& v = p_->values[value];
  if (v.kind == NativeValue::Kind::operation) return move(to, saved(value));
  if (v.kind == NativeValue::Kind::constant) {
    const auto bits = std::bit_cast<std::uint64_t>(v.number);
    return bits == 0 ? zero(to) : move(to, constant(bits));
  }
  if (v.kind == NativeValue::Kind::broadcast) {
    a_.emit(x86::Inst::kIdVbroadcastsd, to, element(v.pointer, false));
    return;
  }
  const Mem from = element(v.pointer, true);
  if (!masked_)
    move(to, from);
  else if (wide_) {
    mask_register();
    a_.k(x86::k1).z().vmovupd(to.as<x86::Zmm>(), from);
  } else {
    a_.vmaskmovpd(to.as<x86::Ymm>(), mask_register().as<x86::Ymm>(), from);
  }
}

void Emitter::store(const NativeProgram::Store& s) {
  const Vec r = reg(registers_.of(s.value));
  const Mem to = element(s.pointer, true);
  if (!vector_)
    a_.vmovsd(to, r.as<x86::Xmm>());
  else if (!masked_)
    a_.emit(x86::Inst::kIdVmovupd, to, r);
  else if (wide_) {
    mask_register();
    a_.k(x86::k1).vmovupd(to, r.as<x86::Zmm>());
  } else {
    a_.vmaskmovpd(to, mask_register().as<x86::Ymm>(), r.as<x86::Ymm>());
  }
}

// Nothing forgets a product that was not looked at and can not be any more.
void Emitter::drop(int r) {
  if (remembered_ != Registers::empty && registers_.value_in(r) == remembered_ && saved_[remembered_] == 0) look();
  registers_.drop(r);
}

// Frees the register of what was read for the last time; what is remembered waits for the look at it.
void Emitter::drop_if_read(std::uint32_t value, std::uint32_t position) {
  const int r = registers_.of(value);
  if (r >= 0 && value != remembered_ && !registers_.needed_after(value, position)) registers_.drop(r);
}

int Emitter::fresh(std::uint32_t position, std::uint64_t keep) {
  const int r = registers_.choose(position, keep);
  if (const std::uint32_t v = registers_.value_in(r); v != Registers::empty) {
    if (registers_.needed_after(v, position - 1)) save(v);
    drop(r);
  }
  return r;
}

int Emitter::in_register(std::uint32_t value, std::uint32_t position, std::uint64_t& keep) {
  int r = registers_.of(value);
  if (r < 0) {
    r = fresh(position, keep);
    fetch(value, reg(r));
    registers_.put(value, r);
  }
  keep |= std::uint64_t{1} << r;
  return r;
}

// An operand that an instruction may read from memory: constants, and what is read but here.
Operand Emitter::in_place(std::uint32_t value, std::uint32_t position, std::uint64_t& keep) {
  const NativeValue& v = p_->values[value];
  if (registers_.of(value) < 0) {
    const bool last = !registers_.needed_after(value, position);
    if (v.kind == NativeValue::Kind::constant && last) return constant(std::bit_cast<std::uint64_t>(v.number));
    if (v.kind == NativeValue::Kind::operation && last) return saved(value);
    if (v.kind == NativeValue::Kind::load && last && !masked_) return element(v.pointer, true);
  }
  return reg(in_register(value, position, keep));
}

void Emitter::save_all_needed_after(std::uint32_t position) {
  for (int r = 0; r < registers_.count(); ++r)
    if (const std::uint32_t v = registers_.value_in(r); v != Registers::empty && registers_.needed_after(v, position))
      save(v);
}
void Emitter::clear_registers() {
  for (int r = 0; r < registers_.count(); ++r) drop(r);
}

// --- products to look at

// A factor that is finite and not 0 neither annihilates nor is annihilated.
bool Emitter::strong(const NativeValue& v) const {
  if (v.kind != NativeValue::Kind::operation || v.code != code_of<StrongMul>) return false;
  for (int j = 0; j < 2; ++j) {
    const NativeValue& x = p_->values[v.x[j]];
    if (x.kind == NativeValue::Kind::constant && std::isfinite(x.number) && x.number != 0) return false;
  }
  return true;
}

// Each strong product is seen at the last value that its own being no number reaches for certain.
void Emitter::find_looks() {
  const auto n = static_cast<std::uint32_t>(p_->values.size());
  std::vector<std::uint32_t>& end = ends_;
  end.resize(n);
  std::iota(end.begin(), end.end(), 0u);
  looked_at_.assign(n, 0);
  for (std::uint32_t k = n; k-- > 0;) {
    const NativeValue& v = p_->values[k];
    if (strong(v)) looked_at_[end[k]] = 1;
    if (reciprocal(k)) looked_at_[k] = 1;
    if (v.kind != NativeValue::Kind::operation || !keeps_not_numbers(v.code)) continue;
    for (std::size_t j = 0; j < operands_of(v.code); ++j) end[v.x[j]] = std::max(end[v.x[j]], end[k]);
  }
}

void Emitter::remember(std::uint32_t value) {
  if (remembered_ == Registers::empty) {
    remembered_ = value;
    return;
  }
  const std::uint32_t other = remembered_;
  remembered_ = Registers::empty;
  const Vec x = looked_at(other, 0);
  look_at(x, looked_at(value, 1));
  drop_if_read(other, value);
}
void Emitter::look() {
  if (remembered_ == Registers::empty) return;
  const Vec x = looked_at(remembered_, 0);
  remembered_ = Registers::empty;
  look_at(x, x);
}

// What is not a number where the value is none, or is a reciprocal that is infinite: the difference of an infinite one
// and itself is none.
Emitter::Vec Emitter::looked_at(std::uint32_t value, int k) {
  const int r = registers_.of(value);
  const Vec x = r >= 0 ? reg(r) : temporary(k);
  if (r < 0) fetch(value, x);
  if (!reciprocal(value)) return x;
  binary(x86::Inst::kIdVsubpd, x86::Inst::kIdVsubsd, temporary(k), x, x);
  return temporary(k);
}

// One comparison says whether either is not a number.
void Emitter::look_at(const Vec& a, const Vec& b) {
  constexpr int unordered = 3;
  jumps_ = true;
  if (vector_) return find_where(a, b, unordered);
  a_.vucomisd(a.as<x86::Xmm>(), b.as<x86::Xmm>());
  a_.jp(again_);
}

// Of a loop.
void Emitter::find_where(const Vec& a, const Operand& b, int predicate) {
  if (wide_) {
    a_.emit(x86::Inst::kIdVcmppd, found_ ? x86::k2 : x86::k3, a, b, Imm(predicate));
    if (found_) a_.korb(x86::k3, x86::k3, x86::k2);
  } else {
    const Vec found = temporary(2), t = found_ ? temporary(1) : found;
    a_.emit(x86::Inst::kIdVcmppd, t, a, b, Imm(predicate));
    if (found_) a_.emit(x86::Inst::kIdVorpd, found, found, t);
  }
  found_ = true;
}

void Emitter::leave_if_any() {
  if (!found_) return;
  found_ = false;
  if (wide_) {
    a_.kortestb(x86::k3, x86::k3);
  } else {
    const x86::Ymm found = temporary(2).as<x86::Ymm>();
    a_.vtestpd(found, found);
  }
  a_.jnz(again_);
}

}  // namespace wengert::exec
