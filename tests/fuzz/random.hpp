// The same numbers from the same seed on every machine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wengert::fuzz {

class Random {
 public:
  // Seeds that follow each other begin far apart: a step of the state alone would give the same stream, shifted.
  explicit Random(std::uint64_t seed) : state_(mixed(mixed(seed) + 1)) {}
  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15ull); }  // splitmix64
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() >> 11) % n; }
  bool chance(unsigned in_hundred) { return below(100) < in_hundred; }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double between(double a, double b) { return a + (b - a) * unit(); }
  template <class T, std::size_t N>
  T pick(const T (&from)[N]) {
    return from[below(N)];
  }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace wengert::fuzz
