// An expression as text of the language.
//
//   to_text(x^2*z)                    "x^2*z"
//   parse(to_text(e)) is e            (strong products read back as ordinary ones)
//
// As a person writes it: `1 - x`, `3*x^2`, few brackets. Large shared parts are named lines before
// the expression, not copied. Iterative over the expression's depth.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "wengert/core/expr.hpp"

namespace wengert {

struct TextOptions {
  bool share = true;             // name shared parts that are large (else everything is written out)
  std::size_t share_above = 6;   // nodes a shared part must have to get a name
  std::size_t share_whole_above = 40;  // nodes an expression must have, written out, before anything in it gets one
  std::size_t limit = 1u << 20;  // characters; what is longer is cut with "..."
};

// Definitions in order, then the expression.
struct Text {
  std::vector<std::pair<std::string, std::string>> definitions;
  std::string expression;
  bool cut = false;

  std::string all() const;  // "v1 = ...\nv2 = ...\nexpression"
};

Text to_text(const Expr& e, const TextOptions& options = {});

// A number in the fewest digits that read back; "nan", "inf", "-inf".
std::string shortest(double x);

}  // namespace wengert
