// Text in columns for people: arrays by rows, tables, matrices with labels. Nothing is wider than asked.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wengert/core/shape.hpp"

namespace wengert::app {

inline constexpr std::size_t page_width = 100;

// Characters, not bytes.
std::size_t width(std::string_view text);

// An array as the language writes it: 2.5, [1, 2], or a matrix a row a line with its columns aligned. Lines after
// the first begin with `indent` blanks.
//   [[1,  2],
//    [3, 40]]
std::string array_text(Shape shape, std::span<const std::string> cells, std::size_t indent = 0);

// The first few and the last elements of a large array, and its norm: "[1, 2, 3, ..., 9], 1000 elements, norm 3.2".
std::string summary(Shape shape, std::span<const double> numbers, std::span<const std::string> cells);

// The shortest texts that read back.
std::vector<std::string> cells_of(std::span<const double> numbers);
// Likewise, zeros without their sign: that of a derivative depends on the order in which a mode sums.
std::vector<std::string> slopes_of(std::span<const double> numbers);

struct Column {
  enum class Align : std::uint8_t { left, right, point };  // point: under each other by the decimal point
  std::string title;
  Align align = Align::left;
  std::vector<std::string> cells;
};
std::size_t width(const Column& column);
// The columns side by side, three blanks between them, a line of titles first.
std::string table(std::span<const Column> columns);
std::size_t table_width(std::span<const Column> columns);

// A matrix with a label for each row and column, in as many parts side by side as the width wants.
std::string labelled(const std::vector<std::string>& rows, const std::vector<std::string>& cols,
                     std::span<const std::string> cells);

// The words in lines of at most `limit` characters.
std::string wrapped(std::string_view text, std::size_t limit = page_width);

// "85 ns", "1.2 us", "3 s"; "81 B", "2.5 MB".
std::string duration(double seconds);
std::string memory(double bytes);
// With about `digits` significant digits: "0.62", "2.9", "4e-13".
std::string rounded(double x, int digits = 2);

}  // namespace wengert::app
