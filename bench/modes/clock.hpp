// Seconds of the processor that this thread took: what else the machine does takes no part in them.
#pragma once
#include <ctime>

namespace wengert::mode_costs {

inline double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

inline double wall_seconds() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// The smallest step that the clock was seen to take.
inline double clock_step() {
  double least = 1;
  for (int k = 0; k < 1000; ++k) {
    const double begin = processor_seconds();
    double end = begin;
    while (end == begin) end = processor_seconds();
    if (end - begin < least) least = end - begin;
  }
  return least;
}

}  // namespace wengert::mode_costs
