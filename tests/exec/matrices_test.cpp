// Plans of matrices: products of every shape, broadcasts that are read where they are, sums of products.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "engines.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::test {
namespace {

// The value and the adjoints of all inputs, by a plan and by the sweeps.
void check_against_sweeps(const Program& p, const Point& at, double tolerance) {
  CAPTURE(p.text);
  std::vector<Expr> outputs{p.output};
  for (const Expr& e : vjp(p.output, p.inputs, broadcast(number(*p.graph, 1), p.output.shape()))) outputs.push_back(e);
  for (const auto mathematics : {exec::Mathematics::exact, exec::Mathematics::fast})
    for (const exec::PlanOptions& options : every_engine(mathematics)) {
      const std::vector<Point> out = run_plan(p, outputs, at, options);
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        CAPTURE(k);
        CAPTURE(options.native);
        CHECK(relative_distance(out[k], value(with_output(p, outputs[k]), at)) <=
              (mathematics == exec::Mathematics::exact ? 0 : tolerance));
      }
    }
}

TEST_CASE("products of every shape, factors transposed or not, and their adjoints") {
  Random random(201);
  const std::uint32_t sizes[] = {1, 2, 3, 5, 7, 8, 10, 16, 33, 130};
  for (int round = 0; round < 60; ++round) {
    const auto any = [&] { return sizes[static_cast<std::size_t>(random.next() >> 20) % std::size(sizes)]; };
    const std::uint32_t m = any(), k = any(), n = any();
    Program p;
    const bool left = round % 2 == 1, right = round % 4 >= 2;
    const Expr a = p.input("A", left ? Shape{k, m} : Shape{m, k}), b = p.input("B", right ? Shape{n, k} : Shape{k, n});
    p.output = total(sin(matmul(left ? transpose(a) : a, right ? transpose(b) : b)), along::all);
    p.text = fmt::format("{} x {} x {}, {} {}", m, k, n, left, right);
    Point at = random.around_one(p.size());
    for (double& x : at) x /= std::sqrt(static_cast<double>(k));
    check_against_sweeps(p, at, 1e-11);
  }
}

TEST_CASE("rows and columns that are broadcast are read where they are, with the bits of the sweeps") {
  Random random(202);
  for (const Shape s : {Shape{2, 3}, Shape{10, 17}, Shape{7, 300}, Shape{300, 7}, Shape{40, 40}}) {
    Program p;
    const Expr x = p.input("X", s), column = p.input("c", {s.rows, 1}), row = p.input("r", {1, s.cols}),
               t = p.input("t");
    const Expr down = broadcast(sin(column), s), along_row = broadcast(exp(row), s);
    p.output = (x - down) * along_row + broadcast(row, s) / (down + 5.0) * broadcast(t, s);
    p.text = fmt::format("{} x {}", s.rows, s.cols);
    check_against_sweeps(p, random.around_one(p.size()), 1e-13);
  }
}

TEST_CASE("the sum of a product's rows or columns is a product with a sum") {
  Random random(203);
  for (const auto dimension : {along::rows, along::cols})
    for (int round = 0; round < 4; ++round) {
      const bool left = round % 2 == 1, right = round >= 2;
      Program p;
      const Expr a = p.input("A", left ? Shape{6, 5} : Shape{5, 6}),
                 b = p.input("B", right ? Shape{90, 6} : Shape{6, 90});
      const Expr product = matmul(left ? transpose(a) : a, right ? transpose(b) : b);
      p.output = sin(total(product, dimension));
      p.text = fmt::format("sum {} {} {}", dimension, left, right);
      const Point at = random.around_one(p.size());
      check_against_sweeps(p, at, 1e-12);
      const exec::Plan plan(*p.graph, {p.output.id}, {a.id, b.id}, {.instructions = exec::InstructionSet::baseline});
      for (const exec::Detail& d : plan.layout().details) CHECK(d.shape.size() <= 90);
    }
}

TEST_CASE("products larger than the blocks that they are computed in") {
  Random random(204);
  for (const auto& [m, k, n] : {std::array<std::uint32_t, 3>{530, 20, 30}, {9, 400, 50}, {37, 193, 75}})
    for (int round = 0; round < 4; ++round) {
      const bool left = round % 2 == 1, right = round >= 2;
      Program p;
      const Expr a = p.input("A", left ? Shape{k, m} : Shape{m, k}),
                 b = p.input("B", right ? Shape{n, k} : Shape{k, n});
      p.output = matmul(left ? transpose(a) : a, right ? transpose(b) : b);
      p.text = fmt::format("{} x {} x {}, {} {}", m, k, n, left, right);
      const Point at = random.around_one(p.size());
      const Point expected = value(p, at);
      for (const exec::PlanOptions& options : every_engine(exec::Mathematics::fast))
        CHECK(relative_distance(run_plan(p, {p.output}, at, options)[0], expected) <= 1e-12);
    }
}

TEST_CASE("lines are summed before their sign is changed and before a product") {
  Random random(205);
  for (const auto dimension : {along::rows, along::cols}) {
    Program p;
    const Expr a = p.input("A", {5, 6}), b = p.input("B", {6, 90});
    p.output = sin(total(-matmul(a, b), dimension)) * total(-matmul(cos(a), b), dimension);
    p.text = fmt::format("minus a product {}", dimension);
    check_against_sweeps(p, random.around_one(p.size()), 1e-12);
    const exec::Plan plan(*p.graph, {p.output.id}, {a.id, b.id}, {.instructions = exec::InstructionSet::baseline});
    for (const exec::Detail& d : plan.layout().details) CHECK(d.shape.size() <= 90);
  }
}

// Rectangles of a larger array: computed there row by row, copied from others, added where they meet.
TEST_CASE("rectangles of an array are put together with the bits of the sweeps") {
  Random random(206);
  for (int round = 0; round < 80; ++round) {
    const auto any = [&](std::uint32_t most) { return 1 + static_cast<std::uint32_t>(random.next() >> 20) % most; };
    const Shape whole{5 + any(30), 5 + any(40)};
    Program p;
    const Expr matrix = p.input("A", whole), column = p.input("c", {whole.rows, 1}),
               row = p.input("r", {1, whole.cols});
    std::vector<Slice> slices;
    std::vector<Expr> parts;
    for (std::uint32_t k = 0; k < 2 + any(4); ++k) {
      const Shape s{any(whole.rows), any(whole.cols)};
      const Slice from{any(whole.rows - s.rows + 1) - 1, any(whole.cols - s.cols + 1) - 1, s};
      slices.push_back({any(whole.rows - s.rows + 1) - 1, any(whole.cols - s.cols + 1) - 1, s});
      const Expr down = broadcast(part(column, {from.row, 0, {s.rows, 1}}), s),
                 across = broadcast(part(row, {0, from.col, {1, s.cols}}), s);
      const Expr rectangle = part(matrix, from);
      const std::uint32_t kind = any(5);
      parts.push_back(kind == 1   ? rectangle
                      : kind == 2 ? rectangle * down
                      : kind == 3 ? (rectangle * across) * down
                      : kind == 4 ? broadcast(part(column, {0, 0, {1, 1}}), s)
                                  : sin(rectangle) + across);
    }
    p.output = Lift<Expr>::array<Place>({.shape = whole, .slices = slices}, parts);
    p.text = fmt::format("round {}: {} x {}", round, whole.rows, whole.cols);
    check_against_sweeps(p, random.around_one(p.size()), 1e-13);
  }
}

TEST_CASE("lines are woven into the columns of an array, sums of two lines as well") {
  Random random(207);
  for (const exec::PlanOptions& options : every_engine(exec::Mathematics::exact)) {
    const exec::KernelTable& kernels = exec::kernels_for(options.instructions, options.mathematics);
    for (std::size_t s = 1; s <= exec::most_woven; ++s)
      for (std::size_t n = 1; n < 150; n += 1 + n / 10)
        for (unsigned kind = 0; kind < 6; ++kind) {
          std::vector<Point> from(s), plus(s);
          exec::WovenLine lines[exec::most_woven];
          Point expected(s * n), got(s * n + 1, -7.0);
          for (std::size_t r = 0; r < s; ++r) {
            const unsigned own = kind + static_cast<unsigned>(r);
            const std::uint32_t step = own % 2, plus_step = own / 2 % 2;
            const bool adds = own % 3 == 0;
            from[r] = random.around_one(n);
            plus[r] = random.around_one(n);
            lines[r] = {from[r].data(), adds ? plus[r].data() : nullptr, step, plus_step};
            for (std::size_t k = 0; k < n; ++k)
              expected[s * k + r] = adds ? from[r][k * step] + plus[r][k * plus_step] : from[r][k * step];
          }
          kernels.weave(got.data(), lines, s, n);
          CHECK(got.back() == -7.0);
          got.pop_back();
          CHECK(got == expected);
        }
  }
}

}  // namespace
}  // namespace wengert::test
