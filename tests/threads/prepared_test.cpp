// One prepared function used by many threads at once: the same bits as alone.
#include <doctest/doctest.h>

#include <bit>

#include "../explain/asked.hpp"
#include "together.hpp"

using namespace wengert;
using test::Asked;

namespace {

using Bits = std::vector<std::uint64_t>;

void add(Bits& bits, const std::vector<double>& numbers) {
  for (const double x : numbers) bits.push_back(std::bit_cast<std::uint64_t>(x));
}

// Everything that a prepared function answers at one point.
Bits answers(const Prepared& f, const Problem& problem, const Point& point) {
  Bits bits;
  const Derivative d = f.jacobian(point);
  add(bits, d.value);
  for (const Block& block : d.blocks) add(bits, block);
  std::vector<std::vector<double>> v;
  for (const NodeId x : problem.wrt) v.emplace_back((*problem.graph)[x].shape.size(), 0.5);
  add(bits, f.jvp(point, v));
  for (const auto& adjoint : f.vjp(point, std::vector<double>(problem.outputs(), 0.25))) add(bits, adjoint);
  if (problem.outputs() == 1) add(bits, f.hessian(point).matrix);
  return bits;
}

Point moved(const Problem& problem, const Point& point, double by) {
  Point other = point;
  for (const NodeId x : problem.wrt)
    for (double& value : other[x]) value += by;
  return other;
}

}  // namespace

TEST_CASE("eight threads get the same bits from one prepared function as one thread does, in every mode") {
  constexpr std::size_t points = 12;
  for (const char* text :
       {"exp(x*z)*sin(x) + x^z/(1 + z^2)", "sum(tanh(A*v) .* v) + logsumexp(v)*x + det(A)", "[x*z, sin(x), max(x, z)]",
        "f(u) = sin(u) + x; iterate(f, z, 50)", "norm(solve(A + 5*eye(3), v*x))"}) {
    CAPTURE(std::string(text));
    Asked q(text, {{"x", {0.7}}, {"z", {1.3}}, {"v", {0.1, -0.4, 2}}, {"A", {1}}});
    if (std::string(text).find('A') != std::string::npos) {
      // A is a matrix here.
      q.session.give("A", {{3, 3}, {2, 0.5, -1, 0.25, 3, 1, -0.5, 1, 4}});
      const Result<Query> again = q.session.query("", text);
      REQUIRE(bool(again));
      q.problem = {&q.session.graph(), again->expression.id, again->inputs};
      q.point = q.session.point();
    }
    for (const Mode mode : all_modes) {
      CAPTURE(std::string(to_string(mode)));
      std::vector<Point> at;
      std::vector<Bits> alone;
      // The threads' function has not been used before: what it prepares late, it prepares under their hands.
      const Prepared before = prepare(mode, q.problem), shared = prepare(mode, q.problem);
      for (std::size_t k = 0; k < points; ++k) {
        at.push_back(moved(q.problem, q.point, 0.01 * static_cast<double>(k)));
        alone.push_back(answers(before, q.problem, at.back()));
      }
      std::vector<std::vector<Bits>> found(test::eight, std::vector<Bits>(points));
      test::together([&](std::size_t t) {
        for (std::size_t k = 0; k < points; ++k) {
          const std::size_t which = (k + t) % points;
          found[t][which] = answers(shared, q.problem, at[which]);
        }
      });
      for (const auto& bits : found)
        for (std::size_t k = 0; k < points; ++k) CHECK(bits[k] == alone[k]);
    }
  }
}
