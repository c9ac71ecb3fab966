// Whether a prompt should ask for another line.
#include <algorithm>
#include <string>
#include <string_view>

#include "characters.hpp"
#include "numbers.hpp"
#include "operators.hpp"
#include "parse.hpp"

namespace wengert {

namespace {

using namespace grammar;

// The length of the operator that begins here; 0 if none does.
std::size_t operator_length(std::string_view text, std::size_t offset) {
  std::size_t longest = 0;
  for (const BinaryOperator& entry : binary_operators)
    if (text.substr(offset, entry.text.size()) == entry.text) longest = std::max(longest, entry.text.size());
  return longest;
}

}  // namespace

bool continues(std::string_view text) {
  if (find_fault(text)) return false;
  std::string open;    // brackets, the innermost last
  bool hangs = false;  // the last token wants another one
  for (std::size_t i = skip_blanks(text, 0, false); i < text.size(); i = skip_blanks(text, i, false)) {
    const std::size_t name = name_end(text, i);
    const std::size_t number = number_end(text, i);
    if (name > i) {
      const std::string_view word = text.substr(i, name - i);
      hangs = word == "and" || word == "or" || word == "not";
      i = name;
    } else if (number > i) {
      hangs = false;
      i = number;
    } else if (const std::size_t length = operator_length(text, i); length > 0) {
      hangs = true;
      i += length;
    } else if (text[i] == '\n') {
      ++i;  // a line that hangs still does after blank lines
    } else {
      const char c = text[i];
      if (c == '(' || c == '[' || c == '{') open += c;
      if (c == ')' || c == ']' || c == '}') {
        const char partner = c == ')' ? '(' : c == ']' ? '[' : '{';
        if (open.empty() || open.back() != partner) return false;  // another line cannot mend this
        open.pop_back();
      }
      hangs = c == ',';
      i += std::max<std::size_t>(character_at(text, i).bytes, 1);
    }
  }
  return !open.empty() || hangs;
}

}  // namespace wengert
