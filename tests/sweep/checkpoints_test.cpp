// Binomial checkpointing: every step gone back over once, in order, in the fewest steps that there are.
#include "wengert/sweep/checkpoints.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>

namespace wengert::test {
namespace {

// The fewest steps forwards, by trying every place of the next state that is kept.
std::uint64_t fewest(std::uint64_t n, std::uint64_t room) {
  static std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> known;
  if (n <= 1) return 0;
  if (room == 0) return n * (n - 1) / 2;
  const auto [it, fresh] = known.try_emplace({n, room}, std::numeric_limits<std::uint64_t>::max());
  if (!fresh) return it->second;
  std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
  for (std::uint64_t m = 1; m < n; ++m) best = std::min(best, m + fewest(n - m, room - 1) + fewest(m, room));
  return known[{n, room}] = best;
}

TEST_CASE("a reverse sweep keeps as many states as there is room for, and takes the fewest steps forwards") {
  for (std::uint64_t n = 1; n <= 60; ++n)
    for (std::uint64_t room = 0; room <= 12; ++room) {
      std::uint64_t steps = 0, next = n;
      go_back(
          std::uint64_t{0}, n, room, [&](std::uint64_t& state) { ++state, ++steps; },
          [&](std::uint64_t state) { REQUIRE(state == --next); });
      CHECK(next == 0);
      CHECK(steps == fewest(n, room));
    }
}

TEST_CASE("a million steps are gone back over with room for fifty states, each run forwards six times at most") {
  std::uint64_t steps = 0, next = 1'000'000;
  go_back(
      std::uint64_t{0}, 1'000'000, 50, [&](std::uint64_t& state) { ++state, ++steps; },
      [&](std::uint64_t state) { next = state == next - 1 ? state : 0; });
  CHECK(next == 0);
  CHECK(steps <= 5'000'000);
}

}  // namespace
}  // namespace wengert::test
