// `graph --spy`: which elements of the value depend on which elements of the inputs, as a picture.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

// The pattern of the Jacobian, or of a scalar's Hessian; as text (a dot of braille for each entry), svg or json.
Result<Lesson> sparsity_picture(Session& session, const Query& query, const Options& options);

}  // namespace wengert::app
