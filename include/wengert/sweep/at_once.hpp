// How many tangents go at once.
#pragma once
#include <cstddef>
#include <cstdint>

namespace wengert {

// Of a forward sweep over a tape of so many elements. What tangents share (partials, reading the tape) is divided among
// them, but all of them pass through the cache together; `./dev bench speed --widths` measures where that turns, and
// docs/benchmarks.md has the table.
constexpr std::size_t tangents_at_once(std::uint64_t elements) {
  constexpr std::uint64_t cached = 1 << 13, near = 1 << 19;  // elements of all tangents together
  return 32 * elements <= cached ? 32 : 16 * elements <= near ? 16 : 8;
}

// Of a plan with directions or points in its lanes, likewise; the same with AVX2 and AVX-512.
constexpr std::uint32_t lanes_at_once(std::uint64_t elements) {
  constexpr std::uint64_t near = 1 << 19;
  return 64 * elements <= near ? 64 : 32 * elements <= near ? 32 : 16;
}

}  // namespace wengert
