// Loops: unrolled and all at once, with the same result.
#include "asked.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

struct Body {
  const char* body;        // in i, and the names below
  bool all_at_once;        // few nodes
};

const char* names =
    "n = 30\nx = linspace(-2, 3, 40)\nz = linspace(1, 2, 40)'\nW = outer(linspace(1, 2, 40), linspace(-1, 1, 40))\na = 0.3\nb = [1, 2]\n"
    "f(u) = u*sin(u)\ng(u) = diff(u^3, u)\nh(u) = dot(b, [u, u^2])\n";

const Body loops[] = {
    {"i", true}, {"i^2*a", true}, {"sin(a*i)/i", true}, {"x[i]", true}, {"x[i + 3] - x[i]", true}, {"z[i]*x[i]", true}, {"W[i, 2]*W[3, i]", true},
    {"x[31 - i]", false}, {"x[2*i - i]", true}, {"a", true}, {"f(x[i])", true}, {"f'(x[i])", true}, {"g(x[i])", true}, {"h(x[i])", false},
    {"if(x[i] > 0, sqrt(x[i]), 0)", true}, {"max(x[i], z[i], a)", true}, {"sum(W[i, :])", false}, {"dot(W[:, i], x)", false},
    {"sum(j in 1..40, W[i, j]*x[j])", true}, {"sum(j in 1..3, x[i + j])", true}, {"sum(j in 1..i, x[j])", false}, {"prod(j in 1..25, 1 + W[i, j]/50)", true},
    {"max(j in 1..30, W[i, j])", true}, {"diff(a^2*x[i], a)", true}, {"diff(sin(a*i), a, 2)", true}, {"norm(x)*x[i]", true}, {"sigmoid(x[i])", true},
    {"log(sigmoid(x[i]))", true}, {"x[i]'", true}, {"x[i][1]", true}, {"elu(x[i])", true}, {"sum(j in 1..2, sum(k in 1..2, x[i + j + k]))", true},
    {"e^-i", true}, {"mod(i, 7)", true}, {"x[i] > 0 and not (z[i] > 1.5)", true}, {"diff(x[i]^2, x[3])", true}, {"[x[i], 1][1]", false},
    {"x[floor((i + 1)/2)]", false}, {"W[i, i]", false},
};

// The same loop in pieces that are short enough to be unrolled.
std::string in_pieces(const std::string& function, const std::string& body) {
  const std::string a = function + "(i in 1..15, " + body + ")", b = function + "(i in 16..30, " + body + ")";
  if (function == "sum") return a + " + " + b;
  if (function == "prod") return a + "*" + b;
  if (function == "mean") return "(" + a + " + " + b + ")/2";
  return function + "(" + a + ", " + b + ")";
}

}  // namespace

TEST_CASE("a loop that is lowered all at once is the unrolled one") {
  for (const Body& l : loops) {
    const std::string body = l.body;
    for (const std::string function : {"sum", "prod", "max", "min", "mean"})
      check_equal(names + function + "(i in 1..n, " + body + ")", names + in_pieces(function, body), 1e-11);
    check_equal(names + ("[" + body + " for i in 1..n]"), names + ("vcat([" + body + " for i in 1..10], [" + body + " for i in 11..20], [" + body + " for i in 21..30])"), 1e-11);
  }
}

TEST_CASE("bodies that are element by element cost a few nodes") {
  for (const Body& l : loops) {
    CAPTURE(std::string(l.body));
    Session s;
    const Answered few = ask(s, std::string(names) + "sum(i in 1..21, " + l.body + ")");
    const Answered more = ask(s, std::string("sum(i in 1..30, ") + l.body + ")");
    REQUIRE_FALSE(few.error);
    REQUIRE_FALSE(more.error);
    CHECK((more.nodes <= few.nodes + 4) == l.all_at_once);
  }
}

TEST_CASE("derivatives go through loops that are lowered all at once") {
  for (const Body& l : loops) {
    const std::string body = l.body;
    if (body.find("diff") != std::string::npos || body.find("g(") != std::string::npos || body.find("'") != std::string::npos) continue;
    check_equal(names + ("grad(sum(i in 1..n, " + body + "), x)"), names + ("grad(" + in_pieces("sum", body) + ", x)"), 1e-11);
    check_equal(names + ("diff(sum(i in 1..n, " + body + "), a)"), names + ("diff(" + in_pieces("sum", body) + ", a)"), 1e-11);
  }
}

TEST_CASE("two indices run over a matrix") {
  check_equal(std::string(names) + "sum(i in 1..40, j in 1..40, W[i, j]*x[i]*x[j])", std::string(names) + "x'*W*x");
  check_equal(std::string(names) + "sum(i in 1..40, j in 1..40, W[j, i]*x[i])", std::string(names) + "sum(W*x)");
  check_equal(std::string(names) + "sum(i in 1..40, j in 1..40, x[i])", std::string(names) + "40*sum(x)");
  check_equal(std::string(names) + "[W[j, i] for i in 1..30, j in 1..25]", std::string(names) + "W[1..25, 1..30]'");
  check_equal(std::string(names) + "[x[i] for i in 1..30, j in 1..25]", std::string(names) + "x[1..30]*ones(1, 25)");
  check_equal(std::string(names) + "[j for i in 1..30, j in 1..25]", std::string(names) + "ones(30)*linspace(1, 25, 25)'");
  check_equal(std::string(names) + "sum(i in 1..3, j in 1..40, k in 1..40, i*W[j, k])", std::string(names) + "6*sum(W)");
  check_value("sum(i in 1..100, j in 1..i, 1)", {}, {5050});
  check_value("[i + 10*j for i in 1..2, j in 1..3]", {2, 3}, {11, 21, 31, 12, 22, 32});
}

TEST_CASE("ranges may begin anywhere, and empty ones sum to 0") {
  check_value("sum(i in 0..100, i)", {}, {5050});
  check_value("sum(i in -50..50, i)", {}, {0});
  check_value("sum(i in 5..4, i)", {}, {0});
  check_value("prod(i in 5..4, i)", {}, {1});
  check_value("sum(i in 1..1000000, i)", {}, {500000500000.0});
  check_value("prod(i in 1..5, i)", {}, {120});
  check_value("sum(i in 1..3, [i, 1])", {2, 1}, {6, 3});
  check_value("mean(i in 1..4, i)", {}, {2.5});
  check_value("max(i in 1..3, (i - 2)^2)", {}, {1});
  check_value("sum(i in 1..2, j in 1..2, k in 1..2, l in 1..2, i*j*k*l)", {}, {81});
  check_value("[i for i in 1..1]", {}, {1});
  check_value("x = [1, 2]\nsum(i in 1..2, sum(i in 1..2, x[i])*i)", {}, {9});
}

TEST_CASE("a long sum is a few nodes") {
  Session s;
  s.give("x", {{}, {0.5}});
  CHECK(ask(s, "sum(i in 1..1000000, sin(i*x)/i)").nodes < 12);
}
