// Machine code's memory, as the system shows it: while code is being made, and afterwards.
#ifdef __linux__
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "engines.hpp"
#include "exec/native.hpp"
#include "wengert/exec/code_memory.hpp"

namespace wengert::test {
namespace {

struct Mappings {
  std::set<std::string> executable, both;  // where they begin: what can be run; what can be written and run
};

// A line is "begin-end rwxp offset device inode path".
Mappings mappings() {
  Mappings m;
  std::ifstream lines("/proc/self/maps");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t dash = line.find('-'), space = line.find(' ');
    if (dash == std::string::npos || space == std::string::npos || line.size() < space + 5) continue;
    const std::string begin = line.substr(0, dash);
    const bool written = line[space + 2] == 'w', run = line[space + 3] == 'x';
    if (run) m.executable.insert(begin);
    if (written && run) m.both.insert(begin);
  }
  return m;
}

// Looks again and again from its making to `stop`, in a thread of its own.
class Watch {
 public:
  explicit Watch(std::set<std::string> known) : known_(std::move(known)), thread_([this] { look(); }) {}
  ~Watch() { stop(); }
  void stop() {
    ended_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::size_t looks() const { return looks_; }
  const std::set<std::string>& found() const { return found_; }  // once it was stopped

 private:
  void look() {
    while (!ended_) {
      for (const std::string& m : mappings().both)
        if (!known_.contains(m)) found_.insert(m);
      ++looks_;
    }
  }
  std::set<std::string> known_, found_;
  std::atomic<bool> ended_{false};
  std::atomic<std::size_t> looks_{0};
  std::thread thread_;
};

// Thousands of operations on single numbers: several hundred thousand bytes of code.
struct LongProgram {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  Expr x = variable(*graph, "x"), y = x;
  LongProgram() {
    for (int k = 0; k < 8000; ++k) y = k % 2 == 0 ? y * x + 0.5 : sin(y - x);
  }
  exec::Plan plan(std::shared_ptr<exec::CodeMemory> memory = nullptr) const {
    return {*graph, {y.id}, {x.id}, {.native = true, .code_memory = std::move(memory)}};
  }
};

double value_of(const exec::Plan& plan, double x) {
  exec::Workspace w(plan);
  double y = 0;
  const double* in[] = {&x};
  double* out[] = {&y};
  plan.run(w, in, out);
  return y;
}

}  // namespace

TEST_CASE("no page of memory is writable and executable at once, neither while machine code is made nor afterwards") {
  if (!exec::native_available()) return;
  const LongProgram program;
  const Mappings before = mappings();
  Watch watch(before.both);
  std::vector<exec::Plan> plans;
  // So often that pages which can be both while they are filled, for some microseconds each, are met.
  for (int made = 0; made < 50 || (watch.looks() < 500 && made < 300); ++made) {
    if (plans.size() == 50) plans.clear();
    plans.push_back(program.plan());
    REQUIRE(plans.back().native());
  }
  watch.stop();
  const Mappings after = mappings();
  CHECK(watch.found().empty());
  CHECK(after.both == before.both);
  CHECK(after.executable.size() > before.executable.size());  // this is where the code is
}

TEST_CASE("the memory of machine code is given back with the last plan that uses it") {
  if (!exec::native_available()) return;
  const LongProgram program;
  const Mappings before = mappings();
  {
    const exec::Plan plan = program.plan();
    REQUIRE(plan.native());
    const exec::Plan copy = plan;
    CHECK(mappings().executable.size() > before.executable.size());
  }
  CHECK(mappings().executable == before.executable);
}

TEST_CASE("code in shared memory is never writable where it can be run, either") {
  if (!exec::native_available()) return;
  const LongProgram program;
  const Mappings before = mappings();
  Watch watch(before.both);
  const auto memory = std::make_shared<exec::CodeMemory>();
  std::vector<exec::Plan> plans;
  for (int made = 0; made < 50 || (watch.looks() < 500 && made < 300); ++made) {
    if (plans.size() == 50) plans.clear();
    plans.push_back(program.plan(memory));
    REQUIRE(plans.back().native());
  }
  watch.stop();
  CHECK(watch.found().empty());
  CHECK(mappings().both == before.both);
}

TEST_CASE("plans share pages of machine code, and the last of them gives these back") {
  if (!exec::native_available()) return;
  Graph graph;
  const Expr x = variable(graph, "x");
  const Mappings before = mappings();
  {
    auto memory = std::make_shared<exec::CodeMemory>();
    std::vector<exec::Plan> plans;
    for (int k = 0; k < 100; ++k) {
      const Expr y = x * x + k;
      plans.emplace_back(graph, std::vector<NodeId>{y.id}, std::vector<NodeId>{x.id},
                         exec::PlanOptions{.native = true, .code_memory = memory});
      REQUIRE(plans.back().native());
    }
    CHECK(mappings().executable.size() == before.executable.size() + 1);
    memory = nullptr;
    for (int k = 0; k < 100; ++k) CHECK(value_of(plans[static_cast<std::size_t>(k)], 3) == 9 + k);
  }
  CHECK(mappings().executable == before.executable);
}

TEST_CASE("a program larger than what shared memory is filled by gets pages that are large enough") {
  if (!exec::native_available()) return;
  const LongProgram program;
  const auto memory = std::make_shared<exec::CodeMemory>(4096);
  CHECK(value_of(program.plan(memory), 0.5) == value_of(program.plan(), 0.5));
  CHECK(value_of(program.plan(memory), 0.7) == value_of(program.plan(), 0.7));
}

// A thread may have made a plan whose pages a forked process still runs: neither may write into them.
TEST_CASE("a forked process runs the code that it got, and makes its own, whatever its parent makes meanwhile") {
  if (!exec::native_available()) return;
  const LongProgram program;
  const auto memory = std::make_shared<exec::CodeMemory>();
  std::optional<exec::Plan> plan = program.plan(memory);
  const double expected = value_of(*plan, 0.5);
  int go[2];
  REQUIRE(::pipe(go) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    char any = 0;
    const bool told = ::read(go[0], &any, 1) == 1;
    const bool before = value_of(*plan, 0.5) == expected;
    const bool made = value_of(program.plan(memory), 0.5) == expected;
    ::_exit(told && before && made ? 0 : 1);
  }
  plan.reset();
  Graph other;
  const Expr x = variable(other, "x");
  std::vector<exec::Plan> others;
  for (int k = 0; k < 300; ++k) {
    const Expr y = sin(x) * k;
    others.emplace_back(other, std::vector<NodeId>{y.id}, std::vector<NodeId>{x.id},
                        exec::PlanOptions{.native = true, .code_memory = memory});
  }
  REQUIRE(::write(go[1], "g", 1) == 1);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  for (int k = 0; k < 300; ++k)
    CHECK(std::bit_cast<std::uint64_t>(value_of(others[static_cast<std::size_t>(k)], 0.5)) ==
          std::bit_cast<std::uint64_t>(std::sin(0.5) * k));
  ::close(go[0]);
  ::close(go[1]);
}

TEST_CASE("threads that make plans at once in one memory get right ones") {
  if (!exec::native_available()) return;
  const auto memory = std::make_shared<exec::CodeMemory>(std::size_t{1} << 14);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Graph graph;
      const Expr x = variable(graph, "x");
      for (int k = 0; k < 200; ++k) {
        const Expr y = x * x + (1000 * t + k);
        const exec::Plan plan(graph, {y.id}, {x.id}, {.native = true, .code_memory = memory});
        if (value_of(plan, 3) != 9 + 1000 * t + k) ++wrong;
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}

}  // namespace wengert::test
#endif
