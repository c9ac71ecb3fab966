// What every mode would cost, for people and as JSON. Needs no values: operations are counted, not timed.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

Result<Lesson> predicted_cost(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
