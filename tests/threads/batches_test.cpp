// Batches and wide Jacobians on several threads.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "../tools/examples.hpp"
#include "wengert/exec/derivatives.hpp"

namespace wengert::test {
namespace {

bool same_numbers(const Point& a, const Point& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

TEST_CASE("a batch has the same bits on any number of threads") {
  Program p;
  const Expr x = p.input("x"), z = p.input("z"), c = p.input("c");
  p.output = exp(x * z) + c * x * z / log(x) + sin(log(x)) / (x * z);
  std::vector<NodeId> inputs{x.id, z.id, c.id}, outputs{p.output.id};
  for (const Expr& g : vjp(p.output, std::span(p.inputs.data(), 2), number(*p.graph, 1))) outputs.push_back(g.id);
  outputs.push_back(c.id);
  Random random(61);
  for (const bool native : {false, true})
    for (const std::size_t count : {1u, 100u, 1001u, 5000u}) {
      Point in[3], shared{2.5};
      for (Point& column : in)
        for (std::size_t k = 0; k < count; ++k) column.push_back(random.between(1.2, 3));
      const exec::Plan plan(*p.graph, outputs, inputs, {.width = 32, .native = native, .shared = {c.id}});
      const double* from[] = {in[0].data(), in[1].data(), shared.data()};
      std::vector<Point> first;
      for (const std::size_t threads : {1u, 2u, 3u, 7u}) {
        std::vector<exec::Workspace> workspaces = exec::workspaces(plan, threads);
        std::vector<Point> out(4, Point(count, -1));
        double* to[] = {out[0].data(), out[1].data(), out[2].data(), out[3].data()};
        plan.run(workspaces, count, from, to);
        if (first.empty()) first = out;
        for (std::size_t k = 0; k < 4; ++k) REQUIRE(same_numbers(out[k], first[k]));
        CHECK(out[3][count - 1] == 2.5);
      }
    }
}

TEST_CASE("the directions of a wide Jacobian on several threads have the bits of one") {
  const Program p = network(150, 20, 170);
  Random random(62);
  const Point at = random.around_one(p.size());
  const double* in[] = {at.data(), at.data() + 150, at.data() + 150 + 20 * 150};
  for (const auto sweep : {exec::Jacobian::Sweep::forward, exec::Jacobian::Sweep::reverse}) {
    const exec::Jacobian j(p.output, p.inputs[0], p.inputs, sweep, {});
    Point one(150 * 170), several(150 * 170);
    exec::Jacobian::Memory alone(j), together(j, 4);
    j.run(alone, in, nullptr, one.data());
    j.run(together, in, nullptr, several.data());
    CHECK(same_numbers(one, several));
  }
}

}  // namespace
}  // namespace wengert::test
