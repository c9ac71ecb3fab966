// A student's answer to "differentiate y by x": right or wrong, and if wrong, which mistake gives it.
//
//   const Checked c = check_answer({.y = y, .x = x, .answer = mine});
//   if (!c.right) std::cout << c.mistake.message;     // "the derivative of the inner function is missing: ..."
//
// Equal is decided by rewriting where the simplifier takes the difference to 0, otherwise by values in 60
// and more digits at random points where both are defined. A wrong answer is compared with the answers that
// known mistakes give: the forward sweep over expressions is run with one operation's rule replaced by a
// mistaken one (or with the same mistake everywhere).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/core/expr.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert {

// As in the JSON interface.
enum class MistakeKind : std::uint8_t {
  inner_factor,
  sign,
  product,
  quotient,
  power_of_exponential,
  power,
  variable,
  layout,
  missing_path,
  unknown,
};
std::string_view to_string(MistakeKind kind);  // "inner-factor"

struct Mistake {
  MistakeKind kind = MistakeKind::unknown;
  std::string message;
  Span span;  // of the operation in y where it was made; unknown if it is nowhere in particular
};

struct Checked {
  bool right = false;
  enum class Decided : std::uint8_t { rewriting, sampling } decided = Decided::rewriting;
  std::size_t points = 0;  // that were compared
  Mistake mistake;         // where wrong
  Expr derivative;         // simplified
  // Where wrong by values: a point, element by element, what the answer has there (first element that differs) and
  // what is right. A point of many numbers is left out.
  std::vector<std::pair<std::string, double>> at;
  std::string element;  // of an array: "[2]", "[1,2]"
  double answered = 0, expected = 0;
};

struct StudentAnswer {
  Expr y, x, answer;         // in one graph; x is an input
  std::vector<Expr> others;  // further inputs that one may have differentiated by instead
  Point point;               // values to try first, where there are any
};

// An error where the answer cannot be compared: no point was found at which both have a value, or y is too large.
Result<Checked> check_answer(const StudentAnswer& question);

}  // namespace wengert
