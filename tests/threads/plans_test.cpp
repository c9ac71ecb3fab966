// One plan used by many threads at once, a workspace each: the same bits as alone, interpreted and as machine code.
#include <doctest/doctest.h>

#include <cstring>

#include "../tools/examples.hpp"
#include "together.hpp"
#include "wengert/exec/derivatives.hpp"
#include "wengert/exec/sparse.hpp"
#include "wengert/rules/functions.hpp"

namespace wengert::test {
namespace {

bool equal_bits(const Point& a, const Point& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

std::vector<const double*> inputs_at(const Program& p, const Point& at) {
  std::vector<const double*> in;
  std::size_t k = 0;
  for (const Expr& x : p.inputs) {
    in.push_back(at.data() + k);
    k += x.shape().size();
  }
  return in;
}

// Value and gradient, one after the other.
Point run_gradient(const exec::Plan& plan, exec::Workspace& w, const Program& p, const Point& at) {
  Point out(1 + p.size());
  std::vector<double*> to{out.data()};
  std::size_t k = 1;
  for (const Expr& x : p.inputs) {
    to.push_back(out.data() + k);
    k += x.shape().size();
  }
  plan.run(w, inputs_at(p, at), to);
  return out;
}

Program formula() {
  Program p;
  const Expr x = p.input("x"), z = p.input("z");
  p.output = exp(x * z) + x * z / log(x) + sin(log(x)) / (x * z);
  return p;
}

Program matrices() {
  Program p;
  const Expr a = p.input("A", {6, 6}), v = p.input("v", {6, 1});
  p.output = total(tanh(matmul(a, v)) * v, along::all) + log(total(exp(v), along::all));
  return p;
}

}  // namespace

TEST_CASE("one plan of a gradient run by eight threads has the bits of one, interpreted and as machine code") {
  for (const Program& p : {formula(), matrices(), rosenbrock(200)})
    for (const bool native : {false, true})
      for (const auto mathematics : {exec::Mathematics::exact, exec::Mathematics::fast}) {
        const exec::Plan plan =
            exec::gradient_plan(p.output, p.inputs, p.inputs, {.mathematics = mathematics, .native = native});
        Random random(7);
        std::vector<Point> at, alone;
        exec::Workspace w(plan);
        for (int k = 0; k < 10; ++k) {
          at.push_back(random.around_one(p.size()));
          alone.push_back(run_gradient(plan, w, p, at.back()));
        }
        std::vector<std::vector<Point>> found(eight, std::vector<Point>(at.size()));
        together([&](std::size_t t) {
          exec::Workspace own(plan);
          for (std::size_t k = 0; k < at.size(); ++k) {
            const std::size_t which = (k + t) % at.size();
            found[t][which] = run_gradient(plan, own, p, at[which]);
          }
        });
        for (const auto& answers : found)
          for (std::size_t k = 0; k < at.size(); ++k) CHECK(equal_bits(answers[k], alone[k]));
      }
}

TEST_CASE("plans are made, and compiled, in eight threads at once") {
  std::vector<Point> found(eight);
  together([&](std::size_t t) {
    const Program p = formula();
    const exec::Plan plan = exec::gradient_plan(p.output, p.inputs, p.inputs,
                                                {.mathematics = exec::Mathematics::exact, .native = t % 2 == 0});
    exec::Workspace w(plan);
    found[t] = run_gradient(plan, w, p, {2, 3});
  });
  for (const Point& answer : found) CHECK(equal_bits(answer, found[0]));
  CHECK(found[0][0] == doctest::Approx(412.1914572841212));
}

TEST_CASE("a sparse Jacobian and a Hessian are evaluated by eight threads at once") {
  const Program p = rosenbrock(60);
  const Expr x = p.inputs[0];
  const exec::SparseJacobian sparse = exec::sparse_hessian(p.output, x, p.inputs);
  const exec::Jacobian dense = exec::hessian_plan(p.output, x, p.inputs);
  const Point at = Random(8).around_one(60);
  const std::vector<const double*> in{at.data()};
  std::vector<Point> nonzeros(eight, Point(sparse.pattern().nonzeros())), matrices(eight, Point(60 * 60));
  together([&](std::size_t t) {
    exec::SparseJacobian::Memory few(sparse);
    exec::Jacobian::Memory all(dense);
    for (int k = 0; k < 5; ++k) {
      sparse.run(few, in, nonzeros[t].data());
      dense.run(all, in, nullptr, matrices[t].data());
    }
  });
  for (std::size_t t = 1; t < eight; ++t) {
    CHECK(equal_bits(nonzeros[t], nonzeros[0]));
    CHECK(equal_bits(matrices[t], matrices[0]));
  }
  for (std::size_t r = 0; r < 60; ++r)
    for (std::size_t k = sparse.pattern().begin[r]; k < sparse.pattern().begin[r + 1]; ++k)
      CHECK(nonzeros[0][k] == doctest::Approx(matrices[0][r * 60 + sparse.pattern().columns[k]]));
}

}  // namespace wengert::test
