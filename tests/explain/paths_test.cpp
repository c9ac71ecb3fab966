#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "../tools/calls.hpp"
#include "wengert/explain/paths.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;

namespace {

struct Traced {
  Trace trace;
  Linearization graph;
  Paths paths;

  Traced(const Problem& problem, const Point& point, const PathsOptions& options = {})
      : trace(wengert::trace(problem, point)) {
    Result<Linearization> g = linearize(trace);
    REQUIRE(g);
    graph = std::move(*g);
    paths = wengert::paths(trace, graph, options);
  }
  std::multimap<std::string, double> products() const {
    std::multimap<std::string, double> out;
    for (const Path& p : paths.listed) out.emplace(path_name(graph, p), p.product);
    return out;
  }
};

void check_sums(const Traced& t) {
  for (const PathSum& s : t.paths.sums) {
    REQUIRE(s.sum.has_value());
    CHECK(s.agrees);
  }
}

}  // namespace

TEST_CASE("Quiz 1 has eight paths with the lecture's products, which add up to the derivatives") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr a = x * z, b = log(x), c = sin(b), d = exp(a), e1 = a / b, f1 = c / a, y = d + e1 + f1;
  const std::pair<Expr, const char*> names[] = {{a, "a"},   {b, "b"},   {c, "c"}, {d, "d"},
                                                {e1, "e1"}, {f1, "f1"}, {y, "y"}};
  for (const auto& [e, name] : names) g.name(e.id, name);
  const Traced t({&g, y.id, {x.id, z.id}}, {{x.id, {2}}, {z.id, {3}}});
  const std::vector<std::pair<std::string, double>> expected = {
      {"x-a-d-y", 1210.28638047821},      {"x-a-e1-y", 4.32808512266689},   {"x-a-f1-y", -0.0532467730261362},
      {"x-b-c-f1-y", 0.0641032417803310}, {"x-b-e1-y", -6.24410694301682},  {"z-a-d-y", 806.857586985470},
      {"z-a-e1-y", 2.88539008177793},     {"z-a-f1-y", -0.0354978486840908}};
  REQUIRE(t.paths.listed.size() == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CHECK(path_name(t.graph, t.paths.listed[k]) == expected[k].first);
    CHECK(std::fabs(t.paths.listed[k].product - expected[k].second) <= 1e-14 * std::fabs(expected[k].second));
  }
  CHECK(t.paths.count == "8");
  CHECK(t.paths.multiplications == "17");
  CHECK(t.paths.complete);
  check_sums(t);
  CHECK(*t.paths.sums[0].sum == doctest::Approx(1208.38121512661).epsilon(1e-14));
  CHECK(*t.paths.sums[1].sum == doctest::Approx(809.707479218564).epsilon(1e-14));
}

TEST_CASE("the graph of (a+b)(b+1) has one path from a and two from b") {
  Graph g;
  const Expr a = variable(g, "a"), b = variable(g, "b"), c = a + b, d = b + 1.0, e = c * d;
  g.name(c.id, "c");
  g.name(d.id, "d");
  g.name(e.id, "e");
  const Traced t({&g, e.id, {a.id, b.id}}, {{a.id, {2}}, {b.id, {1}}});
  CHECK(t.products() == std::multimap<std::string, double>{{"a-c-e", 2}, {"b-c-e", 2}, {"b-d-e", 3}});
  CHECK(t.trace.rows[t.trace.output].value[0] == 6);
  CHECK(*t.paths.sums[0].sum == 2);
  CHECK(*t.paths.sums[1].sum == 5);
}

TEST_CASE("two edges between the same values are two paths") {
  Graph g;
  const Expr x = variable(g, "x"), y = x * x;
  const Traced t({&g, y.id, {x.id}}, {{x.id, {3}}});
  CHECK(t.products() == std::multimap<std::string, double>{{"x-v1", 3}, {"x-v1", 3}});
  CHECK(*t.paths.sums[0].sum == 6);
}

TEST_CASE("paths are counted exactly however many there are, and the first ones listed") {
  Graph g;
  const Expr x = variable(g, "x");
  Expr y = x;
  for (int k = 0; k < 60; ++k) y = y * y + y;
  const Traced t({&g, y.id, {x.id}}, {{x.id, {1e-3}}}, {.limit = 7});
  CHECK(t.paths.count == "42391158275216203514294433201");  // 3^60
  CHECK(!t.paths.complete);
  CHECK(t.paths.listed.size() == 7);
  CHECK(!t.paths.sums[0].sum.has_value());
  CHECK(t.paths.sums[0].derivative.has_value());
  CHECK(t.paths.listed[0].vertices.size() == 121);
}

TEST_CASE("a short listing shows something of every input") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  Expr y = x;
  for (int k = 0; k < 10; ++k) y = y * y;
  const Expr out = y * z;
  const Traced t({&g, out.id, {x.id, z.id}}, {{x.id, {1}}, {z.id, {1}}}, {.limit = 10});
  CHECK(t.paths.sums[0].listed == 9);
  CHECK(t.paths.sums[1].listed == 1);
  CHECK(t.paths.sums[0].count == "1024");
}

TEST_CASE("paths of a program with arrays run between elements, through indices without a stop") {
  Graph g;
  const Expr W = variable(g, "W", {2, 2}), x = variable(g, "x", {2, 1});
  const Expr z = matmul(W, x), y = sum(relu(z));
  g.name(z.id, "z");
  const Traced t({&g, y.id, {W.id}}, {{W.id, {1, 2, -3, 1}}, {x.id, {1, 0}}});
  const auto p = t.products();
  CHECK(p.size() == 4);
  CHECK(p.find("W[1,1]-z[1]-v1[1]-v2")->second == 1);
  CHECK(p.find("W[1,2]-z[1]-v1[1]-v2")->second == 0);  // x[2] is 0 at this point: the path is there
  check_sums(t);

  const Expr v = variable(g, "v", {3, 1}), first = part(v, {0, 0, {}}), last = part(v, {2, 0, {}});
  const Expr w = first * exp(last);
  const Traced u({&g, w.id, {v.id}}, {{v.id, {2, 7, 0}}});
  CHECK(u.products() == std::multimap<std::string, double>{{"v[1]-v4", 1}, {"v[3]-v3-v4", 2}});
  CHECK(u.paths.sums[1].count == "0");
}

TEST_CASE("the output may be an input, or constant") {
  Graph g;
  const Expr x = variable(g, "x"), c = number(g, 3);
  const Traced t({&g, x.id, {x.id}}, {{x.id, {5}}});
  CHECK(t.paths.count == "1");
  CHECK(t.paths.multiplications == "0");
  CHECK(t.paths.listed[0].product == 1);
  check_sums(t);
  const Traced u({&g, c.id, {x.id}}, {{x.id, {5}}});
  CHECK(u.paths.count == "0");
  check_sums(u);
  CHECK(!paths_text(u.trace, u.graph, u.paths).empty());
}

TEST_CASE("a graph too large to look at is refused with a reason") {
  Graph g;
  const Expr A = variable(g, "A", {80, 80}), y = sum(matmul(A, A));
  const Trace t = trace({&g, y.id, {A.id}}, {{A.id, std::vector<double>(6400, 1)}});
  const Result<Linearization> graph = linearize(t);
  REQUIRE(!graph);
  CHECK(graph.error().kind == Kind::limit);
}

TEST_CASE("paths of every row of the table add up to what the sweeps compute") {
  test::Random random(7);
  for (const Row& row : rows())
    for (const test::Call& call : test::calls_of(row, random)) {
      CAPTURE(test::describe(call.program, call.at));
      const Expr o = call.program.output, y = o * sin(o);
      Problem problem{call.program.graph.get(), y.id, {}};
      Point point;
      std::size_t k = 0;
      for (const Expr& x : call.program.inputs) {
        problem.wrt.push_back(x.id);
        const auto begin = call.at.begin() + static_cast<std::ptrdiff_t>(k);
        point[x.id] = {begin, begin + static_cast<std::ptrdiff_t>(x.shape().size())};
        k += x.shape().size();
      }
      const std::size_t last = problem.outputs() - 1;
      const Trace t = trace(problem, point, {.element = last});
      const Result<Linearization> graph = linearize(t);
      REQUIRE(graph);
      for (const PathSum& s : paths(t, *graph, {.limit = 100'000, .element = last}).sums) {
        REQUIRE(s.sum.has_value());
        CHECK(s.agrees);
        const TraceSeed& seed = t.seeds[s.input];
        CHECK(*s.sum == doctest::Approx(t.rows[seed.row].adjoint[seed.element]).epsilon(1e-9));
      }
    }
}

TEST_CASE("paths are written in lines of at most 100 characters, with the factors that the sweeps share") {
  Graph g;
  const Expr x = variable(g, "a_long_name_for_the_first_of_two_inputs"), z = variable(g, "z");
  Expr y = x * z;
  for (int k = 0; k < 4; ++k) y = y * sin(y);
  const Traced t({&g, y.id, {x.id, z.id}}, {{x.id, {0.3}}, {z.id, {0.7}}});
  const std::string text = paths_text(t.trace, t.graph, t.paths);
  std::size_t line = 0, widest = 0;
  for (char letter : text) widest = std::max(widest, line = letter == '\n' ? 0 : line + 1);
  CHECK(widest <= 100);
  CHECK(text.find("32 paths in all") != std::string::npos);
  CHECK(text.find("dv9/dv7 = dv9/dv8*dv8/dv7 + dv9/dv7 = ") != std::string::npos);
}
