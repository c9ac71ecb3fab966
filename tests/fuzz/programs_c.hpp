// Generated programs as C, beside the interpreter.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace wengert::fuzz {

inline constexpr std::size_t programs_a_batch = 25;

// Writes so many programs into one file of C, has the machine's compiler take it with all warnings as errors, runs it,
// and compares values, gradients or Jacobians, and products with Hessians with those of the sweeps, up to the bounds of
// rounding. What is wrong, with the program; empty if nothing is.
std::string c_disagrees(std::uint64_t seed);

// The programs of a batch.
std::string batch_of(std::uint64_t seed);

}  // namespace wengert::fuzz
