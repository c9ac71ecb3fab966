// From a NaN or an infinity that came out back to the operation that made it.
#pragma once
#include <complex>
#include <optional>

#include "inspection.hpp"

namespace wengert::explain {

struct Birth {
  SlotId slot = Tape::no_slot;          // whose operation made it
  const Instruction* by = nullptr;      // null: an input or a constant was given so
  std::size_t element = 0;
  bool in_value = true;                 // in the evaluation; else in the sweep
  std::size_t argument = 0;             // of a derivative: by which operand
};

inline bool finite(double x) { return std::isfinite(x); }
inline bool finite(const std::complex<double>& z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }
inline bool is_nan(double x) { return std::isnan(x); }
inline bool is_nan(const std::complex<double>& z) { return std::isnan(z.real()) || std::isnan(z.imag()); }

// The first operation in evaluation order that made one of the marked elements' troubles from finite operands.
// A NaN is followed to operands that are NaN where there are any, else to the infinite ones that it came from.
template <class N>
std::optional<Birth> birth_of_value(const NumericFrame<N>& frame, std::vector<bool> guilty) {
  const Tape& tape = frame.tape;
  const auto code = tape.code();
  std::optional<Birth> first;
  for (std::size_t k = code.size(); k-- > 0;) {
    const Instruction& i = code[k];
    const std::size_t out = tape.offset(i.out);
    for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e) {
      if (!guilty[out + e]) continue;
      bool nan = false, wild = false;
      each_operand(frame, i, e, [&](std::size_t at) {
        nan = nan || is_nan(frame.values.get(at));
        wild = wild || !finite(frame.values.get(at));
      });
      if (!wild) {
        first = Birth{i.out, &i, e, true, 0};
        continue;
      }
      const bool only_nan = nan && is_nan(frame.values.get(out + e));
      each_operand(frame, i, e, [&](std::size_t at) {
        if (only_nan ? is_nan(frame.values.get(at)) : !finite(frame.values.get(at))) guilty[at] = true;
      });
      if (mixes(i.op)) break;
    }
  }
  if (first) return first;
  std::vector<bool> made(tape.slot_count(), false);
  for (const Instruction& i : code) made[i.out] = true;
  for (SlotId s = 0; s < tape.slot_count(); ++s) {
    if (made[s]) continue;
    for (std::size_t e = 0; e < tape.shape(s).size(); ++e)
      if (guilty[tape.offset(s) + e]) return Birth{s, nullptr, e, true, 0};
  }
  return {};
}

// Where the adjoint of element `at` got its NaN or infinity in a reverse sweep that was run on the frame.
std::optional<Birth> birth_of_adjoint(NumericFrame<double>& frame, std::size_t at);
// Where tangent 0 of output element `at` got it in a forward sweep that was run on the frame.
std::optional<Birth> birth_of_tangent(const NumericFrame<double>& frame, std::size_t at);

}  // namespace wengert::explain
