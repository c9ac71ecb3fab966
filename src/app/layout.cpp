#include "app/layout.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "wengert/print/text.hpp"

namespace wengert::app {

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

namespace {

void pad(std::string& out, std::size_t blanks) { out.append(blanks, ' '); }

// Characters before the decimal point, the exponent, or the end.
std::size_t before_point(std::string_view text) { return std::min(text.find_first_of(".e"), text.size()); }

// A bracketed list on lines no longer than the page.
std::string list(std::span<const std::string> cells, std::size_t indent) {
  std::string out = "[";
  std::size_t column = indent + 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t needed = width(cells[i]) + 1;
    if (i > 0 && column + needed + 1 > page_width) {
      out += "\n";
      pad(out, indent + 1);
      column = indent + 1;
    } else if (i > 0) {
      out += " ";
      ++column;
    }
    out += cells[i] + (i + 1 < cells.size() ? "," : "]");
    column += needed;
  }
  return out;
}

}  // namespace

std::vector<std::string> cells_of(std::span<const double> numbers) {
  std::vector<std::string> cells;
  cells.reserve(numbers.size());
  for (const double x : numbers) cells.push_back(shortest(x));
  return cells;
}

std::vector<std::string> slopes_of(std::span<const double> numbers) {
  std::vector<std::string> cells;
  cells.reserve(numbers.size());
  for (const double x : numbers) cells.push_back(shortest(x == 0 ? 0 : x));
  return cells;
}

std::string array_text(Shape shape, std::span<const std::string> cells, std::size_t indent) {
  if (shape.scalar()) return cells[0];
  if (shape.column()) return list(cells, indent);
  std::vector<std::size_t> widths(shape.cols, 0);
  for (std::size_t k = 0; k < cells.size(); ++k)
    widths[k % shape.cols] = std::max(widths[k % shape.cols], width(cells[k]));
  std::size_t line = indent + 3;
  for (const std::size_t w : widths) line += w + 2;
  const bool aligned = line <= page_width;
  std::string out = "[";
  for (std::uint32_t i = 0; i < shape.rows; ++i) {
    if (i > 0) out += ",\n" + std::string(indent + 1, ' ');
    const auto row = cells.subspan(std::size_t{i} * shape.cols, shape.cols);
    if (!aligned) {
      out += list(row, indent + 1);
      continue;
    }
    out += "[";
    for (std::uint32_t j = 0; j < shape.cols; ++j) {
      pad(out, widths[j] - width(row[j]));
      out += row[j] + (j + 1 < shape.cols ? ", " : "]");
    }
  }
  return out + "]";
}

std::string summary(Shape shape, std::span<const double> numbers, std::span<const std::string> cells) {
  double squares = 0;
  for (const double x : numbers) squares += x * x;
  const std::string what = shape.column() ? std::to_string(shape.rows) + " elements" : to_string(shape);
  return fmt::format("[{}, {}, {}, ..., {}], {}, norm {}", cells[0], cells[1], cells[2], cells[cells.size() - 1], what,
                     rounded(std::sqrt(squares), 6));
}

std::size_t width(const Column& column) {
  std::size_t most = width(column.title), before = 0, after = 0;
  for (const std::string& cell : column.cells) {
    if (column.align == Column::Align::point) {
      before = std::max(before, before_point(cell));
      after = std::max(after, width(cell) - before_point(cell));
    } else {
      most = std::max(most, width(cell));
    }
  }
  return std::max(most, before + after);
}

std::size_t table_width(std::span<const Column> columns) {
  std::size_t total = 0;
  for (const Column& column : columns) total += width(column) + 3;
  return total - std::min<std::size_t>(total, 3);
}

namespace {

std::string placed(const std::string& cell, const Column& column, std::size_t whole) {
  std::size_t left = 0;
  if (column.align == Column::Align::right) left = whole - width(cell);
  if (column.align == Column::Align::point) {
    std::size_t before = 0;
    for (const std::string& other : column.cells) before = std::max(before, before_point(other));
    left = before - before_point(cell);
  }
  std::string out(left, ' ');
  out += cell;
  pad(out, whole - std::min(whole, left + width(cell)));
  return out;
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += "\n";
}

}  // namespace

std::string table(std::span<const Column> columns) {
  std::string out;
  std::size_t lines = 0;
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    lines = std::max(lines, column.cells.size());
    widths.push_back(width(column));
  }
  const bool titled = std::any_of(columns.begin(), columns.end(), [](const Column& c) { return !c.title.empty(); });
  for (std::size_t k = 0; titled && k < columns.size(); ++k) {
    const std::size_t blanks = widths[k] - width(columns[k].title);
    const bool right = columns[k].align == Column::Align::right;
    out += (right ? std::string(blanks, ' ') : "") + columns[k].title + (right ? "" : std::string(blanks, ' ')) + "   ";
  }
  if (titled) end_line(out);
  for (std::size_t i = 0; i < lines; ++i) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      out += placed(i < columns[k].cells.size() ? columns[k].cells[i] : std::string(), columns[k], widths[k]);
      out += "   ";
    }
    end_line(out);
  }
  return out;
}

std::string labelled(const std::vector<std::string>& rows, const std::vector<std::string>& cols,
                     std::span<const std::string> cells) {
  std::string out;
  for (std::size_t first = 0; first < cols.size();) {
    std::vector<Column> part{{"", Column::Align::left, rows}};
    for (; first < cols.size(); ++first) {
      Column next{cols[first], Column::Align::right, {}};
      for (std::size_t i = 0; i < rows.size(); ++i) next.cells.push_back(cells[i * cols.size() + first]);
      part.push_back(std::move(next));
      if (part.size() > 2 && table_width(part) > page_width) {
        part.pop_back();
        break;
      }
    }
    if (!out.empty()) out += "\n";
    out += table(part);
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, blank);
    if (column > 0 && column + 1 + width(word) > limit) {
      out += "\n";
      column = 0;
    } else if (column > 0) {
      out += " ";
      ++column;
    }
    out += word;
    column += width(word);
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return out;
}

std::string rounded(double x, int digits) {
  if (!std::isfinite(x)) return shortest(x);
  const std::string text = fmt::format("{:.{}g}", x, digits);
  const std::size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text;
  const int power = std::stoi(text.substr(exponent + 1));
  if (power >= 0 && power < 6) return fmt::format("{:.0f}", std::stod(text));
  return text.substr(0, exponent) + "e" + std::to_string(power);
}

std::string duration(double seconds) {
  struct Unit {
    double size;
    const char* name;
  };
  for (const Unit& unit : {Unit{1, "s"}, Unit{1e-3, "ms"}, Unit{1e-6, "us"}})
    if (seconds >= 0.9995 * unit.size)
      return rounded(seconds / unit.size, seconds >= 100 * unit.size ? 3 : 2) + " " + unit.name;
  return rounded(seconds * 1e9, seconds >= 1e-7 ? 3 : 2) + " ns";
}

std::string memory(double bytes) {
  struct Unit {
    double size;
    const char* name;
  };
  for (const Unit& unit : {Unit{1e9, "GB"}, Unit{1e6, "MB"}, Unit{1e3, "kB"}})
    if (bytes >= unit.size) return rounded(bytes / unit.size, bytes >= 100 * unit.size ? 3 : 2) + " " + unit.name;
  return rounded(bytes, 3) + " B";
}

}  // namespace wengert::app
