// What every mode costs for one program: counted, predicted, and measured at its point.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

// The query has all of its values. An error where modes disagree: nothing is timed that is not right.
Result<Lesson> benchmark(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
