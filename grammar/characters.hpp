// Which characters make a blank, a name, a comment: the alphabet of the language, in UTF-8.
//
//   name_end("σx + 1", 0) == 3        // bytes
//   skip_blanks("  # note\n x", 0, false) == 8
//
// Everything works on offsets in bytes and never looks beyond the text. Other functions than
// find_fault expect a text in which it found none.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wengert::grammar {

// What makes a text unreadable before its grammar is looked at.
struct Fault {
  std::size_t at = 0;
  enum class What : std::uint8_t { nul, not_utf8 } what = What::nul;
};
std::optional<Fault> find_fault(std::string_view text);

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};
Character character_at(std::string_view text, std::size_t offset);

// Where the name that begins at the offset ends; the offset itself if none begins there. A name begins with a letter
// or `_` and goes on with letters, the marks that belong to them, digits, subscript digits and `_`.
std::size_t name_end(std::string_view text, std::size_t offset);
bool continues_name(std::string_view text, std::size_t offset);

// Past blanks and comments, and past line ends too if asked for.
std::size_t skip_blanks(std::string_view text, std::size_t offset, bool over_lines);

// Canonical composition (NFC): names that look alike because they are written with different marks are one name.
std::string composed(std::string_view name);

}  // namespace wengert::grammar
