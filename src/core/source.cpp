#include "wengert/core/source.hpp"

#include <algorithm>

namespace wengert {

namespace {

std::uint32_t characters(std::string_view bytes) {
  return static_cast<std::uint32_t>(std::count_if(
      bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const std::size_t newline = text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > offset && text[end - 1] == '\r') --end;
  return end;
}

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text) {
  entries_.push_back({std::move(name), std::move(text)});
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::string_view Sources::text(const Span& span) const {
  if (!span.known()) return {};
  return text(span.source).substr(span.begin, span.end - span.begin);
}

Position Sources::position(const Span& span) const {
  if (!span.known()) return {};
  const std::string_view all = text(span.source);
  const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
  const std::size_t start = line_begin(all, begin);
  const std::size_t stop = std::min<std::size_t>(std::max(span.end, span.begin), line_end(all, begin));
  Position p;
  p.line = static_cast<std::uint32_t>(std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(start), '\n')) + 1;
  p.column = characters(all.substr(start, begin - start)) + 1;
  p.length = stop > begin ? std::max(1u, characters(all.substr(begin, stop - begin))) : 1u;
  return p;
}

std::string_view Sources::line(const Span& span) const {
  if (!span.known()) return {};
  const std::string_view all = text(span.source);
  const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
  const std::size_t start = line_begin(all, begin);
  return all.substr(start, line_end(all, begin) - start);
}

}  // namespace wengert
