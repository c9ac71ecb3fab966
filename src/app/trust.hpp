// What may be wrong at a point: kinks, the origin of a NaN, digits lost, a gradient checked; for people and as JSON.
#pragma once
#include "app/commands.hpp"
#include "app/json.hpp"
#include "app/options.hpp"
#include "wengert/explain/gradcheck.hpp"
#include "wengert/session/session.hpp"

namespace wengert::app {

struct Examination {
  std::string text;
  Json json;
  std::vector<Diagnostic> warnings;  // those that the text does not already tell
  std::string picture;               // of `gradcheck --svg`
};

// The answer of `kinks`, `blame`, `stability` or `gradcheck`. The query has all of its values.
Result<Examination> examine(Session& session, const Query& query, const Options& options, Task task);

}  // namespace wengert::app
