// Sparse derivatives: patterns that contain every entry, colourings in which no row meets a colour twice,
// and numbers that are those of the dense sweeps.
#include "wengert/exec/sparse.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "../tools/examples.hpp"
#include "wengert/modes/mode.hpp"

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

TEST_CASE("a Hessian whose pattern says less on one side of the diagonal than on the other has the sweeps' numbers") {
  Graph g;
  const Expr a = variable(g, "A", {2, 2});
  const Expr trace = total(apply_array<Diagonal>({.shape = {2, 1}}, {a * a}), along::all);
  const Expr y = trace * trace;
  const std::vector<double> at{0.5, 2, 3, 0.7};
  const Hessian wanted = prepare(Mode::reverse, {&g, y.id, {a.id}}).hessian(wengert::Point{{a.id, at}});
  for (const auto way : {Way::cheapest, Way::colours}) {
    const exec::SparseJacobian h = exec::sparse_hessian(y, a, std::vector{a}, {}, way);
    const Point dense = sparse_as_dense(h, at);
    for (std::size_t i = 0; i < dense.size(); ++i) CHECK(dense[i] == doctest::Approx(wanted.matrix[i]));
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
  CHECK(j.forward_colours() == 1);
  CHECK(j.backward_colours() == 1);
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
    check_colouring(j.pattern(), exec::colour_columns(j.pattern()));
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

exec::Pattern pattern_of(std::uint32_t rows, std::uint32_t cols,
                         const std::set<std::pair<std::uint32_t, std::uint32_t>>& entries) {
  exec::Pattern p{.rows = rows, .cols = cols, .begin = {0}, .columns = {}};
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (auto it = entries.lower_bound({r, 0}); it != entries.end() && it->first == r; ++it)
      p.columns.push_back(it->second);
    p.begin.push_back(static_cast<std::uint32_t>(p.columns.size()));
  }
  return p;
}

// A square grid whose points meet those at most `reach` away: along the axes, or diagonally too.
exec::Pattern grid(std::uint32_t n, bool diagonals) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < n; ++j)
      for (int a = -1; a <= 1; ++a)
        for (int b = -1; b <= 1; ++b) {
          const std::uint32_t r = i + static_cast<std::uint32_t>(a), c = j + static_cast<std::uint32_t>(b);
          if (r < n && c < n && (diagonals || a == 0 || b == 0)) entries.emplace(i * n + j, r * n + c);
        }
  return pattern_of(n * n, n * n, entries);
}

exec::Pattern random_pattern(std::uint32_t n, bool symmetric, Random& random) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (std::uint32_t i = 0; i < n; ++i) {
    entries.emplace(i, i);
    for (std::size_t k = 0, count = pick(random, 4); k < count; ++k) {
      const auto j = static_cast<std::uint32_t>(pick(random, n));
      entries.emplace(i, j);
      if (symmetric) entries.emplace(j, i);
    }
  }
  return pattern_of(n, n, entries);
}

// Neighbours differ, and what is left of two colours' edges are stars.
void check_star(const exec::Pattern& p, const exec::Colouring& c) {
  const auto row = [&](std::uint32_t v) {
    return std::span(p.columns.data() + p.begin[v], p.columns.data() + p.begin[v + 1]);
  };
  for (std::uint32_t v = 0; v < p.rows; ++v)
    for (std::uint32_t w : row(v)) {
      if (w == v) continue;
      REQUIRE(c.colour[v] != c.colour[w]);
      for (std::uint32_t x : row(w))
        for (std::uint32_t y : row(x))
          if (x != v && x != w && y != w && y != x && y != v)
            REQUIRE_FALSE((c.colour[x] == c.colour[v] && c.colour[y] == c.colour[w]));
    }
}

TEST_CASE("colourings are right, and as small as the best that are known on grids, bands and arrows") {
  Random random(45);
  for (int k = 0; k < 60; ++k) {
    const exec::Pattern p = random_pattern(static_cast<std::uint32_t>(2 + pick(random, 40)), true, random);
    check_colouring(p, exec::colour_columns(p));
    check_star(p, exec::colour_star(p));
    CHECK(exec::colour_star(p).colours <= exec::colour_columns(p).colours);
  }
  const exec::Pattern five = grid(20, false), nine = grid(20, true);
  check_star(five, exec::colour_star(five));
  check_star(nine, exec::colour_star(nine));
  CHECK(exec::colour_columns(five).colours == 5);
  CHECK(exec::colour_columns(nine).colours == 9);
  CHECK(exec::colour_star(five).colours <= 5);
  CHECK(exec::colour_star(nine).colours <= 9);
}

TEST_CASE("random patterns take no more colours than the best of ColPack's orders") {
  // ColPack 1.0.10: natural, largest first, smallest last, incidence degree, random.
  constexpr std::uint32_t columns[] = {8, 10, 8, 9, 11, 9, 10, 10, 9, 10, 9, 10};
  constexpr std::uint32_t stars[] = {7, 7, 7, 8, 8, 7, 8, 8, 7, 7, 8, 9};
  Random random(48);
  for (std::uint32_t k = 0; k < 12; ++k) {
    const exec::Pattern p = random_pattern(200 + 40 * k, true, random);
    CHECK(exec::colour_columns(p).colours <= columns[k]);
    CHECK(exec::colour_star(p).colours <= stars[k]);
  }
  for (int k = 0; k < 4; ++k) CHECK(exec::colour_columns(random_pattern(300, false, random)).colours <= 5);
}

TEST_CASE("a dense row and a dense column take three sweeps in two directions") {
  Random random(46);
  Program p;
  const Expr x = p.input("x", {60, 1});
  const Expr head = part(x, {0, 0, {}}), tail = part(x, {1, 0, {59, 1}});
  const Expr all[] = {total(x * x, along::all), sin(tail) * head};
  const Slice places[] = {{0, 0, {}}, {1, 0, {59, 1}}};
  p.output = Lift<Expr>::array<Place>({.shape = {60, 1}, .slices = places}, all);
  p.text = "arrow in both directions";
  const exec::SparseJacobian j(p.output, x, p.inputs, {}, Way::colours);
  CHECK(j.forward_colours() == 2);
  CHECK(j.backward_colours() == 1);
  const Point at = random.around_one(60);
  CHECK(relative_distance(sparse_as_dense(j, at), dense_jacobian(p, at)) < 1e-14);
}

TEST_CASE("a symmetric arrow's Hessian takes two colours, and mirrors what it can not read") {
  Random random(47);
  Program p;
  const Expr x = p.input("x", {50, 1});
  const Expr head = part(x, {0, 0, {}});
  p.output = total(sin(x) * head * x, along::all);
  p.text = "arrow";
  const exec::SparseJacobian h = exec::sparse_hessian(p.output, x, p.inputs, {}, Way::colours);
  CHECK(h.colours() == 2);
  const Point at = random.around_one(50);
  const Program g = with_output(p, gradient(p.output, x));
  CHECK(relative_distance(sparse_as_dense(h, at), dense_jacobian(g, at)) < 1e-13);
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
