#include "characters.hpp"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace wengert::grammar {

namespace {

enum Class : std::uint8_t { other, letter, digit, blank, beyond };  // beyond ASCII

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
      table[c] = letter;
    else if (c >= '0' && c <= '9')
      table[c] = digit;
    else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v')
      table[c] = blank;
    else if (c >= 0x80)
      table[c] = beyond;
  }
  return table;
}
constexpr std::array<Class, 256> classes = make_classes();

Class class_at(std::string_view text, std::size_t offset) { return classes[static_cast<unsigned char>(text[offset])]; }

bool is_letter(char32_t code) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return true;
    default:
      return false;
  }
}

// Marks follow their letter; subscript digits are how people write x₁ on paper.
bool is_name_part(char32_t code) {
  if (code >= 0x2080 && code <= 0x2089) return true;
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || is_letter(code);
}

// No-break spaces and their kin come along when text is pasted; a byte-order mark, when a file comes from an editor.
bool is_blank(char32_t code, std::size_t offset) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code)) == UTF8PROC_CATEGORY_ZS ||
         (code == 0xfeff && offset == 0);
}

bool all_ascii(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080u) == 0;
}

}  // namespace

std::optional<Fault> find_fault(std::string_view text) {
  const std::size_t nul = text.find('\0');
  const std::size_t stop = std::min(nul, text.size());
  for (std::size_t i = 0; i < stop;) {
    if (i + 8 <= stop && all_ascii(text.data() + i)) {
      i += 8;
    } else if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
    } else {
      utf8proc_int32_t code = 0;
      const auto left = static_cast<utf8proc_ssize_t>(stop - i);
      const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + i, left, &code);
      if (length < 1) return Fault{i, Fault::What::not_utf8};
      i += static_cast<std::size_t>(length);
    }
  }
  if (nul != std::string_view::npos) return Fault{nul, Fault::What::nul};
  return std::nullopt;
}

Character character_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return {0, 0};
  utf8proc_int32_t code = 0;
  const auto left = static_cast<utf8proc_ssize_t>(text.size() - offset);
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + offset, left, &code);
  if (length < 1) return {0xfffd, 1};
  return {static_cast<char32_t>(code), static_cast<std::size_t>(length)};
}

std::size_t name_end(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return offset;
  const Class first = class_at(text, offset);
  if (first == beyond) {
    const Character c = character_at(text, offset);
    if (!is_letter(c.code)) return offset;
    offset += c.bytes;
  } else if (first == letter) {
    ++offset;
  } else {
    return offset;
  }
  while (offset < text.size()) {
    const Class next = class_at(text, offset);
    if (next == letter || next == digit) {
      ++offset;
    } else if (next == beyond) {
      const Character c = character_at(text, offset);
      if (!is_name_part(c.code)) break;
      offset += c.bytes;
    } else {
      break;
    }
  }
  return offset;
}

bool continues_name(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return false;
  const Class next = class_at(text, offset);
  return next == letter || next == digit || (next == beyond && is_name_part(character_at(text, offset).code));
}

std::size_t skip_blanks(std::string_view text, std::size_t offset, bool over_lines) {
  while (offset < text.size()) {
    const char c = text[offset];
    const Class next = class_at(text, offset);
    if (next == blank || (c == '\n' && over_lines)) {
      ++offset;
    } else if (c == '#') {
      offset = std::min(text.find('\n', offset), text.size());
    } else if (next == beyond) {
      const Character wide = character_at(text, offset);
      if (!is_blank(wide.code, offset)) break;
      offset += wide.bytes;
    } else {
      break;
    }
  }
  return offset;
}

std::string composed(std::string_view name) {
  utf8proc_uint8_t* result = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()),
                   &result, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (length < 0) return std::string(name);
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

}  // namespace wengert::grammar
