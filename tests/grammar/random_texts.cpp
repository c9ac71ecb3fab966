// Texts that nobody wrote: programs made at random that must survive formatting, and rubbish that must be refused
// politely. The seeds are fixed, so a failure comes back.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "dump.hpp"
#include "error_table.hpp"
#include "format.hpp"
#include "parse.hpp"

namespace wengert {

namespace {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string program() {
    std::string out;
    for (unsigned i = below(6); i-- > 0;) out += gap() + statement(2) + end();
    return out + gap();
  }

  unsigned below(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random_); }

 private:
  template <std::size_t n>
  std::string pick(const std::array<const char*, n>& from) {
    return from[below(static_cast<unsigned>(n))];
  }

  std::string blank() { return pick<6>({"", "", " ", "  ", "\t", ""}); }
  std::string gap() { return pick<6>({"", "", "\n", "\n\n\n", "# note\n", "\n  # note  \n\n"}); }
  std::string end() { return pick<5>({"\n", ";\n", "; # why\n", " # why\n", ";"}); }
  std::string name() { return pick<6>({"x", "y", "σ", "W2", "_k", "e\xcc\x81"}); }
  std::string number() { return pick<7>({"0", "1", "2.5", ".5", "1e3", "1.50e-2", "12345678901234567890"}); }

  std::string list(unsigned depth, unsigned count) {
    std::string out = expression(depth);
    while (--count > 0) out += blank() + "," + pick<3>({"", " ", " # in a list\n"}) + expression(depth);
    return out;
  }

  std::string range(unsigned depth) { return operand(depth) + blank() + ".." + blank() + operand(depth); }

  std::string iterators(unsigned depth) {
    return "i in " + range(depth) + (below(2) ? ", j in " + range(depth) : std::string());
  }

  std::string subscript(unsigned depth) {
    switch (below(4)) {
      case 0:
        return ":";
      case 1:
        return range(depth);
      case 2:
        return "end";
      default:
        return expression(depth);
    }
  }

  std::string operand(unsigned depth) {
    if (depth == 0) return below(2) ? name() : number();
    switch (below(14)) {
      case 0:
        return number();
      case 1:
      case 2:
      case 3:
        return "(" + blank() + expression(depth - 1) + blank() + ")";
      case 4:
        return "-" + blank() + operand(depth - 1);
      case 5:
        return "+" + operand(depth - 1);
      case 6:
        return "(" + expression(depth - 1) + ")'";
      case 7:
        return "f" + std::string(below(3), '\'') + "(" + list(depth - 1, 1 + below(3)) + ")";
      case 8:
        return name() + "[" + subscript(depth - 1) + (below(2) ? "," + subscript(depth - 1) : "") + "]";
      case 9:
        return "[" + list(depth - 1, 1 + below(3)) + "]";
      case 10:
        return "[" + expression(depth - 1) + " for " + iterators(depth - 1) + "]";
      case 11:
        return "sum(" + iterators(depth - 1) + ", " + expression(depth - 1) + ")";
      case 12:
        return "(not " + operand(depth - 1) + ")";
      default:
        return name();
    }
  }

  // A flat sequence; comparisons do not chain, so their sides are in brackets.
  std::string expression(unsigned depth) {
    if (below(8) == 0)
      return "(" + operand(depth) + ")" + blank() + pick<6>({"<", "<=", ">", ">=", "==", "!="}) + operand(depth);
    std::string out = operand(depth);
    for (unsigned i = below(4); i-- > 0;)
      out += pick<3>({" ", "  ", "\t"}) +
             pick<13>({"+", "-", "*", "/", "^", "**", ".+", ".-", ".*", "./", ".^", "and", "or"}) +
             pick<4>({" ", "\n", " # on\n", " "}) + operand(depth);
    return out;
  }

  std::string statement(unsigned depth) {
    switch (below(9)) {
      case 0:
        return "input " + name() + ", a[" + expression(depth) + "], b[2," + expression(1) + "]";
      case 1:
        return "const " + name() + "=" + expression(depth);
      case 2:
        return "function u,v";
      case 3:
        return name() + blank() + "=" + blank() + expression(depth);
      case 4:
        return "f(u,v)=" + expression(depth);
      case 5:
        return "a, b :=" + list(depth, 2);
      case 6: {
        std::string body;
        for (unsigned i = depth > 0 ? below(4) : 0; i-- > 0;) body += gap() + statement(depth - 1) + end();
        return "repeat " + expression(1) + blank() + "{" + body + gap() + "}";
      }
      default:
        return expression(depth + 1);
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("random programs keep their tree when formatted, and formatting twice changes nothing") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const std::string text = Generator(seed).program();
    CAPTURE(seed);
    CAPTURE(text);
    Sources sources;
    const Result<ast::Tree> tree = parse(sources, sources.add("", text));
    REQUIRE_MESSAGE(tree, tree.error().message);
    const std::string once = format(*tree, sources);
    CAPTURE(once);
    const Result<ast::Tree> again = parse(sources, sources.add("", once));
    REQUIRE_MESSAGE(again, again.error().message);
    REQUIRE(test::dump(*again) == test::dump(*tree));
    REQUIRE(format(*again, sources) == once);
    REQUIRE(std::count(once.begin(), once.end(), '#') == std::count(text.begin(), text.end(), '#'));
    REQUIRE_FALSE(continues(once));
  }
}

TEST_CASE("random tokens are read or refused, and every refusal points into the text") {
  static constexpr std::array<std::string_view, 56> tokens{"(",
                                                           ")",
                                                           "[",
                                                           "]",
                                                           "{",
                                                           "}",
                                                           ",",
                                                           ";",
                                                           "\n",
                                                           "#",
                                                           "'",
                                                           ":",
                                                           ":=",
                                                           "=",
                                                           "==",
                                                           "<",
                                                           "<=",
                                                           "!=",
                                                           "..",
                                                           ".",
                                                           "...",
                                                           "+",
                                                           "-",
                                                           "*",
                                                           "/",
                                                           "^",
                                                           "**",
                                                           ".*",
                                                           "./",
                                                           "!",
                                                           "&&",
                                                           "1",
                                                           "2.5",
                                                           "1.",
                                                           ".5",
                                                           "1e",
                                                           "x",
                                                           "f",
                                                           "sum",
                                                           "σ",
                                                           "e\xcc\x81",
                                                           "×",
                                                           "\xe2\x80\x8b",
                                                           "input",
                                                           "const",
                                                           "function",
                                                           "repeat",
                                                           "for",
                                                           "in",
                                                           "end",
                                                           "and",
                                                           "or",
                                                           "not",
                                                           "if",
                                                           " ",
                                                           "\t"};
  std::mt19937 random(7);
  std::size_t accepted = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string text;
    for (auto i = 1 + random() % 9; i-- > 0;) {
      text += tokens[random() % tokens.size()];
      if (random() % 3 == 0) text += ' ';
    }
    CAPTURE(text);
    Sources sources;
    const Result<ast::Tree> tree = parse(sources, sources.add("", text));
    (void)continues(text);
    if (tree) {
      ++accepted;
      const std::string once = format(*tree, sources);
      REQUIRE(test::dump(once) == test::dump(text));
      continue;
    }
    const Diagnostic& error = tree.error();
    REQUIRE_FALSE(error.message.empty());
    REQUIRE(error.span.begin <= error.span.end);
    REQUIRE(error.span.end <= text.size());
    REQUIRE(error.message.find("boost") == std::string::npos);
  }
  CHECK(accepted > 1000);
}

TEST_CASE("random bytes are read or refused") {
  std::mt19937 random(11);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = static_cast<char>(random() % 256);
    Sources sources;
    const Result<ast::Tree> tree = parse(sources, sources.add("", text));
    (void)continues(text);
    if (!tree) REQUIRE(tree.error().span.end <= text.size());
  }
}

TEST_CASE("a mistake is the same mistake behind other statements") {
  for (const test::Mistake& row : test::mistakes) {
    CAPTURE(row.text);
    const std::string before = "# a comment (\nx = 2\nrepeat 2 { x }\n";
    Sources sources;
    const Result<ast::Tree> tree = parse(sources, sources.add("", before + std::string(row.text)));
    REQUIRE(!tree);
    CHECK(tree.error().message == row.message);
    CHECK(sources.position(tree.error().span).line == row.line + 3);
    CHECK(sources.position(tree.error().span).column == row.column);
  }
}

}  // namespace wengert
