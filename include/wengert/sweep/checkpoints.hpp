// Which states a reverse sweep over many steps keeps: binomial checkpointing.
//
// With room for s states, the first one included, and no step run forwards more than r times, a sweep can go back over
// (s + r)!/(s! r!) steps, and over no more. Griewank, Achieving logarithmic growth of temporal and spatial
// complexity in reverse automatic differentiation, 1992; Griewank and Walther, algorithm 799, 2000.
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace wengert {

// (s + r)!/(s! r!), or `most` where it is larger.
inline std::uint64_t binomial(std::uint64_t s, std::uint64_t r, std::uint64_t most) {
  if (s > r) std::swap(s, r);
  std::uint64_t b = 1;
  for (std::uint64_t k = 1; k <= s; ++k) {
    if (b > most || r + k > 0xffffffffu) return most;
    b = b * (r + k) / k;  // exact: a product of k neighbours
  }
  return b < most ? b : most;
}

// How far the next state that is kept is from the one at hand: n > 1 steps are to be gone back over, room for s > 0.
// Then both parts are within what their room allows, with no step run more often than it must.
inline std::uint64_t checkpoint_distance(std::uint64_t n, std::uint64_t s) {
  if (s + 1 >= n) return 1;
  std::uint64_t r = 1;
  while (binomial(s + 1, r, n) < n) ++r;
  const std::uint64_t rest = binomial(s, r, n - 1), least = r < 2 ? 1 : binomial(s + 1, r - 2, n - 1);
  return std::max(n - std::min(rest, n - 1), std::max<std::uint64_t>(least, 1));
}

// Goes back over n steps from a first state, with room for `room` states besides it. advance(state): one step
// forwards; back(state): the step from this state is gone back over. Last step first.
template <class State, class Advance, class Back>
void go_back(State first, std::uint64_t n, std::uint64_t room, Advance&& advance, Back&& back) {
  std::vector<std::pair<std::uint64_t, State>> kept;
  kept.emplace_back(0, std::move(first));
  for (std::uint64_t end = n; end > 0; --end) {
    while (kept.back().first == end) kept.pop_back();
    State state = kept.back().second;
    std::uint64_t at = kept.back().first;
    while (at + 1 < end) {
      const std::uint64_t free = room + 1 - kept.size();
      const std::uint64_t target = free == 0 ? end - 1 : at + checkpoint_distance(end - at, free);
      for (; at < target; ++at) advance(state);
      if (free > 0) kept.emplace_back(at, state);
    }
    back(state);
  }
}

}  // namespace wengert
