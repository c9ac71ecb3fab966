// From a lowered question to printed answer, by the command that asked.
#pragma once
#include "app/commands.hpp"
#include "app/human.hpp"
#include "app/lesson.hpp"
#include "app/options.hpp"
#include "app/report.hpp"
#include "wengert/session/session.hpp"

namespace wengert::app {

class Answerer {
 public:
  Answerer(Session& session, Report& report) : session_(session), report_(report) {}
  void configure(const Options& options, const Look& look) { options_ = options, look_ = look; }

  // Prints the answer or the error; false after an error.
  bool answer(const Query& query, Task task);
  // Judges a student's derivative of the query.
  bool check(const Query& query, const Query& student);
  // Prints an answer that is there already, or its error.
  bool tell(Result<Lesson> answer, std::string_view input);
  // Answers without printing (a statement that ends in `;`); errors are printed.
  bool work(const Query& query);
  // The value of the last question that had one: `ans`.
  const std::optional<Value>& last() const { return last_; }

 private:
  bool answer_by(const Query& query, Task task);
  template <class F>
  bool guarded(const Query& query, F&& f);
  bool failed(const Diagnostic& error, const Query& query);
  bool formulas(const Query& query, std::vector<Formula> formulas);
  bool value(const Query& query);
  bool derivative(const Query& query, Task task);
  bool formula(const Query& query, Task task);
  bool derivative_formulas(const Query& query, Task task);
  bool taught(const Query& query, Task task);
  bool told(Result<Lesson> answer, const Query& query);
  bool explained(const Query& query, Task task);
  bool examined(const Query& query, Task task);
  void warn(std::vector<Diagnostic>& warnings);

  Session& session_;
  Report& report_;
  Options options_;
  Look look_;
  std::optional<Value> last_;
};

}  // namespace wengert::app
