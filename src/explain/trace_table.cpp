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

// "[a, b]", or "[[a, b], [c, d]]", with what stands between elements of a row and between rows.
std::string listed(std::span<const double> x, Shape shape, int digits) {
  const auto row = [&](std::size_t begin, std::size_t n) {
    std::string out = "[";
    for (std::size_t k = 0; k < n; ++k) out += (k > 0 ? ", " : "") + number_text(x[begin + k], digits);
    return out + "]";
  };
  if (shape.column()) return row(0, x.size());
  std::string out = "[";
  for (std::size_t r = 0; r < shape.rows; ++r) out += (r > 0 ? ", " : "") + row(r * shape.cols, shape.cols);
  return out + "]";
}

}  // namespace

std::string number_text(double x, int digits) {
  return digits == 0 || !std::isfinite(x) ? shortest(x) : fmt::format("{:.{}g}", x, digits);
}

std::string cell(std::span<const double> x, Shape shape, std::size_t columns, int digits) {
  if (x.empty()) return "";
  if (shape.scalar()) return number_text(x[0], digits);
  if (x.size() <= columns)
    if (const std::string all = listed(x, shape, digits); all.size() <= columns) return all;
  std::string out = (shape.column() ? "[" : "[[") + number_text(x[0], digits);
  const std::string last = ", ..., " + number_text(x.back(), digits) + (shape.column() ? "]" : "]]");
  for (std::size_t k = 1; k + 1 < x.size(); ++k) {
    if (!shape.column() && k % shape.cols == 0) break;
    const std::string next = ", " + number_text(x[k], digits);
    if (out.size() + next.size() + last.size() > columns) break;
    out += next;
  }
  return out + last;
}

std::string cell_lines(std::span<const double> x, Shape shape, std::size_t columns, int digits) {
  constexpr std::size_t most_elements = 64, most_lines = 12;
  if (x.size() <= 1 || x.size() > most_elements) return cell(x, shape, columns, digits);
  if (std::string all = listed(x, shape, digits); all.size() <= columns) return all;
  // A row a line; what is too long for a line is broken between elements.
  const bool flat = shape.column();
  const std::size_t in_a_row = flat ? x.size() : shape.cols;
  const std::string_view indent = flat ? " " : "  ";
  std::string out = flat ? "[" : "[[", line = out;
  std::size_t lines = 1;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const bool ends_row = (k + 1) % in_a_row == 0, ends = k + 1 == x.size();
    const std::string next = number_text(x[k], digits) + (ends ? flat ? "]" : "]]" : ends_row ? "]," : ",");
    const bool begins_row = k % in_a_row == 0;
    if (k > 0 && (begins_row || line.size() + 1 + next.size() > columns)) {
      line = begins_row ? " [" : indent;
      out += "\n" + line;
      ++lines;
    } else if (k > 0) {
      line += " ";
      out += " ";
    }
    line += next;
    out += next;
  }
  return lines <= most_lines ? out : cell(x, shape, columns, digits);
}

std::string TextTable::text(std::size_t width) const {
  std::vector<std::size_t> widths(titles_.size());
  std::vector<bool> numbers(titles_.size(), false);  // a column with a negative number keeps a place for the sign
  const auto at = [](const std::vector<std::string>& cells, std::size_t c) {
    return c < cells.size() ? cells[c] : std::string();
  };
  for (std::size_t c = 0; c < titles_.size(); ++c)
    for (const auto& row : rows_) numbers[c] = numbers[c] || (c > 0 && at(row, c).starts_with('-'));
  // Line k of a cell.
  const auto written = [&](const std::vector<std::string>& cells, std::size_t c, std::size_t k) {
    std::string text = at(cells, c);
    for (; k > 0; --k) text.erase(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.erase(std::min(text.find('\n'), text.size()));
    return (numbers[c] && !text.empty() && !text.starts_with('-') ? " " : "") + text;
  };
  const auto lines_in = [&](const std::vector<std::string>& cells) {
    std::ptrdiff_t lines = 1;
    for (const std::string& text : cells) lines = std::max(lines, 1 + std::count(text.begin(), text.end(), '\n'));
    return static_cast<std::size_t>(lines);
  };
  const auto widest = [&](const std::vector<std::string>& cells, std::size_t c) {
    std::size_t most = 0;
    for (std::size_t k = 0; k < lines_in({at(cells, c)}); ++k) most = std::max(most, columns_of(written(cells, c, k)));
    return most;
  };
  for (std::size_t c = 0; c < titles_.size(); ++c) {
    widths[c] = widest(titles_, c);
    for (const auto& row : rows_) widths[c] = std::max(widths[c], widest(row, c));
  }
  widths[0] = std::min(widths[0], width / 2);
  std::string out;
  for (std::size_t begin = 1; begin < titles_.size();) {
    std::size_t end = begin, used = widths[0];
    while (end < titles_.size() && (end == begin || used + 2 + widths[end] <= width)) used += 2 + widths[end++];
    const auto line = [&](const std::vector<std::string>& cells, std::size_t k) {
      std::string text = clipped(written(cells, 0, k), widths[0]);
      text += std::string(widths[0] - columns_of(text), ' ');
      for (std::size_t c = begin; c < end; ++c) {
        const std::string w = clipped(written(cells, c, k), width - widths[0] - 2);
        text += "  " + w + std::string(widths[c] > columns_of(w) ? widths[c] - columns_of(w) : 0, ' ');
      }
      text.erase(text.find_last_not_of(' ') + 1);
      return text + "\n";
    };
    if (begin > 1) out += "\n";
    out += line(titles_, 0);
    for (const auto& row : rows_) {
      std::vector<std::string> part{at(row, 0)};  // the lines that this block needs
      for (std::size_t c = begin; c < end; ++c) part.push_back(at(row, c));
      for (std::size_t k = 0; k < lines_in(part); ++k) out += line(row, k);
    }
    begin = end;
  }
  return out;
}

}  // namespace wengert::explain
