// A program and a question, answered: for tables of cases.
#pragma once
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "wengert/modes/mode.hpp"
#include "wengert/session/session.hpp"

namespace wengert::test {

struct Answered {
  Shape shape;
  std::vector<double> numbers;
  bool formula = false;
  std::optional<Diagnostic> error;
  std::string pointed_at;  // the text under the error
  std::size_t nodes = 0;   // that the expression depends on
};

inline Answered ask(Session& s, const std::string& question) {
  Answered a;
  const auto fail = [&](const Diagnostic& d) {
    a.error = d;
    if (d.span.known()) a.pointed_at = std::string(s.sources().text(d.span));
    return a;
  };
  const auto q = s.query("", question);
  if (!q) return fail(q.error());
  a.shape = q->expression.shape();
  a.formula = !q->missing.empty();
  a.nodes = s.graph().reachable({&q->expression.id, 1}).size();
  if (!a.formula) a.numbers = value_at(s.graph(), q->expression.id, s.point());
  return a;
}

// The program's last line is the question.
inline Answered ask(const std::string& program) {
  Session s;
  return ask(s, program);
}

inline bool same(double a, double b, double tolerance = 1e-13) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::fabs(a - b) <= tolerance * std::max(1.0, std::fabs(b));
}

inline void check_value(const std::string& program, Shape shape, const std::vector<double>& numbers, double tolerance = 1e-13) {
  CAPTURE(program);
  const Answered a = ask(program);
  if (a.error) {
    FAIL_CHECK(a.error->message);
    return;
  }
  CHECK(to_string(a.shape) == to_string(shape));
  CHECK_FALSE(a.formula);
  REQUIRE(a.numbers.size() == numbers.size());
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    CAPTURE(k);
    CAPTURE(a.numbers[k]);
    CAPTURE(numbers[k]);
    CHECK(same(a.numbers[k], numbers[k], tolerance));
  }
}

// Two programs with one answer.
inline void check_equal(const std::string& one, const std::string& other, double tolerance = 1e-12) {
  CAPTURE(one);
  const Answered b = ask(other);
  REQUIRE_MESSAGE(!b.error, b.error->message);
  check_value(one, b.shape, b.numbers, tolerance);
}

}  // namespace wengert::test
