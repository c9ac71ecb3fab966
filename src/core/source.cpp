#include "wengert/core/source.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace wengert {

namespace {

// All bytes but those that go on with a character.
std::uint32_t characters(std::string_view bytes) {
  std::size_t n = bytes.size(), at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {  // ASCII has none of these
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    n -= static_cast<std::size_t>(std::popcount(word & ~(word << 1) & 0x8080808080808080u));
  }
  for (; at < bytes.size(); ++at) n -= (static_cast<unsigned char>(bytes[at]) & 0xc0) == 0x80 ? 1 : 0;
  return static_cast<std::uint32_t>(n);
}

constexpr std::size_t stretch = 1024;  // bytes between counts of characters

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text) {
  Entry entry{std::move(name), std::move(text), {0}, {0}};
  const std::string_view all = entry.text;
  for (std::size_t at = 0; (at = all.find('\n', at)) != std::string_view::npos;)
    entry.lines.push_back(static_cast<std::uint32_t>(++at));
  for (std::size_t at = 0; at + stretch <= all.size(); at += stretch)
    entry.characters.push_back(entry.characters.back() + characters(all.substr(at, stretch)));
  entries_.push_back(std::move(entry));
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::size_t Sources::Entry::line_of(std::size_t offset) const {
  return static_cast<std::size_t>(std::upper_bound(lines.begin(), lines.end(), offset) - lines.begin()) - 1;
}

std::size_t Sources::Entry::characters_before(std::size_t offset) const {
  const std::size_t whole = offset / stretch;
  return this->characters[whole] +
         wengert::characters(std::string_view(text).substr(whole * stretch, offset - whole * stretch));
}

std::size_t Sources::Entry::line_end(std::size_t line) const {
  std::size_t end = line + 1 < lines.size() ? lines[line + 1] - 1 : text.size();
  if (end > lines[line] && text[end - 1] == '\r') --end;
  return end;
}

std::string_view Sources::text(const Span& span) const {
  if (!span.known()) return {};
  return text(span.source).substr(span.begin, span.end - span.begin);
}

Position Sources::position(const Span& span) const {
  if (!span.known()) return {};
  const Entry& entry = entries_[span.source];
  const std::size_t begin = std::min<std::size_t>(span.begin, entry.text.size());
  const std::size_t line = entry.line_of(begin);
  const std::size_t stop = std::min<std::size_t>(std::max(span.end, span.begin), entry.line_end(line));
  const std::size_t before = entry.characters_before(begin);
  Position p;
  p.line = static_cast<std::uint32_t>(line) + 1;
  p.column = static_cast<std::uint32_t>(before - entry.characters_before(entry.lines[line])) + 1;
  p.length = stop > begin ? std::max(1u, static_cast<std::uint32_t>(entry.characters_before(stop) - before)) : 1u;
  return p;
}

std::string_view Sources::line(const Span& span) const {
  if (!span.known()) return {};
  const Entry& entry = entries_[span.source];
  const std::size_t line = entry.line_of(std::min<std::size_t>(span.begin, entry.text.size()));
  return text(span.source).substr(entry.lines[line], entry.line_end(line) - entry.lines[line]);
}

}  // namespace wengert
