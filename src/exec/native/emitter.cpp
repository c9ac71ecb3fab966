#include "emitter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <tuple>

namespace wengert::exec {

using namespace asmjit;

namespace {

// Registers of the loop: r12 the element at hand, r13 how many are left, r14 the count, r15 a pointer.
const x86::Gp index_register = x86::r12, left = x86::r13, count_register = x86::r14, pointer = x86::rax;
constexpr std::size_t scratch_slots = 4;  // three operands of a call, one result

}  // namespace

Emitter::Emitter(CodeHolder& code, const NativeProgram& program, InstructionSet instructions,
                 const KernelTable& kernels)
    : a_(&code),
      p_(program),
      kernels_(kernels),
      vector_(program.vector),
      wide_(program.vector && instructions == InstructionSet::avx512),
      lanes_(!program.vector ? 1
             : wide_         ? 8
                             : 4),
      registers_(program, allocatable(wide_)),
      stores_of_(program.values.size()),
      slot_(program.values.size(), -1),
      saved_(program.values.size()) {
  collect_pointers();
  mask_label_ = a_.newLabel();
}

void Emitter::collect_pointers() {
  // A loop keeps its base addresses in the frame, a single pass finds them in the tables.
  const auto place = [&](const Pointer& p) {
    if (std::find(pointers_.begin(), pointers_.end(), p) == pointers_.end()) pointers_.push_back(p);
  };
  for (const NativeValue& v : p_.values)
    if (vector_ && v.kind != NativeValue::Kind::operation) place(v.from);
  // A store waits until the end where a load may still read what it overwrites.
  using Line = std::tuple<Pointer::Table, std::uint32_t, std::uint32_t>;
  std::set<std::pair<Line, std::uint32_t>> loaded;
  const auto line = [](const Pointer& p) { return Line{p.table, p.index, p.columns}; };
  for (const NativeValue& v : p_.values)
    if (v.kind != NativeValue::Kind::operation) loaded.emplace(line(v.from), v.from.offset);
  for (std::uint32_t k = 0; k < p_.stores.size(); ++k) {
    const Pointer& to = p_.stores[k].to;
    if (vector_) place(to);
    const auto near = static_cast<std::uint32_t>(lanes_ - 1);
    const auto it = loaded.lower_bound({line(to), to.offset > near ? to.offset - near : 0});
    const bool read = it != loaded.end() && it->first == line(to) && it->second <= to.offset + near;
    if (read || p_.values[p_.stores[k].value].kind != NativeValue::Kind::operation)
      late_.push_back(k);
    else
      stores_of_[p_.stores[k].value].push_back(k);
  }
  // sin and cos of one number come from one call.
  std::map<std::pair<std::uint32_t, bool>, std::uint32_t> met;
  for (std::uint32_t k = 0; k < p_.values.size() && !vector_; ++k) {
    const NativeValue& v = p_.values[k];
    if (v.kind != NativeValue::Kind::operation || (v.code != code_of<Sin> && v.code != code_of<Cos>)) continue;
    const bool sine = v.code == code_of<Sin>;
    met[{v.x[0], sine}] = k;
    if (const auto other = met.find({v.x[0], !sine}); other != met.end()) {
      pair_[k] = other->second;
      pair_[other->second] = k;
    }
  }
  awaited_.resize(p_.values.size());
  for (std::uint32_t s : late_) awaited_[p_.stores[s].value] = 1;
}

Emitter::Vec Emitter::reg(int id) const {
  const auto n = static_cast<std::uint32_t>(id);
  if (!vector_) return x86::xmm(n);
  return wide_ ? static_cast<Vec>(x86::zmm(n)) : static_cast<Vec>(x86::ymm(n));
}
Emitter::Vec Emitter::temporary(int k) const { return reg(allocatable(wide_) + k); }

x86::Mem Emitter::frame(std::size_t slot) const {
  return x86::ptr(x86::rsp, static_cast<std::int32_t>(slot * lanes_ * 8), static_cast<std::uint32_t>(lanes_ * 8));
}

// The frame: scratch for calls, saved values, base addresses, the tail's mask.
void Emitter::prologue() {
  for (const x86::Gp& r : {x86::rbp, x86::rbx, x86::r12, x86::r13, x86::r14, x86::r15}) a_.push(r);
  a_.mov(x86::rbp, x86::rsp);
  a_.mov(x86::rbx, x86::rdi);
  a_.and_(x86::rsp, -64);
}

void Emitter::epilogue() {
  if (vector_) a_.vzeroupper();
  a_.mov(x86::rsp, x86::rbp);
  for (const x86::Gp& r : {x86::r15, x86::r14, x86::r13, x86::r12, x86::rbx, x86::rbp}) a_.pop(r);
  a_.ret();
}

bool Emitter::emit() {
  a_.setErrorHandler(&errors_);
  // How much is saved is known afterwards: every value at most once. The pages are touched only if they are used.
  std::size_t operations = 0;
  for (const NativeValue& v : p_.values) operations += v.kind == NativeValue::Kind::operation ? 1 : 0;
  const std::size_t values = (scratch_slots + operations) * lanes_ * 8;
  pointers_at_ = static_cast<std::int32_t>(values);
  mask_at_ = static_cast<std::int32_t>(values + pointers_.size() * 8);
  frame_bytes_ = (values + pointers_.size() * 8 + 8 + 63) / 64 * 64;
  slots_ = scratch_slots;
  prologue();
  a_.sub(x86::rsp, static_cast<std::int32_t>(frame_bytes_));
  if (!vector_) {
    a_.mov(x86::r12, x86::rsi);
    a_.mov(x86::r13, x86::rdx);
    body(false);
    epilogue();
  } else {
    a_.mov(count_register, x86::rcx);
    for (std::size_t k = 0; k < pointers_.size(); ++k) {
      const Pointer& p = pointers_[k];
      if (p.table == Pointer::Table::workspace)
        a_.mov(pointer, x86::rbx);
      else
        a_.mov(pointer, x86::ptr(p.table == Pointer::Table::input ? x86::rsi : x86::rdx,
                                 static_cast<std::int32_t>(p.index * 8)));
      if (p.columns > 0) {  // the fifth argument says how far columns are apart
        a_.imul(x86::r11, x86::r8, static_cast<std::int32_t>(p.columns * 8));
        a_.add(pointer, x86::r11);
      }
      if (p.offset > 0) a_.add(pointer, static_cast<std::int32_t>(p.offset * 8));
      a_.mov(x86::ptr(x86::rsp, pointers_at_ + static_cast<std::int32_t>(k * 8)), pointer);
    }
    const Label loop = a_.newLabel(), tail = a_.newLabel(), end = a_.newLabel();
    a_.xor_(index_register, index_register);
    a_.mov(left, count_register);
    a_.bind(loop);
    a_.cmp(left, static_cast<std::int32_t>(lanes_));
    a_.jb(tail);
    body(false);
    a_.add(index_register, static_cast<std::int32_t>(lanes_));
    a_.sub(left, static_cast<std::int32_t>(lanes_));
    a_.jmp(loop);
    a_.bind(tail);
    a_.test(left, left);
    a_.jz(end);
    if (wide_) {
      a_.mov(x86::eax, -1);
      a_.bzhi(x86::eax, x86::eax, left.r32());
      a_.mov(x86::ptr(x86::rsp, mask_at_), x86::rax);
    }
    body(true);
    a_.bind(end);
    epilogue();
  }
  for (const auto& c : cold_) c();
  a_.align(AlignMode::kData, 64);
  for (const auto& [bits, label] : constants_) {
    a_.bind(label);
    for (std::size_t l = 0; l < 8; ++l) a_.embedUInt64(bits);
  }
  if (vector_ && !wide_) {  // four lanes on, four off: a tail's mask begins within
    a_.bind(mask_label_);
    for (std::size_t l = 0; l < 8; ++l) a_.embedUInt64(l < 4 ? ~std::uint64_t{0} : 0);
  }
  return errors_.first.empty();
}

void Emitter::body(bool tail) {
  tail_ = tail;
  registers_ = Registers(p_, allocatable(wide_));
  std::fill(saved_.begin(), saved_.end(), std::uint8_t{0});
  for (std::uint32_t k = 0; k < p_.values.size(); ++k) {
    if (p_.values[k].kind != NativeValue::Kind::operation) continue;
    operation(k);
    for (std::uint32_t s : stores_of_[k]) store(p_.stores[s], s);
    if (awaited_[k] != 0) save(k);
    if (const int r = registers_.of(k); r >= 0 && !registers_.needed_after(k, k)) registers_.drop(r);
  }
  for (std::uint32_t s : late_) {
    const std::uint32_t v = p_.stores[s].value;
    if (registers_.of(v) < 0) {
      clear_registers();
      fetch(v, reg(0));
      registers_.put(v, 0);
    }
    store(p_.stores[s], s);
  }
}

// --- values and registers

x86::Mem Emitter::constant(std::uint64_t bits) {
  const auto [it, fresh] = constants_.try_emplace(bits);
  if (fresh) it->second = a_.newLabel();
  return x86::ptr(it->second, 0, static_cast<std::uint32_t>(vector_ ? lanes_ * 8 : 16));
}
void Emitter::zero(const Vec& d) { a_.emit(x86::Inst::kIdVxorpd, d, d, d); }
void Emitter::move(const Vec& d, const Operand& s) {
  if (s.isReg() && s.as<Vec>().id() == d.id()) return;
  a_.emit(s.isReg() || vector_ ? (s.isReg() ? Id{x86::Inst::kIdVmovapd} : Id{x86::Inst::kIdVmovupd})
                               : Id{x86::Inst::kIdVmovsd},
          d, s);
}

void Emitter::save(std::uint32_t value) {
  if (p_.values[value].kind != NativeValue::Kind::operation || saved_[value] != 0) return;
  if (slot_[value] < 0) slot_[value] = static_cast<std::int64_t>(slots_++);
  const Mem to = frame(static_cast<std::size_t>(slot_[value]));
  a_.emit(vector_ ? Id{x86::Inst::kIdVmovapd} : Id{x86::Inst::kIdVmovsd}, to, reg(registers_.of(value)));
  saved_[value] = 1;
}

// Where a pointer leads: of a loop the element at hand.
x86::Mem Emitter::element(const Pointer& p, bool moving) {
  const auto size = static_cast<std::uint32_t>(moving ? lanes_ * 8 : 8);
  if (!vector_) {
    const auto offset = static_cast<std::int32_t>(p.offset * 8);
    if (p.table == Pointer::Table::workspace) return x86::ptr(x86::rbx, offset, size);
    a_.mov(pointer,
           x86::ptr(p.table == Pointer::Table::input ? x86::r12 : x86::r13, static_cast<std::int32_t>(p.index * 8)));
    return x86::ptr(pointer, offset, size);
  }
  const auto k = static_cast<std::size_t>(std::find(pointers_.begin(), pointers_.end(), p) - pointers_.begin());
  a_.mov(pointer, x86::ptr(x86::rsp, pointers_at_ + static_cast<std::int32_t>(k * 8)));
  return moving ? x86::ptr(pointer, index_register, 3, 0, size) : x86::ptr(pointer, 0, size);
}

void Emitter::fetch(std::uint32_t value, const Vec& to) {
  const NativeValue& v = p_.values[value];
  if (v.kind == NativeValue::Kind::operation) return move(to, frame(static_cast<std::size_t>(slot_[value])));
  if (v.kind == NativeValue::Kind::broadcast && vector_) {
    a_.emit(x86::Inst::kIdVbroadcastsd, to, element(v.from, false));
    return;
  }
  const Mem from = element(v.from, true);
  if (!vector_)
    a_.vmovsd(to.as<x86::Xmm>(), from);
  else if (!tail_)
    a_.emit(x86::Inst::kIdVmovupd, to, from);
  else if (wide_) {
    a_.kmovw(x86::k1, x86::word_ptr(x86::rsp, mask_at_));
    a_.k(x86::k1).z().vmovupd(to.as<x86::Zmm>(), from);
  } else {
    a_.lea(x86::r11, x86::ptr(mask_label_, 32));
    a_.mov(x86::r10, left);
    a_.neg(x86::r10);
    a_.vmovupd(temporary(0).as<x86::Ymm>(), x86::ptr(x86::r11, x86::r10, 3, 0, 32));
    a_.vmaskmovpd(to.as<x86::Ymm>(), temporary(0).as<x86::Ymm>(), from);
  }
}

void Emitter::store(const NativeProgram::Store& s, std::uint32_t) {
  const Vec r = reg(registers_.of(s.value));
  const Mem to = element(s.to, true);
  if (!vector_)
    a_.vmovsd(to, r.as<x86::Xmm>());
  else if (!tail_)
    a_.emit(x86::Inst::kIdVmovupd, to, r);
  else if (wide_) {
    a_.kmovw(x86::k1, x86::word_ptr(x86::rsp, mask_at_));
    a_.k(x86::k1).vmovupd(to, r.as<x86::Zmm>());
  } else {
    a_.lea(x86::r11, x86::ptr(mask_label_, 32));
    a_.mov(x86::r10, left);
    a_.neg(x86::r10);
    a_.vmovupd(temporary(0).as<x86::Ymm>(), x86::ptr(x86::r11, x86::r10, 3, 0, 32));
    a_.vmaskmovpd(to, temporary(0).as<x86::Ymm>(), r.as<x86::Ymm>());
  }
}

int Emitter::fresh(std::uint32_t position, const std::vector<int>& keep) {
  const int r = registers_.choose(position, keep);
  if (const std::uint32_t v = registers_.value_in(r); v != Registers::empty) {
    if (registers_.needed_after(v, position - 1)) save(v);
    registers_.drop(r);
  }
  return r;
}

int Emitter::in_register(std::uint32_t value, std::uint32_t position, std::vector<int>& keep) {
  int r = registers_.of(value);
  if (r < 0) {
    r = fresh(position, keep);
    fetch(value, reg(r));
    registers_.put(value, r);
  }
  keep.push_back(r);
  return r;
}

void Emitter::save_all_needed_after(std::uint32_t position) {
  for (int r = 0; r < registers_.count(); ++r)
    if (const std::uint32_t v = registers_.value_in(r); v != Registers::empty && registers_.needed_after(v, position))
      save(v);
}
void Emitter::clear_registers() {
  for (int r = 0; r < registers_.count(); ++r) registers_.drop(r);
}

}  // namespace wengert::exec
