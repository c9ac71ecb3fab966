#include "loop_kinks.hpp"

#include <algorithm>

#include "inspection.hpp"

namespace wengert::explain {

namespace {

constexpr std::uint64_t rounds = 1000;

// Which values of a body vary with its state or its parameters.
std::vector<bool> varying_values(const Tape& tape) {
  std::vector<bool> varying(tape.slot_count(), false);
  for (const Tape::Given& g : tape.inputs()) varying[g.slot] = true;
  for (const Instruction& i : tape.code())
    for (const SlotId a : tape.arguments(i)) varying[i.out] = varying[i.out] || varying[a];
  return varying;
}

std::optional<std::string> kink_at(const NumericFrame<double>& f, const Instruction& i, const std::vector<bool>& live) {
  const Tape& tape = f.tape;
  const auto a = tape.arguments(i);
  if (i.op == op_of<Iterate>) return kink_in_loop(f, i);
  const Row& row = row_of(i.op);
  if (row.array_kink != nullptr && !a.empty() && live[tape.offset(i.out)] &&
      row.array_kink(tape.payload(i), tape.shape(a[0]), f.values.all().data() + tape.offset(a[0]), f.values.get(tape.offset(i.out))))
    return "a kink here: " + std::string(row.info->convention);
  if (row.kink == nullptr) return std::nullopt;
  for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e) {
    double x[3] = {0, 0, 0};
    for (std::size_t j = 0; j < a.size(); ++j) x[j] = f.values.get(place(tape, a[j], e));
    if (!live[tape.offset(i.out) + e] || !row.kink(x)) continue;
    return "a kink or a jump at " + listed(x, a.size()) + ": " + std::string(row.info->convention.empty() ? "derivative 0" : row.info->convention);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> kink_in_loop(const NumericFrame<double>& frame, const Instruction& loop) {
  const LoopBody& body = frame.tape.body(loop);
  const auto x = frame.tape.arguments(loop);
  NumericFrame<double> f(body.tape);
  const auto give = [&](std::size_t argument, auto&& number) {
    const SlotId s = body.input(argument);
    if (s == Tape::no_slot) return;
    for (std::size_t e = 0; e < body.tape.shape(s).size(); ++e) f.values.set(body.tape.offset(s) + e, number(e));
  };
  const auto argument = [&](std::size_t k) { return [&, k](std::size_t e) { return frame.values.get(frame.tape.offset(x[k]) + e); }; };
  for (std::size_t k = 1; k < x.size(); ++k) give(k, argument(k));
  give(0, argument(0));
  const std::vector<bool> varying = varying_values(body.tape);
  for (std::uint64_t round = 1; round <= std::min(body.count, rounds); ++round) {
    evaluate(f);
    const std::vector<bool> live = live_elements(f);
    for (const Instruction& i : body.tape.code()) {
      if (i.op == Op::iota || !varying[i.out]) continue;
      if (const auto kink = kink_at(f, i, live))
        return title(row_of(i.op)) + " in round " + std::to_string(round) + " of the loop has " + *kink;
    }
    std::vector<double> state;
    for (std::size_t e = 0; e < body.state.size(); ++e) state.push_back(f.values.get(body.tape.offset(body.output()) + e));
    give(0, [&](std::size_t e) { return state[e]; });
  }
  return std::nullopt;
}

}  // namespace wengert::explain
