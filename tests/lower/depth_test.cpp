// Depth and length: nothing recurses over what a user writes, and everything is linear.
#include "asked.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

std::string repeated(const std::string& text, std::size_t n, const std::string& between = "") {
  std::string out;
  out.reserve(n * (text.size() + between.size()));
  for (std::size_t k = 0; k < n; ++k) {
    if (k > 0) out += between;
    out += text;
  }
  return out;
}

}  // namespace

TEST_CASE("a million terms, signs and powers are lowered without recursion") {
  check_value("x = 1\n" + repeated("x", 1000000, " + "), {}, {1000000});
  check_value("x = 1\n" + repeated("-", 1000000) + "x", {}, {1});
  check_value("x = 1\n" + repeated("x^", 200000) + "x", {}, {1});
  check_value("x = 1\n" + repeated("x'", 1) + repeated("'", 200000), {}, {1});
  check_value("x = 1\ndiff(" + repeated("x", 100000, " + ") + ", x)", {}, {100000});
}

TEST_CASE("brackets and calls nest to their limits") {
  check_value("x = 0\n" + repeated("sin(", 1000) + "x" + repeated(")", 1000), {}, {0});
  check_value(repeated("[", 1000) + "7" + repeated("]", 1000), {}, {7});
  std::string functions = "f0(x) = x\n";
  for (int k = 1; k <= 500; ++k) functions += "f" + std::to_string(k) + "(x) = f" + std::to_string(k - 1) + "(x) + 1\n";
  check_value(functions + "f499(0)", {}, {499});
  const Answered a = ask(functions + "f500(0)");
  REQUIRE(a.error);
  CHECK(a.error->kind == Kind::limit);
}

TEST_CASE("chains of a hundred thousand definitions are lowered in either order") {
  std::string forward = "x0 = 1\n", backward;
  for (int k = 1; k <= 100000; ++k) {
    const std::string line = "x" + std::to_string(k) + " = x" + std::to_string(k - 1) + " + 1\n";
    forward += line;
  }
  for (int k = 100000; k >= 1; --k) backward += "x" + std::to_string(k) + " = x" + std::to_string(k - 1) + " + 1\n";
  check_value(forward + "x100000", {}, {100001});
  check_value(backward + "x0 = 1\nx100000", {}, {100001});
}

TEST_CASE("functions that double in each step do not take exponential time") {
  std::string functions = "f0(x) = x\n";
  for (int k = 1; k <= 60; ++k) functions += "f" + std::to_string(k) + "(x) = f" + std::to_string(k - 1) + "(x) + f" + std::to_string(k - 1) + "(x)\n";
  check_value("x = 1\n" + functions + "f60(x)", {}, {std::pow(2.0, 60)});
}

TEST_CASE("what has too many operations is refused") {
  Session s({.brackets = 1000, .nodes = 10000, .elements = 1000000, .repetitions = 1000, .calls = 500});
  CHECK(ask(s, "x = 1\nsum(i in 1..100000, [i, x][1])").error->kind == Kind::limit);
  CHECK(ask(s, "kron(ones(2000), ones(2000)')").error->kind == Kind::limit);
  CHECK(ask(s, "v = ones(900)\njacobian(sin(cos(sin(v))), v)").error->kind == Kind::limit);
  CHECK(ask(s, "repeat 2000 { k := 1 }\nk").error->kind == Kind::limit);
}
