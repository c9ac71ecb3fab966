// What a text may ask for. Each limit is checked before anything is allocated, and exceeding it is a diagnostic.
#pragma once
#include <cstdint>

namespace wengert {

struct Limits {
  std::uint64_t text = 100'000'000;         // bytes of one text
  std::uint32_t brackets = 1000;            // open at once
  std::uint64_t nodes = 50'000'000;         // of the graph
  std::uint64_t elements = 100'000'000;     // of one array, or of one Jacobian
  std::uint64_t repetitions = 100'000'000;  // of repeats, and of an iterate
  std::uint32_t calls = 500;                // of functions in functions
};

// The highest order of polygamma: its values are inexact or infinite far below.
inline constexpr double highest_polygamma_order = 200;

}  // namespace wengert
