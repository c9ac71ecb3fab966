// `minimize`: the steps as a table, as CSV, as a picture of the path, or as JSON.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

Result<Lesson> minimized(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
