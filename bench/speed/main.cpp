// The speed table: ./dev bench speed [NAME ...] [--widths] [--json] [--seconds S]
//
// Each problem by hand and by each engine in one run, interleaved, the minimum of many repeats; values are
// compared first, and a difference ends the run with status 1. With --widths, forward mode by how many tangents go at
// once instead.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <string_view>

#include "engines.hpp"
#include "overheads.hpp"
#include "widths.hpp"

namespace wengert::bench {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Entry {
  std::string engine;
  std::unique_ptr<Ready> ready;
  double bar = 0, best = 1e300;
  bool right = true;
  std::string absent;
};

// The largest difference, by the largest element of each result.
double difference(const Ready& a, const Ready& b) {
  double worst = 0;
  for (std::size_t k = 0; k < a.out.size(); ++k) {
    double scale = 1e-300, gap = 0;
    for (std::size_t i = 0; i < a.out[k].size(); ++i) {
      scale = std::max({scale, std::fabs(a.out[k][i]), std::fabs(b.out[k][i])});
      const double d = std::fabs(a.out[k][i] - b.out[k][i]);
      gap = d == d ? std::max(gap, d) : INFINITY;
    }
    worst = std::max(worst, gap / scale);
  }
  return worst;
}

double once(const Ready& r, std::size_t calls) {
  const double begin = now();
  for (std::size_t k = 0; k < calls; ++k) r.call();
  return (now() - begin) / static_cast<double>(calls);
}

// Turn by turn, so that what else the machine does hits all alike.
void measure(std::vector<Entry>& entries, double seconds) {
  std::vector<std::size_t> calls;
  for (Entry& e : entries) {
    std::size_t n = 1;
    while (e.ready != nullptr && once(*e.ready, n) * static_cast<double>(n) < 2e-4) n *= 2;
    calls.push_back(n);
  }
  const double end = now() + seconds;
  int rounds = 0;
  while (now() < end || rounds < 5) {
    for (std::size_t k = 0; k < entries.size(); ++k)
      if (entries[k].ready != nullptr) entries[k].best = std::min(entries[k].best, once(*entries[k].ready, calls[k]));
    ++rounds;
  }
}

std::string time_of(double s) {
  if (s < 1e-6) return fmt::format("{:.1f} ns", s * 1e9);
  if (s < 1e-3) return fmt::format("{:.2f} us", s * 1e6);
  return fmt::format("{:.2f} ms", s * 1e3);
}

constexpr const char* work_names[] = {"gradient", "gradients of a batch", "jacobian",
                                      "hessian",  "sparse jacobian",      "sparse hessian"};

std::vector<Entry> engines_of(const Problem& p) {
  std::vector<Entry> all;
  all.push_back({"hand", by_hand(p)});
  const auto add = [&](std::string name, double bar, auto&& make) {
    Entry e{std::move(name), nullptr, bar};
    try {
      e.ready = make();
    } catch (const std::exception& why) {
      e.absent = why.what();
    }
    all.push_back(std::move(e));
  };
  using Set = exec::InstructionSet;
  constexpr const char* names[] = {"", " avx2", " avx512"};
  for (const Set set : {Set::baseline, Set::avx2, Set::avx512}) {
    const Set widest = exec::widest_instructions();
    if (set > widest || (set == Set::baseline && widest != Set::baseline)) continue;
    const std::string name = names[static_cast<int>(set)];
    add("interpreter" + name, p.interpreter_bar, [&] { return engine(p, set, false); });
    add("native" + name, p.native_bar, [&] { return engine(p, set, true); });
  }
  if (p.work == Work::gradient || p.work == Work::jacobian) add("exported C", p.c_bar, [&] { return exported_c(p); });
  return all;
}

bool report(const Problem& p, double seconds, bool json) {
  std::vector<Entry> entries = engines_of(p);
  bool right = true;
  entries[0].ready->call();
  for (Entry& e : entries) {
    if (e.ready == nullptr) continue;
    e.ready->call();
    e.right = difference(*entries[0].ready, *e.ready) < 1e-10;
    right = right && e.right;
  }
  measure(entries, seconds);
  const double hand = entries[0].best;
  for (std::size_t k = 1; k < entries.size(); ++k) {
    const Entry& e = entries[k];
    const double ratio = e.best / hand;
    if (json) {
      if (e.ready != nullptr)
        fmt::print(
            "{{\"problem\":\"{}\",\"size\":{},\"task\":\"{}\",\"engine\":\"{}\",\"seconds\":{:.4g},\"hand_seconds\":{:."
            "4g},\"ratio\":{:.3g},\"checked\":{},\"bar\":{},\"prepare_seconds\":{:.3g},\"bytes\":{}}}\n",
            p.name, p.size, work_names[static_cast<int>(p.work)], e.engine, e.best, hand, ratio, e.right, e.bar,
            e.ready->prepared, e.ready->bytes);
    } else if (e.ready == nullptr) {
      fmt::print("{:<16} {:>8} {:<21} {:<19} {}\n", p.name, p.size, work_names[static_cast<int>(p.work)], e.engine,
                 e.absent);
    } else {
      fmt::print("{:<16} {:>8} {:<21} {:<19} {:>9} {:>9} {:>7.2f} {:>6.2f} {:<4} {:>9} {:>10}{}\n", p.name, p.size,
                 work_names[static_cast<int>(p.work)], e.engine, time_of(hand), time_of(e.best), ratio, e.bar,
                 e.bar == 0       ? ""
                 : ratio <= e.bar ? "met"
                                  : "no",
                 time_of(e.ready->prepared), e.ready->bytes, e.right ? "" : "  WRONG");
    }
    std::fflush(stdout);
  }
  return right;
}

void report_overheads(const Problem& p, bool json) {
  for (const Overhead& o : overheads(p)) {
    if (json)
      fmt::print("{{\"problem\":\"{}\",\"size\":{},\"task\":\"{}\",\"engine\":\"{}\",\"ratio\":{:.3g},\"bar\":{}}}\n",
                 p.name, p.size, o.what, o.engine, o.figure, o.bar);
    else
      fmt::print("{:<16} {:>8} {:<41} {:<19} {:>7.2f} {:>6.2f} {}\n", p.name, p.size, o.what, o.engine, o.figure, o.bar,
                 o.bar == 0          ? ""
                 : o.figure <= o.bar ? "met"
                                     : "no");
  }
  std::fflush(stdout);
}

// Nanoseconds a tangent.
void report_widths(const Problem& p, double seconds, bool json) {
  const std::vector<Width> all = widths(p, seconds);
  const auto written = [](const std::optional<double>& x) { return x ? fmt::format("{:.4g}", *x) : "null"; };
  if (json) {
    for (const Width& w : all)
      fmt::print(
          "{{\"problem\":\"{}\",\"size\":{},\"task\":\"tangents at once\",\"width\":{},\"tape\":{:.4g},\"avx2\":{},"
          "\"avx512\":{}}}\n",
          p.name, p.size, w.tangents, w.swept, written(w.avx2), written(w.avx512));
    return;
  }
  const auto line = [&](const char* by, auto&& time) {
    fmt::print("{:<12} {:>6} {:>5} {:<6}", p.name, p.size, directions_of(p), by);
    for (const Width& w : all) {
      const std::optional<double> seconds_each = time(w);
      fmt::print(" {:>9}", seconds_each ? fmt::format("{:.1f}", *seconds_each * 1e9) : "");
    }
    fmt::print("\n");
  };
  line("tape", [](const Width& w) { return std::optional(w.swept); });
  line("avx2", [](const Width& w) { return w.avx2; });
  line("avx512", [](const Width& w) { return w.avx512; });
  std::fflush(stdout);
}

int run(int count, char** words) {
  bool json = false, by_width = false;
  double seconds = 0.2;
  std::vector<std::string_view> names;
  for (int k = 1; k < count; ++k) {
    const std::string_view word = words[k];
    if (word == "--json")
      json = true;
    else if (word == "--widths")
      by_width = true;
    else if (word == "--seconds" && k + 1 < count)
      seconds = std::strtod(words[++k], nullptr);
    else
      names.push_back(word);
  }
  const auto asked_for = [&](const Problem& p) {
    return names.empty() || std::find(names.begin(), names.end(), p.name) != names.end();
  };
  if (by_width) {
    if (!json) {
      fmt::print("nanoseconds a tangent by how many go at once\n{:<12} {:>6} {:>5} {:<6}", "problem", "size", "n",
                 "by");
      for (int width = 1; width <= 64; width *= 2) fmt::print(" {:>9}", width);
      fmt::print("\n");
    }
    for (const Problem& p : width_problems())
      if (asked_for(p)) report_widths(p, seconds, json);
    return 0;
  }
  if (!json)
    fmt::print("{:<16} {:>8} {:<21} {:<19} {:>9} {:>9} {:>7} {:>6} {:<4} {:>9} {:>10}\n", "problem", "size", "task",
               "engine", "hand", "time", "ratio", "bar", "met", "prepare", "bytes");
  bool right = true;
  for (const Problem& p : problems())
    if (asked_for(p)) {
      right = report(p, seconds, json) && right;
      if (p.work == Work::gradient && p.name != "chain") report_overheads(p, json);
    }
  return right ? 0 : 1;
}

}  // namespace
}  // namespace wengert::bench

int main(int count, char** words) { return wengert::bench::run(count, words); }
