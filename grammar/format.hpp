// A program in its canonical layout.
//
//   format(*parse(sources, source), sources)
//   // "y=exp( x*z )+(x*z)/log(x)"  becomes  "y = exp(x*z) + x*z/log(x)\n"
//
// One statement a line; blanks around + - = and comparisons, none around * / ^; only the brackets that are needed to
// read back the same tree; the bodies of repeats indented by two. Comments, `;` and single blank lines are kept; a
// comment inside a statement moves above it. Numbers stay as they were written, names are in NFC. Formatting twice
// changes nothing more. Linear in the length of the text, and without recursion over expressions.
#pragma once
#include <string>

#include "ast.hpp"
#include "wengert/core/source.hpp"

namespace wengert {

std::string format(const ast::Tree& tree, const Sources& sources);

// One expression of the tree, in the same layout.
std::string format(const ast::Tree& tree, const Sources& sources, ast::Id expression);

}  // namespace wengert
