// `exercise`: a random problem, and what an answer to it is worth.
#pragma once
#include "app/lesson.hpp"
#include "wengert/explain/exercise.hpp"

namespace wengert::app {

// The problem that the options ask for.
Result<Exercise> chosen_exercise(const Options& options);
Lesson posed(const Exercise& exercise, const Options& options);
// In a session of its own: the problem's names are not the user's.
Result<Lesson> marked(const Exercise& exercise, const std::string& answer);

}  // namespace wengert::app
