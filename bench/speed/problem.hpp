// What the speed table is made of: a program of the language, its inputs, and the same work by hand.
#pragma once
#include <string>
#include <vector>

#include "wengert/core/shape.hpp"

namespace wengert::bench {

enum class Work { gradient, batch, jacobian, hessian, sparse_jacobian, sparse_hessian };

struct Given {
  std::string name;
  Shape shape;
  std::vector<double> numbers;  // of a batch: the shape's elements by points
  bool by = true;               // differentiated by
};

struct Problem {
  std::string name;
  std::size_t size = 1;
  Work work = Work::gradient;
  std::string program;
  std::vector<Given> inputs;
  void (*by_hand)(const double* const* in, double* const* out, std::size_t n) = nullptr;
  double interpreter_bar = 0, native_bar = 0;  // times the time by hand; 0: none
  std::size_t points = 1;
  std::size_t nonzeros = 0;  // of a sparse derivative
  double c_bar = 0;          // of the exported C, likewise
  void (*value_by_hand)(const double* const* in, double* const* out,
                        std::size_t n) = nullptr;  // of a gradient; or none
};

std::vector<Problem> problems();

// Those with longer programs.
Problem mixture(std::size_t n);
Problem lstm(std::size_t n);
Problem bundle();
Problem brusselator();
Problem long_chain(std::size_t n);

// The same numbers on every machine.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}
  double between(double low, double high) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return low + (high - low) * static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  std::vector<double> list(std::size_t n, double low, double high) {
    std::vector<double> x(n);
    for (double& e : x) e = between(low, high);
    return x;
  }

 private:
  std::uint64_t state_;
};

inline Shape column(std::size_t n) { return {static_cast<std::uint32_t>(n), 1}; }
inline Shape matrix(std::size_t m, std::size_t n) {
  return {static_cast<std::uint32_t>(m), static_cast<std::uint32_t>(n)};
}

}  // namespace wengert::bench
