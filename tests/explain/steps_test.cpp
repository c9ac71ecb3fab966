// The derivation: its lines say the same thing, its last line is the derivative's, its rules have their names.
#include "wengert/explain/steps.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "../rewrite/random_programs.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/session/session.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

std::vector<std::string> rules_of(const Derivation& d) {
  std::vector<std::string> out;
  for (std::size_t k = 1; k < d.lines.size(); ++k) out.push_back(d.lines[k].rule);
  return out;
}
std::vector<std::string> texts_of(const Derivation& d) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < d.lines.size(); ++k) out.push_back(written_line(d, k).expression);
  return out;
}
using Texts = std::vector<std::string>;

Expr whole_number(Graph& g, std::int64_t n) { return {g, g.constant(Constant::integer(n))}; }

constexpr int bits = 208;

bool finite(const std::vector<Decimal>& a) {
  for (const Decimal& d : a)
    if (!std::isfinite(d.to_double())) return false;
  return true;
}
bool same(const std::vector<Decimal>& a, const std::vector<Decimal>& b) {
  double scale = 1e-12;
  for (const Decimal& d : a) scale = std::max(scale, std::fabs(d.to_double()));
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::fabs((a[i] - b[i]).to_double()) <= 1e-24 * scale)) return false;
  return true;
}

struct Tally {
  int derivations = 0, lines = 0, values = 0, slopes = 0;
};

// Every line against the one before: value, and derivative by every input, at random points.
void check_lines(Program p, const Expr& x, Random& random, Tally& tally) {
  INFO(p.text);
  const Result<Derivation> made = derive(p.output, x);
  REQUIRE(made);
  const Derivation& d = *made;
  ++tally.derivations;
  INFO(derivation_text(d));
  const Expr by_diff = simplify(x.shape().scalar()          ? derivative(p.output, x, Form::shown)
                                : p.output.shape().scalar() ? gradient(p.output, x, Form::shown)
                                                            : jacobian(p.output, x, Form::shown));
  CHECK(d.lines.back().expression == by_diff);
  CHECK(written_line(d, d.lines.size() - 1).expression == to_text(by_diff).expression);
  std::unordered_map<NodeId, Expr> meaning(d.meanings.begin(), d.meanings.end());
  for (const auto& [id, pending] : d.pending)  // the differential itself is one more input
    if (!meaning.contains(id)) p.inputs.emplace_back(*p.graph, id);
  std::vector<Program> lines;
  for (const DerivationLine& line : d.lines)
    if (line.kind != DerivationLine::Kind::reading || line.expression.shape() == p.output.shape())
      lines.push_back(with_output(p, substitute(line.expression, meaning)));
  if (d.differentials) lines.pop_back();  // the gradient has lost its differential
  for (int k = 0; k < 2; ++k) {
    std::vector<Decimal> at;
    for (std::size_t i = 0; i < p.size(); ++i)
      at.emplace_back(k == 0 ? random.between(0.2, 2) : random.between(-2, 2), bits);
    std::vector<Decimal> value, slope;
    for (const Program& line : lines) {
      ++tally.lines;
      Sweep<Decimal> here(line, at, {.bits = bits, .as_written = true});
      const auto all = here.frame.values.all();
      if (!finite({all.begin(), all.end()})) continue;
      if (!value.empty()) {
        ++tally.values;
        CHECK(same(value, here.value()));
      }
      value = here.value();
      const auto pulled = here.pull(std::vector<Decimal>(value.size(), Decimal(1.0, bits)));
      if (!finite(pulled)) continue;
      if (!slope.empty()) {
        ++tally.slopes;
        CHECK(same(slope, pulled));
      }
      slope = pulled;
    }
  }
}

}  // namespace

TEST_CASE("a product is differentiated by the product rule, then each factor by its own") {
  Graph g;
  const Expr x = variable(g, "x");
  const auto d = derive(power(x, whole_number(g, 2)) * sin(x), x);
  REQUIRE(d);
  CHECK(rules_of(*d) == Texts{"product rule", "power rule", "sine rule", "order"});
  CHECK(texts_of(*d) == Texts{"diff(x^2*sin(x), x)", "diff(x^2, x)*sin(x) + diff(sin(x), x)*x^2",
                              "2*x*sin(x) + diff(sin(x), x)*x^2", "2*x*sin(x) + cos(x)*x^2",
                              "x^2*cos(x) + 2*x*sin(x)"});
  CHECK(d->lines[1].parts == "u = x^2, v = sin(x)");
}

TEST_CASE("the chain rule names the inner function and the outer rule") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const auto d = derive(exp(x * z), x);
  REQUIRE(d);
  CHECK(reason(d->lines[1]) == "chain rule with the exponential rule, inner function u = x*z");
  CHECK(texts_of(*d) == Texts{"diff(exp(x*z), x)", "diff(x*z, x)*exp(x*z)", "z*exp(x*z)"});
  CHECK(rules_of(*d) == Texts{"exponential rule", "constant factor"});
}

TEST_CASE("a quotient is one fraction, as the blackboard has it") {
  Graph g;
  const Expr x = variable(g, "x");
  const auto d = derive(sin(x) / power(x, whole_number(g, 2)), x);
  REQUIRE(d);
  CHECK(d->lines[1].rule == "quotient rule");
  CHECK(texts_of(*d)[1] == "(diff(sin(x), x)*x^2 - diff(x^2, x)*sin(x))/(x^2)^2");
}

TEST_CASE("every kind of power has its rule") {
  Graph g;
  const Expr x = variable(g, "x"), n = variable(g, "n"), two = whole_number(g, 2);
  const auto rule = [&](const Expr& e) { return derive(e, x)->lines[1].rule; };
  CHECK(rule(power(x, two)) == "power rule");
  CHECK(rule(power(x, n)) == "power rule with constant exponent");
  CHECK(rule(power(two, x)) == "exponential rule");
  CHECK(rule(power(x, x)) == "power with variable base and exponent");
  CHECK(rule(sqrt(x)) == "power rule");
  CHECK(rule(two / x) == "reciprocal rule");
  CHECK(rule(x / two) == "constant factor");
  CHECK(rule(log(x)) == "logarithm rule");
  CHECK(rule(x + two) == "sum rule");
  CHECK(rule(-x) == "constant factor");
  CHECK(rule(x) == "identity");
  CHECK(rule(n) == "constant rule");
}

TEST_CASE("a sum of many terms is taken apart in one line") {
  Graph g;
  const Expr x = variable(g, "x");
  const auto d = derive(sin(x) + cos(x) - exp(x), x);
  REQUIRE(d);
  CHECK(texts_of(*d)[1] == "diff(sin(x), x) + diff(cos(x), x) - diff(exp(x), x)");
}

TEST_CASE("a matrix expression is derived by differentials") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), A = variable(g, "A", {2, 2});
  const auto d = derive(matmul(matmul(transpose(x), A), x), x);
  REQUIRE(d);
  const Texts lines = texts_of(*d);
  CHECK(lines.front() == "d(x'*A*x)");
  CHECK(lines[1] == "d(x'*A)*x + x'*A*dx");
  CHECK(lines.back() == "A*x + A'*x");
  CHECK(lines[lines.size() - 2] == "(A*x + A'*x)'*dx");
}

TEST_CASE("the part that a step changes is marked in the line above") {
  Graph g;
  const Expr x = variable(g, "x");
  const auto d = derive(x * sin(x), x);
  REQUIRE(d);
  const WrittenLine w = written_line(*d, 1);
  CHECK(w.expression == "sin(x) + diff(sin(x), x)*x");
  REQUIRE(w.marks.size() == 1);
  CHECK(w.expression.substr(w.marks[0].first, w.marks[0].second) == "diff(sin(x), x)");
  CHECK(derivation_text(*d, 1) ==
        "  diff(x*sin(x), x)\n"
        "  ^^^^^^^^^^^^^^^^^\n"
        "  1. product rule, u = x, v = sin(x)\n"
        "= sin(x) + diff(sin(x), x)*x\n"
        "  (2 steps are still to be taken)\n");
  CHECK(latex_line(*d, 1) ==
        "\\sin\\left(x\\right) + \\underline{\\frac{\\mathrm{d}}{\\mathrm{d}x}\\left(\\sin\\left(x\\right)\\right)} x");
}

TEST_CASE("of a program with many operations the first rules are told, then how many are left out, and the end") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr y = x;
  for (int k = 1; k <= 3000; ++k) {
    y = sin(y) * x;
    g.name(y.id, "y" + std::to_string(k));
  }
  const auto d = derive(y, x, {.lines = 12});
  REQUIRE(d);
  CHECK(d->lines.size() == 14);
  CHECK(d->left_out == 6000 - 12);
  CHECK(rules_of(*d).back() == "5988 more rules, and simplification");
  CHECK(d->lines.back().expression == simplify(derivative(y, x, Form::shown)));
  const Texts lines = texts_of(*d);
  CHECK(lines[0] == "diff(y3000, x)");
  CHECK(lines[1] == "diff(sin(y2999), x)*x + sin(y2999)");
  CHECK(written_line(*d, 1).definitions == std::vector<std::pair<std::string, std::string>>{{"y2999", "sin(y2998)*x"}});
  for (std::size_t k = 0; k + 1 < lines.size(); ++k) CHECK(lines[k].size() <= 600);
  CHECK(derivation_text(*d).size() < 40'000);
}

TEST_CASE("a derivation that is not abridged leaves nothing out") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr y = x;
  for (int k = 0; k < 50; ++k) y = sin(y);
  CHECK(derive(y, x)->left_out == 0);
  CHECK(derive(y, x, {.operations = 49})->left_out == 10);
}

// More on request: WENGERT_DERIVATIONS=100000 unit_tests -tc="*random derivations*"
TEST_CASE("the lines of a thousand random derivations keep value and derivative and end where diff does") {
  Random random(11);
  Tally tally;
  const char* asked = std::getenv("WENGERT_DERIVATIONS");
  const int count = std::max(1000, asked != nullptr ? std::atoi(asked) : 0);
  for (int k = 0; k < count; ++k) {
    const Program p = random_scalars(random);
    check_lines(p, p.inputs[pick(random, 3)], random, tally);
  }
  CHECK(tally.derivations == count);
  const int lines = tally.lines / 2;
  MESSAGE(lines, " lines, ", tally.values, " values and ", tally.slopes, " derivatives compared");
  CHECK(tally.values > 4000);
  CHECK(tally.slopes > 3000);
}

TEST_CASE("the lines of random matrix derivations by scalars and by arrays keep their value") {
  Random random(12);
  Tally tally;
  for (int k = 0; k < 400; ++k) {
    const Program p = random_arrays(random);
    check_lines(p, p.inputs[pick(random, 5)], random, tally);
  }
  CHECK(tally.values > 600);
}

TEST_CASE("that labels sum to 1 is a step of its own, which names the condition") {
  const auto steps_of = [](const std::string& labels) {
    Session s;
    const Result<Query> q = s.query("", "input z[3]\n" + labels + "\ncross_entropy(softmax(z), y)");
    REQUIRE(q);
    const Result<Derivation> d =
        derive(q->expression, Expr(s.graph(), q->inputs.at(0)), {.known = known_sums(s.graph(), s.point())});
    REQUIRE(d);
    return derivation_text(*d);
  };
  const std::string one = steps_of("const y = [0, 1, 0]"), two = steps_of("const y = [0, 1, 1]"), free = steps_of("input y[3]");
  CHECK_MESSAGE(one.find("sum of probabilities (if the elements of y sum to 1)\n= softmax(z) - y\n") != std::string::npos, one);
  for (const std::string& other : {two, free}) {
    CHECK_MESSAGE(other.ends_with("= sum(y)*softmax(z) - y\n"), other);
    CHECK(other.find("probabilities") == std::string::npos);
  }
}
