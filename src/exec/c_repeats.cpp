#include "c_repeats.hpp"

namespace wengert::exec {

namespace {

constexpr std::size_t short_program = 400;                // operations; they stay as they are
constexpr std::size_t least_saved = 40, least_steps = 4;  // operations, steps
constexpr std::size_t most_periods = 64;                  // that are tried at one place
constexpr std::size_t most_rounds = 6;                    // of a period that are taken for one step

// What an operation does, whatever it is done to.
std::uint64_t operation_look(const Cells& cells, CellId id) {
  std::uint64_t look = 14695981039346656037ull;
  const auto mix = [&](std::uint64_t x) { look = (look ^ x) * 1099511628211ull ^ (look >> 29); };
  const Cell& c = cells.all[id];
  mix(static_cast<std::uint64_t>(c.kind));
  for (const std::uint64_t x : {std::uint64_t{c.code}, std::uint64_t{c.shape.rows}, std::uint64_t{c.shape.cols},
                                std::uint64_t{c.number}, std::uint64_t{c.arguments.size()}})
    mix(x);
  for (const Slice& s : c.arguments.slices())
    for (const std::uint64_t x : {s.row, s.col, s.shape.rows, s.shape.cols}) mix(x);
  for (const View& v : c.arguments) {
    const Cell& from = cells.all[v.cell];
    const bool given = from.kind == Cell::Kind::constant || from.kind == Cell::Kind::input;
    for (const std::uint64_t x :
         {std::uint64_t{v.shape.rows}, std::uint64_t{v.shape.cols}, std::uint64_t{v.repeated},
          static_cast<std::uint64_t>(given ? from.kind : Cell::Kind::array), std::uint64_t{from.shape.scalar()}})
      mix(x);
  }
  // A loop is a function of its own.
  if (c.code == code_of<Iterate> || c.code == code_of<IterateAdjoint>) mix(id);
  return look;
}

// The longest run of steps that begins at a place, of the shortest period that gives it.
CRepeat repeat_at(const std::vector<std::uint64_t>& look, std::size_t first) {
  CRepeat best;
  std::size_t tried = 0;
  for (std::size_t period = 1; first + 2 * period <= look.size() && tried < most_periods; ++period) {
    if (look[first + period] != look[first]) continue;
    ++tried;
    std::size_t same = 0;
    while (first + same + period < look.size() && look[first + same] == look[first + same + period]) ++same;
    const std::size_t count = 1 + same / period;
    if (count >= least_steps && count * period > best.count * best.period) best = {first, period, count, {}};
  }
  return best;
}

// How many steps read what lies as far from the step before as that does from its own predecessor. Two layers that
// take turns look alike, but read each other's numbers; then both are one step.
std::size_t regular_steps(const Cells& cells, const Order& order, const std::vector<std::size_t>& position,
                          const CRepeat& r) {
  const auto place = [&](const View& v) {
    const Cell& c = cells.all[v.cell];
    const bool input = c.kind == Cell::Kind::input;
    return std::pair{input ? c.number + 1 : 0,
                     static_cast<std::int64_t>(input ? 0 : position[v.cell] << 20) + v.offset};
  };
  const auto regular = [&](std::size_t step) {
    for (std::size_t o = 0; o < r.period; ++o) {
      const CellId* at = &order.cells[r.first + step * r.period + o];
      const Cell &a = cells.all[*(at - r.period)], &b = cells.all[*at], &c = cells.all[*(at + r.period)];
      for (std::size_t j = 0; j < a.arguments.size(); ++j) {
        if (cells.all[a.arguments[j].cell].kind == Cell::Kind::constant) continue;
        const auto x = place(a.arguments[j]), y = place(b.arguments[j]), z = place(c.arguments[j]);
        if (x.first != y.first || y.first != z.first || z.second - y.second != y.second - x.second) return false;
      }
    }
    return true;
  };
  std::size_t n = 0;
  for (std::size_t step = 1; step + 1 < r.count; ++step) n += regular(step) ? 1 : 0;
  return n;
}

// As many rounds a step as make most steps regular.
CRepeat with_regular_steps(const Cells& cells, const Order& order, const std::vector<std::size_t>& position,
                           const CRepeat& found) {
  CRepeat best = found;
  double most = 0;
  for (std::size_t rounds = 1; rounds <= most_rounds && found.count / rounds >= least_steps; ++rounds) {
    const CRepeat r{found.first, rounds * found.period, found.count / rounds, {}};
    const double share =
        static_cast<double>(regular_steps(cells, order, position, r)) / static_cast<double>(r.count - 2);
    if (share > most) best = r;
    most = std::max(most, share);
    if (share > 0.5) break;
  }
  return best;
}

// Operations by their places in a repeat.
struct StepOf {
  std::size_t repeat = 0, step = 0, operation = 0;  // repeat: from 1
};

void find_kept(const Cells& cells, const Order& order, std::vector<CRepeat>& repeats) {
  std::vector<StepOf> at(cells.all.size());
  for (std::size_t k = 0; k < repeats.size(); ++k) {
    CRepeat& r = repeats[k];
    r.kept.assign(r.period, CKept::within);
    for (std::size_t p = 0; p < r.period * r.count; ++p)
      at[order.cells[r.first + p]] = {k + 1, p / r.period, p % r.period};
  }
  const auto raise = [&](const StepOf& s, CKept to) {
    CKept& kept = repeats[s.repeat - 1].kept[s.operation];
    kept = std::max(kept, to);
  };
  for (const CellId id : order.cells)
    for (const View& v : cells.all[id].arguments) {
      const StepOf &from = at[v.cell], &to = at[id];
      if (from.repeat == 0 || (from.repeat == to.repeat && from.step == to.step)) continue;
      const Cell& c = cells.all[id];
      const bool last = from.step + 1 == repeats[from.repeat - 1].count;
      const bool next = from.repeat == to.repeat && from.step + 1 == to.step && from.operation == to.operation;
      const bool in_place = c.kind == Cell::Kind::elementwise && v.offset == 0 && v.shape.size() == c.shape.size() &&
                            cells.all[v.cell].shape.size() == c.shape.size();
      raise(from, (next && in_place) || (last && from.repeat != to.repeat) ? CKept::running : CKept::all);
    }
  for (const View& v : cells.outputs)
    if (const StepOf& s = at[v.cell]; s.repeat != 0)
      raise(s, s.step + 1 == repeats[s.repeat - 1].count ? CKept::running : CKept::all);
}

}  // namespace

std::vector<CRepeat> find_repeats(const Cells& cells, const Order& order) {
  std::vector<CRepeat> found;
  if (order.cells.size() < short_program) return found;
  std::vector<std::uint64_t> look;
  std::vector<std::size_t> position(cells.all.size());
  for (std::size_t k = 0; k < order.cells.size(); ++k) position[order.cells[k]] = k;
  for (const CellId c : order.cells) look.push_back(operation_look(cells, c));
  for (std::size_t k = 0; k < look.size();) {
    CRepeat r = repeat_at(look, k);
    if (r.count == 0 || (r.count - 1) * r.period < least_saved) {
      ++k;
      continue;
    }
    r = with_regular_steps(cells, order, position, r);
    k = r.end();
    found.push_back(std::move(r));
  }
  find_kept(cells, order, found);
  return found;
}

}  // namespace wengert::exec
