// An expression as LaTeX, for math mode with amsmath.
//
//   latex(x^2/(x + 1))                "\frac{x^{2}}{x + 1}"
//
// The same walk as the text's: few brackets, signs as a person writes them, shared parts named.
#pragma once
#include <string>

#include "wengert/print/text.hpp"

namespace wengert {

// Definitions in order, then the expression.
Text to_latex(const Expr& e, const TextOptions& options = {});
// All in one: the definitions, if there are any, are lines of an `aligned` environment.
std::string latex(const Expr& e, const TextOptions& options = {});
// A name as LaTeX: x1 is x_{1}, alpha is \alpha, rate is \mathrm{rate}.
std::string latex_name(const std::string& name);
// Plain text for LaTeX's text mode: what has a meaning there is escaped.
std::string latex_text(const std::string& text);

}  // namespace wengert
