#include "loop_births.hpp"

#include <cmath>

#include "inspection.hpp"
#include "loop_rounds.hpp"
#include "wengert/print/text.hpp"

namespace wengert::explain {

namespace {

constexpr std::uint64_t most_rounds = 1000;     // that are looked into
constexpr std::uint64_t most_values = 1000000;  // rounds whose end alone is looked at

bool is_loop(Op op) { return op == op_of<Iterate> || op == op_of<IterateAdjoint>; }

std::string in_round(std::uint64_t round) { return ", in round " + std::to_string(round) + " of the loop"; }

std::vector<double> operands_of(const NumericFrame<double>& f, const Instruction& i, std::size_t e) {
  std::vector<double> x;
  if (row_of(i.op).elementwise)
    for (const SlotId a : f.tape.arguments(i)) x.push_back(f.values.get(place(f.tape, a, e)));
  return x;
}

std::optional<LoopBirth> value_at(const NumericFrame<double>& f, const Instruction& i, const std::vector<bool>& live,
                                  std::uint64_t round) {
  for (std::size_t e = 0; e < f.tape.shape(i.out).size(); ++e) {
    const double y = f.values.get(f.tape.offset(i.out) + e);
    if (std::isfinite(y) || !live[f.tape.offset(i.out) + e]) continue;
    bool wild = false;
    each_operand(f, i, e, [&](std::size_t at) { wild = wild || !std::isfinite(f.values.get(at)); });
    if (wild) continue;
    if (is_loop(i.op))
      if (auto inner = value_in_loop(f, i)) return inner;
    LoopBirth born{&f.tape, i, operands_of(f, i, e), y, true, {}};
    const Row& row = row_of(i.op);
    born.message = row.elementwise ? what_happened(i.op, row, born.operands.data(), born.operands.size(), y)
                                   : title(row) + " of finite elements gives " + shortest(y);
    born.message += in_round(round);
    return born;
  }
  return std::nullopt;
}

std::optional<LoopBirth> slope_at(const NumericFrame<double>& f, const Instruction& i, const std::vector<bool>& live,
                                  std::uint64_t round) {
  if (is_loop(i.op)) return slope_in_loop(f, i);
  const auto partials = element_partials(i.op);
  if (partials == nullptr || i.op == op_of<Select>) return std::nullopt;
  const Row& row = row_of(i.op);
  for (std::size_t e = 0; e < f.tape.shape(i.out).size(); ++e) {
    const double y = f.values.get(f.tape.offset(i.out) + e);
    if (!live[f.tape.offset(i.out) + e] || !std::isfinite(y)) continue;
    std::vector<double> x = operands_of(f, i, e);
    double at[3] = {0, 0, 0}, p[3] = {0, 0, 0};
    std::copy(x.begin(), x.end(), at);
    partials(y, at, p);
    for (std::size_t j = 0; j < x.size(); ++j)
      if (varies(row, j) && !std::isfinite(p[j]))
        return LoopBirth{&f.tape,
                         i,
                         std::move(x),
                         p[j],
                         false,
                         "the derivative of " + title(row) + " at " + listed(at, f.tape.arguments(i).size()) + " is " +
                             shortest(p[j]) + in_round(round)};
  }
  return std::nullopt;
}

template <class Look>
std::optional<LoopBirth> first_of(const LoopRounds<double>& rounds, Look&& look) {
  const std::vector<bool> live = live_elements(rounds.frame());
  for (const Instruction& i : rounds.frame().tape.code())
    if (i.op != Op::iota && rounds.varying()[i.out])
      if (auto born = look(rounds.frame(), i, live, rounds.round())) return born;
  return std::nullopt;
}

}  // namespace

std::optional<LoopBirth> value_in_loop(const NumericFrame<double>& frame, const Instruction& loop) {
  bool ends_wild = false;
  for (std::size_t e = 0; e < frame.tape.shape(loop.out).size(); ++e)
    ends_wild = ends_wild || !std::isfinite(frame.values.get(frame.tape.offset(loop.out) + e));
  LoopRounds<double> rounds(frame, loop);
  while (rounds.round() < (ends_wild ? most_values : most_rounds) && rounds.next())
    if (!rounds.finite()) return first_of(rounds, value_at);
  return std::nullopt;
}

std::optional<LoopBirth> slope_in_loop(const NumericFrame<double>& frame, const Instruction& loop) {
  LoopRounds<double> rounds(frame, loop);
  while (rounds.round() < most_rounds && rounds.next())
    if (auto born = first_of(rounds, slope_at)) return born;
  return std::nullopt;
}

}  // namespace wengert::explain
