// C source: compiled with all warnings as errors, its values those of the interpreter.
#include "wengert/exec/c_source.hpp"

#include "c_programs.hpp"
#include "wengert/exec/sparse.hpp"

namespace wengert::test {
namespace {

using namespace c;

TEST_CASE("C of scalar programs and of loops over arrays gives the sweeps' values, gradients and Hessian products") {
  Random random(31);
  for (const std::string& compiler : compilers()) {
    Program lecture;
    const Expr x = lecture.input("x"), z = lecture.input("exp");  // a name that C has for itself
    lecture.output = exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
    lecture.text = "lecture */ expression";
    check_scalar(lecture, {2, 3}, random, compiler);
    const Program chain = rosenbrock(50);
    check_scalar(chain, random.around_one(50), random, compiler);
    Program row;  // whose adjoint is the number 1 in a product
    const Expr b = row.input("B", {1, 6}), v = row.input("v", {6, 1});
    row.output = matmul(b, sin(v));
    row.text = "row";
    check_scalar(row, random.around_one(12), random, compiler);
    for (int k = 0; k < 3; ++k) {
      Program p = random_arrays(random);
      p.output = total(sin(p.output), along::all);
      check_scalar(p, random.around_one(p.size()), random, compiler);
    }
  }
}

TEST_CASE("products of matrices in C, long and short, of an odd number of rows and from either side") {
  Random random(33);
  const std::uint32_t shapes[][3] = {{3, 9, 5}, {1, 12, 7}, {6, 17, 1}, {5, 3, 4}, {2, 8, 1}};
  const std::string compiler = compilers().front();
  for (const auto& [m, k, n] : shapes) {
    Program p;
    const Expr a = p.input("A", {m, k}), b = p.input("B", {k, n}), c = p.input("C", {n, k});
    const Expr both = matmul(sin(a), b) + matmul(a, transpose(c));
    p.output = total(both * sin(matmul(a, b)), along::all);
    p.text = "products";
    check_scalar(p, random.around_one(p.size()), random, compiler);
  }
}

TEST_CASE("the written main compares with finite differences, and fails where a derivative is wrong") {
  Random random(32);
  const Folder folder;
  const Program p = rosenbrock(30);
  const auto source = exec::write_c(source_of(p, random.around_one(30), "f", true));
  REQUIRE(bool(source));
  for (const std::string& compiler : compilers())
    CHECK(output_of(compiler, folder, *source).starts_with("largest difference"));
  std::string wrong = *source;
  const std::size_t at = wrong.find("2.0 * ", wrong.find("f_gradient"));
  REQUIRE(at != std::string::npos);
  wrong.replace(at, 3, "2.1");
  write(folder.file("w.c"), wrong);
  REQUIRE(std::system(fmt::format("gcc -std=c11 {} -o {} -lm", folder.file("w.c"), folder.file("w")).c_str()) == 0);
  CHECK(std::system(fmt::format("{} > /dev/null", folder.file("w")).c_str()) != 0);
}

TEST_CASE("every row that C can write has the row's value there; the others are refused by name") {
  std::vector<std::string> refused;
  Program all;
  std::vector<Expr> values;
  Point at;
  for (const Row& row : rows()) {
    if (!row.elementwise) continue;
    Random random = random_for(row, 33);
    const Program one = scalar_program(row);
    const auto alone = exec::write_c(source_of(one, sample(row, random), "g", false));
    if (!alone) {
      refused.push_back(name_of(row));
      CHECK(alone.error().message.find("has no C version") != std::string::npos);
      continue;
    }
    for (const double x : sample(row, random)) at.push_back(x);
    std::vector<NodeId> arguments;
    for (std::size_t j = 0; j < one.inputs.size(); ++j)
      arguments.push_back(all.input(fmt::format("x{}", all.inputs.size())).id);
    values.push_back(build(*all.graph, row.op, arguments));
  }
  CAPTURE(fmt::format("{}", fmt::join(refused, ", ")));
  CHECK(refused.empty());
  std::vector<Slice> slices;
  for (std::uint32_t k = 0; k < values.size(); ++k) slices.push_back({k, 0, {}});
  all.output =
      Lift<Expr>::array<Place>({.shape = {static_cast<std::uint32_t>(values.size()), 1}, .slices = slices}, values);
  all.text = "every row";
  const auto source = exec::write_c(source_of(all, at, "f", false));
  REQUIRE(bool(source));
  const Point direction = Random(33).around_one(at.size());
  for (const std::string& compiler : compilers()) {
    const Folder folder;
    const std::vector<std::size_t> size{values.size()};
    CHECK(close(
        numbers_in(output_of(compiler, folder, printing_main(*source, all, at, direction, "f_value", 1, false, size))),
        value(all, at)));
    CHECK(close(
        numbers_in(output_of(compiler, folder, printing_main(*source, all, at, direction, "f_jvp", 1, true, size))),
        push(all, at, direction)));
  }
}

TEST_CASE("C of linear systems, inverses and determinants gives the sweeps' values and derivatives") {
  Random random(36);
  for (const std::string& compiler : compilers())
    for (int which = 0; which < 4; ++which) {
      Program p;
      const Expr a = p.input("A", {4, 4}), b = p.input("b", {4, 1});
      const Expr m = a + Lift<Expr>::array<DiagonalMatrix>({.shape = {4, 4}}, std::span(&b, 1));
      const Expr both[] = {m, b};
      const auto of = [&](auto row, Shape shape, std::size_t arguments) {
        return Lift<Expr>::array<decltype(row)>({.shape = shape}, std::span(both, arguments));
      };
      p.output = which == 0   ? total(of(Solve{}, {4, 1}, 2), along::all)
                 : which == 1 ? total(of(Inv{}, {4, 4}, 1) * a, along::all)
                 : which == 2 ? of(Det{}, {}, 1) * total(b, along::all)
                              : of(LogDet{}, {}, 1);
      p.text = "linear algebra";
      Point at;  // far from singular, and the pivots matter; determinant above 0
      do at = random.around_one(p.size());
      while (std::fabs(value(with_output(p, of(Det{}, {}, 1)), at)[0]) < 1 ||
             value(with_output(p, of(Det{}, {}, 1)), at)[0] < 0);
      check_scalar(p, at, random, compiler);
    }
  // The cofactors of a diagonal matrix with a 0: one of them is none.
  for (const std::string& compiler : compilers()) {
    Program p;
    const Expr b = p.input("b", {7, 1});
    const Expr m = Lift<Expr>::array<DiagonalMatrix>({.shape = {7, 7}}, std::span(&b, 1));
    p.output = Lift<Expr>::array<Det>({}, std::span(&m, 1)) * 2.0;
    p.text = "singular determinant";
    Point at = random.around_one(7);
    at[3] = 0;
    check_gradient(p, at, compiler);
  }
  Program large;
  const Expr a = large.input("A", {100, 100});
  large.output = Lift<Expr>::array<Det>({}, std::span(&a, 1));
  const auto refused = exec::write_c(source_of(large, random.around_one(10000), "f", false));
  REQUIRE_FALSE(bool(refused));
  CHECK(refused.error().message.find("too large for a stack") != std::string::npos);
}

TEST_CASE("sparse derivatives in C are loops, with the numbers and the places of the plans'") {
  Random random(37);
  Program bands;
  const Expr x = bands.input("x", {40, 1});
  const Expr pieces[] = {sin(part(x, {3, 0, {30, 1}})), part(x, {0, 0, {40, 1}}) * 2.0, part(x, {5, 0, {30, 1}}) * 3.0};
  const Slice places[] = {{0, 0, {30, 1}}, {0, 0, {40, 1}}, {4, 0, {30, 1}}};
  bands.output = Lift<Expr>::array<Place>({.shape = {40, 1}, .slices = places}, pieces);
  bands.text = "bands";
  Program ring;  // whose last neighbour is the first: a run of places breaks off after one
  const Expr all = ring.input("x", {40, 1});
  const Expr turned[] = {part(all, {1, 0, {39, 1}}), part(all, {0, 0, {1, 1}})};
  const Slice around[] = {{0, 0, {39, 1}}, {39, 0, {1, 1}}};
  ring.output = total(sin(all) * Lift<Expr>::array<Place>({.shape = {40, 1}, .slices = around}, turned), along::all);
  ring.text = "ring";
  for (const Program& p : {rosenbrock(40), bands, ring}) {
    const bool scalar = p.output.shape().scalar();
    const Point at = random.around_one(40);
    const auto source = exec::write_c(source_of(p, at, "f", false));
    REQUIRE(bool(source));
    const exec::SparseJacobian j = scalar ? exec::sparse_hessian(p.output, p.inputs[0], p.inputs)
                                          : exec::SparseJacobian(p.output, p.inputs[0], p.inputs);
    const exec::Pattern& pattern = j.pattern();
    Point expected(pattern.nonzeros());
    exec::SparseJacobian::Memory m(j);
    const double* in = at.data();
    j.run(m, std::span(&in, 1), expected.data());
    for (std::size_t r = 0; r < pattern.rows; ++r)
      for (std::uint32_t k = pattern.begin[r]; k < pattern.begin[r + 1]; ++k) {
        expected.push_back(static_cast<double>(r));
        expected.push_back(static_cast<double>(pattern.columns[k]));
      }
    const std::string f = scalar ? "f_sparse_hessian" : "f_sparse_jacobian";
    const std::string main = fmt::format(
        "#include <stdio.h>\nint main(void) {{\n  const double x[] = {{{0}}};\n  static double e[{1}_entries], "
        "w[{1}_work];\n"
        "  static size_t r[{1}_entries], c[{1}_entries];\n  {1}(x, e, w);\n  {1}_pattern(r, c);\n"
        "  for (int i = 0; i < {1}_entries; ++i) printf(\"%.17g\\n\", e[i]);\n"
        "  for (int i = 0; i < {1}_entries; ++i) printf(\"%d %d\\n\", (int)r[i], (int)c[i]);\n  return 0;\n}}\n",
        literal(at), f);
    for (const std::string& compiler : compilers()) {
      const Folder folder;
      CHECK(close(numbers_in(output_of(compiler, folder, *source + main)), expected));
    }
  }
}

TEST_CASE("the Jacobian in C is that of the sweeps, by rows or by columns") {
  Random random(34);
  for (const bool wide : {true, false}) {
    Program p;
    const Expr x = p.input("x", {wide ? 5u : 2u, 1}), s = p.input("s");
    const Expr a = part(x, {0, 0, {2, 1}});
    const std::vector<Expr> parts{sin(a) * s, a * a / s, exp(a)};
    std::vector<Slice> slices;
    for (std::uint32_t k = 0; k < (wide ? 1u : 3u); ++k) slices.push_back({2 * k, 0, {2, 1}});
    p.output = Lift<Expr>::array<Place>({.shape = {wide ? 2u : 6u, 1}, .slices = slices},
                                        std::span(parts.data(), slices.size()));
    p.text = "parts";
    const Point at = random.around_one(p.size());
    const auto source = exec::write_c(source_of(p, at, "f", true));
    REQUIRE(bool(source));
    const std::size_t m = p.output.shape().size();
    Point expected = value(p, at);
    std::vector<Point> rows_of;
    for (std::size_t i = 0; i < m; ++i) {
      Point w(m);
      w[i] = 1;
      rows_of.push_back(pull(p, at, w));
    }
    for (std::size_t from = 0, k = 0; k < 2; from += p.inputs[k++].shape().size())
      for (const Point& row : rows_of)
        for (std::size_t e = 0; e < p.inputs[k].shape().size(); ++e) expected.push_back(row[from + e]);
    const Folder folder;
    std::string text = *source;
    CHECK(output_of("gcc", folder, text).starts_with("largest"));
    text = text.substr(0, text.find("static double p_"));
    const std::vector<std::size_t> sizes{m, m * x.shape().size(), m};
    CHECK(close(
        numbers_in(output_of("gcc", folder, printing_main(text, p, at, Point(at), "f_jacobian", 3, false, sizes))),
        expected));
  }
}

TEST_CASE("C of loops, of Kronecker's product and of softmax along a dimension gives the sweeps' numbers") {
  Random random(38);
  for (const std::string& compiler : compilers())
    for (int which = 0; which < 6; ++which) {
      Program p;
      if (which < 3) {  // few steps; so many that states are computed twice; a state of its own
        const Expr x = p.input("x", which == 2 ? Shape{3, 1} : Shape{}), a = p.input("a");
        Loop body{
            .name = "step", .count = which == 1 ? 9000u : 7u, .state = no_node, .parameters = {}, .output = no_node};
        const Expr state = variable(*p.graph, "u", x.shape()), c = variable(*p.graph, "c");
        body.state = state.id;
        body.parameters = {c.id};
        body.output = (sin(state * c) * (1 - c / 4) + c / 3).id;
        const Expr all[] = {x, a};
        p.output =
            total(Lift<Expr>::array<Iterate>({.shape = x.shape(), .number = p.graph->loop(body)}, all) * x, along::all);
      } else {
        const Expr a = p.input("A", {2, 3}), b = p.input("B", {3, 2});
        const auto row = [&](auto r, const Expr& of, std::uint32_t along_what, Shape shape) {
          return Lift<Expr>::array<decltype(r)>({.shape = shape, .number = along_what}, std::span(&of, 1));
        };
        p.output = which == 3   ? total(sin(kron(a, b)) * kron(a, b), along::all)
                   : which == 4 ? total(matmul(row(Softmax{}, a * a, along::cols, {2, 3}), b) *
                                            matmul(row(LogSoftmax{}, a, along::rows, {2, 3}), b),
                                        along::all)
                                : total(row(LogSumExp{}, matmul(a, b), along::rows, {1, 2}) *
                                            transpose(row(LogSumExp{}, matmul(a, b), along::cols, {2, 1})),
                                        along::all);
      }
      p.text = fmt::format("case {}", which);
      check_scalar(p, random.around_one(p.size()), random, compiler);
    }
}

TEST_CASE("the Jacobian in C is accumulated by elimination where that costs least: no sweep for each row") {
  Random random(39);
  const Program p = network(20, 4, 30);
  const Point at = random.around_one(p.size());
  exec::CSource written = source_of(p, at, "f", true);
  for (std::size_t k = 1; k < written.inputs.size(); ++k) written.inputs[k].by = false;
  const auto source = exec::write_c(written);
  REQUIRE(bool(source));
  CHECK(source->find("seed") == std::string::npos);
  CHECK(source->find("f_vjp") == std::string::npos);
  Point expected = value(p, at);
  const Point all = dense_jacobian(p, at);  // by every input, of which the first is asked for
  for (std::size_t i = 0; i < 30; ++i)
    for (std::size_t e = 0; e < 20; ++e) expected.push_back(all[i * p.size() + e]);
  const std::vector<std::size_t> sizes{p.output.shape().size(), p.output.shape().size() * p.inputs[0].shape().size()};
  const std::string text = source->substr(0, source->find("static double p_"));
  for (const std::string& compiler : compilers()) {
    const Folder folder;
    CHECK(output_of(compiler, folder, *source).starts_with("largest"));
    CHECK(close(
        numbers_in(output_of(compiler, folder, printing_main(text, p, at, Point(at), "f_jacobian", 2, false, sizes))),
        expected));
  }
}

TEST_CASE("the source of a long chain stays short: loops, not lines") {
  Random random(35);
  for (const std::uint32_t n : {100u, 100000u}) {
    const auto source = exec::write_c(source_of(rosenbrock(n), random.around_one(n), "f", false));
    REQUIRE(bool(source));
    CHECK(source->size() < 20000);
  }
}

}  // namespace
}  // namespace wengert::test
