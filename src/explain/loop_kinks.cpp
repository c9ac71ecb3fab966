#include "loop_kinks.hpp"

#include "inspection.hpp"
#include "loop_rounds.hpp"

namespace wengert::explain {

namespace {

constexpr std::uint64_t rounds = 1000;

std::optional<std::string> kink_at(const NumericFrame<double>& f, const Instruction& i, const std::vector<bool>& live) {
  const Tape& tape = f.tape;
  const auto a = tape.arguments(i);
  if (i.op == op_of<Iterate>) return kink_in_loop(f, i);
  const Row& row = row_of(i.op);
  if (row.array_kink != nullptr && !a.empty() && live[tape.offset(i.out)] &&
      row.array_kink(tape.payload(i), tape.shape(a[0]), f.values.all().data() + tape.offset(a[0]),
                     f.values.get(tape.offset(i.out))))
    return "a kink here: " + std::string(row.info->convention);
  if (row.kink == nullptr) return std::nullopt;
  for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e) {
    double x[3] = {0, 0, 0};
    for (std::size_t j = 0; j < a.size(); ++j) x[j] = f.values.get(place(tape, a[j], e));
    if (!live[tape.offset(i.out) + e] || !row.kink(x)) continue;
    return "a kink or a jump at " + listed(x, a.size()) + ": " +
           std::string(row.info->convention.empty() ? "derivative 0" : row.info->convention);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> kink_in_loop(const NumericFrame<double>& frame, const Instruction& loop) {
  LoopRounds<double> run(frame, loop);
  while (run.round() < rounds && run.next()) {
    const std::vector<bool> live = live_elements(run.frame());
    for (const Instruction& i : run.frame().tape.code()) {
      if (i.op == Op::iota || !run.varying()[i.out]) continue;
      if (const auto kink = kink_at(run.frame(), i, live))
        return title(row_of(i.op)) + " in round " + std::to_string(run.round()) + " of the loop has " + *kink;
    }
  }
  return std::nullopt;
}

}  // namespace wengert::explain
