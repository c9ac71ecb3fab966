// Single numbers, one operation after the other, as a stream of bytes. Long programs are bound by reading their
// instructions, and chains by waiting for what was just computed.
#pragma once
#include <cmath>

#include "layout.hpp"

namespace wengert::exec {

inline constexpr std::uint64_t stream_places = std::uint64_t{1} << 24;  // numbers that a stream can name

// Steps of single numbers become streams; the list of them is left empty.
void make_streams(Layout& l);
void run_stream(double* w, const std::uint8_t* p);

inline void sine_and_cosine(double x, double* s, double* c) {
#ifdef __GLIBC__
  ::sincos(x, s, c);  // the same bits as one by one
#else
  *s = std::sin(x);
  *c = std::cos(x);
#endif
}

}  // namespace wengert::exec
