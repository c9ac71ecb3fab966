// The economy table: large programs of arrays stay small and quick. Each job runs in a process of its own.
//
//   ./dev bench economy
//
// Rosenbrock's function of a million variables, as one sum over an index: the value and the gradient by reverse
// mode and by its formula, a directional derivative by forward mode; what the modes that need a million sweeps
// are predicted to cost. A network of a layer of 128 and ten classes: the nodes of its graph. It ends with
// status 1 where a bar is missed.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>

#include "wengert/explain/agree.hpp"
#include "wengert/modes/mode.hpp"
#include "wengert/session/session.hpp"

namespace wengert {
namespace {

constexpr double most_bytes = 200e6, most_seconds = 0.1;
constexpr std::uint32_t million = 1000000;

struct Rosenbrock {
  Session session;
  Query query;
  Problem problem;
  std::vector<double> x;

  Rosenbrock() {
    x.resize(million);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
    session.give("x", {{million, 1}, x});
    query = *session.query("", "n = 1000000\nsum(i in 1..n-1, 100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2)");
    problem = {query.expression.graph, query.expression.id, {query.inputs.at(0)}};
  }

  // The element of the gradient by calculus.
  double slope(std::size_t i) const {
    double g = 0;
    if (i + 1 < x.size()) g += -400 * x[i] * (x[i + 1] - x[i] * x[i]) - 2 * (1 - x[i]);
    if (i > 0) g += 200 * (x[i] - x[i - 1] * x[i - 1]);
    return g;
  }
};

// Of the processor, not of the clock on the wall: other programs take no part in it.
double seconds_of(const std::function<void()>& f) {
  double best = 1e9;
  for (int k = 0; k < 5; ++k) {
    const std::clock_t begin = std::clock();
    f();
    best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return best;
}

bool near(double a, double b) { return std::fabs(a - b) <= 1e-10 * (1 + std::fabs(b)); }

// One line of the table; whether its numbers are right and in time.
bool gradient_by(Mode mode) {
  const Rosenbrock r;
  const Prepared prepared = prepare(mode, r.problem);
  Derivative d;
  const double seconds = seconds_of([&] { d = prepared.jacobian(r.session.point()); });
  bool right = true;
  for (std::size_t i = 0; i < r.x.size(); i += 4999) right = right && near(d.blocks[0][i], r.slope(i));
  fmt::print("{:<32} {:>8.3f} s  {}\n", fmt::format("value and gradient, {}", to_string(mode)), seconds,
             right ? "" : "WRONG");
  return right && seconds <= 2 * most_seconds;  // two sweeps: the value, then the gradient
}

bool direction_by_forward() {
  const Rosenbrock r;
  const Prepared prepared = prepare(Mode::forward, r.problem);
  const std::vector<std::vector<double>> v{std::vector<double>(million, 1.0)};
  double slope = 0, expected = 0;
  const double seconds = seconds_of([&] { slope = prepared.jvp(r.session.point(), v)[0]; });
  for (std::size_t i = 0; i < r.x.size(); ++i) expected += r.slope(i);
  const bool right = near(slope, expected);
  fmt::print("{:<32} {:>8.3f} s  {}\n", "jvp, forward", seconds, right ? "" : "WRONG");
  return right && seconds <= 2 * most_seconds;
}

bool every_mode() {
  const Rosenbrock r;
  const Agreement all = compare(r.problem, r.session.point());
  bool skipped = true;
  for (const ModeReport& m : all.modes) {
    const bool million_sweeps = m.mode != Mode::reverse && m.mode != Mode::symbolic && m.mode != Mode::cross;
    if (m.skipped_seconds)
      fmt::print("{:<32} left out, predicted {:.3g} s\n", fmt::format("all derivatives, {}", to_string(m.mode)),
                 *m.skipped_seconds);
    skipped = skipped && m.skipped_seconds.has_value() == million_sweeps;
  }
  return skipped && all.verdict == Verdict::agree;
}

bool network() {
  Session s;
  const Query q = *s.query("",
                           "input W1[128, 784], b1[128], W2[10, 128], b2[10], x[784], y[10]\nh = relu(W1*x + b1)\n"
                           "L = cross_entropy(softmax(W2*h + b2), y)\n[L, sum(grad(L, W1)), sum(grad(L, b1)), "
                           "sum(grad(L, W2)), sum(grad(L, b2))]");
  const std::size_t nodes = s.graph().reachable({&q.expression.id, 1}).size();
  fmt::print("{:<32} {:>8} nodes, the loss and all gradients of a 784-128-10 network\n", "network", nodes);
  return nodes < 60;
}

struct Job {
  const char* name;
  bool (*run)();
  bool small;  // the memory bar holds
};

int table() {
  const Job jobs[] = {{"reverse", [] { return gradient_by(Mode::reverse); }, true},
                      {"symbolic", [] { return gradient_by(Mode::symbolic); }, true},
                      {"forward", direction_by_forward, true},
                      {"every mode", every_mode, false},
                      {"network", network, true}};
  bool good = true;
  for (const Job& job : jobs) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      const bool met = job.run();
      std::fflush(stdout);
      _exit(met ? 0 : 1);
    }
    int status = 0;
    rusage use{};
    wait4(child, &status, 0, &use);
    const double bytes = static_cast<double>(use.ru_maxrss) * 1024;
    const bool met = WIFEXITED(status) && WEXITSTATUS(status) == 0 && (!job.small || bytes <= most_bytes);
    fmt::print("{:<32} {:>8.0f} MB at most  {}\n", "", bytes / 1e6, met ? "" : "BAR MISSED");
    good = good && met;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace wengert

int main() { return wengert::table(); }
