// Programs that are valid by construction, and what must hold of them.
//
//   std::string text = make_program(seed, 30);
//   // x = 0.5 ... A = [[1, 2, 3], ...] f1(p, q) = p*sin(q) + x ... if(f1(x, z) > 0, grad(y2, v)[2], sum(v .* w))
//   std::string wrong = disagreement_in(text, seed);      // "the modes disagree: reverse gives 1 and ..."; empty:
//   nothing
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace wengert::fuzz {

// What a program may take, in seconds of the processor; sanitizers make everything slower.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr double allowed_seconds = 60;
#else
inline constexpr double allowed_seconds = 1;
#endif

// Values of all inputs, some statements, an expression; about so many operations.
std::string make_program(std::uint64_t seed, std::size_t size);

// Plays the modes and the reference against each other, then one more quantity (a Hessian, a product), the ways to
// execute a program, both directions of a random product of the Jacobian; prints and reads back. What is wrong, in a
// sentence; empty if nothing is. The seed chooses among what is tried.
std::string disagreement_in(const std::string& program, std::uint64_t seed);

}  // namespace wengert::fuzz
