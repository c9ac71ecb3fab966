// `check`: a student's answer against the derivative.
#pragma once
#include "app/lesson.hpp"

namespace wengert::app {

Result<Lesson> checked(Session& session, const Query& query, const Query& answer, const Options& options);

// `x^2*z "2*x*z"` as the expression and the answer; nothing in the second where there are no quotes.
std::pair<std::string, std::string> quoted_answer(const std::string& entry);

}  // namespace wengert::app
