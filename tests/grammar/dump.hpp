// A tree written as S-expressions, so that a test is a line of text beside a line of text.
//
//   dump("y = -x^2") == "(= y (neg (^ x 2)))"
//
// Works without recursion over expressions: a test may be a million operators deep.
#pragma once
#include <string>
#include <string_view>

#include "ast.hpp"
#include "parse.hpp"

namespace wengert::test {

std::string dump(const ast::Tree& tree);

// Of a text: its dump, or `line:column message` of the error.
std::string dump(std::string_view text);

}  // namespace wengert::test
