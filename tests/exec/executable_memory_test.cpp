// Machine code's memory, as the system shows it: while code is being made, and afterwards.
#ifdef __linux__
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "engines.hpp"
#include "exec/native.hpp"

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
  exec::Plan plan() const { return {*graph, {y.id}, {x.id}, {.native = true}}; }
};

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

}  // namespace wengert::test
#endif
