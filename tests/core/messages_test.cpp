// What people see of positions: lines, columns, carets, suggestions.
#include <algorithm>

#include <doctest/doctest.h>

#include "wengert/core/diagnostic.hpp"

namespace wengert {
namespace {

std::string shown(const std::string& text, std::uint32_t begin, std::uint32_t end, const std::string& name = "") {
  Sources sources;
  Diagnostic d{Kind::syntax, "expected an operand", {sources.add(name, text), begin, end}, "", {}};
  return render(d, sources, "error");
}

TEST_CASE("a message shows the line and puts carets under the span") {
  CHECK(shown("exp(x*z)+*x", 9, 10) ==
        "error: expected an operand\n  --> line 1, column 10\n  | exp(x*z)+*x\n  |          ^\n");
  CHECK(shown("a = 1\nb = sinn(a)\n", 10, 14, "case.wen") ==
        "error: expected an operand\n  --> case.wen: line 2, column 5\n  | b = sinn(a)\n  |     ^^^^\n");
}

TEST_CASE("columns count characters, not bytes") {
  const std::string text = "σ(β) + ?";  // two letters of two bytes each
  const auto at = static_cast<std::uint32_t>(text.find('?'));
  CHECK(shown(text, at, at + 1) == "error: expected an operand\n  --> line 1, column 8\n  | σ(β) + ?\n  |        ^\n");
  CHECK(shown("β + 1", 0, 2) == "error: expected an operand\n  --> line 1, column 1\n  | β + 1\n  | ^\n");
}

TEST_CASE("a tab is one column, shown as one blank") {
  CHECK(shown("\tx + ?", 5, 6) == "error: expected an operand\n  --> line 1, column 6\n  |  x + ?\n  |      ^\n");
}

TEST_CASE("a span over several lines is underlined on its first one, and line ends are not shown") {
  CHECK(shown("f(x,\r\n  y)", 0, 10) == "error: expected an operand\n  --> line 1, column 1\n  | f(x,\n  | ^^^^\n");
}

TEST_CASE("the end of a text has a place, also of an empty one and after a newline") {
  CHECK(shown("x +", 3, 3) == "error: expected an operand\n  --> line 1, column 4\n  | x +\n  |    ^\n");
  CHECK(shown("", 0, 0) == "error: expected an operand\n  --> line 1, column 1\n  | \n  | ^\n");
  CHECK(shown("x\n", 2, 2) == "error: expected an operand\n  --> line 2, column 1\n  | \n  | ^\n");
}

TEST_CASE("a long line is cut around the span, and the caret stays under its place") {
  std::string text(601, 'a');
  text[300] = '?';
  std::fill(text.begin() + 301, text.end(), 'b');
  const std::string message = shown(text, 300, 301);
  const auto lines = [&](int k) {
    std::size_t begin = 0;
    for (; k > 0; --k) begin = message.find('\n', begin) + 1;
    return message.substr(begin, message.find('\n', begin) - begin);
  };
  CHECK(lines(2).size() < 110);
  CHECK(lines(2).find('?') == lines(3).find('^'));
}

TEST_CASE("a misspelling is one edit away, or two in a word of more than five letters") {
  const std::vector<std::string> known{"sin", "sinh", "sigmoid", "softmax", "log", "log2", "max"};
  CHECK(nearest("sinn", known) == "sin");
  CHECK(nearest("siiin", known) == "sin");  // a key held down is one mistake
  CHECK(nearest("siggmmoid", known) == "sigmoid");
  CHECK(nearest("sigmiod", known) == "sigmoid");
  CHECK(nearest("softmux", known) == "softmax");
  CHECK(nearest("mxa", known) == "max");
  CHECK_FALSE(nearest("tangent", known));
  CHECK_FALSE(nearest("sog", {"x"}));
  CHECK_FALSE(nearest("x", {"y"}));
  CHECK_FALSE(nearest("", known));
  CHECK_FALSE(nearest("sin", {"sin"}));
}

TEST_CASE("kinds have the names of the interface") {
  CHECK(to_string(Kind::syntax) == "syntax");
  CHECK(to_string(Kind::kink) == "kink");
  CHECK(to_string(Kind::strong_zero) == "strong-zero");
  CHECK(to_string(Kind::note) == "note");
}

}  // namespace
}  // namespace wengert
