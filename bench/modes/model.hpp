// Time as a sum of costs: seconds = sum of (amounts of a workload) times (prices on this machine), all prices at least
// 0, fitted to what was measured, a set of prices for each way of running.
#pragma once
#include <map>
#include <vector>

#include "cell.hpp"

namespace wengert::mode_costs {

struct Fit {
  Amounts prices{};
  std::size_t rows = 0;
};

class Model {
 public:
  // Least squares of relative errors over the rows that were run and that `use` takes.
  template <class Use>
  static Model fitted(const std::vector<Row>& rows, Use&& use) {
    std::map<Regime, std::vector<const Row*>> groups;
    for (const Row& r : rows)
      if (r.seconds && r.work && use(r)) groups[r.work->regime].push_back(&r);
    Model model;
    for (const auto& [regime, group] : groups) model.fit(regime, group);
    return model;
  }
  // None where too little of its regime was run, or its operations are not known.
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

// The table of src/modes/prices.cpp.
std::string price_table(const Model& model);

}  // namespace wengert::mode_costs
