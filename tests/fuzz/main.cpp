// The fuzzers' driver, for any compiler.
//
//   fuzz KIND FOLDER [--seed S] [--count N] [--seconds T] [--keep DIRECTORY] [--one K] [--ways W]
//
// KIND is parser, modes, programs, c (programs in batches, written as C), or found (the programs in FOLDER/found, that
// were wrong once, each in W ways: 20); FOLDER is tests/fuzz. A child process plays input after input; this one watches
// it: a crash, an exception or ten seconds without progress are a finding, kept as a file, and a new child goes on with
// the next input. Input k of a seed is always the same. The last line is a JSON object with the totals.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <new>

#include "mutate.hpp"
#include "play.hpp"
#include "programs.hpp"
#include "programs_c.hpp"

namespace wengert::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string kind, folder, keep;
  std::uint64_t seed = 1, count = 2000;
  double seconds = 0;
  std::uint64_t one = ~std::uint64_t{0};
  std::uint64_t ways = 20;
};

// What the child tells.
struct Shared {
  std::atomic<std::uint64_t> next;  // the input that is being played
  std::atomic<bool> done;
  char what[4096];
};

std::uint64_t seed_of(const Arguments& a, std::uint64_t k) {
  return (a.seed << 36) + k;
}  // no two seeds share an input

std::string input_of(const Arguments& a, const Material& material, std::uint64_t k) {
  if (a.kind == "found") return material.found[k].text;
  if (a.kind == "c") return batch_of(seed_of(a, k));
  Random random(seed_of(a, k));
  if (a.kind != "programs") return mutated(material, random);
  // Most of them small, to play many.
  return make_program(seed_of(a, k), 3 + random.below(random.chance(90) ? 10 : 60));
}

void play(const Arguments& a, const Material& material, std::uint64_t k, Shared& shared) {
  const auto complain = [&](const char* what) {
    std::snprintf(shared.what, sizeof shared.what, "%s", what);
    std::fprintf(stderr, "%s\n", what);
    std::abort();
  };
  try {
    if (a.kind == "c") {
      if (const std::string wrong = c_disagrees(seed_of(a, k)); !wrong.empty()) complain(wrong.c_str());
      return;
    }
    const std::string text = input_of(a, material, k);
    if (a.kind == "parser") return play_parser(text);
    if (a.kind == "modes") return play_modes(text);
    // What was found once is tried in several ways: the seed chooses the engines.
    for (std::uint64_t again = 0; again < (a.kind == "found" ? a.ways : 1); ++again)
      if (const std::string wrong = disagreement_in(text, seed_of(a, k) + again); !wrong.empty())
        complain(wrong.c_str());
  } catch (const std::exception& e) {
    complain(e.what());
  }
}

[[noreturn]] void child(const Arguments& a, const Material& material, Shared& shared, Clock::time_point end) {
  for (std::uint64_t k = shared.next; k < a.count; ++k) {
    shared.next = k;
    play(a, material, k, shared);
    if (a.seconds > 0 && k % 16 == 0 && Clock::now() > end) {
      shared.next = k + 1;
      break;
    }
    if (k + 1 == a.count) shared.next = a.count;
  }
  shared.done = true;
  _exit(0);
}

double seconds_of_processor(clockid_t clock) {
  timespec t{};
  return clock_gettime(clock, &t) == 0 ? static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec) : 0;
}

// True if the child ended by itself; false if it made no progress, in ten seconds of its own (however busy the machine
// is) or in many minutes.
bool watch(pid_t pid, const Shared& shared, int& status) {
  clockid_t clock{};
  if (clock_getcpuclockid(pid, &clock) != 0) clock = CLOCK_MONOTONIC;
  std::uint64_t last = shared.next;
  double changed = seconds_of_processor(clock);
  auto when = Clock::now();
  while (waitpid(pid, &status, WNOHANG) == 0) {
    usleep(5000);
    const double now = seconds_of_processor(clock);
    if (shared.next != last) last = shared.next, changed = now, when = Clock::now();
    if (now - changed > 10 * allowed_seconds || Clock::now() - when > std::chrono::minutes(10)) {
      kill(pid, SIGKILL);
      waitpid(pid, &status, 0);
      return false;
    }
  }
  return true;
}

void keep(const Arguments& a, const std::string& text, std::uint64_t k, const std::string& why) {
  std::printf("finding: %s, seed %llu, input %llu: %s\n%s\n---\n", a.kind.c_str(),
              static_cast<unsigned long long>(a.seed), static_cast<unsigned long long>(k), why.c_str(), text.c_str());
  if (a.keep.empty()) return;
  std::ofstream file(a.keep + "/" + a.kind + "-" + std::to_string(a.seed) + "-" + std::to_string(k), std::ios::binary);
  file << text;
}

int run(Arguments a) {
  const Material material = load_material(a.folder);
  if (a.kind == "found") a.count = material.found.size();
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Shared& shared = *new (memory) Shared{};
  if (a.one != ~std::uint64_t{0}) {
    std::puts(input_of(a, material, a.one).c_str());
    std::fflush(stdout);
    play(a, material, a.one, shared);
    return 0;
  }
  const auto begin = Clock::now(), end = begin + std::chrono::milliseconds(static_cast<long>(1000 * a.seconds));
  std::uint64_t findings = 0;
  while (!shared.done && shared.next < a.count && findings < 100) {
    shared.what[0] = 0;
    std::fflush(stdout);
    const pid_t pid = fork();
    if (pid == 0) {
      if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
      child(a, material, shared, end);
    }
    int status = 0;
    const bool ended = watch(pid, shared, status);
    if (shared.done) break;
    const std::uint64_t k = shared.next;
    const std::string why = !ended ? "no answer within 10 s" : shared.what[0] != 0 ? shared.what : "it crashed";
    keep(a, input_of(a, material, k), k, why);
    ++findings;
    shared.next = k + 1;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::printf("{\"kind\": \"%s\", \"seed\": %llu, \"executions\": %llu, \"findings\": %llu, \"seconds\": %.1f}\n",
              a.kind.c_str(), static_cast<unsigned long long>(a.seed),
              static_cast<unsigned long long>(shared.next.load() * (a.kind == "c" ? programs_a_batch : 1)),
              static_cast<unsigned long long>(findings), seconds);
  return findings == 0 ? 0 : 1;
}

}  // namespace
}  // namespace wengert::fuzz

int main(int count, char** words) {
  wengert::fuzz::Arguments a;
  if (count < 3)
    return std::fputs(
               "fuzz parser|modes|programs|c|found FOLDER [--seed S] [--count N] [--seconds T] [--keep DIRECTORY] "
               "[--one K] [--ways W]\n",
               stderr),
           2;
  a.kind = words[1];
  a.folder = words[2];
  for (int k = 3; k + 1 < count; k += 2) {
    const std::string name = words[k];
    if (name == "--seed") a.seed = std::strtoull(words[k + 1], nullptr, 10);
    if (name == "--count") a.count = std::strtoull(words[k + 1], nullptr, 10);
    if (name == "--seconds") a.seconds = std::atof(words[k + 1]);
    if (name == "--keep") a.keep = words[k + 1];
    if (name == "--one") a.one = std::strtoull(words[k + 1], nullptr, 10);
    if (name == "--ways") a.ways = std::strtoull(words[k + 1], nullptr, 10);
  }
  if (a.seconds > 0 && a.count == 2000) a.count = ~std::uint64_t{0} - 1;
  return wengert::fuzz::run(a);
}
