// Sessions and graphs belong to one thread each, and any number of threads have theirs at the same time.
#include <doctest/doctest.h>

#include "../explain/asked.hpp"
#include "together.hpp"
#include "wengert/explain/blame.hpp"
#include "wengert/explain/kinks.hpp"
#include "wengert/explain/reference.hpp"
#include "wengert/explain/stability.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"

namespace wengert::test {

TEST_CASE("eight threads have a session each: programs are read, derived, simplified and run at the same time") {
  std::vector<std::string> formulas(eight);
  std::vector<std::vector<double>> values(eight);
  std::vector<std::string> errors(eight);
  together([&](std::size_t t) {
    for (int k = 0; k < 5; ++k) {
      Session s;
      const auto wrong =
          s.run("", "f(u) = sin(u)*u + log(1 + u^2)\nx = 2\nA = [[2, x], [1, 3]]\ny = f(x) + det(A) + sum(inv(A))\n",
                [](const Result<Query>&) { return true; });
      if (wrong) errors[t] = wrong->message;
      const Result<Query> q = s.query("", "diff(f(z), z, 2)"), number = s.query("", "y");
      if (!q || !number) {
        errors[t] = "no answer";
        return;
      }
      formulas[t] = to_text(simplify(q->expression)).all();
      values[t] = value_at(s.graph(), number->expression.id, s.point());
      if (s.query("", "2 + * 3")) errors[t] = "a wrong text was taken";
    }
  });
  for (std::size_t t = 0; t < eight; ++t) {
    CHECK(errors[t].empty());
    CHECK(formulas[t] == formulas[0]);
    CHECK(values[t] == values[0]);
  }
  CHECK(values[0] == std::vector<double>{2 * std::sin(2.0) + std::log(5.0) + 4 + 0.5});
}

TEST_CASE("eight threads explain eight programs: references in many digits, blame, kinks, stability") {
  struct Found {
    std::string exact, better;
    std::size_t origins = 0, kinks = 0;
    double lost = 0;
    bool operator==(const Found&) const = default;
  };
  std::vector<Found> found(eight);
  together([&](std::size_t t) {
    Session s;
    s.give("x", {{}, {1e-9}});
    const Result<Query> q = s.query("", "exp(x) - 1 + abs(x)*log(pi*x)");
    if (!q) return;
    const Problem p{&s.graph(), q->expression.id, q->inputs};
    found[t].exact = reference_at(p, s.point(), {.bits = 200}).value[0].to_string(40);
    found[t].lost = stability(p, s.point()).digits_lost;
    found[t].better = to_text(fix(q->expression)).all();
    wengert::Point edge = s.point();
    for (const NodeId x : p.wrt) edge[x] = {0.0};
    found[t].origins = blame(p, edge).origins.size();
    found[t].kinks = kinks(p, edge).size();
  });
  for (const Found& f : found) CHECK(f == found[0]);
  CHECK(found[0].exact.substr(0, 4) == "-1.8");
  CHECK(found[0].better.find("expm1(x)") != std::string::npos);
  CHECK(found[0].origins > 0);
  CHECK(found[0].kinks == 1);
}

}  // namespace wengert::test
