// Programs that are valid by construction: scalars and arrays of fitting shapes, definitions and functions, branches,
// kinks, indices, comprehensions, loops, derivative operators.
//
//   Made p = make_program(seed, 30);
//   p.text      "y1 = sin(x)*z\nf1(u) = u^2 + x\nif(y1 > f1(z), grad(y1, x), sum(v .* w))"
//   p.values    "x" -> 0.5, ...
#pragma once
#include <map>
#include <string>

#include "wengert/session/session.hpp"

namespace wengert::fuzz {

struct Made {
  std::string text;
  std::map<std::string, Value> values;
};

// About so many operations.
Made make_program(std::uint64_t seed, std::size_t size);

// Plays the modes and the reference against each other, prints and reads back, checks a random product of the Jacobian
// both ways. What is wrong, in a sentence; empty if nothing is.
std::string disagreement_in(const Made& program, std::uint64_t seed);

}  // namespace wengert::fuzz
