// Loops in plans: values and adjoints, single points and batches, against the sweeps.
#include <doctest/doctest.h>

#include <cmath>

#include "../tools/program.hpp"
#include "wengert/exec/derivatives.hpp"
#include "wengert/rules/functions.hpp"

namespace wengert::test {
namespace {

// u -> sin(A u) * s + u/2, nine times.
Program loop_program() {
  Program p;
  Graph& g = *p.graph;
  const Expr u = p.input("u", {3, 1}), a = p.input("A", {3, 3}), s = p.input("s");
  const Expr state = variable(g, "state", {3, 1}), m = variable(g, "m", {3, 3}), c = variable(g, "c");
  const Expr next = sin(matmul(m, state)) * c + 0.5 * state;
  const NodeId arguments[] = {u.id, a.id, s.id};
  const std::uint32_t body = g.loop({"f", 9, state.id, {m.id, c.id}, next.id});
  p.output = Expr(g, g.node(op_of<Iterate>, arguments, {3, 1}, body));
  p.text = "a loop";
  return p;
}

TEST_CASE("a plan runs a loop and its adjoint as the sweeps do, alone and in a batch") {
  const Program p = loop_program();
  const Expr y = total(p.output * p.output, along::all);
  const Program whole = with_output(p, y);
  Random random(81);
  std::vector<NodeId> inputs, outputs{y.id};
  for (const Expr& x : p.inputs) inputs.push_back(x.id);
  for (const Expr& e : vjp(y, p.inputs, number(*p.graph, 1))) outputs.push_back(e.id);
  constexpr std::size_t count = 19;
  const std::size_t sizes[] = {3, 9, 1};
  Point matrix = random.around_one(9);
  std::vector<Point> points, expected;
  for (std::size_t k = 0; k < count; ++k) {
    Point at = random.around_one(13);
    std::copy(matrix.begin(), matrix.end(), at.begin() + 3);
    Point e = value(whole, at);
    for (double g : pull(whole, at, {1.0})) e.push_back(g);
    points.push_back(at);
    expected.push_back(e);
  }
  for (const bool native : {false, true}) {
    const exec::Plan plan(*p.graph, outputs, inputs, {.native = native});
    exec::Workspace w(plan);
    for (std::size_t k = 0; k < count; ++k) {
      const double* in[] = {points[k].data(), points[k].data() + 3, points[k].data() + 12};
      Point got(14);
      double* out[] = {got.data(), got.data() + 1, got.data() + 4, got.data() + 13};
      plan.run(w, in, out);
      CHECK(relative_distance(got, expected[k]) < 1e-12);
    }
  }
  // The matrix is the same at every point; then everything differs.
  for (const bool shared : {true, false}) {
    exec::PlanOptions options{.width = 8};
    if (shared) options.shared = {inputs[1]};
    const exec::Plan plan(*p.graph, outputs, inputs, options);
    exec::Workspace w(plan);
    std::vector<Point> in;
    for (std::size_t i = 0, from = 0; i < 3; from += sizes[i++]) {
      Point column;
      for (std::size_t e = 0; e < sizes[i]; ++e)
        for (std::size_t k = 0; k < (shared && i == 1 ? 1 : count); ++k) column.push_back(points[k][from + e]);
      in.push_back(column);
    }
    const double* from[] = {in[0].data(), in[1].data(), in[2].data()};
    std::vector<Point> out{Point(count), Point(3 * count), Point(9 * count), Point(count)};
    double* to[] = {out[0].data(), out[1].data(), out[2].data(), out[3].data()};
    plan.run(w, count, from, to);
    for (std::size_t k = 0; k < count; ++k) {
      Point got;
      for (const Point& column : out)
        for (std::size_t e = 0; e < column.size() / count; ++e) got.push_back(column[e * count + k]);
      CHECK(relative_distance(got, expected[k]) < 1e-12);
    }
  }
}

}  // namespace
}  // namespace wengert::test
