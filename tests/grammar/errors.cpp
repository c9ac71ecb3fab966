#include <doctest/doctest.h>

#include <string>

#include "error_table.hpp"
#include "parse.hpp"

namespace wengert {

namespace {

Diagnostic refused(std::string_view text, Sources& sources) {
  const std::uint32_t source = sources.add("", std::string(text));
  const Result<ast::Tree> tree = parse(sources, source);
  REQUIRE_MESSAGE(!tree, "this was accepted: ", text);
  return tree.error();
}

Diagnostic refused(std::string_view text) {
  Sources sources;
  return refused(text, sources);
}

}  // namespace

TEST_CASE("every mistake is met with its message, its place and its advice") {
  for (const test::Mistake& row : test::mistakes) {
    CAPTURE(row.text);
    Sources sources;
    const Diagnostic error = refused(row.text, sources);
    const Position place = sources.position(error.span);
    CHECK(error.message == row.message);
    CHECK(place.line == row.line);
    CHECK(place.column == row.column);
    CHECK(error.help == row.help);
    CHECK(error.span.end >= error.span.begin);
    CHECK(error.span.end <= row.text.size());
  }
}

TEST_CASE("a bracket left open is pointed at where the text ends, and its opening is shown") {
  Sources sources;
  const Diagnostic error = refused("y = f(x,\n  [1, 2]\n# a comment\n", sources);
  CHECK(error.message == "expected `,` or `)`");
  CHECK(sources.position(error.span).line == 2);
  CHECK(sources.position(error.span).column == 9);
  REQUIRE(error.labels.size() == 1);
  CHECK(sources.text(error.labels[0].span) == "(");
  CHECK(error.labels[0].text == "`(` is opened here");
}

TEST_CASE("a statement that follows an open bracket points back at the bracket") {
  Sources sources;
  const Diagnostic error = refused("y = f(x\nz = 2\n", sources);
  CHECK(error.message == "expected `,` or `)`");
  CHECK(sources.text(error.span) == "z");
  REQUIRE(error.labels.size() == 1);
  CHECK(sources.position(error.labels[0].span).column == 6);
}

TEST_CASE("columns count characters and the span covers the whole token") {
  Sources sources;
  const Diagnostic error = refused("σ = β × 2", sources);
  CHECK(sources.position(error.span).column == 7);
  CHECK(sources.text(error.span) == "×");
  const Diagnostic chain = refused("αβγ + 1 < δ < ε", sources);
  CHECK(chain.help == "use `αβγ + 1 < δ and δ < ε`");
}

TEST_CASE("every error of the grammar has the kind syntax, every limit the kind limit") {
  CHECK(refused("2x").kind == Kind::syntax);
  CHECK(refused("1..n").kind == Kind::syntax);
  CHECK(refused("for = 3").kind == Kind::syntax);
  CHECK(refused("1e400").kind == Kind::limit);
  CHECK(refused(std::string_view("x\0y", 3)).kind == Kind::limit);
  CHECK(refused("x + \xff").kind == Kind::limit);
  CHECK(refused(std::string(1001, '(')).kind == Kind::limit);
}

TEST_CASE("an unreadable byte is reported with its line and column before anything else") {
  struct Row {
    std::string_view text;
    unsigned line, column;
    std::string_view message;
  };
  using namespace std::string_view_literals;
  const Row rows[] = {
      {"x\0"sv, 1, 2, "a NUL character is in the text"},
      {"* *\ny = 1\nz =\0 3"sv, 3, 4, "a NUL character is in the text"},
      {"\xff", 1, 1, "the text is not UTF-8"},
      {"abcdefgh\nσ = \xc3(", 2, 5, "the text is not UTF-8"},
      {"x = 1 # \xed\xa0\x80", 1, 9, "the text is not UTF-8"},  // half of a surrogate pair
      {"\xc0\xaf", 1, 1, "the text is not UTF-8"},              // a longer form than needed
      {"x\xf0\x9f\x98", 1, 2, "the text is not UTF-8"},         // cut off
      {"\x80", 1, 1, "the text is not UTF-8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    Sources sources;
    const Diagnostic error = refused(row.text, sources);
    CHECK(error.message == row.message);
    CHECK(sources.position(error.span).line == row.line);
    CHECK(sources.position(error.span).column == row.column);
  }
}

}  // namespace wengert
