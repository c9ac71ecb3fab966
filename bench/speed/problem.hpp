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
  double interpreter_bar = 0, native_bar = 0;  // times the time by hand
  std::size_t points = 1;
  std::size_t nonzeros = 0;  // of a sparse derivative
};

std::vector<Problem> problems();

}  // namespace wengert::bench
