// Where the numbers of a sparse derivative go: runs that are woven, copied and added, against one entry after the
// other.
#include <doctest/doctest.h>

#include <map>

#include "../rewrite/random_programs.hpp"
#include "exec/assembly.hpp"
#include "wengert/exec/plan.hpp"

namespace wengert::test {
namespace {

// Bands of all lengths along the diagonal, side by side, on top of each other, or apart.
exec::Assembly random_bands(Random& random, std::int64_t n) {
  exec::Assembly a;
  a.rows = a.cols = n;
  const bool most_are_whole = pick(random, 2) == 0;
  for (std::size_t k = 0, count = 1 + pick(random, 8); k < count; ++k) {
    const auto shift = static_cast<std::int64_t>(pick(random, 4));
    const bool whole = most_are_whole && pick(random, 3) != 0;
    const std::int64_t length =
        whole ? n - shift : 1 + static_cast<std::int64_t>(pick(random, static_cast<std::size_t>(n - shift)));
    const auto first = static_cast<std::int64_t>(pick(random, static_cast<std::size_t>(n - shift - length + 1)));
    exec::Term t{.rows = length, .cols = 1, .row = {first, 1, 0}, .col = {first + shift, 1, 0}, .entries = {}};
    if (pick(random, 2) == 0) std::swap(t.row, t.col);
    t.entries.repeated = pick(random, 4) == 0;
    a.pieces.push_back(
        {.node = no_node, .size = t.entries.repeated ? 1u : static_cast<std::uint64_t>(length), .terms = {t}});
  }
  return a;
}

}  // namespace

TEST_CASE("bands that are woven, copied and added are what their entries add up to, each within its bounds") {
  Random random(171);
  std::size_t woven = 0, added_on_the_way = 0;
  for (int round = 0; round < 3000; ++round) {
    CAPTURE(round);
    const exec::Assembly a = random_bands(random, 5 + static_cast<std::int64_t>(pick(random, 70)));
    std::size_t size = 0;
    for (const exec::Assembly::Piece& piece : a.pieces) size += piece.size;
    // Exactly as long as said, in memory of its own: a sanitizer sees what is read beyond.
    std::vector<double> numbers(size);
    for (double& x : numbers) x = static_cast<double>(1 + pick(random, 1000));  // whose sums are exact
    std::map<std::pair<std::int64_t, std::int64_t>, double> expected;
    std::size_t first = 0;
    for (const exec::Assembly::Piece& piece : a.pieces) {
      piece.each_entry([&](std::int64_t r, std::int64_t c, std::size_t k) { expected[{r, c}] += numbers[first + k]; });
      first += piece.size;
    }
    const exec::Scatter s = exec::scatter_of(a);
    woven += s.woven.size();
    for (const exec::Scatter::Weave& w : s.woven)
      for (std::uint32_t k = 0; k < w.runs; ++k) {
        added_on_the_way += w.added[k] ? 1 : 0;
        REQUIRE(w.from[k] + std::uint64_t{w.count - 1} * w.from_step[k] < size);
        if (w.added[k]) REQUIRE(w.plus[k] + std::uint64_t{w.count - 1} * w.plus_step[k] < size);
      }
    REQUIRE(s.pattern.nonzeros() == expected.size());
    for (const exec::InstructionSet set :
         {exec::InstructionSet::baseline, exec::InstructionSet::avx2, exec::InstructionSet::avx512}) {
      if (set > exec::widest_instructions()) continue;
      std::vector<double> got(expected.size(), -1);
      s.run(exec::kernels_for(set, exec::Mathematics::exact), numbers.data(), got.data());
      std::size_t at = 0;
      for (const auto& [place, sum] : expected) {  // by rows, then columns, as the pattern
        REQUIRE(s.pattern.columns[at] == place.second);
        REQUIRE(got[at++] == sum);
      }
    }
  }
  CHECK(woven > 300);
  CHECK(added_on_the_way > 100);
}

}  // namespace wengert::test
