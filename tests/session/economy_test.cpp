// Programs of arrays stay small, whatever their sizes.
#include <doctest/doctest.h>

#include "wengert/explain/agree.hpp"
#include "wengert/session/session.hpp"
#include "wengert/sweep/tape.hpp"

using namespace wengert;

namespace {

std::size_t nodes_of(Session& s, const std::string& text) {
  const Result<Query> q = s.query("", text);
  REQUIRE(q);
  return s.graph().reachable({&q->expression.id, 1}).size();
}

std::string network(int inputs, int hidden, int classes) {
  const std::string n = std::to_string(inputs), m = std::to_string(hidden), k = std::to_string(classes);
  return "input W1[" + m + ", " + n + "], b1[" + m + "], W2[" + k + ", " + m + "], b2[" + k + "], x[" + n + "], y[" +
         k +
         "]\nh = relu(W1*x + b1)\nL = cross_entropy(softmax(W2*h + b2), y)\n"
         "[L, sum(grad(L, W1)), sum(grad(L, b1)), sum(grad(L, W2)), sum(grad(L, b2))]";
}

}  // namespace

TEST_CASE("a network and its gradients take under 60 nodes, whatever the sizes") {
  Session small, large;
  const std::size_t few = nodes_of(small, network(3, 4, 2)), many = nodes_of(large, network(784, 128, 10));
  CHECK(many < 60);
  CHECK(few == many);
}

TEST_CASE("a sum over neighbours of a million terms is a few operations, and so are its derivatives") {
  const std::string sum = "sum(i in 1..n-1, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)";
  Session s;
  CHECK(nodes_of(s, "n = 1000000\ninput x[1000000]\n" + sum) < 25);
  CHECK(nodes_of(s, "n = 1000000\ninput x[1000000]\ngrad(" + sum + ", x)") < 60);
}

TEST_CASE("modes that need a sweep for each of many inputs are left out, and what they would cost is said") {
  Session s;
  std::vector<double> x(100'000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i % 7) / 7;
  s.give("x", {{100'000, 1}, x});
  const Result<Query> q = s.query("", "sum(i in 1..99999, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)");
  REQUIRE(q);
  const Agreement all = compare({q->expression.graph, q->expression.id, q->inputs}, s.point());
  CHECK(all.verdict == Verdict::agree);
  for (const ModeReport& m : all.modes) {
    INFO(to_string(m.mode));
    const bool one_sweep = m.mode == Mode::reverse || m.mode == Mode::symbolic || m.mode == Mode::cross;
    CHECK(m.skipped_seconds.has_value() != one_sweep);
    if (m.skipped_seconds) CHECK(*m.skipped_seconds > 100);
  }
}
