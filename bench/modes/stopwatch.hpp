// Times of several things, turn by turn, so that what else the machine does hits all alike.
#pragma once
#include <algorithm>
#include <functional>
#include <vector>

#include "clock.hpp"

namespace wengert::mode_costs {

struct Timing {
  double least = 0, median = 0, spread = 0;  // spread: between the quartiles, relative to the median
};

inline Timing timing_of(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  // A single turn far below all others is none: the processor's clock lost time, as it may when a thread changes cores.
  while (times.size() > 2 && times[0] < 0.7 * times[1]) times.erase(times.begin());
  const std::size_t k = times.size();
  return {times.front(), times[k / 2], (times[k * 3 / 4] - times[k / 4]) / times[k / 2]};
}

inline constexpr double shortest_turn = 2e-5;  // seconds; the clock's own cost drowns in it

inline double seconds_of(const std::function<void()>& f, std::size_t calls) {
  const double begin = processor_seconds();
  for (std::size_t k = 0; k < calls; ++k) f();
  return (processor_seconds() - begin) / static_cast<double>(calls);
}

// Calls a turn, so that it lasts long enough.
inline std::size_t calls_of(const std::function<void()>& f) {
  std::size_t n = 1;
  while (n < 1u << 20 && seconds_of(f, n) * static_cast<double>(n) < shortest_turn) n *= 2;
  return n;
}

// The seconds of every turn. each: seconds for each of them; fewest: turns of each.
inline std::vector<std::vector<double>> turns(const std::vector<std::function<void()>>& all,
                                              const std::vector<std::size_t>& calls, double each, int fewest) {
  std::vector<std::vector<double>> times(all.size());
  const double end = processor_seconds() + each * static_cast<double>(all.size());
  for (int round = 0; round < fewest || processor_seconds() < end; ++round)
    for (std::size_t k = 0; k < all.size(); ++k) times[k].push_back(seconds_of(all[k], calls[k]));
  return times;
}

inline std::vector<Timing> measured_in_turns(const std::vector<std::function<void()>>& all, double each) {
  std::vector<std::size_t> calls;
  for (const auto& f : all) calls.push_back(calls_of(f));
  std::vector<Timing> out;
  for (auto& t : turns(all, calls, each, 5)) out.push_back(timing_of(std::move(t)));
  return out;
}

}  // namespace wengert::mode_costs
