// Number literals: 1, 2.5, .5, 1e-3.
//
//   number_end("1..n", 0) == 1      // a digit follows a decimal point, so `..` is a range
//   read_number("0.1")->value == 0.1  // the nearest double
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "ast.hpp"

namespace wengert::grammar {

// Where the literal that begins at the offset ends; the offset itself if none begins there.
std::size_t number_end(std::string_view text, std::size_t offset);

// The value of a literal, correctly rounded; nothing if it is beyond the doubles, or not zero and nearer to zero than
// any of them.
std::optional<ast::Number> read_number(std::string_view literal);

}  // namespace wengert::grammar
