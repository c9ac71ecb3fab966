// The answer of `taylor`: coefficients of the value as a power series in one input around its value.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

// By --by or the only input, to --order (8 where it is not given). The query has all of its values.
Result<Lesson> taylor_answer(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
