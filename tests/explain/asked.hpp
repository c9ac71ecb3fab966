// A question about a program at a point, for tests: text and values in, problem and point out.
//
//   Asked q("sqrt(x^2 + z^2)", {{"x", {0}}, {"z", {0}}});
//   blame(q.problem, q.point)
#pragma once
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "wengert/session/session.hpp"

namespace wengert::test {

struct Asked {
  using Values = std::vector<std::pair<std::string, std::vector<double>>>;

  // Vectors of several numbers are columns.
  Asked(const std::string& text, const Values& values) {
    for (const auto& [name, numbers] : values) session.give(name, {{static_cast<std::uint32_t>(numbers.size()), 1}, numbers});
    Result<Query> q = session.query("", text);
    if (!q) {
      FAIL(text << ": " << q.error().message);
      return;
    }
    expression = q->expression;
    problem = {&session.graph(), expression.id, q->inputs};
    point = session.point();
  }
  std::string text_at(const Span& span) { return span.known() ? std::string(session.sources().text(span)) : std::string(); }

  Session session;
  Expr expression;
  Problem problem;
  Point point;
};

// The same for one variable x.
inline Asked asked(const std::string& text, double x) { return Asked(text, {{"x", {x}}}); }

}  // namespace wengert::test
