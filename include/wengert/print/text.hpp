// An expression as text of the language.
//
//   to_text(x^2*z)                    "x^2*z"
//   parse(to_text(e)) is e            (strong products read back as ordinary ones)
//
// As a person writes it: `1 - x`, `3*x^2`, few brackets. Large shared parts are named lines before
// the expression, not copied. Iterative over the expression's depth.
#pragma once
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "wengert/core/expr.hpp"

namespace wengert {

// A derivative that is still to be taken, which an input of the expression stands for: written diff(of, by),
// or, where `by` is empty, as the differential d(of).
struct PendingDerivative {
  NodeId of = no_node;  // older than the input that stands for it
  std::string by;
};
using PendingDerivatives = std::unordered_map<NodeId, PendingDerivative>;

// What encloses a marked part in what is written.
inline constexpr char mark_begin = '\x01', mark_end = '\x02';

struct TextOptions {
  bool share = true;             // name shared parts that are large (else everything is written out)
  std::size_t share_above = 6;   // nodes a shared part must have to get a name
  std::size_t share_whole_above = 40;  // nodes an expression must have, written out, before anything in it gets one
  bool definitions = false;      // the program's definitions by their names, however often they are used
  std::size_t limit = 1u << 20;  // characters; what is longer is cut with "..."
  const PendingDerivatives* pending = nullptr;
  const std::unordered_set<NodeId>* marked = nullptr;  // nodes to enclose in marks
  bool functions = false;        // that `iterate` runs are defined in the text: it can be read without its program
};

// Definitions in order, then the expression.
struct Text {
  std::vector<std::pair<std::string, std::string>> definitions;
  std::string expression;
  bool cut = false;

  std::string all() const;  // "v1 = ...\nv2 = ...\nexpression"
};

Text to_text(const Expr& e, const TextOptions& options = {});

// Expressions that share their definitions, such as the gradients of one function.
struct SharedTexts {
  std::vector<std::pair<std::string, std::string>> definitions;
  std::vector<std::string> expressions;
  bool cut = false;
};
SharedTexts to_texts(std::span<const Expr> all, const TextOptions& options = {});

// A number in the fewest digits that read back; "nan", "inf", "-inf".
std::string shortest(double x);

}  // namespace wengert
