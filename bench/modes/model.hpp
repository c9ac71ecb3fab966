// Time as a sum of costs: seconds = sum of (what a mode does) times (what it costs on this machine), all costs at
// least 0, fitted to what was measured, a set of costs for each mode.
#pragma once
#include <map>
#include <vector>

#include "cell.hpp"

namespace wengert::mode_costs {

inline constexpr const char* cost_names[] = {"add_mul",  "div",       "call",       "element",   "instruction",
                                             "argument", "direction", "derivative", "evaluation"};
inline constexpr std::size_t cost_count = std::size(cost_names);

// Modes whose inner loops differ have costs of their own; so have wide Jacobians, whose directions lie in lanes, and
// formulas that are matrices.
struct Regime {
  Mode mode = Mode::reverse;
  bool wide = false;
  auto operator<=>(const Regime&) const = default;
};
Regime regime_of(const Row& row);

struct Fit {
  std::vector<double> seconds;  // parallel to cost_names
  std::size_t rows = 0;
};

class Model {
 public:
  // Least squares of relative errors over the rows that were run and that `use` takes.
  template <class Use>
  static Model fitted(const std::vector<Row>& rows, Use&& use) {
    std::map<Regime, std::vector<const Row*>> groups;
    for (const Row& r : rows)
      if (r.seconds && use(r)) groups[regime_of(r)].push_back(&r);
    Model model;
    for (const auto& [regime, group] : groups) model.fit(regime, group);
    return model;
  }
  // None where nothing of its regime was run, or its operations are not known.
  std::optional<double> seconds(const Row& row) const;
  const std::map<Regime, Fit>& fits() const { return fits_; }

 private:
  void fit(Regime regime, const std::vector<const Row*>& rows);
  std::map<Regime, Fit> fits_;
};

// How far a model is from what was measured.
struct ModelError {
  std::size_t rows = 0;
  double within = 0;                      // the share of rows within a factor 1.5
  double median = 1, p90 = 1, worst = 1;  // factors, at least 1
};
ModelError model_error(const Model& model, const std::vector<const Row*>& rows);

}  // namespace wengert::mode_costs
