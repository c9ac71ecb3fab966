// The shape of a value: rows x cols, never zero. 1x1 is a scalar, n x 1 a vector.
#pragma once
#include <cstdint>
#include <string>

namespace wengert {

struct Shape {
  std::uint32_t rows = 1;
  std::uint32_t cols = 1;

  std::uint64_t size() const { return std::uint64_t{rows} * cols; }
  bool scalar() const { return rows == 1 && cols == 1; }
  bool column() const { return cols == 1; }
  bool vector() const { return rows == 1 || cols == 1; }
  Shape transposed() const { return {cols, rows}; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

// "3x2"; "scalar" for 1x1.
inline std::string to_string(const Shape& shape) {
  if (shape.scalar()) return "scalar";
  return std::to_string(shape.rows) + "x" + std::to_string(shape.cols);
}

// A rectangle of an array, from (row, col) on, counted from 0.
struct Slice {
  std::uint32_t row = 0;
  std::uint32_t col = 0;
  Shape shape;
  friend bool operator==(const Slice&, const Slice&) = default;
};

}  // namespace wengert
