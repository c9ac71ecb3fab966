// One function on several threads at once; where there are none, one call after the other.
#pragma once
#include <exception>
#include <thread>
#include <vector>

namespace wengert::exec {

// f(0), ..., f(n - 1), the first of them here. What one throws is thrown once all have ended.
template <class F>
void in_parallel(std::size_t n, F&& f) {
  std::vector<std::exception_ptr> thrown(n);
  const auto call = [&](std::size_t k) {
    try {
      f(k);
    } catch (...) {
      thrown[k] = std::current_exception();
    }
  };
#ifndef __EMSCRIPTEN__
  std::vector<std::thread> others;
  for (std::size_t k = 1; k < n; ++k) others.emplace_back(call, k);
  call(0);
  for (std::thread& t : others) t.join();
#else
  for (std::size_t k = 0; k < n; ++k) call(k);
#endif
  for (const std::exception_ptr& e : thrown)
    if (e) std::rethrow_exception(e);
}

}  // namespace wengert::exec
