// Times of a call, taken alike for every tool: the least, the median and the spread of repeats.
#pragma once
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

namespace peers {

using Json = nlohmann::ordered_json;

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// seconds: of repeating; a call that takes longer than that is repeated twice.
template <class Call>
void measure(Json& j, Call&& call, double seconds) {
  constexpr double shortest_turn = 2e-4;
  const auto once = [&](std::size_t calls) {
    const double begin = now();
    for (std::size_t k = 0; k < calls; ++k) call();
    return (now() - begin) / static_cast<double>(calls);
  };
  std::size_t calls = 1;
  double turn = once(1);
  while (turn * static_cast<double>(calls) < shortest_turn) turn = once(calls *= 2);
  const std::size_t fewest = turn > seconds ? 2 : 5;
  std::vector<double> times;
  for (const double end = now() + seconds; times.size() < fewest || now() < end;) times.push_back(once(calls));
  std::sort(times.begin(), times.end());
  const std::size_t n = times.size();
  j["seconds"] = times[0], j["median_seconds"] = times[n / 2];
  j["spread"] = (times[n * 3 / 4] - times[n / 4]) / times[n / 2];
}

}  // namespace peers
