#include <doctest/doctest.h>

#include "wengert/explain/trace.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/print/text.hpp"
#include "wengert/session/session.hpp"
#include "wengert/sweep/extract.hpp"

using namespace wengert;

TEST_CASE("abstract functions keep their names in traces and in extracts") {
  Session s;
  s.give("x", {{1, 1}, {0.5}});
  REQUIRE_FALSE(s.run("", "function q, u\n", [](Result<Query>) { return true; }));
  const auto query = s.query("", "u(x)*x");
  REQUIRE(query);
  const Problem p{query->expression.graph, query->expression.id, query->inputs};
  CHECK(trace_text(trace(p, s.point())).find("u(x)") != std::string::npos);
  const Extract own = extract(s.graph(), {&p.output, 1}, p.wrt);
  CHECK(to_text(Expr(*own.graph, own.outputs[0])).all() == to_text(query->expression).all());
}
