// The cost of derivatives, counted exactly: each row's ratio, and programs that would explode if work were repeated.
#include <doctest/doctest.h>

#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

struct Bill {
  OperationCount value, reverse;
  double ratio() const { return static_cast<double>(value.total() + reverse.total()) / static_cast<double>(value.total()); }
};

Bill counted(const Program& p) {
  Bill cost;
  const Tape tape = Sweep<double>::record(p);
  SymbolicFrame<Counted> f(tape);
  for (const Tape::Given& input : tape.inputs()) f.values[input.slot] = {&cost.value, tape.shape(input.slot)};
  for (const Tape::Known& known : tape.constants()) f.values[known.slot] = {nullptr, tape.shape(known.slot)};
  evaluate(f);
  for (Counted& v : f.values)
    if (v.counter != nullptr) v.counter = &cost.reverse;
  f.clear_adjoints();
  f.accumulate(tape.outputs()[0], {&cost.reverse, p.output.shape()});
  pull_back(f);
  return cost;
}

// Every argument is the same input: the adjoint of a value that is used k times takes k - 1 additions,
// so a program pays one for each argument of an operation but the first.
Program with_itself(const Row& row) {
  Program p;
  const std::vector<NodeId> x(static_cast<std::size_t>(row.arity), p.input("x").id);
  p.text = name_of(row) + (row.arity == 1 ? "(x)" : "(x, x)");
  p.output = {*p.graph, p.graph->node(row.op, x, {})};
  return p;
}

TEST_CASE("a row's value and reverse step cost at most its ratio times its value, and a stated ratio is no larger than needed") {
  for (const Row& row : rows()) {
    if (!row.elementwise) continue;
    const Program p = with_itself(row);
    const Bill cost = counted(p);
    if (cost.value.total() == 0) continue;  // negations, comparisons and choices are free
    CAPTURE(p.text);
    CAPTURE(cost.ratio());
    CHECK(cost.ratio() <= row.info->ratio);
    if (row.info->ratio > 4) CHECK(cost.ratio() > row.info->ratio - 1);
  }
}

TEST_CASE("an array row's value and reverse step cost at most four times its value, or a few passes over its elements") {
  for (const Row& row : rows()) {
    Random random = random_for(row, 3);
    if (row.elementwise) continue;
    for (const Call& call : calls_of(row, random)) {
      CAPTURE(call.program.text);
      const Bill cost = counted(call.program);
      const std::uint64_t elements = call.program.size() + call.program.output.shape().size();
      CHECK(cost.reverse.total() <= 9 * cost.value.total() + 2 * elements);
    }
  }
}

Program repeated(const char* text, int times, Expr (*step)(const Expr&)) {
  Program p;
  p.text = text;
  Expr x = p.input("x");
  for (int k = 0; k < times; ++k) x = step(x);
  p.output = x;
  return p;
}

std::size_t nodes_of(const Program& p, const Expr& e) { return p.graph->reachable(std::span(&e.id, 1)).size(); }

TEST_CASE("programs that share their values are differentiated by at most four times their operations, and as small expressions") {
  const Program programs[] = {
      repeated("x1 = x*x + x, 60 deep", 60, [](const Expr& x) { return x * x + x; }),
      repeated("x1 = 4*x*(1 - x), 20 times", 20, [](const Expr& x) { return 4.0 * x * (1.0 - x); }),
      repeated("x1 = exp(x)/x, 30 times", 30, [](const Expr& x) { return exp(x) / x; }),
      repeated("x1 = sin(x)*x, 40 times", 40, [](const Expr& x) { return sin(x) * x; }),
  };
  for (const Program& p : programs) {
    CAPTURE(p.text);
    const Bill cost = counted(p);
    CHECK(cost.ratio() <= 4);
    const std::size_t primal = nodes_of(p, p.output);
    CHECK(nodes_of(p, gradient(p.output, p.inputs[0])) <= 5 * primal);
    CHECK(nodes_of(p, derivative(p.output, p.inputs[0])) <= 5 * primal);
    CHECK(nodes_of(p, hessian(p.output, p.inputs[0])) <= 25 * primal);
  }
}

TEST_CASE("the gradient of a program of many inputs costs no more for each input that is added") {
  for (int n : {2, 20, 200}) {
    Program p;
    p.text = "x0*x1*...";
    Expr product = p.input("x0");
    for (int k = 1; k < n; ++k) product = product * p.input("x" + std::to_string(k));
    p.output = product;
    const Bill cost = counted(p);
    CAPTURE(n);
    CHECK(cost.value.total() == static_cast<std::uint64_t>(n - 1));
    CHECK(cost.ratio() <= 4);
  }
}

}  // namespace
}  // namespace wengert::test
