#include "app/answer.hpp"

#include <new>
#include <stdexcept>

#include "app/answer_json.hpp"
#include "app/ask.hpp"
#include "app/bench.hpp"
#include "app/cost.hpp"
#include "app/check.hpp"
#include "app/files.hpp"
#include "app/codegen.hpp"
#include "app/formal.hpp"
#include "app/laid_out.hpp"
#include "app/lesson.hpp"
#include "app/minimize.hpp"
#include "app/taylor.hpp"
#include "app/trust.hpp"
#include "app/usage.hpp"

namespace wengert::app {

bool Answerer::failed(const Diagnostic& error, const Query& query) {
  report_.error(error, session_.sources(), query.text);
  return false;
}

// Notes of the session (a constant redefined, a definition replaced) join the warnings of the answer.
void Answerer::warn(std::vector<Diagnostic>& warnings) {
  std::vector<Diagnostic> notes = session_.take_notes();
  report_.notes(notes, session_.sources());
  report_.warnings(warnings, session_.sources());
  warnings.insert(warnings.begin(), notes.begin(), notes.end());
}

bool Answerer::formulas(const Query& query, std::vector<Formula> formulas) {
  std::vector<Diagnostic> notes;
  warn(notes);
  if (report_.json())
    report_.answer(JsonAnswers(session_.sources()).formulas(query.text, formulas, query.expression.shape(), notes));
  else
    report_.answer(human_formulas(formulas));
  return true;
}

bool Answerer::value(const Query& query) {
  Result<ValueAnswer> answer = Asker(session_, options_).value(query);
  if (!answer) return failed(answer.error(), query);
  warn(answer->warnings);
  if (report_.json())
    report_.answer(JsonAnswers(session_.sources()).value(query.text, *answer));
  else
    report_.answer(human_value(*answer, look_));
  last_ = Value{answer->shape, std::move(answer->value)};
  return true;
}

bool Answerer::work(const Query& query) {
  if (query.formula_only()) return true;
  return guarded(query, [&] {
    Result<ValueAnswer> answer = Asker(session_, options_).value(query);
    if (!answer) return failed(answer.error(), query);
    last_ = Value{answer->shape, std::move(answer->value)};
    return true;
  });
}

// What is stopped, or has no memory left, is an error of this question and of nothing else.
template <class F>
bool Answerer::guarded(const Query& query, F&& f) {
  const Work work(report_.progress(), query.text);
  Diagnostic error{.kind = Kind::memory, .message = "there is not enough memory", .span = query.span};
  try {
    return f();
  } catch (const Stopped& stopped) {
    error = stopped.diagnostic;
    if (!error.span.known()) error.span = query.span;
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {
  }
  return failed(error, query);
}

bool Answerer::derivative(const Query& query, Task task) {
  const Asker asker(session_, options_);
  Result<DerivativeAnswer> answer = task == Task::hessian ? asker.hessian(query)
                                    : task == Task::jvp   ? asker.jvp(query)
                                    : task == Task::vjp   ? asker.vjp(query)
                                                          : asker.derivative(query, task == Task::everything);
  if (!answer) return failed(answer.error(), query);
  if (answer->agreement && answer->agreement->verdict == Verdict::differ) {
    report_.raise(status::disagree);
    report_.remark("error: the modes disagree: " + answer->agreement->disagreement);
  }
  lay_out(*answer, options_.layout, task == Task::jacobian);
  warn(answer->warnings);
  if (report_.json())
    report_.answer(JsonAnswers(session_.sources()).derivative(query.text, *answer, task == Task::jacobian));
  else if (task == Task::everything && answer->agreement)
    report_.answer(human_comparison(*answer, look_));
  else if (task == Task::everything && answer->by.empty())
    report_.answer(human_value({answer->shape, answer->value, {}, {}}, look_));
  else if (answer->compared())
    report_.answer(human_derivatives(*answer, look_) + "\n" + human_modes(*answer));
  else
    report_.answer(human_derivatives(*answer, look_));
  last_ = Value{answer->shape, std::move(answer->value)};
  return true;
}

bool Answerer::formula(const Query& query, Task task) {
  const Asker asker(session_, options_);
  Result<Formula> answer = task == Task::diff ? asker.diff(query) : asker.latex(query);
  if (!answer) return failed(answer.error(), query);
  return formulas(query, {std::move(*answer)});
}

bool Answerer::taught(const Query& query, Task task) {
  if (query.formula_only()) return failed(Asker(session_, options_).missing_values(query), query);
  Result<Lesson> answer = task == Task::taylor ? taylor_answer(session_, query, options_) : lesson(session_, query, options_, task);
  if (!answer) return failed(answer.error(), query);
  const Problem problem{query.expression.graph, query.expression.id, query.inputs};
  answer->warnings = warnings_at(problem, session_.point());
  if (!answer->finite && answer->warnings.empty() && query.expression.shape().scalar())
    answer->warnings = second_warnings_at(problem, session_.point());
  return told(std::move(answer), query);
}

bool Answerer::told(Result<Lesson> answer, const Query& query) {
  return answer ? tell(std::move(answer), query.text) : failed(answer.error(), query);
}

bool Answerer::examined(const Query& query, Task task) {
  if (query.formula_only()) return failed(Asker(session_, options_).missing_values(query), query);
  Result<Examination> answer = examine(session_, query, options_, task);
  if (!answer) return failed(answer.error(), query);
  warn(answer->warnings);
  if (!answer->picture.empty() && options_.svg == "-") {
    report_.answer(answer->picture);
    return true;
  }
  if (!answer->picture.empty())
    if (const std::optional<Diagnostic> error = write_file(options_.svg, answer->picture, options_.files()))
      return failed(*error, query);
  if (report_.json())
    report_.answer(answer->json);
  else
    report_.answer(answer->text);
  return true;
}

bool Answerer::tell(Result<Lesson> answer, std::string_view input) {
  if (!answer) {
    report_.error(answer.error(), session_.sources(), input);
    return false;
  }
  warn(answer->warnings);
  if (report_.json()) {
    JsonAnswers(session_.sources()).warnings(answer->json, answer->warnings);
    report_.answer(answer->json.close('}'));
  } else {
    report_.answer(answer->text);
  }
  return true;
}

bool Answerer::explained(const Query& query, Task task) {
  return told(lesson_without_values(session_, query, options_, task), query);
}

bool Answerer::check(const Query& query, const Query& student) {
  return told(checked(session_, query, student, options_), query);
}

bool Answerer::derivative_formulas(const Query& query, Task task) {
  const Asker asker(session_, options_);
  Result<std::vector<Formula>> all = task == Task::hessian ? asker.hessian_formulas(query) : asker.derivative_formulas(query, task);
  if (!all) return failed(all.error(), query);
  return formulas(query, std::move(*all));
}

bool Answerer::answer(const Query& query, Task task) {
  return guarded(query, [&] { return answer_by(query, task); });
}

bool Answerer::answer_by(const Query& query, Task task) {
  const bool derived = task == Task::grad || task == Task::jacobian || task == Task::hessian;
  if (derived && query.without_values() && (task != Task::hessian || query.expression.shape().scalar())) return derivative_formulas(query, task);
  switch (task) {
    case Task::everything:
      return derivative(query, query.all_gradients ? Task::grad : task);
    case Task::grad:
    case Task::jacobian:
    case Task::hessian:
    case Task::jvp:
    case Task::vjp:
      return derivative(query, task);
    case Task::diff:
    case Task::latex:
      return formula(query, task);
    case Task::steps:
    case Task::graph:
    case Task::plot:
      return explained(query, task);
    case Task::codegen:
      return told(generated(session_, query, options_), query);
    case Task::why:
    case Task::page:
    case Task::trace:
    case Task::paths:
    case Task::eliminate:
    case Task::taylor:
      return taught(query, task);
    case Task::kinks:
    case Task::blame:
    case Task::stability:
    case Task::gradcheck:
      return examined(query, task);
    case Task::minimize:
      if (!query.missing.empty()) return failed(Asker(session_, options_).missing_values(query), query);
      return told(minimized(session_, query, options_), query);
    case Task::cost:
      return told(predicted_cost(session_, query, options_), query);
    case Task::bench:
      if (!query.missing.empty()) return failed(Asker(session_, options_).missing_values(query), query);
      return told(benchmark(session_, query, options_), query);
    case Task::eval:
      return query.all_gradients ? derivative(query, Task::grad) : value(query);
    case Task::run:
      if (!query.formula_only()) return query.all_gradients ? derivative(query, Task::grad) : value(query);
      // A formula is right where a value is missing, unless the name is that of another one misspelt.
      if (!query.missing_help.empty())
        report_.warnings({Asker(session_, options_).missing_values(query)}, session_.sources());
      [[fallthrough]];
    default:
      break;
  }
  Result<std::vector<Formula>> shown = Asker(session_, options_).formula(query);
  if (!shown) return failed(shown.error(), query);
  return formulas(query, std::move(*shown));
}

}  // namespace wengert::app
