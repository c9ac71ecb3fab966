// What people write in other languages or paste from a page, and how it is written here.
//
//   strange("×")->help == "write *"
//   habit("print")     == "an expression alone prints its value"
//
// Data only; the places where it is used are in complaints.cpp.
#pragma once
#include <string_view>

namespace wengert::grammar {

struct Advice {
  std::string_view token;
  std::string_view help;
};

// The longest token of the table with which the text begins, none of which has a meaning in the language.
const Advice* strange(std::string_view text);

// A word of other languages that stands before another word, such as `let x`; empty if it is not one.
std::string_view habit(std::string_view word);

// Two operators in a row that are one in other languages: the end of what was read, and what stands behind it.
std::string_view misspelt_operator(std::string_view before, std::string_view after);

}  // namespace wengert::grammar
