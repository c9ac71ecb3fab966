// Exercises can be asked of the language, differ by seed, and their derivative is judged right.
#include "wengert/explain/exercise.hpp"

#include <doctest/doctest.h>

#include <set>

#include "wengert/explain/check.hpp"
#include "wengert/explain/steps.hpp"
#include "wengert/session/session.hpp"

using namespace wengert;

TEST_CASE("every level poses problems that have a derivation, and its end is the right answer") {
  for (int level = 1; level <= exercise_levels; ++level) {
    std::set<std::string> texts;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const Exercise e = exercise(level, seed);
      INFO(e.text, " by ", e.by);
      texts.insert(e.text);
      CHECK(exercise(level, seed).text == e.text);
      Session session;
      CHECK_FALSE(session.run("", e.program, [](Result<Query>) { return true; }));
      const auto query = session.query("", e.text);
      REQUIRE(query);
      const auto by = session.by_names(*query, {e.by});
      REQUIRE(by);
      const Expr y = by->front().expression, x(*y.graph, by->front().input);
      const auto d = derive(y, x);
      REQUIRE(d);
      const auto mine = session.query("answer", to_text(d->lines.back().expression).all());
      REQUIRE(mine);
      const auto c = check_answer({.y = y, .x = x, .answer = mine->expression, .others = {}, .point = {}});
      REQUIRE(c);
      CHECK(c->right);
    }
    CHECK(texts.size() >= (level == 6 ? 4u : 15u));
  }
}
