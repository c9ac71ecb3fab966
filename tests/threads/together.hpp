// A function called in several threads at once.
#pragma once
#include <latch>
#include <thread>
#include <vector>

namespace wengert::test {

inline constexpr std::size_t eight = 8;

// f(0), ..., f(7), each in a thread of its own; none begins before all are there. What they find is checked afterwards:
// doctest's checks are for one thread.
template <class F>
void together(F&& f) {
  std::latch all(eight);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < eight; ++t)
    threads.emplace_back([&, t] {
      all.arrive_and_wait();
      f(t);
    });
  for (std::thread& t : threads) t.join();
}

}  // namespace wengert::test
