// Array rows on blocks, from the rows themselves.
#pragma once
#include "layout.hpp"

namespace wengert::exec {

// in[j]: the numbers of argument j, width 1; out as many as p.shape has.
using ArrayFunction = void (*)(double* out, const Params& p, std::span<const Array<double>> in);
ArrayFunction array_function(Code code);

void run_array(const Layout& l, const Step& s, double* const* bases);
void run_product(const Layout& l, const Step& s, double* const* bases);

}  // namespace wengert::exec
