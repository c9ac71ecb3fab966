// The complex step's own step.
//
//   NumericFrame<std::complex<double>> f(tape);          // with the inputs set, imaginary parts 0
//   const double h = step_into_complex(f, places, direction);
//   // f's inputs are x + ih*direction, and its values are computed: the imaginary parts are h times the derivative
//
// A power of two, so that it rounds nothing; tiny beside the numbers that it is added to, and beside the slopes on the
// way: where they are so large that imaginary parts would be felt in real ones, a smaller one is taken, and values are
// computed once more.
#pragma once
#include <complex>
#include <span>

#include "wengert/sweep/frame.hpp"

namespace wengert {

// f.values at the places, which are elements of inputs, get the imaginary parts h*direction; returns h.
double step_into_complex(NumericFrame<std::complex<double>>& f, std::span<const std::size_t> places,
                         std::span<const double> direction);

}  // namespace wengert
