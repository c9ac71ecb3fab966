#include "trace_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wengert/print/text.hpp"

namespace wengert::explain {

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string clipped(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  const std::size_t keep = columns < 3 ? 0 : columns - 3;
  std::size_t end = 0, seen = 0;
  while (end < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && ++seen > keep) break;
    ++end;
  }
  return std::string(text.substr(0, end)) + "...";
}

std::string wrapped(const std::vector<std::string>& words, std::size_t indent, std::size_t width, std::size_t blanks) {
  std::string out, line;
  for (const std::string& word : words) {
    if (!line.empty() && indent + columns_of(line) + blanks + columns_of(word) > width) {
      out += std::string(indent, ' ') + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : std::string(blanks, ' ')) + clipped(word, width - indent);
  }
  return line.empty() ? out : out + std::string(indent, ' ') + line + "\n";
}

namespace {

std::string few_digits(double x) { return std::isfinite(x) ? fmt::format("{:.6g}", x) : shortest(x); }

template <class Write>
std::string listed(std::span<const double> x, Shape shape, Write&& write) {
  const auto row = [&](std::size_t begin, std::size_t n) {
    std::string out = "[";
    for (std::size_t k = 0; k < n; ++k) out += (k > 0 ? ", " : "") + write(x[begin + k]);
    return out + "]";
  };
  if (shape.column()) return row(0, x.size());
  std::string out = "[";
  for (std::size_t r = 0; r < shape.rows; ++r) out += (r > 0 ? ", " : "") + row(r * shape.cols, shape.cols);
  return out + "]";
}

}  // namespace

std::string cell(std::span<const double> x, Shape shape, std::size_t columns) {
  if (x.empty()) return "";
  if (shape.scalar()) return shortest(x[0]);
  if (x.size() <= columns) {
    if (const std::string all = listed(x, shape, shortest); all.size() <= columns) return all;
    if (const std::string all = listed(x, shape, few_digits); all.size() <= columns) return all;
  }
  std::string out = shape.column() ? "[" : "[[";
  const std::string last = ", ..., " + few_digits(x.back()) + (shape.column() ? "]" : "]]");
  for (std::size_t k = 0; k + 1 < x.size(); ++k) {
    if (k > 0 && !shape.column() && k % shape.cols == 0) break;
    const std::string next = (k > 0 ? ", " : "") + few_digits(x[k]);
    if (out.size() + next.size() + last.size() > columns) break;
    out += next;
  }
  return out + last;
}

std::string TextTable::text(std::size_t width) const {
  std::vector<std::size_t> widths(titles_.size());
  std::vector<bool> numbers(titles_.size(), false);  // a column with a negative number keeps a place for the sign
  const auto at = [](const std::vector<std::string>& cells, std::size_t c) {
    return c < cells.size() ? cells[c] : std::string();
  };
  for (std::size_t c = 0; c < titles_.size(); ++c)
    for (const auto& row : rows_) numbers[c] = numbers[c] || (c > 0 && at(row, c).starts_with('-'));
  const auto written = [&](const std::vector<std::string>& cells, std::size_t c) {
    const std::string text = at(cells, c);
    return (numbers[c] && !text.starts_with('-') ? " " : "") + text;
  };
  for (std::size_t c = 0; c < titles_.size(); ++c) {
    widths[c] = columns_of(written(titles_, c));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], columns_of(written(row, c)));
  }
  widths[0] = std::min(widths[0], width / 2);
  std::string out;
  for (std::size_t begin = 1; begin < titles_.size();) {
    std::size_t end = begin, used = widths[0];
    while (end < titles_.size() && (end == begin || used + 2 + widths[end] <= width)) used += 2 + widths[end++];
    const auto line = [&](const std::vector<std::string>& cells) {
      std::string text = clipped(at(cells, 0), widths[0]);
      text += std::string(widths[0] - columns_of(text), ' ');
      for (std::size_t c = begin; c < end; ++c) {
        const std::string w = clipped(written(cells, c), width - widths[0] - 2);
        text += "  " + w + std::string(widths[c] > columns_of(w) ? widths[c] - columns_of(w) : 0, ' ');
      }
      text.erase(text.find_last_not_of(' ') + 1);
      return text + "\n";
    };
    if (begin > 1) out += "\n";
    out += line(titles_);
    for (const auto& row : rows_) out += line(row);
    begin = end;
  }
  return out;
}

}  // namespace wengert::explain
