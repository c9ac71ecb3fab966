// From text to syntax tree, to graph, to derivatives: a sum of many distinct terms.
//
//   text [--terms N]
//
// Each figure is the least of several runs, in one process and on one core.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "parse.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/session/session.hpp"

namespace wengert {
namespace {

using Clock = std::chrono::steady_clock;

template <class F>
double least_seconds(int runs, F&& f) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < runs; ++i) {
    const auto start = Clock::now();
    f();
    least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return least;
}

// Every term is another one: its own coefficient, one of four functions, one of 50 and one of 37 names.
std::string sum_of(int terms) {
  constexpr const char* functions[] = {"sin", "cos", "exp", "log"};
  std::string text;
  for (int i = 0; i < terms; ++i)
    fmt::format_to(std::back_inserter(text), "{}{}(x{}*{}.5e-5)*y{}^{}", i == 0 ? "" : " + ", functions[i % 4], i % 50, i + 1, i % 37, i % 5 + 2);
  return text;
}

int run(int terms) {
  const std::string text = sum_of(terms);
  const double megabytes = static_cast<double>(text.size()) * 1e-6;
  fmt::print("a sum of {} distinct terms, {:.2f} MB\n\n", terms, megabytes);

  const double parsing = least_seconds(7, [&] {
    Sources sources;
    if (!parse(sources, sources.add("", text))) std::exit(1);
  });
  fmt::print("text to syntax tree    {:8.1f} ms   {:6.1f} MB/s\n", parsing * 1e3, megabytes / parsing);

  std::size_t nodes = 0;
  const double lowering = least_seconds(7, [&] {
    Session session;
    const auto query = session.query("", text);
    if (!query) std::exit(1);
    nodes = session.graph().size();
  });
  fmt::print("text to graph          {:8.1f} ms   {:6.1f} MB/s, {} nodes, {:.0f} ns a node\n", lowering * 1e3, megabytes / lowering, nodes,
             lowering * 1e9 / static_cast<double>(nodes));

  Session session;
  const auto query = session.query("", text);
  Point point;
  for (const NodeId input : query->inputs) point[input] = {0.5 + 0.001 * static_cast<double>(input % 97)};
  const Problem problem{query->expression.graph, query->expression.id, query->inputs};
  double derivative[2] = {};
  for (const Mode mode : {Mode::reverse, Mode::symbolic}) {
    const double seconds = least_seconds(3, [&] {
      const Derivative d = prepare(mode, problem).jacobian(point);
      double sum = 0;
      for (const Block& b : d.blocks) sum += b[0];
      derivative[mode == Mode::symbolic ? 1 : 0] = sum;
    });
    fmt::print("gradient, {:9}    {:8.1f} ms   by {} inputs, prepared and evaluated once\n", to_string(mode), seconds * 1e3, query->inputs.size());
  }
  const double difference = std::fabs(derivative[0] - derivative[1]);
  fmt::print("\nthe two gradients' sums differ by {:.1e} of {:.6e}\n", difference, derivative[0]);
  return difference <= 1e-10 * std::fabs(derivative[0]) ? 0 : 4;
}

}  // namespace
}  // namespace wengert

int main(int argc, char** argv) {
  int terms = 100'000;
  for (int i = 1; i + 1 < argc; i += 2)
    if (std::strcmp(argv[i], "--terms") == 0) terms = std::atoi(argv[i + 1]);
  return wengert::run(terms < 1 ? 1 : terms);
}
