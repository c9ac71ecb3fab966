#include "families.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "../speed/problem.hpp"
#include "clock.hpp"
#include "parse.hpp"

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
  std::string text = "h1 = tanh(A*x)\n";
  const std::size_t layers = size.depth == 0 ? 2 : size.depth;
  for (std::size_t k = 2; k <= layers; ++k) text += fmt::format("h{} = tanh(C*h{})\n", k, k - 1);
  return text + fmt::format("B*h{}", layers);
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

// Every value is used three times by the next, or once, or twice: the textbook's formula triples with each step.
std::string shared_dag(Session& s, Size size) {
  give(s, "c", size.outputs, 1, 0.5, 1.5);
  std::string text = fmt::format("v0 = 1 + sum(sin(x))/{}\n", size.inputs);
  const std::size_t depth = size.depth == 0 ? 8 : size.depth;
  const char* step = size.uses == 1   ? "v{0} = sin(v{1})\n"
                     : size.uses == 2 ? "v{0} = v{1}*sin(v{1})\n"
                                      : "v{0} = v{1} - v{1}*sin(v{1})/4\n";
  for (std::size_t k = 0; k < depth; ++k) text += fmt::format(fmt::runtime(step), k + 1, k);
  return text + fmt::format("sin(c*v{})", depth);
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
      {.name = "dense network",
       .about = "two hidden layers of 16, every output depends on every input",
       .write = dense_network,
       .low = -1,
       .high = 1,
       .deep = true},
      {.name = "sparse chain",
       .about = "every input meets its neighbour only",
       .write = sparse_chain,
       .low = -1,
       .high = 1},
      {.name = "tree", .about = "every value is used once", .write = tree, .low = 0.6, .high = 1.4, .halves = true},
      {.name = "shared DAG",
       .about = "every value is used three times, through one number",
       .write = shared_dag,
       .low = -1,
       .high = 1,
       .deep = true,
       .shares = true},
      {.name = "widened lecture",
       .about = "the lecture's expression for every pair of an input and an output",
       .write = widened_lecture,
       .low = 1.2,
       .high = 3},
      {.name = "softmax layer", .about = "softmax of an affine map", .write = softmax_layer, .low = -1, .high = 1}};
  return all;
}

Program::Program(const Family& family, Size size) {
  session.give("x", {bench::column(size.inputs), Numbers(1).list(size.inputs, family.low, family.high)});
  text = family.write(session, size);
  Sources sources;
  double begin = processor_seconds();
  static_cast<void>(parse(sources, sources.add("", text)));
  parse_seconds = processor_seconds() - begin;
  begin = processor_seconds();
  const auto query = session.query("", text);  // parses again
  build_seconds = std::max(0.0, processor_seconds() - begin - parse_seconds);
  if (!query) throw std::runtime_error(fmt::format("{}: {}", family.name, query.error().message));
  problem = {query->expression.graph, query->expression.id, {}};
  for (const NodeId id : query->all_inputs)
    if (session.graph().input_of(id).name == "x") problem.wrt.push_back(id);
  if (problem.inputs() != size.inputs || problem.outputs() != size.outputs)
    throw std::runtime_error(fmt::format("{}: {} inputs and {} outputs came out of {} and {}", family.name,
                                         problem.inputs(), problem.outputs(), size.inputs, size.outputs));
}

}  // namespace wengert::mode_costs
