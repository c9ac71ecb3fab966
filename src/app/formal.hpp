// The lesson's questions that need no numbers: the derivation, a student's answer, the graph.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

Result<Lesson> lesson_without_values(Session& session, const Query& query, const Options& options, Task task);

}  // namespace wengert::app
