#include "model.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace wengert::mode_costs {

namespace {

constexpr double factor = 1.5;
constexpr std::size_t fewest_rows = amount_count;
constexpr int passes = 25;

using Eigen::MatrixXd;
using Eigen::VectorXd;

// The x >= 0 of least |Ax - b|, by active sets (Lawson and Hanson 1974, chapter 23).
VectorXd least_squares_at_least_0(const MatrixXd& a, const VectorXd& b) {
  const Eigen::Index n = a.cols();
  VectorXd x = VectorXd::Zero(n);
  std::vector<Eigen::Index> free;
  const auto solved = [&] {
    MatrixXd some(a.rows(), static_cast<Eigen::Index>(free.size()));
    for (std::size_t k = 0; k < free.size(); ++k) some.col(static_cast<Eigen::Index>(k)) = a.col(free[k]);
    return VectorXd(some.colPivHouseholderQr().solve(b));
  };
  for (Eigen::Index round = 0; round < 3 * n; ++round) {
    const VectorXd downhill = a.transpose() * (b - a * x);
    Eigen::Index next = -1;
    for (Eigen::Index j = 0; j < n; ++j)
      if (std::find(free.begin(), free.end(), j) == free.end() && downhill[j] > 1e-12 * a.col(j).norm() * b.norm() &&
          (next < 0 || downhill[j] / a.col(j).norm() > downhill[next] / a.col(next).norm()))
        next = j;
    if (next < 0) break;
    free.push_back(next);
    for (;;) {
      const VectorXd z = solved();
      double step = 1;
      for (std::size_t k = 0; k < free.size(); ++k)
        if (const double to = z[static_cast<Eigen::Index>(k)], from = x[free[k]]; to <= 0)
          step = std::min(step, from / (from - to + 1e-300));
      for (std::size_t k = 0; k < free.size(); ++k) x[free[k]] += step * (z[static_cast<Eigen::Index>(k)] - x[free[k]]);
      if (step >= 1) break;
      std::erase_if(free, [&](Eigen::Index j) {
        if (x[j] > 1e-12 * x.maxCoeff()) return false;
        x[j] = 0;
        return true;
      });
      if (free.empty()) break;
    }
  }
  return x;
}

}  // namespace

// Relative errors; then again with rows weighted so that what is squared is the logarithm of the factor, which is the
// same for twice as long and half as long, and so that a few strange rows do not pull.
void Model::fit(Regime regime, const std::vector<const Row*>& rows) {
  if (rows.size() < fewest_rows) return;
  const auto count = static_cast<Eigen::Index>(rows.size()), n = static_cast<Eigen::Index>(amount_count);
  MatrixXd a(count, n);
  for (Eigen::Index k = 0; k < count; ++k)
    for (Eigen::Index j = 0; j < n; ++j) {
      const Row& r = *rows[static_cast<std::size_t>(k)];
      a(k, j) = r.work->amounts[static_cast<std::size_t>(j)] / *r.seconds;
    }
  // Columns of one length, or what is a nanosecond each would drown in rounding.
  VectorXd size = a.colwise().norm();
  for (double& s : size) s = s > 0 ? 1 / s : 0;
  const MatrixXd scaled = a * size.asDiagonal();
  VectorXd weight = VectorXd::Ones(count), x;
  for (int pass = 0; pass < passes; ++pass) {
    x = least_squares_at_least_0(weight.asDiagonal() * scaled, weight);
    for (Eigen::Index k = 0; k < count; ++k) {
      const double p = std::max(scaled.row(k).dot(x), 1e-3), off = std::fabs(std::log(p));
      const double as_factor = off > 1e-6 ? off / std::fabs(p - 1) : 1;
      weight[k] = as_factor / std::sqrt(std::max(off, 0.1));
    }
  }
  Fit fit{.rows = rows.size()};
  for (Eigen::Index j = 0; j < n; ++j) fit.prices[static_cast<std::size_t>(j)] = x[j] * size[j];
  fits_[regime] = fit;
}

std::optional<double> Model::seconds(const Row& row) const {
  if (!row.work) return std::nullopt;
  const auto fit = fits_.find(row.work->regime);
  if (fit == fits_.end()) return std::nullopt;
  double sum = 0;
  for (std::size_t j = 0; j < amount_count; ++j) sum += row.work->amounts[j] * fit->second.prices[j];
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

std::string price_table(const Model& model) {
  std::string text;
  for (std::size_t k = 0; k < regime_count; ++k) {
    const auto fit = model.fits().find(static_cast<Regime>(k));
    text += "      {";
    for (std::size_t j = 0; j < amount_count; ++j)
      text += fmt::format("{}{:.2g}", j > 0 ? ", " : "", fit == model.fits().end() ? 0.0 : fit->second.prices[j]);
    text += fmt::format("}},  // {}\n", to_string(static_cast<Regime>(k)));
  }
  return text;
}

}  // namespace wengert::mode_costs
