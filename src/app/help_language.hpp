// Help on words of the language that no row of the table of primitives describes.
#pragma once
#include <span>
#include <string_view>

namespace wengert::app {

struct LanguageWord {
  std::string_view name;
  std::string_view form;
  std::string_view help;
};

std::span<const LanguageWord> language_words();

}  // namespace wengert::app
