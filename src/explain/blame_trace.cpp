#include "blame_trace.hpp"

#include <cmath>

namespace wengert::explain {

namespace {

using Frame = NumericFrame<double>;


// The operation's partial was no number because its own value or operands were not finite: the evaluation is to blame.
std::optional<Birth> through_value(const Frame& frame, const Instruction& i) {
  std::vector<bool> guilty(frame.tape.elements(), false);
  bool any = false;
  const auto mark = [&](SlotId s) {
    for (std::size_t e = 0; e < frame.tape.shape(s).size(); ++e) {
      const std::size_t at = frame.tape.offset(s) + e;
      if (!finite(frame.values.get(at))) guilty[at] = any = true;
    }
  };
  for (SlotId s : frame.tape.arguments(i)) mark(s);
  mark(i.out);
  return any ? birth_of_value(frame, std::move(guilty)) : std::nullopt;
}

std::optional<Birth> at_partial(const Frame& frame, const Instruction& i, std::size_t element, std::size_t argument) {
  if (row_of(i.op).elementwise) {
    bool wild = !finite(frame.values.get(frame.tape.offset(i.out) + element));
    for (SlotId s : frame.tape.arguments(i)) wild = wild || !finite(frame.values.get(place(frame.tape, s, element)));
    if (wild)
      if (const auto b = through_value(frame, i)) return b;
  } else if (const auto b = through_value(frame, i)) {
    return b;
  }
  return Birth{i.out, &i, element, false, argument};
}

// Which element of an elementwise operation made a scalar operand's adjoint no number.
std::size_t wild_element(const Frame& frame, const Instruction& i, std::size_t argument) {
  const auto partials = element_partials(i.op);
  const auto a = frame.tape.arguments(i);
  if (partials == nullptr) return 0;
  for (std::size_t e = 0; e < frame.tape.shape(i.out).size(); ++e) {
    double x[3] = {0, 0, 0}, p[3] = {0, 0, 0};
    for (std::size_t j = 0; j < a.size(); ++j) x[j] = frame.values.get(place(frame.tape, a[j], e));
    partials(frame.values.get(frame.tape.offset(i.out) + e), x, p);
    if (!finite(annihilate(frame.adjoints.get(frame.tape.offset(i.out) + e), p[argument]))) return e;
  }
  return 0;
}

}  // namespace

std::optional<Birth> birth_of_adjoint(Frame& frame, std::size_t at) {
  const Tape& tape = frame.tape;
  const auto code = tape.code();
  const Plane<double> adjoints = frame.adjoints;
  std::vector<bool> guilty(tape.elements(), false);
  std::vector<bool> touched(tape.slot_count(), false);
  guilty[at] = true;
  for (SlotId s = 0; s < tape.slot_count(); ++s)
    touched[s] = at >= tape.offset(s) && at < tape.offset(s) + tape.shape(s).size();
  std::optional<Birth> last;
  // From the inputs on: the users of a guilty element, whose contribution is taken alone.
  for (const Instruction& i : code) {
    const auto a = tape.arguments(i);
    if (!tape.active(i.out) || std::none_of(a.begin(), a.end(), [&](SlotId s) { return touched[s]; })) continue;
    const std::size_t out = tape.offset(i.out);
    for (SlotId s : a)
      for (std::size_t e = 0; e < tape.shape(s).size(); ++e) frame.adjoints.set(tape.offset(s) + e, 0.0);
    kernel<Frame>(i.op).pull(frame, i);
    for (std::size_t j = 0; j < a.size(); ++j) {
      if (!touched[a[j]]) continue;
      for (std::size_t e = 0; e < tape.shape(a[j]).size(); ++e) {
        const std::size_t to = tape.offset(a[j]) + e;
        if (!guilty[to] || finite(frame.adjoints.get(to))) continue;
        const bool one = row_of(i.op).elementwise && (!tape.shape(a[j]).scalar() || tape.shape(i.out).scalar());
        const std::size_t from = one ? e : 0, until = one ? e + 1 : tape.shape(i.out).size();
        bool followed = false;
        for (std::size_t g = from; g < until; ++g)
          if (!finite(adjoints.get(out + g))) guilty[out + g] = touched[i.out] = followed = true;
        if (!followed) last = at_partial(frame, i, one ? e : wild_element(frame, i, j), j);
      }
    }
    for (SlotId s : a)
      for (std::size_t e = 0; e < tape.shape(s).size(); ++e) frame.adjoints.set(tape.offset(s) + e, adjoints.get(tape.offset(s) + e));
  }
  frame.adjoints = adjoints;
  return last;
}

std::optional<Birth> birth_of_tangent(const Frame& frame, std::size_t at) {
  const Tape& tape = frame.tape;
  const Plane<double>& tangents = frame.tangents[0];
  const auto code = tape.code();
  std::vector<bool> guilty(tape.elements(), false);
  guilty[at] = true;
  std::optional<Birth> first;
  for (std::size_t k = code.size(); k-- > 0;) {
    const Instruction& i = code[k];
    const auto a = tape.arguments(i);
    const std::size_t out = tape.offset(i.out);
    for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e) {
      if (!guilty[out + e]) continue;
      bool followed = false;
      std::size_t argument = 0;
      if (row_of(i.op).elementwise) {
        double x[3] = {0, 0, 0}, p[3] = {0, 0, 0};
        for (std::size_t j = 0; j < a.size(); ++j) x[j] = frame.values.get(place(tape, a[j], e));
        if (const auto partials = element_partials(i.op)) partials(frame.values.get(out + e), x, p);
        for (std::size_t j = 0; j < a.size(); ++j) {
          const std::size_t from = place(tape, a[j], e);
          if (!tape.active(a[j]) || !varies(row_of(i.op), j)) continue;
          const double t = tangents.get(from);
          if (finite(annihilate(t, p[j]))) continue;
          argument = j;
          if (!finite(t)) guilty[from] = followed = true;
        }
      } else {
        each_operand(frame, i, e, [&](std::size_t from) {
          if (!finite(tangents.get(from))) guilty[from] = followed = true;
        });
      }
      if (!followed) first = at_partial(frame, i, e, argument);
      if (mixes(i.op)) break;
    }
  }
  return first;
}

}  // namespace wengert::explain
