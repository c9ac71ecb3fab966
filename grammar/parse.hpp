// Text to syntax tree. The only door to the grammar: nothing above sees Spirit.
//
//   Sources sources;
//   auto source = sources.add("", "y = exp(x*z)\ny");
//   Result<ast::Tree> tree = parse(sources, source);
//
// Linear in the length of the text. Brackets nest to `limits.brackets` (the parser's only
// recursion); prefix operators, `^` chains and sums of any length do not recurse.
#pragma once
#include <cstdint>

#include "ast.hpp"
#include "wengert/core/diagnostic.hpp"
#include "wengert/core/source.hpp"

namespace wengert {

struct ParseLimits {
  std::uint32_t brackets = 1000;  // open at once
};

Result<ast::Tree> parse(const Sources& sources, std::uint32_t source, const ParseLimits& limits = {});

// True if the text is the beginning of a longer one: a bracket or a brace is open, or the last line
// ends in a binary operator or a comma. A prompt asks for another line then.
bool continues(std::string_view text);

}  // namespace wengert
