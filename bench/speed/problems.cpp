#include "problem.hpp"

#include <cmath>

#include "hand/hand.hpp"

namespace wengert::bench {

namespace {

constexpr const char* lecture_text = "exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)";
constexpr const char* chain_text = "log(sum(exp(x))) + sum(i in 1..rows(x)-1, sin(x[i])*x[i+1])";

Problem lecture() {
  return {"lecture", 1, Work::gradient, lecture_text, {{"x", {}, {2}}, {"z", {}, {3}}}, hand::lecture, 4, 1.1};
}

Problem lecture_batch() {
  constexpr std::size_t n = 1'000'000;
  Numbers r(1);
  return {"lecture",
          n,
          Work::batch,
          lecture_text,
          {{"x", {}, r.list(n, 1.2, 3)}, {"z", {}, r.list(n, 0.5, 3)}},
          hand::lecture_batch,
          0.6,
          0.25,
          n};
}

Problem speelpenning(std::size_t n, double bar, double native) {
  return {"speelpenning",     n,   Work::gradient, "prod(x)", {{"x", column(n), Numbers(2).list(n, 0.9, 1.1)}},
          hand::speelpenning, bar, native};
}

Problem rosenbrock(std::size_t n) {
  return {"rosenbrock",
          n,
          Work::gradient,
          "sum(i in 1..rows(x)-1, 100*(x[i+1]-x[i]^2)^2 + (1-x[i])^2)",
          {{"x", column(n), Numbers(3).list(n, -1, 2)}},
          hand::rosenbrock,
          2.5,
          1.5};
}

Problem logsumexp_chain(std::size_t n) {
  return {"logsumexp-chain",
          n,
          Work::gradient,
          chain_text,
          {{"x", column(n), Numbers(4).list(n, -2, 2)}},
          hand::logsumexp_chain,
          0.8,
          0.4};
}

Problem hessian(const char* name, const char* text, void (*by_hand)(hand::In, hand::Out, std::size_t), double low,
                double high, double bar, double native) {
  return {name, 100, Work::hessian, text, {{"x", column(100), Numbers(5).list(100, low, high)}}, by_hand, bar, native};
}

Problem network(std::size_t n, double bar, double native) {
  Numbers r(6);
  const double scale = 1 / std::sqrt(static_cast<double>(n));
  return {"network",
          n,
          Work::jacobian,
          "[sum(k in 1..32, B[i,k]*sin(tanh(A*x)[k] + i)) for i in 1..rows(B)]",
          {{"x", column(n), r.list(n, -1, 1)},
           {"A", matrix(32, n), r.list(32 * n, -scale, scale), false},
           {"B", matrix(n, 32), r.list(32 * n, -1, 1), false}},
          hand::network,
          bar,
          native};
}

Problem mlp(std::size_t batch, double bar, double native) {
  Numbers r(7);
  std::vector<double> labels(10 * batch);
  for (std::size_t j = 0; j < batch; ++j) labels[(j * 7 % 10) * batch + j] = 1;
  return {"mlp",
          batch,
          Work::gradient,
          "cross_entropy(softmax(W2*sigmoid(W1*X .+ b1) .+ b2), Y)",
          {{"X", matrix(784, batch), r.list(784 * batch, 0, 1), false},
           {"Y", matrix(10, batch), labels, false},
           {"W1", matrix(128, 784), r.list(128 * 784, -0.05, 0.05)},
           {"b1", column(128), r.list(128, -0.1, 0.1)},
           {"W2", matrix(10, 128), r.list(1280, -0.1, 0.1)},
           {"b2", column(10), r.list(10, -0.1, 0.1)}},
          hand::mlp,
          bar,
          native};
}

Problem sparse(const char* name, Work work, const char* text, void (*by_hand)(hand::In, hand::Out, std::size_t),
               std::size_t nonzeros) {
  constexpr std::size_t n = 10000;
  Problem p{name, n, work, text, {{"x", column(n), Numbers(8).list(n, -1, 2)}}, by_hand, 8, 3};
  p.nonzeros = nonzeros;
  return p;
}

constexpr const char* rosenbrock_text = "sum(i in 1..rows(x)-1, 100*(x[i+1]-x[i]^2)^2 + (1-x[i])^2)";
constexpr const char* residuals_text = "[10*(x[2..end] - x[1..end-1].^2), 1 - x[1..end-1]]";

}  // namespace

std::vector<Problem> problems() {
  std::vector<Problem> all{lecture(),
                           lecture_batch(),
                           speelpenning(10, 2.5, 1.2),
                           speelpenning(1000, 2.5, 1.2),
                           rosenbrock(1000),
                           rosenbrock(10000),
                           logsumexp_chain(1000),
                           network(8, 3, 1.1),
                           network(64, 1.5, 1.2),
                           network(512, 1.3, 1.2),
                           mixture(1000),
                           lstm(1024),
                           bundle(),
                           mlp(1, 1.5, 1.3),
                           mlp(128, 1.5, 1.3),
                           hessian("logsumexp-chain", chain_text, hand::logsumexp_hessian, -2, 2, 4, 1.3),
                           hessian("speelpenning", "prod(x)", hand::speelpenning_hessian, 0.9, 1.1, 10, 3),
                           sparse("rosenbrock", Work::sparse_hessian, rosenbrock_text, hand::rosenbrock_sparse, 29998),
                           sparse("residuals", Work::sparse_jacobian, residuals_text, hand::residuals_sparse, 3 * 9999),
                           brusselator(),
                           long_chain(1000000)};
  for (Problem& p : all)
    if (p.work == Work::gradient)
      p.value_by_hand = p.name == "speelpenning"      ? hand::speelpenning_value
                        : p.name == "rosenbrock"      ? hand::rosenbrock_value
                        : p.name == "logsumexp-chain" ? hand::logsumexp_chain_value
                        : p.name == "mlp"             ? hand::mlp_value
                        : p.name == "lstm"            ? hand::lstm_value
                                                      : nullptr;
  // Exported C stands beside what is written by hand, under the same compiler and flags.
  for (Problem& p : all)
    if (p.name == "lecture" || p.name == "speelpenning" || p.name == "bundle") p.c_bar = 1.1;
  return all;
}

}  // namespace wengert::bench
