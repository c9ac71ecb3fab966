// Source text and positions in it.
//
// A Span is a half-open range of bytes in one registered text. Lines and columns, which people
// read, are computed only when a message is shown: lines and columns count from 1, columns in
// characters (UTF-8 code points), not bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wengert {

struct Span {
  static constexpr std::uint32_t no_source = 0xffffffffu;
  std::uint32_t source = no_source;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool known() const { return source != no_source; }
  friend bool operator==(const Span&, const Span&) = default;
};

struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t length = 1;  // in characters, within the first line of the span
};

// The texts of one session: files, command-line words, REPL entries.
class Sources {
 public:
  // Registers a text under the name that messages show ("case.wen", "-e 2"; empty for the main text).
  std::uint32_t add(std::string name, std::string text);

  const std::string& name(std::uint32_t source) const { return entries_[source].name; }
  std::string_view text(std::uint32_t source) const { return entries_[source].text; }
  std::string_view text(const Span& span) const;
  std::size_t size() const { return entries_.size(); }

  Position position(const Span& span) const;
  // The whole line on which the span begins, without its end-of-line characters.
  std::string_view line(const Span& span) const;

 private:
  // A message or a trace asks for many positions in one text: each is found without reading it from its start.
  struct Entry {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> lines;       // where each begins
    std::vector<std::uint32_t> characters;  // before every 1024th byte
    std::size_t line_of(std::size_t offset) const;
    std::size_t characters_before(std::size_t offset) const;
    std::size_t line_end(std::size_t line) const;  // without its end-of-line characters
  };
  std::vector<Entry> entries_;
};

}  // namespace wengert
