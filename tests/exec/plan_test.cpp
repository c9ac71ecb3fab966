// Plans against the sweeps: every row, random programs, batches, every instruction set.
#include "wengert/exec/plan.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

// Outputs that do not reach an input are fine; a program's value and the adjoints of all of its inputs.
struct WithAdjoints {
  Program program;
  std::vector<Expr> outputs;
  std::vector<NodeId> nodes, inputs;

  explicit WithAdjoints(const Program& p) : program(p) {
    const Expr w = broadcast(number(*p.graph, 1), p.output.shape());
    outputs = vjp(p.output, p.inputs, w);
    outputs.insert(outputs.begin(), p.output);
    for (const Expr& e : outputs) nodes.push_back(e.id);
    for (const Expr& x : p.inputs) inputs.push_back(x.id);
  }
};

std::vector<Point> split(const Program& p, const Point& at) {
  std::vector<Point> in;
  std::size_t k = 0;
  for (const Expr& x : p.inputs) {
    in.emplace_back(at.begin() + static_cast<std::ptrdiff_t>(k),
                    at.begin() + static_cast<std::ptrdiff_t>(k + x.shape().size()));
    k += x.shape().size();
  }
  return in;
}

std::vector<Point> run_plan(const WithAdjoints& p, const std::vector<Point>& in, const exec::PlanOptions& options) {
  const exec::Plan plan(*p.program.graph, p.nodes, p.inputs, options);
  exec::Workspace w(plan);
  std::vector<const double*> from;
  std::vector<double*> to;
  std::vector<Point> out;
  for (const Point& x : in) from.push_back(x.data());
  for (const Expr& e : p.outputs) out.emplace_back(e.shape().size(), -12345.0);
  for (Point& y : out) to.push_back(y.data());
  plan.run(w, from, to);
  plan.run(w, from, to);  // nothing is left from the first run
  return out;
}

// Several points as columns.
std::vector<std::vector<Point>> run_batch(const WithAdjoints& p, const std::vector<std::vector<Point>>& points,
                                          const exec::PlanOptions& options) {
  const std::size_t count = points.size();
  const exec::Plan plan(*p.program.graph, p.nodes, p.inputs, options);
  exec::Workspace w(plan);
  std::vector<Point> in, out;
  std::vector<const double*> from;
  std::vector<double*> to;
  for (std::size_t k = 0; k < p.inputs.size(); ++k) {
    const bool shared = std::find(options.shared.begin(), options.shared.end(), p.inputs[k]) != options.shared.end();
    const std::size_t size = points[0][k].size();
    Point column(shared ? size : size * count);
    for (std::size_t e = 0; e < size; ++e)
      for (std::size_t i = 0; i < count; ++i) column[shared ? e : e * count + i] = points[i][k][e];
    in.push_back(column);
  }
  for (const Expr& e : p.outputs) out.emplace_back(e.shape().size() * count, -12345.0);
  for (const Point& x : in) from.push_back(x.data());
  for (Point& y : out) to.push_back(y.data());
  plan.run(w, count, from, to);
  std::vector<std::vector<Point>> result(count);
  for (std::size_t i = 0; i < count; ++i)
    for (const Point& column : out) {
      Point y;
      for (std::size_t e = 0; e < column.size() / count; ++e) y.push_back(column[e * count + i]);
      result[i].push_back(y);
    }
  return result;
}

std::vector<Point> by_sweep(const WithAdjoints& p, const Point& at) {
  std::vector<Point> out;
  for (const Expr& e : p.outputs) out.push_back(value(with_output(p.program, e), at));
  return out;
}

bool same_bits(double a, double b) { return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b; }
bool same_bits(const Point& a, const Point& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same_bits(a[i], b[i])) return false;
  return true;
}
std::string text_of(const Point& p) {
  std::string s;
  for (double x : p) s += fmt::format("{} ", x);
  return s;
}

std::vector<exec::InstructionSet> instruction_sets() {
  std::vector<exec::InstructionSet> all;
  for (auto i : {exec::InstructionSet::baseline, exec::InstructionSet::avx2, exec::InstructionSet::avx512})
    if (i <= exec::widest_instructions()) all.push_back(i);
  return all;
}

// Every instruction set, interpreted and (a build without machine code interprets again) compiled.
std::vector<std::pair<exec::InstructionSet, bool>> engines() {
  std::vector<std::pair<exec::InstructionSet, bool>> all;
  for (const auto i : instruction_sets())
    for (const bool native : {false, true}) all.emplace_back(i, native);
  return all;
}

const exec::PlanOptions exact_point{.mathematics = exec::Mathematics::exact};

template <class F>
void for_each_program(F&& f) {
  Random random(77);
  for (const Row& row : rows()) {
    if (row.op == op_of<Iterate> || row.op == op_of<IterateAdjoint>) continue;
    for (const Call& call : calls_of(row, random)) f(call.program, call.at, random);
  }
  for (int k = 0; k < 300; ++k) {
    const Program p = random_scalars(random);
    f(p, random.around_one(p.size()), random);
    const Program q = random_arrays(random);
    f(q, random.around_one(q.size()), random);
  }
}

TEST_CASE("a plan in exact mathematics gives the bits of the sweeps, on every instruction set") {
  for_each_program([](const Program& program, const Point& at, Random&) {
    CAPTURE(describe(program, at));
    const WithAdjoints p(program);
    const auto expected = by_sweep(p, at);
    for (const auto& [instructions, native] : engines()) {
      exec::PlanOptions options = exact_point;
      options.instructions = instructions;
      options.native = native;
      const auto got = run_plan(p, split(program, at), options);
      for (std::size_t k = 0; k < got.size(); ++k) {
        CAPTURE(native);
        CAPTURE(text_of(got[k]));
        CAPTURE(text_of(expected[k]));
        CHECK(same_bits(got[k], expected[k]));
      }
    }
  });
}

TEST_CASE("a batch in exact mathematics gives the bits of its points alone, at every place, shared inputs or not") {
  for_each_program([](const Program& program, const Point& at, Random& random) {
    CAPTURE(describe(program, at));
    const WithAdjoints p(program);
    std::vector<std::vector<Point>> points;
    const std::size_t count = 11;
    for (std::size_t i = 0; i < count; ++i) {
      Point x = at;
      if (i > 0)
        for (double& e : x) e *= random.between(0.98, 1.02);
      points.push_back(split(program, x));
    }
    exec::PlanOptions options = exact_point;
    options.width = 8;
    for (int round = 0; round < 4; ++round) {
      options.native = round >= 2;
      options.shared.clear();
      if (round % 2 == 1) {
        options.shared = {p.inputs[0]};
        for (auto& x : points) x[0] = points[0][0];
      }
      const auto got = run_batch(p, points, options);
      for (const std::size_t i : {std::size_t{0}, std::size_t{7}, count - 1}) {
        Point x;
        for (const Point& part : points[i]) x.insert(x.end(), part.begin(), part.end());
        const auto expected = by_sweep(p, x);
        for (std::size_t k = 0; k < expected.size(); ++k) {
          CAPTURE(k);
          CAPTURE(text_of(got[i][k]));
          CAPTURE(text_of(expected[k]));
          // Products of lanes add up in another order.
          CHECK((same_bits(got[i][k], expected[k]) || relative_distance(got[i][k], expected[k]) < 1e-14));
        }
      }
    }
  });
}

TEST_CASE("fast mathematics agrees with the sweeps to a few units in the last place") {
  for_each_program([](const Program& program, const Point& at, Random&) {
    CAPTURE(describe(program, at));
    const WithAdjoints p(program);
    const auto expected = by_sweep(p, at);
    for (const auto& [instructions, native] : engines()) {
      for (const std::uint32_t width : {1u, 8u}) {
        const auto got =
            run_plan(p, split(program, at), {.width = width, .instructions = instructions, .native = native});
        for (std::size_t k = 0; k < got.size(); ++k) {
          CAPTURE(width);
          CAPTURE(text_of(got[k]));
          CAPTURE(text_of(expected[k]));
          // Where terms of size 1 cancel, what is left is rounding.
          Point gap = got[k];
          for (std::size_t i = 0; i < gap.size(); ++i) gap[i] -= expected[k][i];
          CHECK((relative_distance(got[k], expected[k]) < 1e-9 || largest(gap) < 1e-14));
        }
      }
    }
  });
}

// Each elementary function by itself, where the arguments are far apart too.
TEST_CASE("a vector function is at most 4 units in the last place from the row's value") {
  Random random(5);
  for (const Row& row : rows()) {
    if (!row.elementwise) continue;
    const Program scalar = scalar_program(row);
    CAPTURE(name_of(row));
    const WithAdjoints p = [&] {
      Program only = scalar;
      WithAdjoints w(only);
      w.outputs.resize(1);
      w.nodes.resize(1);
      return w;
    }();
    for (const auto& [instructions, native] : engines()) {
      for (int k = 0; k < 200; ++k) {
        const Point at = sample(row, random);
        const auto fast = run_plan(p, split(scalar, at), {.width = 8, .instructions = instructions, .native = native});
        const double exact = value(scalar, at)[0];
        CAPTURE(describe(scalar, at));
        CHECK(ulps(fast[0][0], exact) <= 4);
      }
    }
  }
}

TEST_CASE("a result depends neither on its place in a batch nor on the number of points") {
  Random random(9);
  for (int k = 0; k < 100; ++k) {
    const Program program = k % 2 == 0 ? random_scalars(random) : random_arrays(random);
    const WithAdjoints p(program);
    std::vector<std::vector<Point>> points;
    for (int i = 0; i < 21; ++i) points.push_back(split(program, random.around_one(program.size())));
    for (const bool native : {false, true}) {
      const auto all = run_batch(p, points, {.width = 16, .native = native});
      const auto last = run_batch(p, {points.back()}, {.width = 16, .native = native});
      for (std::size_t j = 0; j < p.outputs.size(); ++j) CHECK(same_bits(all.back()[j], last[0][j]));
    }
  }
}

// Long arrays go through regions, parts that are read in place and places that are written in place.
TEST_CASE("long arrays: Rosenbrock's chain, in pieces, gives the bits of the sweeps") {
  for (const std::uint32_t n : {1000u, 1024u, 5000u}) {
    Program p;
    const Expr x = p.input("x", {n, 1});
    const Expr a = part(x, {1, 0, {n - 1, 1}}), b = part(x, {0, 0, {n - 1, 1}});
    const Expr r = a - b * b, s = 1.0 - b;
    p.output = total(100.0 * (r * r) + s * s, along::all);
    p.text = "rosenbrock";
    Random random(3);
    const Point at = random.around_one(n);
    const WithAdjoints w(p);
    const auto expected = by_sweep(w, at);
    for (const auto& [instructions, native] : engines())
      for (const auto mathematics : {exec::Mathematics::exact, exec::Mathematics::fast}) {
        const auto got =
            run_plan(w, split(p, at), {.mathematics = mathematics, .instructions = instructions, .native = native});
        CHECK(same_bits(got[0], expected[0]));
        CHECK(same_bits(got[1], expected[1]));
      }
  }
}

#ifdef WENGERT_HAS_ASMJIT
TEST_CASE("machine code is made where it is asked for: points, batches and long arrays") {
  if (exec::widest_instructions() == exec::InstructionSet::baseline) return;
  Program p;
  const Expr x = p.input("x");
  p.output = sin(x) * cos(x) + exp(x);
  CHECK(exec::Plan(*p.graph, {p.output.id}, {x.id}, {.native = true}).native());
  CHECK(exec::Plan(*p.graph, {p.output.id}, {x.id}, {.width = 8, .native = true}).native());
  CHECK_FALSE(exec::Plan(*p.graph, {p.output.id}, {x.id}).native());
  Program q;
  const Expr v = q.input("v", {2000, 1});
  CHECK(exec::Plan(*q.graph, {(v * v + 1.0).id}, {v.id}, {.native = true}).native());
}
#endif

TEST_CASE("thousands of single numbers in runs of equal operations give the bits of the sweeps") {
  Random random(21);
  Program p;
  std::vector<Expr> pool;
  for (int k = 0; k < 50; ++k) pool.push_back(p.input("x" + std::to_string(k)));
  for (int k = 0; k < 4000; ++k) {
    const Expr &a = pool[pick(random, pool.size())], &b = pool[pick(random, pool.size())];
    const std::size_t what = pick(random, 5);
    pool.push_back(what == 0   ? sin(a)
                   : what == 1 ? a * sin(b)
                   : what == 2 ? a + b
                   : what == 3 ? (a - b) * 0.5
                               : Lift<Expr>::call<Tanh>(a));
  }
  p.output = pool[50];
  for (std::size_t k = 51; k < pool.size(); ++k) p.output = p.output + pool[k];
  const Point at = random.around_one(50);
  const WithAdjoints w(p);
  const auto expected = by_sweep(w, at), got = run_plan(w, split(p, at), exact_point);
  for (std::size_t k = 0; k < got.size(); ++k) CHECK(same_bits(got[k], expected[k]));
}

}  // namespace
}  // namespace wengert::test
