// The lesson's questions: the trace, the paths, the elimination orders, for people and as JSON.
#pragma once
#include "app/commands.hpp"
#include "app/json.hpp"
#include "app/options.hpp"
#include "wengert/session/session.hpp"

namespace wengert::app {

// The answer of `trace`, `paths` or `eliminate`; an error where the program is too large to draw.
// The query has all of its values.
struct Lesson {
  std::string text;
  Json json;  // an object that is still open: the warnings come last
  std::vector<Diagnostic> warnings = {};
  bool finite = true;  // all coefficients of a series
};
Result<Lesson> lesson(Session& session, const Query& query, const Options& options, Task task);

}  // namespace wengert::app
