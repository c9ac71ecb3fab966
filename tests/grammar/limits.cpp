#include <doctest/doctest.h>

#include <string>

#include "dump.hpp"
#include "format.hpp"
#include "parse.hpp"

namespace wengert {

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

struct Outcome {
  bool accepted = false;
  std::size_t nodes = 0;
  Diagnostic error;
};

Outcome outcome(std::string text, const ParseLimits& limits = {}) {
  Sources sources;
  const std::uint32_t source = sources.add("", std::move(text));
  const Result<ast::Tree> tree = parse(sources, source, limits);
  Outcome out;
  out.accepted = static_cast<bool>(tree);
  if (tree)
    out.nodes = tree->nodes.size();
  else
    out.error = tree.error();
  return out;
}

struct Nest {
  std::string_view open, middle, close;
  std::size_t bracket;  // where in `open` the bracket stands
};

const Nest nests[] = {
    {"(", "x", ")", 0},
    {"[", "x", "]", 0},
    {"sin(", "x", ")", 3},
    {"f'(", "x", ")", 2},
    {"x[", "1", "]", 1},
    {"f(1, ", "x", ")", 1},
    {"x[1, ", "1", "]", 1},
    {"[1, ", "1", "]", 0},
    {"-(", "x", ")", 1},
    {"2^-(", "x", ")", 3},
    {"not (", "x", ")", 4},
    {"sum(i in 1..", "2", ", i)", 3},
    {"sum(i in 1..2, ", "2", ")", 3},
    {"[x for i in 1..", "2", "]", 0},
    {"[", "x", " for i in 1..2]", 0},
    {"[x for i in 1..2, j in 1..", "2", "]", 0},
    {"repeat 2 {", "x", "}", 9},
};

}  // namespace

TEST_CASE("exactly a thousand brackets may be open, one more is refused where it stands") {
  for (const Nest& nest : nests) {
    CAPTURE(nest.open);
    const auto deep = [&](std::size_t depth) {
      return repeated(nest.open, depth) + std::string(nest.middle) + repeated(nest.close, depth);
    };
    const Outcome allowed = outcome(deep(1000));
    CHECK_MESSAGE(allowed.accepted, allowed.error.message);
    const Outcome refused = outcome(deep(1001));
    CHECK_FALSE(refused.accepted);
    CHECK(refused.error.kind == Kind::limit);
    CHECK(refused.error.message == "more than 1000 brackets are open here");
    CHECK(refused.error.span.begin == 1000 * nest.open.size() + nest.bracket);
  }
}

TEST_CASE("the number of open brackets is what counts, not how many there are") {
  CHECK(outcome(repeated("(x) + ", 5000) + "x").accepted);
  CHECK(outcome("((x))", {2}).accepted);
  CHECK_FALSE(outcome("((x) + (y[1]))", {2}).accepted);
  CHECK(outcome("x", {0}).accepted);
  CHECK_FALSE(outcome("(x)", {0}).accepted);
}

TEST_CASE("a million open brackets are refused at the first one too many, and nothing behind it is read") {
  for (const Nest& nest : nests) {
    CAPTURE(nest.open);
    const std::string_view up_to_it = nest.open.substr(0, nest.bracket + 1);
    const Outcome shortest = outcome(repeated(nest.open, 1000) + std::string(up_to_it));
    CHECK(shortest.error.kind == Kind::limit);
    CHECK(shortest.error.span.begin == 1000 * nest.open.size() + nest.bracket);
    for (const std::string_view mistake : {"", ") ]", "} = =", "$"}) {
      const Outcome refused = outcome(repeated(nest.open, 1000) + std::string(up_to_it) + std::string(mistake) +
                                      repeated(nest.open, 1000000));
      CHECK_FALSE(refused.accepted);
      CHECK(refused.error.kind == Kind::limit);
      CHECK(refused.error.span == shortest.error.span);
      CHECK(refused.error.message == shortest.error.message);
    }
  }
}

TEST_CASE("chains of a million operators need no depth") {
  constexpr std::size_t million = 1000000;
  CHECK(outcome(repeated("x+", million) + "x").nodes == 2 * million + 1);
  CHECK(outcome(repeated("-", million) + "x").nodes == million + 1);
  CHECK(outcome(repeated("2^", million) + "x").nodes == 2 * million + 1);
}

TEST_CASE("other long texts need no depth either") {
  constexpr std::size_t many = 200000;
  CHECK(outcome(repeated("x and ", many) + "x").nodes == 2 * many + 1);
  CHECK(outcome(repeated("not ", many) + "x").nodes == many + 1);
  CHECK(outcome(repeated("2^-", many) + "x").nodes == 3 * many + 1);
  CHECK(outcome("x" + repeated("'", many)).nodes == many + 1);
  CHECK(outcome("x" + repeated("[1]", many)).nodes == 2 * many + 1);
  CHECK(outcome("[1" + repeated(",1", many) + "]").nodes == many + 2);
  CHECK(outcome(repeated("x\n", many)).nodes == many);
  CHECK(outcome(repeated("\n", many)).accepted);
  CHECK(outcome(repeated("#\n", many)).accepted);
  CHECK(outcome("x" + repeated(";", many)).accepted);
}

TEST_CASE("a long chain of operators is formatted without depth") {
  for (const std::string_view piece : {"-", "2^-", "x + ", "not "}) {
    const std::string text = repeated(piece, 300000) + "x\n";
    Sources sources;
    const Result<ast::Tree> tree = parse(sources, sources.add("", text));
    REQUIRE(tree);
    CHECK(format(*tree, sources) == text);
  }
}

TEST_CASE("a mistake behind a million terms is found where it is") {
  const std::string terms = repeated("x + ", 1000000);
  CHECK(outcome(terms + "* x").error.span.begin == terms.size());
  CHECK(outcome(terms).error.span.begin == terms.size() - 1);
  CHECK(outcome("(" + terms + "x]").error.message == "expected `)` before `]`");
}

TEST_CASE("long names and long numbers are read like short ones") {
  const std::string name = repeated("name", 250000);
  CHECK(test::dump(name + " + 1") == "(+ " + name + " 1)");
  CHECK(outcome("0." + repeated("3", 100000)).accepted);
  CHECK(outcome("1" + repeated("0", 308)).accepted);
  CHECK_FALSE(outcome("1" + repeated("0", 309)).accepted);
  CHECK(outcome("0." + repeated("0", 100000)).accepted);
  CHECK(outcome(repeated("0", 100000) + "1").accepted);
}

}  // namespace wengert
