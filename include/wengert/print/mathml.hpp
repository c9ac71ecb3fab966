// An expression as presentation MathML, which browsers typeset themselves.
//
//   mathml(x^2/(x + 1))       "<math><mfrac>...</mfrac></math>"
//
// The same walk as the text's and LaTeX's: few brackets, signs as a person writes them, shared parts named.
#pragma once
#include <string>

#include "wengert/print/text.hpp"

namespace wengert {

// The content of a <math> element: definitions in order, then the expression.
Text to_mathml(const Expr& e, const TextOptions& options = {});
// A whole <math> element; definitions are rows above the expression.
std::string mathml(const Expr& e, const TextOptions& options = {});
// A name: x1 has a subscript, alpha is the letter.
std::string mathml_name(const std::string& name);
// Text with &, <, > and " written as entities.
std::string escaped_xml(const std::string& text);

}  // namespace wengert
