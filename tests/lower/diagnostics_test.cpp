// What is said about mistakes: the kind, the words, the place, the advice.
#include "asked.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

struct Mistake {
  const char* program;
  Kind kind;
  const char* says;   // in the message
  const char* where;  // the text it points at
  const char* help = "";
};

void check_all(const std::vector<Mistake>& mistakes) {
  for (const Mistake& m : mistakes) {
    CAPTURE(std::string(m.program));
    const Answered a = ask(m.program);
    if (!a.error) {
      FAIL_CHECK("no error");
      continue;
    }
    CAPTURE(a.error->message);
    CAPTURE(a.error->help);
    CHECK(to_string(a.error->kind) == to_string(m.kind));
    CHECK(a.error->message.find(m.says) != std::string::npos);
    CHECK(a.pointed_at == std::string(m.where));
    CHECK(a.error->help.find(m.help) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("shapes that do not fit are shown, with a repair") {
  const std::string names = "W = [[1, 2], [3, 4], [5, 6]]\nx = [1, 2, 3]\nA = [[1, 2], [3, 4]]\n";
  check_all({
      {"W = ones(3, 2)\nx = ones(3)\nW*x", Kind::shape, "3x2 and 3x1", "W*x", "W'*x"},
      {"x = ones(3)\nz = ones(3)\nx*z", Kind::shape, "3x1 and 3x1", "x*z", "x .* z"},
      {"x = ones(3)\nz = ones(2)\n1 + x + z", Kind::shape, "3x1 and 2x1", "1 + x + z"},
      {"x = ones(3)\nx + x'", Kind::shape, "3x1 and 1x3", "x + x'", "did you mean x + x?"},
      {"W = ones(3, 2)\nb = ones(3)\nW + b", Kind::shape, "3x2 and 3x1", "W + b", "`.+`"},
      {"x = ones(3)\nx .* ones(2)", Kind::shape, "3x1 and 2x1", "x .* ones(2)"},
      {"x = ones(3)\n1/x", Kind::shape, "3x1", "1/x", "`./`"},
      {"x = ones(3)\nx^2", Kind::shape, "3x1", "x^2", "x.^2"},
      {"x = ones(3)\n2^x", Kind::shape, "3x1", "2^x", "`.^`"},
      {"x = ones(3)\ne^x", Kind::shape, "3x1", "e^x", "exp(x)"},
      {"A = ones(2, 3)\nA^2", Kind::shape, "2x3", "A^2"},
      {"A = eye(2)\nA^0.5", Kind::shape, "integer literal", "0.5"},
      {"A = eye(2)\nA^-2", Kind::shape, "negative", "-2"},
      {"x = ones(3)\nhypot(x, ones(2))", Kind::shape, "3x1 and 2x1", "hypot(x, ones(2))"},
      {"dot(ones(3), ones(2))", Kind::shape, "dot", "dot(ones(3), ones(2))"},
      {"trace(ones(2, 3))", Kind::shape, "2x3", "trace(ones(2, 3))"},
      {"cross([1, 2], [3, 4])", Kind::shape, "3 elements", "cross([1, 2], [3, 4])"},
      {"hcat([1, 2], [1, 2, 3])", Kind::shape, "rows", "hcat([1, 2], [1, 2, 3])"},
      {"reshape(ones(3), 2, 2)", Kind::shape, "3x1", "reshape(ones(3), 2, 2)"},
      {"[1, [2, 3]]", Kind::shape, "bracket", "1"},
      {"[[1, 2], [3]]", Kind::shape, "equally long", "[3]"},
      {"[1, eye(2)]", Kind::shape, "2x2", "eye(2)", "hcat"},
      {"cross_entropy([1, 2], [1, 2, 3])", Kind::shape, "2x1 and 3x1", "cross_entropy([1, 2], [1, 2, 3])"},
      {"min(1, 2, [1, 2], [1, 2, 3])", Kind::shape, "2x1 and 3x1", "min(1, 2, [1, 2], [1, 2, 3])"},
      {"if([1, 2], [1, 2, 3], 0)", Kind::shape, "2x1 and 3x1", "if([1, 2], [1, 2, 3], 0)"},
  });
  const Answered a = ask(names + "W*x");
  REQUIRE(a.error);
  REQUIRE(a.error->labels.size() == 2);
  CHECK(a.error->labels[0].text == "3x2");
  CHECK(a.error->labels[1].text == "3x1");
}

TEST_CASE("indices and sizes out of range are refused where they stand") {
  check_all({
      {"x = [1, 2, 3]\nx[4]", Kind::shape, "3 elements", "4"},
      {"x = [1, 2, 3]\nx[0]", Kind::shape, "out of range", "0", "from 1"},
      {"x = [1, 2, 3]\nx[-1]", Kind::shape, "out of range", "-1", "end"},
      {"x = [1, 2, 3]\nx[1.5]", Kind::shape, "integer", "1.5"},
      {"x = [1, 2, 3]\nx[3..2]", Kind::shape, "empty", "3..2"},
      {"x = [1, 2, 3]\nx[1, 2]", Kind::shape, "there is 1 column", "2"},
      {"W = eye(2)\nW[1]", Kind::shape, "one index", "W[1]", "W[1, :]"},
      {"x = 5\nx[2]", Kind::shape, "out of range", "2", "scalar"},
      {"x = [1, 2]\nx[10^10^10]", Kind::limit, "too large", "10^10^10"},
      {"x = [1, 2]\nx[nan]", Kind::shape, "integer", "nan"},
      {"x = [1, 2]\nx[[1, 2]]", Kind::shape, "one number", "[1, 2]"},
      {"x = [1, 2]\nx[k]", Kind::name, "`k` has no value", "k"},
      {"zeros(0)", Kind::shape, "at least 1", "0"},
      {"zeros(-3)", Kind::shape, "at least 1", "-3"},
      {"ones(2.5)", Kind::shape, "integer", "2.5"},
      {"ones(1e9, 1e9)", Kind::limit, "limit", "1e9"},
      {"ones(1e5, 1e5)", Kind::limit, "100000x100000", "ones(1e5, 1e5)"},
      {"outer(ones(1e5), ones(1e5))", Kind::limit, "100000x100000", "outer(ones(1e5), ones(1e5))"},
      {"ones(1e5)*ones(1e5)'", Kind::limit, "100000x100000", "ones(1e5)*ones(1e5)'"},
      {"ones(1e5) .+ ones(1e5)'", Kind::limit, "100000x100000", "ones(1e5) .+ ones(1e5)'"},
      {"eye(1e5)", Kind::limit, "100000x100000", "eye(1e5)"},
      {"kron(ones(1e5), ones(1e5))", Kind::limit, "10000000000x1", "kron(ones(1e5), ones(1e5))"},
      {"input x[1e12]\n1", Kind::limit, "1000000000000", "1e12"},
      {"input x[0]\n1", Kind::shape, "at least 1", "0"},
      {"x = ones(1e5)\nhessian(x'*x, x)", Kind::limit, "100000x100000", "hessian(x'*x, x)"},
      {"sum(W, 3)", Kind::shape, "1 (over the rows)", "3"},
      {"sum(i in 1..1e15, i)", Kind::limit, "1000000000000000", "1..1e15"},
      {"[i for i in 1..1e15]", Kind::limit, "1000000000000000", "1..1e15"},
      {"[i for i in 1..0]", Kind::shape, "empty", "1..0"},
      {"max(i in 1..0, i)", Kind::shape, "no max", "max(i in 1..0, i)"},
      {"[[1, i] for i in 1..2]", Kind::shape, "2x1", "[1, i]", "two indices"},
      {"[j for i in 1..3, j in 1..i]", Kind::shape, "different lengths", "1..i"},
      {"repeat 1e18 { x := 1 }\n1", Kind::limit, "repetitions", "1e18"},
      {"repeat -1 { x := 1 }\n1", Kind::shape, "negative", "-1"},
      {"f(u) = u\niterate(f, 1, -1)", Kind::shape, "negative", "-1"},
      {"f(u) = u\niterate(f, 1, 1e18)", Kind::limit, "too large", "1e18"},
      {"f(u) = [u, u]\niterate(f, 1, 2)", Kind::shape, "keeps the shape", "f"},
  });
}

TEST_CASE("unknown names get the nearest known one as advice") {
  check_all({
      {"siin(1)", Kind::name, "unknown function `siin`", "siin", "`sin`"},
      {"sigmoyd(1)", Kind::name, "unknown function", "sigmoyd", "`sigmoid`"},
      {"loss(u) = u\nlos(1)", Kind::name, "unknown function", "los", "`loss`"},
      {"x = 2\nx(3)", Kind::name, "unknown function `x`", "x", "x*(...)"},
      {"sin()", Kind::shape, "takes 1 argument, and here are 0", "sin()"},
      {"sin(1, 2)", Kind::shape, "takes 1 argument, and here are 2", "sin(1, 2)"},
      {"elu(1, 2, 3)", Kind::shape, "takes 1 to 2 arguments", "elu(1, 2, 3)"},
      {"f(u, v) = u\nf(1)", Kind::shape, "takes 2 arguments, and here is 1", "f(1)"},
      {"atan2'(1)", Kind::shape, "takes 2 arguments", "atan2'(1)"},
      {"sum'([1, 2])", Kind::shape, "as a whole", "sum'([1, 2])"},
      {"sin(x) = x\n1", Kind::name, "built-in", "sin"},
      {"grad(x) = x\n1", Kind::name, "built-in", "grad"},
      {"inf = 2\n1", Kind::name, "constant", "inf"},
      {"function u\nx := u(1)\nx", Kind::name, "`u` is an abstract function", "u(1)", "define it"},
      {"f(u) = g(u)\ng(u) = f(u)\n1", Kind::name, "calls itself: g -> f -> g", "g"},
      {"f(u) = f(u - 1)\n1", Kind::name, "calls itself: f -> f", "f", "iterate"},
      {"f(u) = iterate(f, u, 2)\n1", Kind::name, "calls itself", "f"},
      {"iterate(sin, 1, 2)", Kind::name, "the program defines", "sin"},
  });
}

TEST_CASE("a definition that reaches itself shows the cycle and points at :=") {
  check_all({
      {"x = x + 1\nx", Kind::name, "x -> x", "x", "x := ..."},
      {"a = b + 1\nb = c*2\nc = a\nc", Kind::name, "c -> a -> b -> c", "c", ":="},
      {"y = f(1)\nf(u) = y + u\ny", Kind::name, "reaches itself", "y"},
  });
}

TEST_CASE("what cannot be differentiated by is said") {
  check_all({
      {"x = 2\ndiff(x^2, 3)", Kind::name, "order comes after", "3"},
      {"x = 2\ndiff(x^2, x + 1)", Kind::name, "by a name", "x + 1"},
      {"x = 2\ndiff(x^2, sin(x))", Kind::name, "by a name", "sin(x)"},
      {"diff(pi^2, pi)", Kind::name, "constant", "pi"},
      {"sum(i in 1..3, diff(i^2, i))", Kind::name, "index of a loop", "i"},
      {"x = 2\n[diff(x*i, i) for i in 1..100]", Kind::name, "index of a loop", "i"},
      {"v = [1, 2]\ndiff(v'*v, v)", Kind::shape, "2x1", "v", "grad(v'*v, v)"},
      {"v = [1, 2]\ndiff(2*v, v)", Kind::shape, "2x1", "v", "jacobian(2*v, v)"},
      {"v = [1, 2]\ngrad(v, v)", Kind::shape, "2x1", "v", "jacobian"},
      {"v = [1, 2]\nhessian(v, v)", Kind::shape, "2x1", "v"},
      {"v = [1, 2]\njvp(v, v, [1, 2, 3])", Kind::shape, "3x1", "[1, 2, 3]"},
      {"v = [1, 2]\nvjp(v, v, 1)", Kind::shape, "scalar", "1"},
      {"x = 2\nz = 3\n1 + grad(x*z)", Kind::name, "has 2 (x, z)", "grad(x*z)", "grad(e, x)"},
      {"1 + grad(5)", Kind::name, "none", "grad(5)"},
      {"x = 2\ndiff(x, x, 100000)", Kind::limit, "order", "100000"},
      {"x = 2\ndiff(x, x, 1.5)", Kind::shape, "integer", "1.5"},
      {"x = 2\njvp(x, x)", Kind::shape, "at least 3", "jvp(x, x)"},
      {"x = 2\ngrad'(x)", Kind::name, "operator", "grad'(x)"},
  });
}

TEST_CASE("an error inside a long loop stands where it is") {
  check_all({
      {"x = ones(50)\nsum(i in 1..100, x[i])", Kind::shape, "index 51", "i"},
      {"x = ones(50)\nsum(i in 1..100, x + ones(i))", Kind::shape, "50x1 and 2x1", "x + ones(i)"},
      {"sum(i in 1..100, sinn(i))", Kind::name, "sinn", "sinn"},
  });
}
