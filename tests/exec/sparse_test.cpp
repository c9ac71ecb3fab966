// Sparse derivatives: patterns that contain every entry, colourings in which no row meets a colour twice,
// and numbers that are those of the dense sweeps.
#include "wengert/exec/sparse.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "../tools/examples.hpp"

namespace wengert::test {
namespace {

Point sparse_as_dense(const exec::SparseJacobian& j, const Point& at) {
  exec::SparseJacobian::Memory m(j);
  const exec::Pattern& p = j.pattern();
  Point values(p.nonzeros()), out(p.rows * p.cols);
  const double* in = at.data();
  j.run(m, std::span(&in, 1), values.data());
  for (std::size_t r = 0; r < p.rows; ++r)
    for (std::uint32_t k = p.begin[r]; k < p.begin[r + 1]; ++k) out[r * p.cols + p.columns[k]] = values[k];
  return out;
}

using Way = exec::SparseJacobian::Way;
constexpr Way both_ways[] = {Way::elimination, Way::colours};

void check_colouring(const exec::Pattern& p, const exec::Colouring& c) {
  for (std::size_t r = 0; r < p.rows; ++r)
    for (std::uint32_t a = p.begin[r]; a < p.begin[r + 1]; ++a)
      for (std::uint32_t b = a + 1; b < p.begin[r + 1]; ++b) REQUIRE(c.colour[p.columns[a]] != c.colour[p.columns[b]]);
}

TEST_CASE("a chain's Hessian is tridiagonal, takes three colours, and has the dense sweeps' numbers") {
  Random random(41);
  for (const std::uint32_t n : {5u, 40u, 3000u}) {
    const Program p = rosenbrock(n);
    const Expr x = p.inputs[0];
    for (const bool native : {false, true})
      for (const auto way : both_ways) {
        const exec::SparseJacobian h = exec::sparse_hessian(p.output, x, p.inputs, {.native = native}, way);
        CHECK(h.way() == way);
        CHECK(h.pattern().nonzeros() == 3 * n - 2);
        CHECK(h.colours() == (way == Way::colours ? 3 : 0));
        const Point at = random.around_one(n);
        if (n > 100) continue;
        const Point got = sparse_as_dense(h, at);
        const Program g = with_output(p, gradient(p.output, x));
        CHECK(relative_distance(got, dense_jacobian(g, at)) < 1e-14);
      }
  }
}

TEST_CASE("an arrow's Jacobian is swept backwards where rows take fewer colours") {
  Program p;
  const Expr x = p.input("x", {50, 1});
  const Expr tail = part(x, {1, 0, {49, 1}});
  const Expr all[] = {total(x * x, along::all), sin(tail)};
  const Slice places[] = {{0, 0, {}}, {1, 0, {49, 1}}};
  p.output = Lift<Expr>::array<Place>({.shape = {50, 1}, .slices = places}, all);
  p.text = "arrow";
  const exec::SparseJacobian j(p.output, x, p.inputs, {}, Way::colours);
  CHECK_FALSE(j.forward());
  CHECK(j.colours() == 2);
  Random random(42);
  const Point at = random.around_one(50);
  CHECK(relative_distance(sparse_as_dense(j, at), dense_jacobian(p, at)) < 1e-14);
}

TEST_CASE("the pattern of every row contains all that is not 0, and the compressed Jacobian is the dense one") {
  Random random(43);
  const auto check = [&](const Program& program, const Point& at) {
    CAPTURE(describe(program, at));
    const Program p = joined(program);
    const Expr x = p.inputs[0];
    const exec::SparseJacobian j(p.output, x, p.inputs, {}, Way::colours);
    check_colouring(j.forward() ? j.pattern() : exec::transposed(j.pattern()),
                    exec::colour_columns(j.forward() ? j.pattern() : exec::transposed(j.pattern())));
    const Point expected = dense_jacobian(p, at);
    for (const exec::SparseJacobian& way : {j, exec::SparseJacobian(p.output, x, p.inputs)}) {
      const Point got = sparse_as_dense(way, at);
      Point gap = got;
      for (std::size_t k = 0; k < gap.size(); ++k) gap[k] -= expected[k];
      CHECK((relative_distance(got, expected) < 1e-11 || largest(gap) < 1e-13));
    }
  };
  for (const Row& row : rows()) {
    if (row.op == op_of<Iterate> || row.op == op_of<IterateAdjoint>) continue;
    for (const Call& call : calls_of(row, random)) check(call.program, call.at);
  }
  for (int k = 0; k < 60; ++k) {
    const Program p = random_arrays(random);
    check(p, random.around_one(p.size()));
  }
}

// Sums of shifted, scaled functions of a vector: bands that run side by side, meet, or stand alone.
Program bands(std::uint32_t n, Random& random) {
  Program p;
  const Expr x = p.input("x", {n, 1});
  std::vector<Expr> pieces;
  std::vector<Slice> places;
  for (std::size_t k = 0, count = 1 + pick(random, 5); k < count; ++k) {
    const auto from = static_cast<std::uint32_t>(pick(random, 6)), to = static_cast<std::uint32_t>(pick(random, 6));
    const auto rows = n - 6 - static_cast<std::uint32_t>(pick(random, 3));
    const Expr piece = part(x, {from, 0, {rows, 1}});
    pieces.push_back(pick(random, 2) == 0 ? sin(piece) : small_number(*p.graph, random) * piece);
    places.push_back({to, 0, {rows, 1}});
  }
  p.output = Lift<Expr>::array<Place>({.shape = {n, 1}, .slices = places}, pieces) + small_number(*p.graph, random);
  p.text = to_text(p.output).all();
  return p;
}

TEST_CASE("bands are put together as compressed rows, wherever they stand and meet") {
  Random random(44);
  for (int k = 0; k < 100; ++k) {
    const auto n = static_cast<std::uint32_t>(10 + pick(random, 60));
    const Program p = bands(n, random);
    const exec::SparseJacobian j(p.output, p.inputs[0], p.inputs, {}, Way::elimination);
    const Point at = random.around_one(n);
    const bool right = relative_distance(sparse_as_dense(j, at), dense_jacobian(p, at)) < 1e-14;
    CHECK_MESSAGE(right, p.text);
  }
}

TEST_CASE("patterns and colours of large problems take time in proportion to their entries") {
  const Program p = rosenbrock(200000);
  for (const Way way : both_ways) {
    const exec::SparseJacobian h = exec::sparse_hessian(p.output, p.inputs[0], p.inputs, {}, way);
    CHECK(h.pattern().nonzeros() == 3u * 200000 - 2);
  }
}

}  // namespace
}  // namespace wengert::test
