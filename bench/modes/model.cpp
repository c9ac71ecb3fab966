#include "model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace wengert::mode_costs {

namespace {

constexpr double factor = 1.5;
constexpr std::size_t fewest_rows = cost_count;
constexpr int most_rounds = 20000;

using Amounts = std::array<double, cost_count>;

double directions(const Row& row) {
  return static_cast<double>(row.mode == Mode::reverse ? row.size.outputs : row.size.inputs);
}

// How often the program is gone through beside a mode's sweeps: for the value; by the complex step also to look for
// singularities.
double extra_runs(Mode mode) { return mode == Mode::complex_step ? 3 : 1; }

Amounts amounts_of(const Row& row) {
  const OperationCount& o = *row.operations;
  const double value = static_cast<double>(row.value.total());
  // Finite differences try a second scale for inputs that are large or tiny.
  const double share = row.mode == Mode::finite ? row.scales : 1;
  const double beside = row.mode == Mode::complex_step && value > 0
                            ? 1 + (extra_runs(row.mode) * value) / std::max<double>(1, static_cast<double>(o.total()))
                            : 1;
  const double swept = static_cast<double>(row.sweeps) * share;
  const double each = row.mode == Mode::forward ? static_cast<double>(row.size.inputs) : swept;
  const double factor_of = share * beside;
  return {static_cast<double>(o.add + o.mul) * factor_of,
          static_cast<double>(o.div) * factor_of,
          static_cast<double>(o.call) * factor_of,
          static_cast<double>(row.elements) * (extra_runs(row.mode) + each),
          static_cast<double>(row.instructions) * (extra_runs(row.mode) + swept),
          static_cast<double>(row.arguments) * (extra_runs(row.mode) + each),
          each,
          static_cast<double>(row.size.inputs) * static_cast<double>(row.size.outputs),
          1};
}

}  // namespace

// The thresholds are those from which on the modes plan wide Jacobians.
Regime regime_of(const Row& row) {
  if (row.mode == Mode::symbolic) return {row.mode, row.size.inputs > 1 && row.size.outputs > 1};
  const bool sweeps = row.mode == Mode::reverse || row.mode == Mode::forward;
  return {row.mode, sweeps && directions(row) >= 16 && directions(row) * static_cast<double>(row.elements) >= 2e6};
}

// Coordinate descent on the squares of the relative errors, no cost below 0; then again with rows weighted by
// the error that they were left with, so that a few strange ones do not pull.
void Model::fit(Regime regime, const std::vector<const Row*>& rows) {
  if (rows.size() < fewest_rows) return;
  std::vector<Amounts> a;
  for (const Row* r : rows) {
    a.push_back(amounts_of(*r));
    for (double& x : a.back()) x /= *r->seconds;
  }
  std::vector<double> weight(rows.size(), 1.0);
  Amounts cost{};
  const auto predicted = [&](std::size_t k) {
    double sum = 0;
    for (std::size_t j = 0; j < cost_count; ++j) sum += a[k][j] * cost[j];
    return sum;
  };
  for (int pass = 0; pass < 8; ++pass) {
    std::array<Amounts, cost_count> gram{};
    Amounts right{};
    for (std::size_t k = 0; k < rows.size(); ++k)
      for (std::size_t i = 0; i < cost_count; ++i) {
        right[i] += weight[k] * a[k][i];
        for (std::size_t j = 0; j < cost_count; ++j) gram[i][j] += weight[k] * a[k][i] * a[k][j];
      }
    double moved = 1;
    for (int round = 0; round < most_rounds && moved > 1e-9; ++round) {
      moved = 0;
      for (std::size_t i = 0; i < cost_count; ++i) {
        if (gram[i][i] == 0) continue;
        double rest = right[i];
        for (std::size_t j = 0; j < cost_count; ++j) rest -= gram[i][j] * cost[j];
        const double next = std::max(0.0, cost[i] + rest / gram[i][i]);
        moved = std::max(moved, std::fabs(next - cost[i]) * std::sqrt(gram[i][i] / static_cast<double>(rows.size())));
        cost[i] = next;
      }
    }
    // What matters is the factor, which is the same for twice as long and half as long.
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double p = std::max(predicted(k), 1e-3), off = std::fabs(std::log(p));
      weight[k] = std::min(1.0, 1 / p) / std::max(off, 0.05);
    }
  }
  fits_[regime] = {{cost.begin(), cost.end()}, rows.size()};
}

std::optional<double> Model::seconds(const Row& row) const {
  if (!row.operations) return std::nullopt;
  auto fit = fits_.find(regime_of(row));
  if (fit == fits_.end()) fit = fits_.find({row.mode, false});  // too few wide ones: what it would take otherwise
  if (fit == fits_.end()) return std::nullopt;
  const Amounts a = amounts_of(row);
  double sum = 0;
  for (std::size_t j = 0; j < cost_count; ++j) sum += a[j] * fit->second.seconds[j];
  return sum;
}

ModelError model_error(const Model& model, const std::vector<const Row*>& rows) {
  std::vector<double> off;
  for (const Row* r : rows)
    if (r->seconds)
      if (const auto s = model.seconds(*r))
        off.push_back(std::max(*s / *r->seconds, *r->seconds / std::max(*s, 1e-12)));
  ModelError e;
  e.rows = off.size();
  if (off.empty()) return e;
  std::sort(off.begin(), off.end());
  e.within = static_cast<double>(std::upper_bound(off.begin(), off.end(), factor) - off.begin()) /
             static_cast<double>(off.size());
  e.median = off[off.size() / 2], e.p90 = off[off.size() * 9 / 10], e.worst = off.back();
  return e;
}

}  // namespace wengert::mode_costs
