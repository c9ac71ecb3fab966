#include "emitter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wengert::exec {

using namespace asmjit;

namespace {

constexpr std::size_t scratch_slots = 4;  // three operands of a call, one result

}  // namespace

Emitter::Emitter(CodeHolder& code, InstructionSet instructions, const KernelTable& kernels)
    : a_(&code), kernels_(kernels), instructions_(instructions) {
  a_.setErrorHandler(&errors_);
}

void Emitter::begin(const NativeProgram& program) {
  p_ = &program;
  vector_ = program.vector;
  wide_ = vector_ && instructions_ == InstructionSet::avx512;
  lanes_ = !vector_ ? 1 : wide_ ? 8 : 4;
  registers_.begin(program, allocatable(wide_));
  slot_.assign(program.values.size(), -1);
  saved_.resize(program.values.size());
  pair_.clear();
  constant_at_.clear();
  constants_.clear();
  forget_pointers();
  mask_label_.reset();
  again_ = a_.newLabel();
  fast_registers_ = found_ = jumps_ = keeps_workspace_ = false;
  calls_ = std::any_of(program.values.begin(), program.values.end(),
                       [](const NativeValue& v) { return called(v) || v.version == NativeValue::Version::called; });
  find_stores();
  find_looks();
  find_pairs();
  find_registers();
}

void Emitter::find_stores() {
  const auto waits = [&](const NativeProgram::Store& s) {
    return s.late || p_->values[s.value].kind != NativeValue::Kind::operation;
  };
  stores_begin_.assign(p_->values.size() + 1, 0);
  awaited_.assign(p_->values.size(), 0);
  for (const NativeProgram::Store& s : p_->stores) {
    if (waits(s))
      awaited_[s.value] = 1;
    else
      ++stores_begin_[s.value + 1];
  }
  for (std::size_t k = 1; k < stores_begin_.size(); ++k) stores_begin_[k] += stores_begin_[k - 1];
  stores_.resize(stores_begin_.back());
  ends_.assign(stores_begin_.begin(), stores_begin_.end() - 1);
  for (std::uint32_t k = 0; k < p_->stores.size(); ++k)
    if (!waits(p_->stores[k])) stores_[ends_[p_->stores[k].value]++] = k;
  for (const NativeProgram::Store& s : p_->sums) awaited_[s.value] = 1;
}

// Single numbers: the workspace, the inputs and the outputs stay where the caller put them, as the pointers of a loop
// do; where functions are called, all that is needed afterwards is in registers that they keep. rax, r10 and r11 are
// free for a moment.
void Emitter::find_registers() {
  pointer_registers_.clear();
  pushed_.clear();
  workspace_ = x86::rdi;
  in_ = x86::rsi;
  out_ = x86::rdx;
  if (!vector_) return;
  pushed_ = {x86::rbp};
  const std::array<x86::Gp, 5> kept = {x86::rbx, x86::r12, x86::r13, x86::r14, x86::r15};
  const auto hold = [&](const x86::Gp& r, bool push) {
    if (pointer_registers_.size() == p_->pointers.size()) return;
    pointer_registers_.push_back(r);
    if (push) pushed_.push_back(r);
  };
  if (calls_) {
    table_ = kept[0];
    index_ = kept[1];
    left_ = kept[2];
    pushed_.insert(pushed_.end(), {table_, index_, left_});
    for (const x86::Gp& r : {kept[3], kept[4]}) hold(r, true);
  } else {
    table_ = x86::rdi;
    left_ = x86::rsi;
    index_ = x86::rdx;
    for (const x86::Gp& r : {x86::rcx, x86::r8, x86::r9}) hold(r, false);
    for (const x86::Gp& r : kept) hold(r, true);
  }
}

// sin and cos of one number come from one call.
void Emitter::find_pairs() {
  if (vector_) return;
  FlatMap<std::uint64_t> met;
  for (std::uint32_t k = 0; k < p_->values.size(); ++k) {
    const NativeValue& v = p_->values[k];
    if (v.kind != NativeValue::Kind::operation || (v.code != code_of<Sin> && v.code != code_of<Cos>)) continue;
    if (pair_.empty()) pair_.assign(p_->values.size(), Registers::empty);
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
// k1, or a temporary that only the fast version has another use for.
Emitter::Vec Emitter::mask_register() {
  if (!mask_ready_ && wide_) a_.kmovw(x86::k1, x86::word_ptr(x86::rsp, mask_at_));
  if (!mask_ready_ && !wide_) a_.vmovapd(temporary(2).as<x86::Ymm>(), mask());
  mask_ready_ = true;
  return temporary(2);
}
x86::Mem Emitter::mask() const { return x86::ptr(x86::rsp, mask_at_, wide_ ? 8 : 32); }

// The frame: scratch for calls, saved values, the sums' accumulators, the mask.
void Emitter::prologue() {
  if (vector_) {
    for (const x86::Gp& r : pushed_) a_.push(r);
    a_.mov(x86::rbp, x86::rsp);
    a_.and_(x86::rsp, -64);
    if (calls_) {
      a_.mov(table_, x86::rdi);
      a_.mov(left_, x86::rsi);
    }
  } else if (calls_) {
    keeps_workspace_ = std::any_of(p_->pointers.begin(), p_->pointers.end(),
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
  for (const NativeValue& v : p_->values) operations += v.kind == NativeValue::Kind::operation ? 1 : 0;
  const std::size_t values = ((scratch_slots + operations) * lanes_ * 8 + 63) / 64 * 64;
  sums_at_ = static_cast<std::int32_t>(values);
  mask_at_ = static_cast<std::int32_t>(values + p_->sums.size() * 64);
  frame_bytes_ = values + p_->sums.size() * 64 + 64;
  if (!vector_ && !keeps_workspace_) frame_bytes_ += 8;  // calls find the stack aligned to 16 bytes
  slots_ = scratch_slots;
  a_.sub(x86::rsp, static_cast<std::int32_t>(frame_bytes_));
}

void Emitter::epilogue() {
  if (vector_) {
    a_.vzeroupper();
    a_.mov(x86::rsp, x86::rbp);
    for (std::size_t k = pushed_.size(); k-- > 0;) a_.pop(pushed_[k]);
  } else {
    a_.add(x86::rsp, static_cast<std::int32_t>(frame_bytes_));
    if (calls_)
      for (const x86::Gp& r : {x86::r13, x86::r12}) a_.pop(r);
    if (keeps_workspace_) a_.pop(x86::rbx);
  }
}

bool Emitter::emit(const NativeProgram& program, const Again& again, bool careful) {
  begin(program);
  prologue();
  if (vector_)
    loop();
  else
    one_pass(again, careful);
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
  for (std::size_t k = 0; k < pointer_registers_.size(); ++k)
    a_.mov(pointer_registers_[k], x86::ptr(table_, static_cast<std::int32_t>(k * 8)));
  if (!p_->sums.empty()) {
    const Vec z = temporary(0);
    zero(z);
    for (std::size_t k = 0; k < p_->sums.size(); ++k)
      for (std::int32_t part = 0; part < 64; part += static_cast<std::int32_t>(lanes_ * 8))
        a_.emit(x86::Inst::kIdVmovapd, x86::ptr(x86::rsp, sums_at_ + static_cast<std::int32_t>(k * 64) + part), z);
  }
  const Label fast = a_.newLabel(), last = a_.newLabel(), end = a_.newLabel();
  const auto lanes = static_cast<std::int32_t>(lanes_);
  a_.xor_(index_, index_);
  a_.sub(left_, lanes);
  if (!p_->whole) a_.jb(last);
  a_.align(AlignMode::kCode, 32);
  a_.bind(fast);
  body(false);
  late_stores();
  a_.add(index_, lanes);
  a_.sub(left_, lanes);
  a_.jae(fast);
  if (!p_->whole || jumps_) {
    a_.bind(last);
    a_.cmp(left_, -lanes);
    a_.je(end);
    rest(fast, end);
    a_.jmp(last);
    a_.bind(end);
  }
  finish_sums();
  epilogue();
  a_.ret();
}

// Fewer than a register holds, or (from a fast step) a register of them with care; `left` is lower by one step.
void Emitter::rest(const Label& fast, const Label& end) {
  const auto lanes = static_cast<std::int32_t>(lanes_);
  a_.bind(again_);
  a_.lea(x86::r10, x86::ptr(left_, lanes));
  a_.mov(x86::r11d, lanes);
  a_.cmp(x86::r10, x86::r11);
  a_.cmova(x86::r10, x86::r11);
  if (wide_) {
    a_.mov(x86::eax, -1);
    a_.bzhi(x86::eax, x86::eax, x86::r10d);
    a_.kmovw(x86::k1, x86::eax);
    if (calls_) a_.mov(mask(), x86::rax);
  } else {
    mask_label_ = a_.newLabel();
    a_.lea(x86::r11, x86::ptr(mask_label_, 32));
    a_.neg(x86::r10);
    a_.vmovupd(temporary(2).as<x86::Ymm>(), x86::ptr(x86::r11, x86::r10, 3, 0, 32));
    if (calls_) a_.vmovapd(mask(), temporary(2).as<x86::Ymm>());
  }
  mask_ready_ = true;
  body(true);
  late_stores();
  a_.add(index_, lanes);
  a_.cmp(left_, 0);
  a_.jle(end);
  a_.sub(left_, lanes);
  const Label fewer = a_.newLabel();
  a_.jb(fewer);
  // Numbers that want care rarely come alone, and the fast step would be for nothing.
  const auto tests = [](const NativeValue& v) { return v.code == test_code; };
  if (std::any_of(p_->values.begin(), p_->values.end(), tests)) {
    a_.test(index_, 4 * lanes - 1);
    a_.jnz(again_);
  }
  a_.jmp(fast);
  a_.bind(fewer);
}

// The careful version alone reads a divisor whose reciprocal is there, and the argument of what is inlined.
void Emitter::start_registers() {
  if (careful_) {
    if (fast_registers_) registers_.begin(*p_, allocatable(wide_));
    fast_registers_ = false;
  } else if (!fast_registers_) {
    for (std::uint32_t k = 0; k < p_->values.size(); ++k) {
      const NativeValue& v = p_->values[k];
      if (v.kind != NativeValue::Kind::operation) continue;
      if (v.version == NativeValue::Version::called)
        registers_.forget_use(v.x[0], k);
      else if (v.code != code_of<Div> || !by_reciprocal(v))
        continue;
      else if (v.x[1] != v.x[0])
        registers_.forget_use(v.x[1], k);
      fast_registers_ = true;
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
  for (std::uint32_t k = 0; k < p_->values.size(); ++k) {
    if (p_->values[k].kind != NativeValue::Kind::operation) continue;
    if (careful_ && p_->values[k].version == NativeValue::Version::fast) continue;
    operation(k);
    if (!careful_ && looked_at_[k] != 0) remember(k);
    for (std::uint32_t s = stores_begin_[k]; s < stores_begin_[k + 1]; ++s) store(p_->stores[stores_[s]]);
    if (awaited_[k] != 0) save(k);
    for (std::uint32_t x : p_->values[k].x) drop_if_read(x, k);
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
  for (const NativeProgram::Store& s : p_->stores) {
    if (!s.late && p_->values[s.value].kind == NativeValue::Kind::operation) continue;
    here(s.value);
    store(s);
  }
  if (!p_->sums.empty() && !wide_) {  // which half of the eight accumulators
    a_.mov(x86::r10, index_);
    a_.and_(x86::r10, 4);
  }
  for (std::size_t k = 0; k < p_->sums.size(); ++k) {
    here(p_->sums[k].value);
    const Vec x = reg(registers_.of(p_->sums[k].value)), t = temporary(0);
    const std::int32_t at = sums_at_ + static_cast<std::int32_t>(k * 64);
    if (wide_) {
      const Mem acc = x86::ptr(x86::rsp, at, 64);
      if (masked_) {
        mask_register();
        a_.k(x86::k1).z().vmovapd(t.as<x86::Zmm>(), x.as<x86::Zmm>());
      }
      a_.emit(x86::Inst::kIdVaddpd, t, masked_ ? t : x, acc);
      a_.emit(x86::Inst::kIdVmovapd, acc, t);
    } else {
      const Mem acc = x86::ptr(x86::rsp, x86::r10, 3, at, 32);
      if (masked_) a_.emit(x86::Inst::kIdVandpd, t, x, mask_register());
      a_.emit(x86::Inst::kIdVaddpd, t, masked_ ? t : x, acc);
      a_.emit(x86::Inst::kIdVmovapd, acc, t);
    }
  }
}

// ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7))
void Emitter::finish_sums() {
  for (std::size_t k = 0; k < p_->sums.size(); ++k) {
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
    a_.mov(x86::rax, x86::ptr(table_, static_cast<std::int32_t>(p_->sums[k].pointer * 8)));
    a_.vmovsd(x86::qword_ptr(x86::rax), x86::xmm0);
  }
}

void Emitter::constants() {
  a_.align(AlignMode::kData, 64);
  for (const auto& [bits, label] : constants_) {
    a_.bind(label);
    a_.embedDataArray(TypeId::kUInt64, &bits, 1, vector_ ? 8 : 2);
  }
  if (!mask_label_.isValid()) return;
  a_.bind(mask_label_);  // four lanes on, four off: a mask begins within
  for (const std::uint64_t bits : {~std::uint64_t{0}, std::uint64_t{0}})
    a_.embedDataArray(TypeId::kUInt64, &bits, 1, 4);
}

}  // namespace wengert::exec
