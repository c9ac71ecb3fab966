// C source: statements that repeat, products that 0 annihilates, quotients at the ends of the range.
#include "c_programs.hpp"

namespace wengert::test {
namespace {

using namespace c;

// A sequence through two layers that take turns, step after step; numbers that count them; sums of what they give, and
// all of it put together.
Program sequence(std::uint32_t steps) {
  Program p;
  const Expr x = p.input("x", {3, 1}), w = p.input("W", {2, 3}), rows = p.input("k", {steps, 3}), a = p.input("a");
  const auto weight = [&](std::uint32_t layer) { return transpose(part(w, {layer, 0, {1, 3}})); };
  Expr lower = x, upper = x * a, sum = a, change = a * a;
  std::vector<Expr> pieces;
  std::vector<Slice> slices;
  for (std::uint32_t t = 0; t < steps; ++t) {
    lower = sin(lower * weight(0) + transpose(part(rows, {t, 0, {1, 3}})));
    upper = cos(upper * weight(1) + lower / (2.0 + t));
    change = sin(change * a) + total(upper, along::all);
    sum = sum + change * total(sin(upper), along::all);
    pieces.push_back(transpose(upper * lower));
    slices.push_back({t, 0, {1, 3}});
  }
  const Expr all = Lift<Expr>::array<Place>({.shape = {steps, 3}, .slices = slices}, pieces);
  p.output = sum * total(sin(all * rows), along::all);
  p.text = "sequence";
  return p;
}

TEST_CASE("statements that repeat, step after step, are one loop: with the steps only tables of numbers grow") {
  Random random(40);
  for (const std::string& compiler : compilers()) {
    const Program p = sequence(60);
    check_scalar(p, random.around_one(p.size()), random, compiler);
  }
  const auto length = [&](std::uint32_t steps) {
    const Program p = sequence(steps);
    const auto source = exec::write_c(source_of(p, random.around_one(p.size()), "f", false));
    REQUIRE(bool(source));
    return source->size();
  };
  CHECK(length(60) < 140000);
  CHECK(length(600) < length(60) + 540 * 200);
}

TEST_CASE("0 annihilates in written C too, whether what is infinite or no number is one number or in an array") {
  Random random(41);
  for (const std::string& compiler : compilers()) {
    Program root;  // whose slope is infinite at 0
    const Expr x = root.input("x"), z = root.input("z");
    const NodeId power[] = {x.id, z.id};
    root.output = sqrt(x * x + z * z) + z * sqrt(x) + build(*root.graph, op_of<Pow>, power);
    root.text = "roots";
    check_scalar(root, {0, 0}, random, compiler);
    check_scalar(root, {0, 2}, random, compiler);
    Program rows;
    const Expr a = rows.input("A", {3, 4}), b = rows.input("b", {4, 1});
    rows.output = total(sqrt(matmul(a, b * b)), along::all) + total(sqrt(a) * a, along::all);
    rows.text = "roots of rows";
    Point at = random.around_one(16);
    for (double& e : at) e = std::fabs(e);
    at[0] = at[1] = at[2] = at[3] = at[6] = 0;
    check_scalar(rows, at, random, compiler);
    Program steps = sequence(30);  // every second step has a root of 0
    Expr y = steps.output;
    for (std::uint32_t k = 0; k < 30; ++k) {
      const Expr row = part(steps.inputs[2], {k, 0, {1, 3}});
      y = y + total(sqrt(row * row) * row, along::all);
    }
    steps.output = y;
    Point where = random.around_one(steps.size());
    for (std::size_t k = 9; k + 1 < where.size(); k += 6) where[k] = 0;
    check_scalar(steps, where, random, compiler);
  }
}

TEST_CASE("written C divides by what is divided by again and again where its reciprocal is out of range, too") {
  Random random(42);
  Program p;
  const Expr x = p.input("x"), a = p.input("a"), b = p.input("b"), v = p.input("v", {3, 1});
  p.output = a / x + b / x + total(v / x, along::all);
  p.text = "quotients";
  for (const Point& at :
       {Point{4e-310, 1e-310, 3e-311, 1e-310, 2e-310, 1e-311}, Point{1e308, 1.7e308, -1e307, 3, 2e307, 1},
        Point{0, 0, 1, 0, 2, 3}, Point{INFINITY, 1, 2, 3, 4, 5}, Point{3, 1, 2, 3, 4, 5}})
    for (const std::string& compiler : compilers()) check_scalar(p, at, random, compiler);
}

TEST_CASE("an input may have any name, those that written C uses within its loops too") {
  Random random(43);
  using Names = std::pair<const char*, const char*>;
  for (const auto& [name, other] :
       {Names{"i", "j"}, Names{"k", "s"}, Names{"t", "f"}, Names{"r", "end"}, Names{"work", "pivot"},
        Names{"seed", "column"}, Names{"i0", "v1"}, Names{"a2", "wrong"}, Names{"wg_f", "p0"}, Names{"d_x", "x"},
        Names{"t_x", "x"}, Names{"x", "h_x"}}) {
    Program p;
    const Expr a = p.input(name, {3, 3}), x = p.input(other, {3, 1});
    const Expr turned = transpose(a) + a * 4.0;
    const auto of = [&](auto row, const Expr& y, Shape shape, std::uint32_t number) {
      return Lift<Expr>::array<decltype(row)>({.shape = shape, .number = number}, std::span(&y, 1));
    };
    Loop body{.name = "step", .count = 3, .state = no_node, .parameters = {}, .output = no_node};
    const Expr state = variable(*p.graph, "u", {3, 1}), by = variable(*p.graph, name, {3, 3});
    body.state = state.id;
    body.parameters = {by.id};
    body.output = sin(matmul(by, state)).id;
    const Expr all[] = {x, a};
    const Expr last = Lift<Expr>::array<Iterate>({.shape = {3, 1}, .number = p.graph->loop(body)}, all);
    p.output = total(of(Cumsum{}, turned, {3, 3}, along::rows) * a, along::all) + of(Det{}, turned, {}, 0) +
               total(last * matmul(turned, x), along::all);
    p.text = "names";
    check_scalar(p, random.around_one(p.size()), random, compilers().front());
  }
}

}  // namespace
}  // namespace wengert::test
