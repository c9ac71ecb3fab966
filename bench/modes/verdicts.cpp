#include "verdicts.hpp"

#include <algorithm>

namespace wengert::mode_costs {

std::vector<std::vector<const Row*>> cells_of(const std::vector<Row>& rows) {
  std::vector<std::vector<const Row*>> cells;
  for (const Row& r : rows) {
    const bool same = !cells.empty() && cells.back()[0]->family == r.family && cells.back()[0]->size == r.size;
    if (!same) cells.emplace_back();
    cells.back().push_back(&r);
  }
  return cells;
}

std::optional<double> counted_cost(const Row& row) {
  if (!row.operations) return std::nullopt;
  return static_cast<double>(row.operations->total());
}

std::optional<double> measured_cost(const Row& row) { return row.seconds; }

Regret regret(const std::vector<Row>& rows, double tolerance,
              const std::function<std::optional<double>(const Row&)>& cost) {
  Regret out;
  std::size_t good = 0;
  for (const auto& cell : cells_of(rows)) {
    std::optional<double> taken, best, unprepared;
    for (const Row* r : cell) {
      if (r->mode == Mode::finite || r->mode == Mode::complex_step) continue;
      const std::optional<double> c = cost(*r);
      if (!c) continue;
      if (!r->offered) {
        if (!unprepared || *c < *unprepared) unprepared = c;
        continue;
      }
      if (r->automatic) taken = c;
      if (!best || *c < *best) best = c;
    }
    if (!taken || *best <= 0) continue;
    const double ratio = *taken / *best;
    ++out.cells;
    out.unprepared += unprepared && *unprepared * (1 + tolerance) < *taken;
    good += ratio <= 1 + tolerance;
    out.worst = std::max(out.worst, ratio);
  }
  if (out.cells > 0) out.within = static_cast<double>(good) / static_cast<double>(out.cells);
  return out;
}

Winner winner(const std::vector<const Row*>& cell) {
  Winner w;
  for (const Row* r : cell)
    if (r->best() && (w.row == nullptr || *r->best() < *w.row->best())) w.row = r;
  for (const Row* r : cell)
    if (w.row != nullptr && r != w.row && r->best() && *r->best() <= tie * *w.row->best()) w.tied = true;
  return w;
}

}  // namespace wengert::mode_costs
