// `plot`: a curve with its derivative, contours, a loss over steps, data.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

// The text is the figure as SVG, or the samples as CSV.
Result<Lesson> plotted(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
