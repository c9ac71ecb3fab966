#include "families.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "../speed/problem.hpp"
#include "clock.hpp"

namespace wengert::mode_costs {

namespace {

using bench::Numbers;

constexpr std::size_t hidden = 16;

void give(Session& s, const char* name, std::size_t rows, std::size_t cols, double low, double high) {
  const auto seed = static_cast<std::uint64_t>(name[0]) * 1000003 + rows * 1031 + cols;
  s.give(name, {bench::matrix(rows, cols), Numbers(seed).list(rows * cols, low, high)});
}

double unit(std::size_t n) { return 1 / static_cast<double>(n); }

std::string dense_network(Session& s, Size size) {
  give(s, "A", hidden, size.inputs, -2 * unit(size.inputs), 2 * unit(size.inputs));
  give(s, "C", hidden, hidden, -0.5, 0.5);
  give(s, "B", size.outputs, hidden, -1, 1);
  return "B*tanh(C*tanh(A*x))";
}

// Every input meets its neighbour; where there are fewer outputs, each sums several such terms.
std::string sparse_chain(Session&, Size size) {
  return fmt::format("[sum(j in 0..{}, sin(x[mod(i-1+j*{}, {})+1])*x[mod(i+j*{}, {})+1]) for i in 1..{}]",
                     std::max<std::size_t>(1, size.inputs / size.outputs) - 1, size.outputs, size.inputs, size.outputs,
                     size.inputs, size.outputs);
}

// Every value is used once, until one is left.
std::string tree(Session& s, Size size) {
  give(s, "c", size.outputs, 1, 0.5, 1.5);
  std::string text, last = "x";
  for (std::size_t width = size.inputs, level = 1; width > 1; width /= 2, ++level) {
    const std::string next = fmt::format("t{}", level);
    text += fmt::format("{} = sin({}[1..{}]) .* {}[{}..{}]\n", next, last, width / 2, last, width / 2 + 1, width);
    last = next;
  }
  return text + fmt::format("sin(c*{}[1])", last);
}

// Every value is used three times by the next: the textbook's formula triples with each step.
std::string shared_dag(Session& s, Size size) {
  give(s, "c", size.outputs, 1, 0.5, 1.5);
  std::string text = fmt::format("v0 = 1 + sum(sin(x))/{}\n", size.inputs);
  for (int k = 0; k < 8; ++k) text += fmt::format("v{} = v{} - v{}*sin(v{})/4\n", k + 1, k, k, k);
  return text + "sin(c*v8)";
}

std::string widened_lecture(Session& s, Size size) {
  give(s, "z", size.outputs, 1, 0.5, 1.5);
  return "[sum(j in 1..rows(x), exp(x[j]*z[i]) + x[j]*z[i]/log(x[j]) + sin(log(x[j]))/(x[j]*z[i])) for i in "
         "1..rows(z)]";
}

std::string softmax_layer(Session& s, Size size) {
  give(s, "W", size.outputs, size.inputs, -2 * unit(size.inputs), 2 * unit(size.inputs));
  give(s, "b", size.outputs, 1, -0.5, 0.5);
  return "softmax(W*x + b)";
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {"dense network", "two hidden layers of 16, every output depends on every input", dense_network, -1, 1},
      {"sparse chain", "every input meets its neighbour only", sparse_chain, -1, 1},
      {"tree", "every value is used once", tree, 0.6, 1.4},
      {"shared DAG", "every value is used three times, through one number", shared_dag, -1, 1},
      {"widened lecture", "the lecture's expression for every pair of an input and an output", widened_lecture, 1.2, 3},
      {"softmax layer", "softmax of an affine map", softmax_layer, -1, 1}};
  return all;
}

Program::Program(const Family& family, Size size) {
  session.give("x", {bench::column(size.inputs), Numbers(1).list(size.inputs, family.low, family.high)});
  text = family.write(session, size);
  const double begin = processor_seconds();
  const auto query = session.query("", text);
  read_seconds = processor_seconds() - begin;
  if (!query) throw std::runtime_error(fmt::format("{}: {}", family.name, query.error().message));
  problem = {query->expression.graph, query->expression.id, {}};
  for (const NodeId id : query->all_inputs)
    if (session.graph().input_of(id).name == "x") problem.wrt.push_back(id);
  if (problem.inputs() != size.inputs || problem.outputs() != size.outputs)
    throw std::runtime_error(fmt::format("{}: {} inputs and {} outputs came out of {} and {}", family.name,
                                         problem.inputs(), problem.outputs(), size.inputs, size.outputs));
}

}  // namespace wengert::mode_costs
