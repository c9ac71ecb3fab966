// Random problems of a stated level, the same for the same seed on every machine.
//
//   const Exercise e = exercise(2, 42);
//   e.text, e.by          // "x^3*sin(x)", "x"
//
// Levels: 1 sums of powers, 2 product and quotient, 3 the chain rule, 4 all of them in two layers, 5 several
// variables and powers of variables, 6 matrices.
#pragma once
#include <cstdint>
#include <string>

namespace wengert {

inline constexpr int exercise_levels = 6;

struct Exercise {
  std::string text;  // an expression of the language
  std::string by;
  std::string program;  // statements that it needs: shapes of its matrices
  std::string goal;     // "the product rule and the quotient rule"
};

// 1 <= level <= exercise_levels
Exercise exercise(int level, std::uint64_t seed);

}  // namespace wengert
