#include "numbers.hpp"

#include <fast_float/fast_float.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace wengert::grammar {

namespace {

bool digit_at(std::string_view text, std::size_t offset) {
  return offset < text.size() && text[offset] >= '0' && text[offset] <= '9';
}

std::size_t digits_end(std::string_view text, std::size_t offset) {
  while (digit_at(text, offset)) ++offset;
  return offset;
}

// Integers up to 2^53 are doubles; a longer one is if it reads back as it was written.
bool exact_integer(std::string_view digits, double value) {
  if (digits.size() <= 15) return true;
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  char buffer[512];
  const int length = std::snprintf(buffer, sizeof buffer, "%.0f", value);
  return length > 0 && std::string_view(buffer, static_cast<std::size_t>(length)) == digits.substr(first);
}

}  // namespace

std::size_t number_end(std::string_view text, std::size_t offset) {
  std::size_t end = digits_end(text, offset);
  if (end < text.size() && text[end] == '.' && digit_at(text, end + 1)) end = digits_end(text, end + 1);
  if (end == offset) return offset;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool signed_exponent = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
    const std::size_t exponent = end + (signed_exponent ? 2 : 1);
    if (digit_at(text, exponent)) end = digits_end(text, exponent);
  }
  return end;
}

std::optional<ast::Number> read_number(std::string_view literal) {
  ast::Number number;
  fast_float::from_chars(literal.data(), literal.data() + literal.size(), number.value);
  if (std::isinf(number.value)) return std::nullopt;
  bool integer = true;
  bool zero = true;
  for (const char c : literal) {
    if (c == 'e' || c == 'E') {
      integer = false;
      break;
    }
    if (c == '.')
      integer = false;
    else if (c != '0')
      zero = false;
  }
  if (number.value == 0 && !zero) return std::nullopt;
  number.integer = integer && exact_integer(literal, number.value);
  return number;
}

}  // namespace wengert::grammar
