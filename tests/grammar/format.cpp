#include "format.hpp"

#include <doctest/doctest.h>

#include <string>

#include "dump.hpp"
#include "parse.hpp"

namespace wengert {

namespace {

std::string formatted(std::string_view text) {
  Sources sources;
  const std::uint32_t source = sources.add("", std::string(text));
  const Result<ast::Tree> tree = parse(sources, source);
  REQUIRE_MESSAGE(tree, text, ": ", tree.error().message);
  return format(*tree, sources);
}

struct Row {
  std::string_view text, formatted;
};

// What is formatted already stays; the tree stays in any case.
template <std::size_t n>
void check(const Row (&rows)[n]) {
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(formatted(row.text) == row.formatted);
    CHECK(formatted(row.formatted) == row.formatted);
    CHECK(test::dump(row.formatted) == test::dump(row.text));
  }
}

}  // namespace

TEST_CASE("expressions are written with as few brackets as read back the same") {
  const Row rows[] = {
      {"exp( x*z )+(x*z)/log(x)", "exp(x*z) + x*z/log(x)\n"},
      {"(a+b)*c", "(a + b)*c\n"},
      {"a+(b*c)", "a + b*c\n"},
      {"(a+b)+c", "a + b + c\n"},
      {"a+(b+c)", "a + (b + c)\n"},
      {"a-(b-c)", "a - (b - c)\n"},
      {"a*(b*c)", "a*(b*c)\n"},
      {"(a*b)*c", "a*b*c\n"},
      {"a/(b*c)", "a/(b*c)\n"},
      {"a^(b^c)", "a^b^c\n"},
      {"(a^b)^c", "(a^b)^c\n"},
      {"(a.^b)^c", "(a.^b)^c\n"},
      {"a ** b", "a^b\n"},
      {"-(x^2)", "-x^2\n"},
      {"(-x)^2", "(-x)^2\n"},
      {"2^(-x)", "2^-x\n"},
      {"2^(-(x^y))", "2^-x^y\n"},
      {"(2^(-x))^y", "(2^-x)^y\n"},
      {"2^(-(x*y))", "2^-(x*y)\n"},
      {"(2^(-x))*y", "2^-x*y\n"},
      {"(-x)*y", "-x*y\n"},
      {"-(x*y)", "-(x*y)\n"},
      {"-(a + b)", "-(a + b)\n"},
      {"a-(-b)", "a - -b\n"},
      {"a*(-b)", "a*-b\n"},
      {"- - x", "--x\n"},
      {"+x", "+x\n"},
      {"a.+b.-c", "a .+ b .- c\n"},
      {"a .* b ./ c", "a.*b./c\n"},
      {"1 ./ v", "1./v\n"},
      {"1.5 .* v", "1.5.*v\n"},
      {"x .* .5", "x.*.5\n"},
      {"(a<b)==c", "(a < b) == c\n"},
      {"a<(b==c)", "a < (b == c)\n"},
      {"(a+1)<(b)", "a + 1 < b\n"},
      {"not (a<b)", "not a < b\n"},
      {"(not a)<b", "(not a) < b\n"},
      {"a and (b or c)", "a and (b or c)\n"},
      {"(a and b) or c", "a and b or c\n"},
      {"a and (not b)", "a and not b\n"},
      {"a or (b or c)", "a or (b or c)\n"},
      {"-(not a)", "-(not a)\n"},
      {"(x+1)'", "(x + 1)'\n"},
      {"(-x)'", "(-x)'\n"},
      {"-(x')", "-x'\n"},
      {"(x')'", "x''\n"},
      {"(x')^2", "x'^2\n"},
      {"(x^2)'", "(x^2)'\n"},
      {"(x^2)[1]", "(x^2)[1]\n"},
      {"([1,2])[1]", "[1, 2][1]\n"},
      {"f''( x )", "f''(x)\n"},
      {"f ( )", "f()\n"},
      {"f(( a ),b)", "f(a, b)\n"},
      {"x[ 1,: ]", "x[1, :]\n"},
      {"x[(1)..(n+1)]", "x[1..n + 1]\n"},
      {"x[(a<b)..n]", "x[(a < b)..n]\n"},
      {"x[end-1]", "x[end - 1]\n"},
      {"x[1 .. .5]", "x[1...5]\n"},
      {"[[1,2],[3,4]]", "[[1, 2], [3, 4]]\n"},
      {"[i*j for i in 1 .. m,j in (1)..n]", "[i*j for i in 1..m, j in 1..n]\n"},
      {"sum(i in 1..n,x[i])", "sum(i in 1..n, x[i])\n"},
      {"1.50e3 + 007", "1.50e3 + 007\n"},
      {"e\xcc\x81 + 1", "é + 1\n"},
      {"(((((x)))))", "x\n"},
  };
  check(rows);
}

TEST_CASE("statements stand one on a line") {
  const Row rows[] = {
      {"", ""},
      {"\n\n;\n", ""},
      {"x=2;y=3", "x = 2;\ny = 3\n"},
      {"input x,W[3,2],b[ n ]", "input x, W[3, 2], b[n]\n"},
      {"const k=8.314;", "const k = 8.314;\n"},
      {"f( u,v )=u", "f(u, v) = u\n"},
      {"function u,v", "function u, v\n"},
      {"a,b:=b,a", "a, b := b, a\n"},
      {"repeat 2{a;b}c", "repeat 2 {\n  a;\n  b\n}\nc\n"},
      {"repeat (n+1) {repeat 2{x:=x}};", "repeat n + 1 {\n  repeat 2 {\n    x := x\n  }\n};\n"},
      {"repeat 2\t{\n\n}", "repeat 2 {}\n"},
      {"y = (a +\n  b\n)", "y = a + b\n"},
      {"\xef\xbb\xbfx\r\ny\r\n", "x\ny\n"},
  };
  check(rows);
}

TEST_CASE("comments and single blank lines stay where they are") {
  const Row rows[] = {
      {"# a  ", "# a\n"},
      {"\n\n# a\n\n\n\n# b\nx\n\n\n", "# a\n\n# b\nx\n"},
      {"x # a", "x  # a\n"},
      {"x ; # a\n#b", "x;  # a\n#b\n"},
      {"x\n\n\ny\nz", "x\n\ny\nz\n"},
      {"x;;\n\ny", "x;\n\ny\n"},
      {"a + # one\n  # two\n b # three", "# one\n# two\na + b  # three\n"},
      {"x\n\na + # one\n b", "x\n\n# one\na + b\n"},
      {"repeat 2 { # a\n\n # b\n x # c\n\n\n # d\n\n} # e", "repeat 2 {  # a\n  # b\n  x  # c\n\n  # d\n}  # e\n"},
      {"repeat 2 {\n#a\n}", "repeat 2 {\n  #a\n}\n"},
      {"repeat 2 { x } # a\n", "repeat 2 {\n  x\n}  # a\n"},
      {"repeat (2 # {\n) { x }", "# {\nrepeat 2 {\n  x\n}\n"},
      {"#", "#\n"},
      {"#a\r\n#b\r\n", "#a\n#b\n"},
  };
  check(rows);
}

TEST_CASE("an expression alone is written like one in a program") {
  Sources sources;
  const Result<ast::Tree> tree = parse(sources, sources.add("", "y = 2*(a+b)"));
  REQUIRE(tree);
  CHECK(format(*tree, sources, tree->statements[0].values[0]) == "2*(a + b)");
}

}  // namespace wengert
