// Chains of single numbers: operands that the operation before left in a register, results that nobody else reads.
#include <doctest/doctest.h>

#include <bit>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "wengert/exec/derivatives.hpp"

namespace wengert::test {
namespace {

// One more operation on the last value: in every operand's place, in several of them, beside older ones.
Expr next_in_chain(const std::vector<Expr>& chain, Random& random) {
  const Expr last = chain.back(), old = chain[pick(random, chain.size())];
  const Expr a = pick(random, 3) == 0 ? old : last, b = pick(random, 3) == 0 ? last : old;
  switch (pick(random, 16)) {
    case 0:
      return a + b;
    case 1:
      return b - a;
    case 2:
      return a * b;
    case 3:
      return a / (b * b + 1.5);
    case 4:
      return last * last + b;
    case 5:
      return b - last * a;
    case 6:
      return a * b - last;
    case 7:
      return annihilate(a, b) + last;
    case 8:
      return -last;
    case 9:
      return sin(last) * cos(last);
    case 10:
      return cos(last) + sin(last) * b;
    case 11:
      return select(less(a, b), last, sin(b));
    case 12:
      return sqrt(last * last + 1.0);
    case 13:
      return log(power(b * b + 1.0, sin(last)) + 1.0);
    case 14:
      return Lift<Expr>::call<Tanh>(a);  // no handler of its own
    default:
      return exp(sin(last));
  }
}

TEST_CASE("chains of single numbers give the bits of the sweeps, whatever they read and whatever is read later") {
  Random random(91);
  for (int k = 0; k < 400; ++k) {
    Program p;
    std::vector<Expr> chain{p.input("x", {}), p.input("y", {})};
    for (std::size_t n = 5 + pick(random, 40); n > 0; --n) chain.push_back(next_in_chain(chain, random));
    p.output = chain.back();
    std::vector<Expr> outputs = vjp(p.output, p.inputs, number(*p.graph, 1));
    outputs.push_back(p.output);
    outputs.push_back(chain[pick(random, chain.size())]);
    std::vector<NodeId> nodes;
    for (const Expr& e : outputs) nodes.push_back(e.id);
    const Point at = random.around_one(p.size());
    const exec::Plan plan(*p.graph, nodes, {p.inputs[0].id, p.inputs[1].id}, {.mathematics = exec::Mathematics::exact});
    exec::Workspace w(plan);
    const double* in[] = {&at[0], &at[1]};
    std::vector<double> got(outputs.size());
    std::vector<double*> to;
    for (double& y : got) to.push_back(&y);
    for (int twice = 0; twice < 2; ++twice) plan.run(w, in, to);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      Program one = p;
      one.output = outputs[i];
      CAPTURE(describe(one, at));
      const double expected = value(one, at)[0];
      CHECK((std::bit_cast<std::uint64_t>(got[i]) == std::bit_cast<std::uint64_t>(expected) ||
             (got[i] != got[i] && expected != expected)));
    }
  }
}

TEST_CASE(
    "a chain takes at most 24 bytes an operation, of instructions and numbers, and one value is read by the next") {
  Program p;
  const Expr x = p.input("x", {});
  Expr y = x;
  constexpr int steps = 5000;
  for (int k = 0; k < steps; ++k) {
    const Expr s = sin(y * 1.1 + 0.1);
    y = s * s;
  }
  const exec::Plan plan = exec::gradient_plan(y, p.inputs, p.inputs);
  CHECK(plan.bytes() + plan.workspace_bytes() <= 24 * 4 * steps);
}

}  // namespace
}  // namespace wengert::test
