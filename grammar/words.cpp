#include "words.hpp"

#include <algorithm>
#include <array>

#include "characters.hpp"
#include "numbers.hpp"

namespace wengert::grammar {

namespace {

struct Reserved {
  std::string_view word;
  std::string_view help;
};

constexpr std::array<Reserved, 11> reserved_words{{
    {"input", "it begins a statement: input x, W[3,2]"},
    {"const", "it begins a statement: const k = 8.314"},
    {"function", "it begins a statement: function u, v; a function with a formula is written f(u) = u^2"},
    {"repeat", "it begins a statement: repeat 100 { w := w - 0.1*w }"},
    {"for", "it stands in a list, [i^2 for i in 1..n]; statements are repeated with repeat n { ... }"},
    {"in", "it gives an index its range: sum(i in 1..n, x[i])"},
    {"end", "it is the last position in an index: x[end]"},
    {"and", "it stands between two conditions: a < b and b < c"},
    {"or", "it stands between two conditions: a < b or b < c"},
    {"not", "it stands before a condition: not a < b"},
    {"if", "it is written like a function: if(x > 0, x, 0)"},
}};

const Reserved* find(std::string_view word) {
  if (word.size() < 2 || word.size() > 8) return nullptr;
  const auto found = std::find_if(reserved_words.begin(), reserved_words.end(),
                                  [&](const Reserved& entry) { return entry.word == word; });
  return found == reserved_words.end() ? nullptr : &*found;
}

}  // namespace

bool is_reserved(std::string_view word) { return find(word) != nullptr; }

std::string reserved_message(std::string_view word) { return "`" + std::string(word) + "` is a reserved word"; }

std::string reserved_help(std::string_view word) {
  const Reserved* entry = find(word);
  return entry ? std::string(entry->help) : std::string();
}

bool runs_over_an_index(std::string_view function) {
  static constexpr std::array<std::string_view, 5> names{"sum", "prod", "mean", "max", "min"};
  return std::find(names.begin(), names.end(), function) != names.end();
}

std::string_view operand_after(std::string_view text, std::size_t offset) {
  const std::size_t begin = skip_blanks(text, offset, false);
  const std::size_t end = std::max(name_end(text, begin), number_end(text, begin));
  if (end == begin || end - begin > 40) return "...";
  if (end < text.size() && (text[end] == '(' || text[end] == '[')) return "...";
  return text.substr(begin, end - begin);
}

}  // namespace wengert::grammar
