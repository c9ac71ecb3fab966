// Cross-country accumulation as a mode, against the sweeps and against the lesson's eliminations.
#include <doctest/doctest.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/program.hpp"
#include "wengert/exec/accumulated.hpp"
#include "wengert/exec/plan.hpp"
#include "wengert/explain/agree.hpp"
#include "wengert/explain/eliminate.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/rules/functions.hpp"

namespace wengert::test {
namespace {

constexpr EliminationOrder orders[] = {EliminationOrder::forward, EliminationOrder::reverse,
                                       EliminationOrder::markowitz, EliminationOrder::optimal};

Problem problem_of(const Program& p) { return {p.graph.get(), p.output.id, ids(p.inputs)}; }

wengert::Point point_of(const Program& p, const Point& at) {
  wengert::Point out;
  auto from = at.begin();
  for (const Expr& x : p.inputs) {
    const auto size = static_cast<std::ptrdiff_t>(x.shape().size());
    out[x.id].assign(from, from + size);
    from += size;
  }
  return out;
}

// Relative to the largest entry of all: what cancels leaves its rounding.
bool same(const std::vector<Block>& a, const std::vector<Block>& b) {
  Block all[2];
  for (const Block& x : a) all[0].insert(all[0].end(), x.begin(), x.end());
  for (const Block& x : b) all[1].insert(all[1].end(), x.begin(), x.end());
  return all[0].size() == all[1].size() && relative_distance(all[0], all[1]) < 1e-11;
}

void check_mode(const Program& p, const Point& at) {
  CAPTURE(describe(p, at));
  const Prepared cross = prepare(Mode::cross, problem_of(p)), reverse = prepare(Mode::reverse, problem_of(p));
  REQUIRE(cross.unavailable() == "");
  const Derivative d = cross.jacobian(point_of(p, at)), expected = reverse.jacobian(point_of(p, at));
  CHECK(relative_distance(d.value, expected.value) < 1e-14);
  CHECK(same(d.blocks, expected.blocks));
}

// Operations whose local partials are no constants: then every product of two is one multiplication.
Program scalars_without_constants(Random& random) {
  Program p;
  std::vector<Expr> pool;
  for (int k = 0; k < 3; ++k) pool.push_back(p.input("x" + std::to_string(k + 1)));
  for (std::size_t k = 0, n = 3 + pick(random, 8); k < n; ++k) {
    const Expr a = pool[pool.size() - 1 - pick(random, std::min<std::size_t>(pool.size(), 3))];
    const Expr b = pool[pick(random, pool.size())];
    pool.push_back(a.id == b.id || pick(random, 3) == 0 ? sin(a) : pick(random, 2) == 0 ? a * b : a / b);
  }
  const std::vector<Expr> ends{exp(pool.back()), cos(pool[pool.size() - 2])};  // used by nothing else
  const std::vector<Slice> places{{0, 0, {}}, {1, 0, {}}};
  p.output = Lift<Expr>::array<Place>({.shape = {2, 1}, .slices = places}, ends);
  p.text = to_text(p.output).all();
  return p;
}

TEST_CASE("cross-country accumulation gives the lecture's derivatives, with no more operations than reverse mode") {
  Program p;
  const Expr x = p.input("x"), z = p.input("z");
  p.output = exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
  p.text = "the lecture's expression";
  check_mode(p, {2, 3});
  const Prepared cross = prepare(Mode::cross, problem_of(p));
  CHECK(cross.note() == "the cheapest order of all");
  CHECK(cross.operations().total() <= prepare(Mode::reverse, problem_of(p)).operations().total());
  const Hessian h = cross.hessian(point_of(p, {2, 3}));
  CHECK(h.value[0] == doctest::Approx(412.19145728412116).epsilon(1e-15));
  const std::vector<double> expected{3636.67589860842, 2823.35926168611, 2823.35926168611, 1613.73883920340};
  CHECK(relative_distance(h.matrix, expected) < 1e-12);
}

TEST_CASE("an accumulation multiplies and adds as often as the lesson's elimination in the same order says") {
  Random random(71);
  for (int k = 0; k < 40; ++k) {
    const Program p = scalars_without_constants(random);
    const Point at = random.around_one(3);
    CAPTURE(describe(p, at));
    const auto graph = linearize(trace(problem_of(p), point_of(p, at)));
    REQUIRE(bool(graph));
    const auto lesson = compare_orders(*graph);
    REQUIRE(bool(lesson));
    for (const Elimination& way : lesson->ways) {
      const exec::AccumulatedJacobian j(p.output, p.inputs, way.order);
      const auto count = static_cast<double>(way.multiplications + way.additions);
      if (way.order == EliminationOrder::forward || way.order == EliminationOrder::reverse)
        CHECK(j.products() == count);
      else if (way.order == EliminationOrder::optimal && way.proven && j.proven())
        CHECK(j.products() <= count);  // the lesson's has the fewest multiplications, whatever is added
    }
  }
}

TEST_CASE("a random program's Jacobian by several inputs at once is reverse mode's, in every order") {
  Random random(72);
  for (int k = 0; k < 40; ++k) {
    const Program p = k % 2 == 0 ? scalars_without_constants(random) : random_scalars(random);
    const Point at = random.around_one(p.size());
    const Derivative expected = prepare(Mode::reverse, problem_of(p)).jacobian(point_of(p, at));
    check_mode(p, at);
    const std::size_t m = p.output.shape().size(), n = p.size();
    for (const EliminationOrder order : orders) {
      CAPTURE(describe(p, at));
      const exec::AccumulatedJacobian j(p.output, p.inputs, order);
      const exec::Plan plan(*p.graph, j.nodes(), ids(p.inputs), {.mathematics = exec::Mathematics::exact});
      exec::Workspace w(plan);
      std::vector<double> numbers(j.numbers()), matrix(m * n);
      std::vector<const double*> in;
      for (std::size_t i = 0; i < n; ++i) in.push_back(&at[i]);
      std::vector<double*> out;
      double* to = numbers.data();
      for (const NodeId id : j.nodes()) {
        out.push_back(to);
        to += (*p.graph)[id].shape.size();
      }
      plan.run(w, in, out);
      j.fill(numbers.data(), matrix.data());
      std::vector<double> swept(m * n);
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t e = 0; e < n; ++e) swept[i * n + e] = expected.blocks[e][i];
      CHECK(relative_distance(matrix, swept) < 1e-11);
    }
  }
}

TEST_CASE("products of matrices by either factor are eliminated: one matrix many times") {
  Random random(73);
  for (const bool summed : {true, false}) {
    Program p;
    const Expr X = p.input("X", {4, 3}), W = p.input("W", {3, 5}), V = p.input("V", {5, 2});
    const Expr y = matmul(tanh(matmul(X, W)), V);
    p.output = summed ? total(y * y, along::all) : y;
    p.text = "a network over a batch";
    check_mode(p, random.around_one(p.size()));
  }
}

TEST_CASE("softmax of rows and of columns, its logarithm, systems, inverses and loops are eliminated") {
  Random random(74);
  for (int which = 0; which < 8; ++which) {
    Program p;
    const Expr A = p.input("A", {3, 3}), b = p.input("b", {3, 1});
    const auto array = [&](auto row, Shape shape, std::vector<Expr> x, std::uint32_t number = 0) {
      return Lift<Expr>::array<decltype(row)>({.shape = shape, .number = number}, x);
    };
    const Expr safe = A + array(DiagonalMatrix{}, {3, 3}, {broadcast(number(*p.graph, 9), {3, 1})});
    switch (which) {
      case 0:
        p.output = array(Softmax{}, {3, 3}, {matmul(A, sin(A))}, along::rows);
        break;
      case 1:
        p.output = array(Softmax{}, {3, 3}, {A * A}, along::cols);
        break;
      case 2:
        p.output = array(LogSoftmax{}, {3, 3}, {A * A}, along::cols);
        break;
      case 3:
        p.output = array(LogSoftmax{}, {3, 3}, {sin(A)}, along::rows);
        break;
      case 4:
        p.output = array(LogSumExp{}, {1, 3}, {A * A}, along::rows);
        break;
      case 5:
        p.output = array(Solve{}, {3, 1}, {safe, sin(b)});
        break;
      case 6:
        p.output = array(Inv{}, {3, 3}, {safe * safe});
        break;
      default:
        p.output = array(Cumsum{}, {3, 3}, {A * A}, along::rows);
        break;
    }
    p.output = matmul(p.output, p.output.shape().cols == 3 ? b : number(*p.graph, 2));
    p.text = "case " + std::to_string(which);
    check_mode(p, random.around_one(p.size()));
  }
}

TEST_CASE(
    "where an operation has no local Jacobian that elimination multiplies, the mode says so and the others agree") {
  Program p;
  const Expr x = p.input("x", {2, 130});  // running sums of too many lines
  p.output = Lift<Expr>::array<Cumsum>({.shape = {2, 130}, .number = along::rows}, std::span(&x, 1));
  p.text = "running sums";
  const Point at(260, 0.5);
  const Agreement a = compare(problem_of(p), point_of(p, at));
  for (const ModeReport& r : a.modes) CHECK(r.derivative.unavailable.empty() == (r.mode != Mode::cross));
  CHECK(a.verdict == Verdict::agree);
  CHECK(a.cheapest != Mode::cross);
}

TEST_CASE("an input that is the output, or that nothing depends on, is a column of its own") {
  Program p;
  const Expr x = p.input("x", {2, 1});
  p.input("u");
  p.output = x;
  p.text = "x";
  const Derivative d = prepare(Mode::cross, problem_of(p)).jacobian(point_of(p, {3, 4, 5}));
  CHECK(d.blocks[0] == Block{1, 0, 0, 1});
  CHECK(d.blocks[1] == Block{0, 0});
}

}  // namespace
}  // namespace wengert::test
