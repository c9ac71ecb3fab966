#include <doctest/doctest.h>

#include <string_view>

#include "parse.hpp"

namespace wengert {

TEST_CASE("a prompt asks for another line while something is open or hangs") {
  for (const std::string_view text : {"(",
                                      "f(x",
                                      "f(x,",
                                      "[1, 2",
                                      "x[",
                                      "repeat 2 {",
                                      "repeat 2 {\n x := 1",
                                      "a +",
                                      "a *",
                                      "a and",
                                      "a or",
                                      "not",
                                      "a ==",
                                      "a <",
                                      "a .*",
                                      "a ^",
                                      "a..",
                                      "a,",
                                      "input x,",
                                      "a + # comment",
                                      "a +\n",
                                      "a +\n\n",
                                      "(a\n",
                                      "repeat 2 { f(x) \n",
                                      "f(x) + [",
                                      "-"}) {
    CAPTURE(text);
    CHECK(continues(text));
  }
}

TEST_CASE("a prompt takes a text that is whole, or that no other line can mend") {
  for (const std::string_view text :
       {"",      "\n",     "a",      "a + b", "f(x)",      "# a +", "a # (",  "x'",   "x = 2;", "repeat 2 { x }",
        "brand", "floor",  "nor",    ")",     "a ) (",     "(]",    "[1)",    "[(1]", "x =",    "y :=",
        "1.",    "a && b", "a +\nb", "σ",     "x = 3 # [", "\xff(", "android"}) {
    CAPTURE(text);
    CHECK_FALSE(continues(text));
  }
}

}  // namespace wengert
