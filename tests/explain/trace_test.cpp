#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "wengert/explain/trace.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;

namespace {

// Quiz #1 of the lecture on backpropagation, with the lecture's names.
struct Quiz {
  Graph g;
  Expr x = variable(g, "x"), z = variable(g, "z");
  Expr y;
  Problem problem;
  Point point;

  explicit Quiz(bool named = true) {
    const Expr a = x * z, b = log(x), c = sin(b), d = exp(a), e1 = a / b, f1 = c / a;
    y = d + e1 + f1;
    if (named) {
      const std::pair<Expr, const char*> names[] = {{a, "a"},   {b, "b"},   {c, "c"}, {d, "d"},
                                                    {e1, "e1"}, {f1, "f1"}, {y, "y"}};
      for (const auto& [e, name] : names) g.name(e.id, name);
    }
    problem = {&g, y.id, {x.id, z.id}};
    point = {{x.id, {2}}, {z.id, {3}}};
  }
  Trace traced(const TraceOptions& options = {}) const { return trace(problem, point, options); }
};

// To the 15 digits that the lecture prints.
bool printed(double got, double expected) { return std::fabs(got - expected) <= 1e-14 * std::fabs(expected); }

const TraceRow& row(const Trace& t, const std::string& name) {
  for (const TraceRow& r : t.rows)
    if (r.name == name) return r;
  FAIL("no row " << name);
  return t.rows[0];
}

std::size_t widest(const std::string& text) {
  std::size_t width = 0, line = 0;
  for (char c : text) {
    if (c == '\n')
      line = 0;
    else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80)
      width = std::max(width, ++line);
  }
  return width;
}

}  // namespace

TEST_CASE("Quiz 1 is traced as the lecture prints it, line by line") {
  struct Line {
    std::string name, operation;
    double value, dx, dz, adjoint;
    std::vector<std::pair<std::string, double>> sum;
  };
  const std::vector<Line> table = {
      {"x", "x", 2, 1, 0, 1208.38121512661, {{"b", -6.18000370123649}, {"a", 1214.56121882785}}},
      {"z", "z", 3, 0, 1, 809.707479218564, {{"a", 809.707479218564}}},
      {"a",
       "x*z",
       6,
       3,
       2,
       404.853739609282,
       {{"f1", -0.0177489243420454}, {"e1", 1.44269504088896}, {"d", 403.428793492735}}},
      {"b",
       "log(x)",
       0.693147180559945,
       0.5,
       0,
       -12.3600074024730,
       {{"e1", -12.4882138860336}, {"c", 0.128206483560662}}},
      {"c", "sin(b)", 0.638961276313635, 0.384619450681986, 0, 0.166666666666667, {{"f1", 0.166666666666667}}},
      {"d", "exp(a)", 403.428793492735, 1210.28638047821, 806.857586985470, 1, {{"y", 1}}},
      {"e1", "a/b", 8.65617024533378, -1.91602182034993, 2.88539008177793, 1, {{"y", 1}}},
      {"f1", "c/a", 0.106493546052272, 0.0108564687541948, -0.0354978486840908, 1, {{"y", 1}}},
      {"y", "d + e1 + f1", 412.191457284121, 1208.38121512661, 809.707479218564, 1, {}},
  };
  const Quiz q;
  const Trace t = q.traced();
  REQUIRE(t.rows.size() == table.size());
  REQUIRE(t.seeds.size() == 2);
  CHECK(t.rows[t.output].name == "y");
  for (std::size_t k = 0; k < table.size(); ++k) {
    const TraceRow& r = t.rows[k];
    const Line& line = table[k];
    CAPTURE(line.name);
    CHECK(r.name == line.name);
    CHECK(r.operation == line.operation);
    CHECK(r.shape.scalar());
    CHECK(printed(r.value[0], line.value));
    CHECK(printed(r.tangents[0][0], line.dx));
    CHECK(printed(r.tangents[1][0], line.dz));
    CHECK(printed(r.adjoint[0], line.adjoint));
    REQUIRE(r.contributions.size() == line.sum.size());
    for (std::size_t j = 0; j < line.sum.size(); ++j) {
      CAPTURE(j);
      CHECK(t.rows[r.contributions[j].from].name == line.sum[j].first);
      CHECK(printed(r.contributions[j].amount[0], line.sum[j].second));
    }
  }
}

TEST_CASE("contributions in the sweep's order add up to its adjoint, to the last bit") {
  const Quiz q(false);
  const Trace t = q.traced();
  const Derivative reverse = prepare(Mode::reverse, q.problem).jacobian(q.point);
  const Derivative forward = prepare(Mode::forward, q.problem).jacobian(q.point);
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    if (r == t.output) continue;
    double sum = 0;
    for (const TraceContribution& c : t.rows[r].contributions) sum += c.amount[0];
    CHECK(sum == t.rows[r].adjoint[0]);
  }
  CHECK(t.rows[0].adjoint[0] == reverse.blocks[0][0]);
  CHECK(t.rows[1].adjoint[0] == reverse.blocks[1][0]);
  CHECK(t.rows[t.output].tangents[0][0] == forward.blocks[0][0]);
  CHECK(t.rows[t.output].tangents[1][0] == forward.blocks[1][0]);
}

TEST_CASE("a contribution is the local partial times the adjoint of the row it comes from") {
  const Quiz q;
  const Trace t = q.traced();
  for (const TraceRow& r : t.rows)
    for (const TraceContribution& c : r.contributions) {
      const TraceRow& from = t.rows[c.from];
      CHECK(&t.rows[from.arguments[c.argument]] == &r);
      CHECK(c.amount[0] == doctest::Approx(from.adjoint[0] * from.partials[c.argument].entries[0]).epsilon(1e-15));
    }
}

TEST_CASE("without definitions rows are v1, v2, ... in evaluation order, a sum in one row") {
  const Quiz q(false);
  const Trace t = q.traced();
  REQUIRE(t.rows.size() == 9);
  CHECK(equation(t.rows[0]) == "x");
  CHECK(equation(t.rows[2]) == "v1 = x*z");
  CHECK(equation(t.rows[3]) == "v2 = log(x)");
  CHECK(equation(t.rows[8]) == "v7 = v4 + v5 + v6");
  CHECK(q.traced({.sums_in_one_row = false}).rows.size() == 10);
}

TEST_CASE("a name that is taken is not used for another row") {
  Graph g;
  const Expr v1 = variable(g, "v1"), y = exp(sin(v1));
  const Trace t = trace({&g, y.id, {v1.id}}, {{v1.id, {1}}});
  CHECK(equation(t.rows[1]) == "v2 = sin(v1)");
  CHECK(equation(t.rows[2]) == "v3 = exp(v2)");
}

TEST_CASE("two definitions of one value are shown with both names") {
  Graph g;
  const Expr x = variable(g, "x"), p = x * x, y = p + sin(p);
  g.name(p.id, "p");
  const Trace t = trace({&g, y.id, {x.id}}, {{x.id, {3}}}, {.names = {{p.id, "p"}, {p.id, "q"}}});
  CHECK(equation(t.rows[1]) == "p = q = x*x");
}

TEST_CASE("a value that is used twice by one operation gets two contributions") {
  Graph g;
  const Expr x = variable(g, "x"), s = x * x, y = s + s;
  const Trace t = trace({&g, y.id, {x.id}}, {{x.id, {3}}});
  REQUIRE(t.rows.size() == 3);
  REQUIRE(t.rows[0].contributions.size() == 2);
  CHECK(t.rows[0].contributions[0].amount[0] == 6);
  CHECK(t.rows[0].contributions[1].amount[0] == 6);
  CHECK(t.rows[0].contributions[1].argument == 1);
  CHECK(t.rows[0].adjoint[0] == 12);
  REQUIRE(t.rows[1].contributions.size() == 2);
  CHECK(t.rows[1].adjoint[0] == 2);
}

TEST_CASE("a net in matrix form has a shape in every row") {
  Graph g;
  const Expr W = variable(g, "W", {2, 3}), x = variable(g, "x", {3, 1}), b = variable(g, "b", {2, 1});
  const Expr z = matmul(W, x) + b, h = relu(z), y = sum(h * h);
  g.name(z.id, "z");
  const Problem problem{&g, y.id, {W.id, b.id}};
  const Point point{{W.id, {1, -1, 2, -3, 1, 0}}, {x.id, {0, 2, 5}}, {b.id, {0.5, 0.25}}};
  const Trace t = trace(problem, point);
  CHECK(equation(t.rows[3]) == "v1 = W*x");
  CHECK(row(t, "z").shape == Shape{2, 1});
  CHECK(row(t, "W").shape == Shape{2, 3});
  CHECK(t.seeds.size() == 8);
  CHECK(t.seeds[5].name == "W[2,3]");
  CHECK(t.seeds[6].name == "b[1]");
  CHECK(!row(t, "x").active);
  CHECK(row(t, "x").adjoint.empty());

  const TracePartial& dW = row(t, "v1").partials[0];
  CHECK(dW.shape == Shape{2, 6});
  CHECK(dW.entries == std::vector<double>{0, 2, 5, 0, 0, 0, 0, 0, 0, 0, 2, 5});
  CHECK(dW.structure ==
        std::vector<bool>{true, true, true, false, false, false, false, false, false, true, true, true});
  CHECK(!row(t, "v1").partials[1].varies);
  CHECK(row(t, "z").partials[0].diagonal);

  const Derivative d = prepare(Mode::reverse, problem).jacobian(point);
  CHECK(row(t, "W").adjoint == d.blocks[0]);
  CHECK(row(t, "b").adjoint == d.blocks[1]);
  for (std::size_t k = 0; k < 8; ++k)
    CHECK(t.rows[t.output].tangents[k][0] == doctest::Approx(k < 6 ? d.blocks[0][k] : d.blocks[1][k - 6]));
  const std::string text = trace_text(t);
  CHECK(widest(text) <= 100);
  CHECK(text.find("2x3") != std::string::npos);
}

TEST_CASE("an array output shows the adjoints of a chosen element or of a cotangent") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), y = x * sin(x);
  const Problem problem{&g, y.id, {x.id}};
  const Point point{{x.id, {1, 2}}};
  const Trace second = trace(problem, point, {.element = 1});
  CHECK(second.rows[0].adjoint[0] == 0);
  CHECK(second.rows[0].adjoint[1] == doctest::Approx(std::sin(2.0) + 2 * std::cos(2.0)));
  const Trace both = trace(problem, point, {.cotangent = {2, 3}});
  CHECK(both.rows[0].adjoint[1] == doctest::Approx(3 * (std::sin(2.0) + 2 * std::cos(2.0))));
  CHECK_THROWS_AS(trace(problem, point, {.cotangent = {1, 2, 3}}), std::invalid_argument);
}

TEST_CASE("an input that the output does not depend on is a row of zeros") {
  Graph g;
  const Expr x = variable(g, "x"), u = variable(g, "u", {2, 1}), y = exp(x);
  const Trace t = trace({&g, y.id, {u.id, x.id}}, {{x.id, {0}}});
  CHECK(row(t, "u").adjoint == std::vector<double>{0, 0});
  CHECK(t.seeds[1].name == "u[2]");
  CHECK(t.rows[t.output].tangents[1][0] == 0);
  CHECK(t.rows[t.output].tangents[2][0] == 1);
  CHECK_THROWS_AS(trace({&g, y.id, {x.id}}, {}), std::invalid_argument);
}

TEST_CASE("constants are written where they are used, and partials have formulas on request") {
  Graph g;
  const Expr x = variable(g, "x"), s = sin(2.0 * x), y = s * pow(x, 3);
  const Trace t = trace({&g, y.id, {x.id}}, {{x.id, {0.5}}}, {.formulas = true});
  REQUIRE(t.rows.size() == 5);
  CHECK(equation(t.rows[1]) == "v1 = 2*x");
  CHECK(t.rows[1].arguments.size() == 1);
  CHECK(t.rows[2].partials[0].formula == "cos(v1)");
  CHECK(t.rows[1].partials[0].formula == "2");
}

TEST_CASE("a trace is written in lines of at most 100 characters") {
  const Quiz q;
  const std::string text = trace_text(q.traced());
  CHECK(widest(text) <= 100);
  CHECK(text.find("y = d + e1 + f1  412.1914572841") != std::string::npos);
  Graph g;
  std::vector<Expr> x;
  Expr y;
  Problem p{&g, 0, {}};
  Point point;
  for (int k = 0; k < 40; ++k) {
    x.push_back(variable(g, "a_rather_long_name_of_an_input_" + std::to_string(k)));
    y = k == 0 ? sin(x[0]) : y * exp(x.back() / 3.0);
    p.wrt.push_back(x.back().id);
    point[x.back().id] = {0.1 * k + 1.0 / 3};
  }
  p.output = y.id;
  const std::string many = trace_text(trace(p, point));
  CHECK(widest(many) <= 100);
  CHECK(many.find("(16 of 40 tangents not shown)") != std::string::npos);
}

TEST_CASE("a chain of twenty thousand operations is traced") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr y = x;
  for (int k = 0; k < 20000; ++k) y = sin(y);
  const Trace t = trace({&g, y.id, {x.id}}, {{x.id, {1}}});
  CHECK(t.rows.size() == 20001);
  CHECK(t.rows[0].adjoint[0] == doctest::Approx(t.rows[t.output].tangents[0][0]).epsilon(1e-9));
}

TEST_CASE("a loop is one row") {
  Graph g;
  const Expr u = variable(g, "u"), a = variable(g, "a"), state = variable(g, "s");
  const NodeId arguments[] = {u.id, a.id};
  const Expr y = {g, g.node(op_of<Iterate>, arguments, {}, g.loop({"f", 3, state.id, {a.id}, (sin(state) * a).id, 0}))};
  const Expr twice = y + y * u;
  const Problem problem{&g, twice.id, {u.id, a.id}};
  const Point point{{u.id, {0.5}}, {a.id, {1.5}}};
  const Trace t = trace(problem, point);
  REQUIRE(t.rows.size() == 5);
  const Derivative d = prepare(Mode::reverse, problem).jacobian(point);
  CHECK(t.rows[0].adjoint == d.blocks[0]);
  CHECK(t.rows[1].adjoint == d.blocks[1]);
  CHECK(t.rows[2].partials[0].entries.size() == 1);
}
