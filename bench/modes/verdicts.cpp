#include "verdicts.hpp"

#include <algorithm>
#include <cmath>

namespace wengert::mode_costs {

namespace {

const Row* of_mode(const std::vector<const Row*>& cell, Mode mode) {
  for (const Row* r : cell)
    if (r->mode == mode) return r;
  return nullptr;
}

// The first zero from below to above of a curve through points by ascending x.
std::optional<double> crossing(const std::vector<std::pair<double, double>>& curve) {
  for (std::size_t k = 0; k < curve.size(); ++k) {
    if (curve[k].second <= 0) continue;
    if (k == 0) return curve[0].first;
    const auto [x0, y0] = curve[k - 1];
    const auto [x1, y1] = curve[k];
    return std::exp(std::log(x0) - y0 / (y1 - y0) * (std::log(x1) - std::log(x0)));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::vector<const Row*>> cells_of(const std::vector<Row>& rows) {
  std::vector<std::vector<const Row*>> cells;
  for (const Row& r : rows) {
    const bool same = !cells.empty() && cells.back()[0]->family == r.family &&
                      cells.back()[0]->size.inputs == r.size.inputs && cells.back()[0]->size.outputs == r.size.outputs;
    if (!same) cells.emplace_back();
    cells.back().push_back(&r);
  }
  return cells;
}

std::vector<Crossover> crossovers(const std::vector<Row>& rows) {
  struct Curves {
    Crossover crossover;
    std::vector<std::pair<double, double>> counted, measured;
  };
  std::vector<Curves> all;
  for (const auto& cell : cells_of(rows)) {
    const Row *f = of_mode(cell, Mode::forward), *r = of_mode(cell, Mode::reverse);
    if (f == nullptr || r == nullptr || !f->operations || !r->operations) continue;
    auto at = std::find_if(all.begin(), all.end(), [&](const Curves& c) {
      return c.crossover.family == f->family && c.crossover.outputs == f->size.outputs;
    });
    if (at == all.end()) {
      all.push_back(Curves{{f->family, f->size.outputs, {}, {}}, {}, {}});
      at = all.end() - 1;
    }
    const double n = static_cast<double>(f->size.inputs);
    at->counted.emplace_back(
        n, std::log(static_cast<double>(f->operations->total()) / static_cast<double>(r->operations->total())));
    if (f->best() && r->best()) at->measured.emplace_back(n, std::log(*f->best() / *r->best()));
  }
  std::vector<Crossover> out;
  for (Curves& c : all) {
    c.crossover.counted = crossing(c.counted);
    c.crossover.measured = crossing(c.measured);
    out.push_back(c.crossover);
  }
  return out;
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
    std::optional<double> taken, best;
    for (const Row* r : cell) {
      if (std::find(std::begin(chosen_from), std::end(chosen_from), r->mode) == std::end(chosen_from)) continue;
      const std::optional<double> c = cost(*r);
      if (!c) continue;
      if (r->automatic) taken = c;
      if (!best || *c < *best) best = c;
    }
    if (!taken || *best <= 0) continue;
    const double ratio = *taken / *best;
    ++out.cells;
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
