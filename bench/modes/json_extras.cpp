#include "json.hpp"
#include "report.hpp"

namespace wengert::mode_costs {

namespace {

Json line_of(const Execution& e) {
  Json j{{"kind", "execution"},
         {"family", e.family},
         {"inputs", e.size.inputs},
         {"outputs", e.size.outputs},
         {"way", e.way},
         {"prepare_seconds", e.prepare_seconds},
         {"seconds", or_null(e.seconds)},
         {"median_seconds", or_null(e.median)},
         {"spread", or_null(e.spread)},
         {"error", e.error}};
  if (!e.absent.empty()) j["absent"] = e.absent;
  return j;
}

}  // namespace

std::string json_lines(const Extras& extras) {
  std::string text;
  const auto add = [&](const Json& j) { text += j.dump() + "\n"; };
  for (const StepError& s : extras.steps) add({{"kind", "step"}, {"method", s.method}, {"h", s.h}, {"error", s.error}});
  for (const Swell& s : extras.swells)
    add({{"kind", "swell"},
         {"uses", s.uses},
         {"depth", s.depth},
         {"value_tree", s.value_tree},
         {"tree", s.tree},
         {"value_shared", s.value_shared},
         {"shared", s.shared},
         {"forward", s.forward},
         {"reverse", s.reverse}});
  for (const Execution& e : extras.executions) add(line_of(e));
  for (const Compiling& c : extras.compiling)
    add({{"kind", "compiling"},
         {"family", c.family},
         {"inputs", c.size.inputs},
         {"outputs", c.size.outputs},
         {"expected_from_evaluations", or_null(c.expected)},
         {"pays_from_evaluations", or_null(c.evaluations)}});
  for (const Chunk& c : extras.chunks)
    add({{"kind", "chunk"},
         {"family", c.family},
         {"inputs", c.size.inputs},
         {"outputs", c.size.outputs},
         {"width", c.width},
         {"seconds", c.seconds}});
  return text;
}

}  // namespace wengert::mode_costs
