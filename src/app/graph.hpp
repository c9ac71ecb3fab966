// `graph`: the program as a picture.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

// Values may be missing: then the structure alone is drawn.
Result<Lesson> graph_picture(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
