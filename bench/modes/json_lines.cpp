#include "json.hpp"
#include "report.hpp"

namespace wengert::mode_costs {

namespace {

Json counts(const OperationCount& c) {
  return {{"add", c.add}, {"mul", c.mul}, {"div", c.div}, {"call", c.call}, {"total", c.total()}};
}

Json line_of(const Machine& m) {
  return {{"kind", "machine"},      {"processor", m.processor},
          {"features", m.features}, {"cores", m.cores},
          {"compiler", m.compiler}, {"commit", m.commit},
          {"load", m.load},         {"clock_step_seconds", m.clock_step},
          {"when", m.when}};
}

Json line_of(const Row& r) {
  Json j{{"kind", "cell"},
         {"family", r.family},
         {"inputs", r.size.inputs},
         {"outputs", r.size.outputs},
         {"mode", to_string(r.mode)}};
  if (r.size.depth > 0) j["kind"] = "deep", j["depth"] = r.size.depth, j["uses"] = r.size.uses;
  j["value_operations"] = counts(r.value);
  j["operations"] = r.operations ? counts(*r.operations) : Json();
  if (r.recounted) j["counted_operations"] = counts(*r.recounted);
  j["bound_operations"] = or_null(r.bound);
  if (r.theory) j["theory_ratio"] = {r.theory->low, r.theory->high};
  j["sweeps"] = r.sweeps, j["tape_bytes"] = r.bytes, j["instructions"] = r.instructions;
  j["auto"] = r.automatic, j["offered"] = r.offered;
  j["run"] = r.seconds.has_value();
  j["seconds"] = or_null(r.seconds), j["median_seconds"] = or_null(r.median), j["spread"] = or_null(r.spread);
  j["value_seconds"] = or_null(r.value_seconds);
  j["parse_seconds"] = r.parse_seconds, j["build_seconds"] = r.build_seconds;
  j["prepare_seconds"] = or_null(r.prepare_seconds);
  if (r.work) {
    j["regime"] = to_string(r.work->regime);
    for (std::size_t k = 0; k < amount_count; ++k) j["amounts"][to_string(static_cast<Amount>(k))] = r.work->amounts[k];
  }
  j["forecast_seconds"] = r.forecast, j["model_seconds"] = or_null(r.model);
  j["error"] = or_null(r.error), j["checked"] = r.checked;
  if (!r.left_out.empty()) j["left_out"] = r.left_out;
  return j;
}

Json line_of(const Regret& r, const char* by, double tolerance) {
  return {{"kind", "auto"},
          {"by", by},
          {"cells", r.cells},
          {"tolerance", tolerance},
          {"within", r.within},
          {"worst", r.worst},
          {"cheaper_unprepared", r.unprepared}};
}

}  // namespace

std::string json_lines(const Sweep& s) {
  std::string text;
  const auto add = [&](const Json& j) { text += j.dump() + "\n"; };
  add(line_of(s.machine));
  for (const Row& r : s.rows) add(line_of(r));
  for (const Row& r : s.deep) add(line_of(r));
  for (const auto& [regime, fit] : s.model.fits()) {
    Json costs;
    for (std::size_t k = 0; k < amount_count; ++k) costs[to_string(static_cast<Amount>(k))] = fit.prices[k];
    add({{"kind", "model"}, {"regime", to_string(regime)}, {"rows", fit.rows}, {"seconds", costs}});
  }
  add({{"kind", "model_error"},
       {"held_out_rows", s.error.rows},
       {"within_1.5", s.error.within},
       {"median_factor", s.error.median},
       {"p90_factor", s.error.p90},
       {"worst_factor", s.error.worst}});
  for (const Crossover& c : s.crossings)
    add({{"kind", "crossover"},
         {"what", to_string(c.what)},
         {"family", c.family},
         {"outputs", c.outputs},
         {"counted_inputs", or_null(c.counted)},
         {"measured_inputs", or_null(c.measured)},
         {"programs", c.programs}});
  text += json_lines(s.extras);
  add(line_of(regret(s.rows, 0.1, counted_cost), "operations", 0.1));
  add(line_of(regret(s.rows, 0.25, measured_cost), "seconds", 0.25));
  return text;
}

}  // namespace wengert::mode_costs
