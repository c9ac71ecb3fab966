// Tables and numbers as the lesson prints them on a terminal.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wengert/core/shape.hpp"

namespace wengert::explain {

// Columns on a terminal, one a character of UTF-8.
std::size_t columns_of(std::string_view text);
// At most so many characters, the last of them "..." if something was left out.
std::string clipped(std::string_view text, std::size_t columns);
// Words with so many blanks between them, on lines of at most `width`, each indented.
std::string wrapped(const std::vector<std::string>& words, std::size_t indent, std::size_t width,
                    std::size_t blanks = 2);

// In the fewest digits that read back, or with so many.
std::string number_text(double x, int digits = 0);

// A scalar, or an array in nested brackets; only its beginning and end where that would be longer than `columns`.
std::string cell(std::span<const double> x, Shape shape, std::size_t columns = 40, int digits = 0);
// The same with all elements, a row a line where one line is too short; large arrays as above.
std::string cell_lines(std::span<const double> x, Shape shape, std::size_t columns = 44, int digits = 0);

// Aligned columns; cells may have several lines. The first column is repeated where the others need several blocks.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> titles) : titles_(std::move(titles)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text(std::size_t width) const;

 private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace wengert::explain
