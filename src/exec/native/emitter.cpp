#include "emitter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wengert::exec {

using namespace asmjit;

namespace {

// Of a loop, rbx has its pointers, r12 is the element at hand and r13 says how many are left. Of single numbers, the
// workspace, the inputs and the outputs stay where the caller put them; where functions are called, in rbx, r12 and
// r13.
const x86::Gp index_register = x86::r12, left = x86::r13, pointer_register = x86::rax;
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
      stores_begin_(program.values.size() + 1),
      awaited_(program.values.size()),
      slot_(program.values.size(), -1),
      saved_(program.values.size()) {
  mask_label_ = a_.newLabel();
  again_ = a_.newLabel();
  for (const NativeValue& v : p_.values) calls_ = calls_ || called(v);
  const auto waits = [&](const NativeProgram::Store& s) {
    return s.late || p_.values[s.value].kind != NativeValue::Kind::operation;
  };
  for (const NativeProgram::Store& s : p_.stores) {
    if (waits(s))
      awaited_[s.value] = 1;
    else
      ++stores_begin_[s.value + 1];
  }
  for (std::size_t k = 1; k < stores_begin_.size(); ++k) stores_begin_[k] += stores_begin_[k - 1];
  stores_.resize(stores_begin_.back());
  std::vector<std::uint32_t> at(stores_begin_.begin(), stores_begin_.end() - 1);
  for (std::uint32_t k = 0; k < p_.stores.size(); ++k)
    if (!waits(p_.stores[k])) stores_[at[p_.stores[k].value]++] = k;
  for (const NativeProgram::Store& s : p_.sums) awaited_[s.value] = 1;
  find_looks();
  find_pairs();
  // Registers that hold pointers all the time; a call keeps two of them.
  if (vector_) {
    pointer_registers_ = {x86::r14, x86::r15};
    if (!calls_)
      for (const x86::Gp& r : {x86::rcx, x86::rdx, x86::rsi, x86::rdi, x86::r8, x86::r9})
        pointer_registers_.push_back(r);
  }
}

// sin and cos of one number come from one call.
void Emitter::find_pairs() {
  if (vector_) return;
  FlatMap<std::uint64_t> met;
  for (std::uint32_t k = 0; k < p_.values.size(); ++k) {
    const NativeValue& v = p_.values[k];
    if (v.kind != NativeValue::Kind::operation || (v.code != code_of<Sin> && v.code != code_of<Cos>)) continue;
    if (pair_.empty()) pair_.assign(p_.values.size(), Registers::empty);
    const std::uint64_t sine = v.code == code_of<Sin> ? 1 : 0, x = std::uint64_t{v.x[0]} << 1;
    *met.try_emplace(x | sine).first = k;
    if (const std::uint32_t* other = met.find(x | (1 - sine))) {
      pair_[k] = *other;
      pair_[*other] = k;
      registers_.forget_use(v.x[0], k);  // the call for the other one reads it
    }
  }
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
x86::Mem Emitter::mask() const { return x86::ptr(x86::rsp, mask_at_, wide_ ? 8 : 32); }

// The frame: scratch for calls, saved values, the sums' accumulators, the mask.
void Emitter::prologue() {
  if (vector_) {
    for (const x86::Gp& r : {x86::rbp, x86::rbx, x86::r12, x86::r13, x86::r14, x86::r15}) a_.push(r);
    a_.mov(x86::rbp, x86::rsp);
    a_.and_(x86::rsp, -64);
    a_.mov(x86::rbx, x86::rdi);
  } else if (calls_) {
    keeps_workspace_ = std::any_of(p_.pointers.begin(), p_.pointers.end(),
                                   [](const Pointer& p) { return p.table == Pointer::Table::workspace; });
    if (keeps_workspace_) {
      a_.push(x86::rbx);
      a_.mov(x86::rbx, x86::rdi);
      workspace_ = x86::rbx;
    }
    for (const x86::Gp& r : {x86::r12, x86::r13}) a_.push(r);
    a_.mov(x86::r12, x86::rsi);
    a_.mov(x86::r13, x86::rdx);
    in_ = x86::r12;
    out_ = x86::r13;
  }
  // How much is saved is known afterwards: every value at most once. The pages are touched only if they are used.
  std::size_t operations = 0;
  for (const NativeValue& v : p_.values) operations += v.kind == NativeValue::Kind::operation ? 1 : 0;
  const std::size_t values = ((scratch_slots + operations) * lanes_ * 8 + 63) / 64 * 64;
  sums_at_ = static_cast<std::int32_t>(values);
  mask_at_ = static_cast<std::int32_t>(values + p_.sums.size() * 64);
  frame_bytes_ = values + p_.sums.size() * 64 + 64;
  if (!vector_ && !keeps_workspace_) frame_bytes_ += 8;  // calls find the stack aligned to 16 bytes
  slots_ = scratch_slots;
  a_.sub(x86::rsp, static_cast<std::int32_t>(frame_bytes_));
}

void Emitter::epilogue() {
  if (vector_) {
    a_.vzeroupper();
    a_.mov(x86::rsp, x86::rbp);
    for (const x86::Gp& r : {x86::r15, x86::r14, x86::r13, x86::r12, x86::rbx, x86::rbp}) a_.pop(r);
  } else {
    a_.add(x86::rsp, static_cast<std::int32_t>(frame_bytes_));
    if (calls_)
      for (const x86::Gp& r : {x86::r13, x86::r12}) a_.pop(r);
    if (keeps_workspace_) a_.pop(x86::rbx);
  }
}

bool Emitter::emit(const Again& again, bool careful) {
  a_.setErrorHandler(&errors_);
  prologue();
  if (vector_)
    loop();
  else
    one_pass(again, careful);
  for (const auto& c : cold_) c();
  constants();
  return errors_.first.empty();
}

void Emitter::one_pass(const Again& again, bool careful) {
  body(careful);
  late_stores();
  epilogue();
  a_.ret();
  if (!jumps_) return;
  a_.bind(again_);
  if (calls_) {
    if (keeps_workspace_) a_.mov(x86::rdi, x86::rbx);
    a_.mov(x86::rsi, x86::r12);
    a_.mov(x86::rdx, x86::r13);
  }
  epilogue();
  a_.mov(x86::rcx, reinterpret_cast<std::uint64_t>(again.argument));
  a_.mov(x86::rax, reinterpret_cast<std::uint64_t>(again.function));
  a_.jmp(x86::rax);
}

void Emitter::loop() {
  a_.mov(left, x86::rsi);
  const std::size_t held = std::min(pointer_registers_.size(), p_.pointers.size());
  for (std::size_t k = 0; k < held; ++k)
    a_.mov(pointer_registers_[k], x86::ptr(x86::rbx, static_cast<std::int32_t>(k * 8)));
  if (!p_.sums.empty()) {
    const Vec z = temporary(0);
    zero(z);
    for (std::size_t k = 0; k < p_.sums.size(); ++k)
      for (std::int32_t part = 0; part < 64; part += static_cast<std::int32_t>(lanes_ * 8))
        a_.emit(x86::Inst::kIdVmovapd, x86::ptr(x86::rsp, sums_at_ + static_cast<std::int32_t>(k * 64) + part), z);
  }
  const Label fast = a_.newLabel(), rest = a_.newLabel(), end = a_.newLabel();
  const auto lanes = static_cast<std::int32_t>(lanes_);
  a_.xor_(index_register, index_register);
  a_.sub(left, lanes);
  a_.jb(rest);
  a_.align(AlignMode::kCode, 32);
  a_.bind(fast);
  body(false);
  late_stores();
  a_.add(index_register, lanes);
  a_.sub(left, lanes);
  a_.jae(fast);
  // Fewer than a register holds, or (from a fast step) a register of them with care; `left` is lower by one step.
  a_.bind(rest);
  a_.cmp(left, -lanes);
  a_.je(end);
  a_.bind(again_);
  a_.lea(x86::r10, x86::ptr(left, lanes));
  a_.mov(x86::r11d, lanes);
  a_.cmp(x86::r10, x86::r11);
  a_.cmova(x86::r10, x86::r11);
  if (wide_) {
    a_.mov(x86::eax, -1);
    a_.bzhi(x86::eax, x86::eax, x86::r10d);
    a_.mov(mask(), x86::rax);
  } else {
    a_.lea(x86::r11, x86::ptr(mask_label_, 32));
    a_.neg(x86::r10);
    a_.vmovupd(x86::ymm0, x86::ptr(x86::r11, x86::r10, 3, 0, 32));
    a_.vmovapd(mask(), x86::ymm0);
  }
  body(true);
  late_stores();
  a_.add(index_register, lanes);
  a_.cmp(left, 0);
  a_.jle(end);
  a_.sub(left, lanes);
  a_.jae(fast);
  a_.jmp(rest);
  a_.bind(end);
  finish_sums();
  epilogue();
  a_.ret();
}

// The careful version alone reads a divisor whose reciprocal is there.
void Emitter::start_registers() {
  if (careful_) {
    if (divisors_forgotten_) registers_ = Registers(p_, allocatable(wide_));
    divisors_forgotten_ = false;
  } else if (!divisors_forgotten_) {
    for (std::uint32_t k = 0; k < p_.values.size(); ++k) {
      const NativeValue& v = p_.values[k];
      if (v.kind != NativeValue::Kind::operation || v.code != code_of<Div> || !by_reciprocal(v)) continue;
      if (v.x[1] != v.x[0]) registers_.forget_use(v.x[1], k);
      divisors_forgotten_ = true;
    }
  }
  registers_.restart();
}

void Emitter::body(bool careful) {
  careful_ = careful;
  masked_ = careful && vector_;
  found_ = false;
  remembered_ = Registers::empty;
  start_registers();
  std::fill(saved_.begin(), saved_.end(), std::uint8_t{0});
  for (std::uint32_t k = 0; k < p_.values.size(); ++k) {
    if (p_.values[k].kind != NativeValue::Kind::operation) continue;
    operation(k);
    if (!careful_ && looked_at_[k] != 0) remember(k);
    for (std::uint32_t s = stores_begin_[k]; s < stores_begin_[k + 1]; ++s) store(p_.stores[stores_[s]]);
    if (awaited_[k] != 0) save(k);
    for (std::uint32_t x : p_.values[k].x) drop_if_read(x, k);
    drop_if_read(k, k);
  }
  look();
  leave_if_any();
}

// What had to wait until everything was read, and was found right.
void Emitter::late_stores() {
  const auto here = [&](std::uint32_t v) {
    if (registers_.of(v) >= 0) return;
    clear_registers();
    fetch(v, reg(0));
    registers_.put(v, 0);
  };
  for (const NativeProgram::Store& s : p_.stores) {
    if (!s.late && p_.values[s.value].kind == NativeValue::Kind::operation) continue;
    here(s.value);
    store(s);
  }
  if (!p_.sums.empty() && !wide_) {  // which half of the eight accumulators
    a_.mov(x86::r10, index_register);
    a_.and_(x86::r10, 4);
  }
  for (std::size_t k = 0; k < p_.sums.size(); ++k) {
    here(p_.sums[k].value);
    const Vec x = reg(registers_.of(p_.sums[k].value)), t = temporary(0);
    const std::int32_t at = sums_at_ + static_cast<std::int32_t>(k * 64);
    if (wide_) {
      const Mem acc = x86::ptr(x86::rsp, at, 64);
      if (masked_) {
        a_.kmovw(x86::k1, x86::word_ptr(x86::rsp, mask_at_));
        a_.k(x86::k1).z().vmovapd(t.as<x86::Zmm>(), x.as<x86::Zmm>());
      }
      a_.emit(x86::Inst::kIdVaddpd, t, masked_ ? t : x, acc);
      a_.emit(x86::Inst::kIdVmovapd, acc, t);
    } else {
      const Mem acc = x86::ptr(x86::rsp, x86::r10, 3, at, 32);
      if (masked_) a_.emit(x86::Inst::kIdVandpd, t, x, mask());
      a_.emit(x86::Inst::kIdVaddpd, t, masked_ ? t : x, acc);
      a_.emit(x86::Inst::kIdVmovapd, acc, t);
    }
  }
}

// ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7))
void Emitter::finish_sums() {
  for (std::size_t k = 0; k < p_.sums.size(); ++k) {
    const auto part = [&](std::int32_t i) {
      return x86::ptr(x86::rsp, sums_at_ + static_cast<std::int32_t>(k * 64) + 8 * i, 8);
    };
    const auto four = [&](std::int32_t i, const x86::Xmm& to, const x86::Xmm& t) {
      a_.vmovsd(to, part(i));
      a_.vaddsd(to, to, part(i + 1));
      a_.vmovsd(t, part(i + 2));
      a_.vaddsd(t, t, part(i + 3));
      a_.vaddsd(to, to, t);
    };
    four(0, x86::xmm0, x86::xmm1);
    four(4, x86::xmm2, x86::xmm3);
    a_.vaddsd(x86::xmm0, x86::xmm0, x86::xmm2);
    a_.mov(pointer_register, x86::ptr(x86::rbx, static_cast<std::int32_t>(p_.sums[k].pointer * 8)));
    a_.vmovsd(x86::qword_ptr(pointer_register), x86::xmm0);
  }
}

void Emitter::constants() {
  a_.align(AlignMode::kData, 64);
  for (const auto& [bits, label] : constants_) {
    a_.bind(label);
    for (std::size_t l = 0; l < (vector_ ? 8u : 2u); ++l) a_.embedUInt64(bits);
  }
  a_.bind(mask_label_);  // four lanes on, four off: a mask begins within
  if (vector_ && !wide_)
    for (std::size_t l = 0; l < 8; ++l) a_.embedUInt64(l < 4 ? ~std::uint64_t{0} : 0);
}

}  // namespace wengert::exec
