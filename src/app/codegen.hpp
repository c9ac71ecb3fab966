// `codegen`: the program and its derivatives as source text.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

Result<Lesson> generated(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
