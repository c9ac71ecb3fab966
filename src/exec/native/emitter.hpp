// Instructions of one program: what each operation is on this processor.
//
// There are two versions of the body. The fast one takes every strong product for an ordinary one and looks whether
// one came out that is not a number; then the careful one does it again. What is not a number stays so through sums and
// products, so it is looked for at their ends, two values a test. Of a loop the careful version does one step under a
// mask, so it does the rest of the elements too. Of single numbers it is a function of its own, made when it is needed:
// few programs ever need it, and it is the longer one. The fast one then goes on there with the arguments that it got.
#pragma once
#include <asmjit/x86.h>

#include <algorithm>
#include <array>
#include <bit>

#include "../flat_map.hpp"
#include "registers.hpp"

namespace wengert::exec {

// An operation of programs that share reciprocals: 1 over a number, which are its operands. A division by that number
// has it as its third operand.
inline constexpr Code reciprocal_code = code_count;
NativeProgram with_reciprocals(NativeProgram p);
// What is not called but inlined: a*b + c, rounded once; numbers as bits; a test whether the careful version has to go
// on, which is a comparison of numbers (`pointer` says which; shifts have there how far).
inline constexpr Code fused_code = code_count + 1, bits_plus_code = code_count + 2, bits_minus_code = code_count + 3,
                      bits_and_code = code_count + 4, bits_or_code = code_count + 5, bits_xor_code = code_count + 6,
                      bits_left_code = code_count + 7, bits_right_code = code_count + 8, test_code = code_count + 9;
inline constexpr int not_less = 5, not_at_least = 9;  // or no numbers
// Of a loop, functions as their instructions: for fast mathematics.
NativeProgram with_inlined(NativeProgram p, const KernelTable& kernels);
// Without what nothing reads, and differences where an addend is a negative: for fast mathematics, as what is no number
// may have another sign.
NativeProgram tidied(NativeProgram p);
// With its operations in this order, behind all else.
NativeProgram in_order(NativeProgram p, const std::vector<std::uint32_t>& order);
// With operations after calls where less has to be saved then.
NativeProgram scheduled(NativeProgram p);
// Of one that calls nothing, with chains of operations beside each other.
NativeProgram interleaved(NativeProgram p, int registers);
bool called(const NativeValue& v);  // a call, not some instructions, in the fast version

// Vector registers that values live in; three more are temporaries, the last of them what tests have found.
inline int allocatable(bool wide) { return wide ? 29 : 13; }

class Emitter {
 public:
  Emitter(asmjit::CodeHolder& code, InstructionSet instructions, const KernelTable& kernels);
  // Of single numbers: a function with the arguments of this one, and a fourth.
  struct Again {
    const void* function = nullptr;
    void* argument = nullptr;
  };
  // Behind what the code has; of single numbers, this version. False if it could not be encoded.
  bool emit(const NativeProgram& program, const Again& again, bool careful = false);
  bool needs_care() const { return jumps_; }  // once it was emitted: there is something to look for

 private:
  using Operand = asmjit::Operand;
  using Vec = asmjit::x86::Vec;
  using Mem = asmjit::x86::Mem;
  using Label = asmjit::Label;
  using Id = asmjit::InstId;

  // --- the frame
  void begin(const NativeProgram& program);
  void find_stores();
  void find_registers();
  void prologue();
  void epilogue();
  void one_pass(const Again& again, bool careful);
  void loop();
  void rest(const asmjit::Label& fast, const asmjit::Label& end);
  void body(bool careful);
  void start_registers();
  void late_stores();
  void finish_sums();
  void constants();
  Mem frame(std::size_t slot) const;  // a register's worth of it
  Mem element(std::uint32_t pointer, bool moving);
  asmjit::x86::Gp pointer_to(const Pointer& p);
  void forget_pointers();
  Mem mask() const;  // in the frame, where calls are
  Vec mask_register();

  // --- values and registers
  Vec reg(int id) const;
  Vec temporary(int k) const;
  int in_register(std::uint32_t value, std::uint32_t position, std::uint64_t& keep);
  Operand in_place(std::uint32_t value, std::uint32_t position, std::uint64_t& keep);
  int fresh(std::uint32_t position, std::uint64_t keep);
  void save(std::uint32_t value);
  Mem saved(std::uint32_t value);
  void fetch(std::uint32_t value, const Vec& to);
  void drop(int r);
  void drop_if_read(std::uint32_t value, std::uint32_t position);
  void save_all_needed_after(std::uint32_t position);
  void clear_registers();

  // --- operations
  void operation(std::uint32_t k);
  bool simple(std::uint32_t k);
  bool inlined(std::uint32_t k);
  void adopt(std::uint32_t k);
  void fused(std::uint32_t k);
  void test(std::uint32_t k);
  void call(std::uint32_t k);
  void operands_to_frame(const NativeValue& v, std::size_t n);
  void call_by_frame(Code code);
  void sine_and_cosine(std::uint32_t k);
  void store(const NativeProgram::Store& s);
  void binary(Id packed, Id single, const Vec& d, const Operand& a, const Operand& b);
  void compare(const Vec& d, const Vec& a, const Vec& b, int predicate);
  void choose(const Vec& d, const Vec& c, const Vec& a, const Vec& b);
  void strong_product(const Vec& d, const Vec& a, const Vec& b);
  void extreme(const Vec& d, const Vec& a, const Vec& b, bool largest);
  bool by_reciprocal(const NativeValue& v) const;
  bool reciprocal(std::uint32_t value) const;
  void quotient(const Vec& d, const Vec& a, const Vec& b, const Vec& reciprocal);
  void move(const Vec& d, const Operand& s);
  Mem constant(std::uint64_t bits);
  void zero(const Vec& d);
  void call_address(const void* f);

  // --- products to look at
  bool strong(const NativeValue& v) const;  // 0 may have to annihilate something
  void find_looks();
  void find_pairs();
  void remember(std::uint32_t value);
  Vec looked_at(std::uint32_t value, int k);
  void look_at(const Vec& a, const Vec& b);
  void find_where(const Vec& a, const Operand& b, int predicate);
  void look();          // at what is remembered alone
  void leave_if_any();  // for the careful version

  struct Errors : asmjit::ErrorHandler {
    void handleError(asmjit::Error, const char* message, asmjit::BaseEmitter*) override {
      first = first.empty() ? message : first;
    }
    std::string first;
  };

  Errors errors_;
  asmjit::x86::Assembler a_;
  const NativeProgram* p_ = nullptr;
  const KernelTable& kernels_;
  const InstructionSet instructions_;
  bool vector_ = false, wide_ = false, careful_ = false, masked_ = false, calls_ = false;
  bool fast_registers_ = false;
  std::size_t lanes_ = 1;
  Registers registers_;
  // Of a loop: where its pointers are listed, the element at hand, how many are left; the first pointers; what the
  // caller wants back.
  asmjit::x86::Gp table_, index_, left_;
  std::vector<asmjit::x86::Gp> pointer_registers_, pushed_;
  // Of single numbers: where the arguments are; pointers to inputs and outputs that were read since the last call.
  asmjit::x86::Gp workspace_, in_, out_;
  bool keeps_workspace_ = false;
  struct Held {
    Pointer::Table table = Pointer::Table::workspace;  // none
    std::uint32_t index = 0;
  };
  std::array<Held, 6> held_;
  std::size_t held_next_ = 0;
  std::vector<std::uint32_t> stores_begin_, stores_;  // by value, those that do not wait
  std::vector<std::uint32_t> ends_;                   // while they are looked for
  std::vector<std::uint8_t> awaited_;                 // by value: something at the end needs it
  std::vector<std::uint8_t> looked_at_;               // by value: it shows whether a product was not a number
  std::vector<std::uint32_t> pair_;                   // by value: a sine to the cosine of the same number, both ways
  std::vector<std::int64_t> slot_;                    // by value; -1: none
  std::vector<std::uint8_t> saved_;
  std::size_t slots_ = 0, frame_bytes_ = 0;
  std::int32_t sums_at_ = 0, mask_at_ = 0;  // in the frame
  FlatMap<std::uint64_t> constant_at_;      // by bits
  std::vector<std::pair<std::uint64_t, Label>> constants_;
  Label mask_label_, again_;
  bool mask_ready_ = false;
  std::uint32_t remembered_ = Registers::empty;
  bool found_ = false, jumps_ = false;  // a test's result waits; the careful version is reached
};

}  // namespace wengert::exec
