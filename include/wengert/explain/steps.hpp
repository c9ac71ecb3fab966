// A derivation as a person writes it: one named rule a line.
//
//   const Derivation d = derive(y, x);
//   d.lines[1].rule                        // "product rule"
//   std::cout << derivation_text(d);
//
// Nothing is differentiated a second time: the forward sweep over expressions runs once, an operation's
// tangent being kept as what its rule says of derivatives that are still to be taken, diff(u, x); a line puts
// one of these rules in. The lines of simplification are the rewrites that `simplify` tells of. By an array
// the lines are differentials, d(x'*A*x), and the last two read the gradient (or Jacobian) off, which is the
// reverse sweep's. All lines have the same value; the last is what simplifying the derivative gives.
// Quadratic in the operations that vary with x; of a program with many the first rules are told, then how many are
// left out, and the end: linear in the operations times the lines told.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/core/expr.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"

namespace wengert {

struct DerivationLine {
  enum class Kind : std::uint8_t { question, rule, rewrite, reading, gap };
  Kind kind = Kind::question;
  std::string rule;         // that led here: "product rule", "like terms"
  bool chain = false;       // the argument is an inner function
  std::string inner;        // that function, as text; empty without one
  std::string parts;        // "u = x^2, v = sin(x)", where the rule has two
  std::string condition;    // under which a rewrite holds; empty if always
  Expr expression;          // the whole line
  NodeId before = no_node;  // the part of the line above that was changed, and what became of it
  NodeId after = no_node;
  Span span;  // of the operation that was differentiated
};

struct Derivation {
  std::vector<DerivationLine> lines;  // the first is the question
  std::string by;
  bool differentials = false;
  bool by_name = false;        // the program is long: lines before the last name its definitions
  std::size_t left_out = 0;    // rules that are not told: the program has too many operations
  PendingDerivatives pending;  // inputs of the lines that stand for derivatives still to be taken
  // The derivatives that they stand for; of the differential dx, nothing. Empty where rules are left out.
  std::vector<std::pair<NodeId, Expr>> meanings;
};

struct DerivationOptions {
  std::size_t operations = 200;  // that vary with x; where there are more, rules are left out
  std::size_t lines = 40;        // rules told then
  KnownSums known;               // of constants: what follows from them are lines of their own, at the end
};

// dy/dx; x is an input.
Result<Derivation> derive(const Expr& y, const Expr& x, const DerivationOptions& options = {});

// One line of a derivation, written: the part that the next line changes is marked.
struct WrittenLine {
  std::vector<std::pair<std::string, std::string>> definitions;
  std::string expression;
  std::vector<std::pair<std::size_t, std::size_t>>
      marks;  // first column and length in `expression`, in characters from 0
};
WrittenLine written_line(const Derivation& d, std::size_t line);
// The same as LaTeX; the marked part is underlined.
std::string latex_line(const Derivation& d, std::size_t line);
// The same as contents of <math> elements; the marked part is an mrow of the class "changed".
struct MathmlLine {
  std::vector<std::pair<std::string, std::string>> definitions;
  std::string expression;
};
MathmlLine mathml_line(const Derivation& d, std::size_t line);
// "chain rule with the exponential rule, inner function u = x*z"
std::string reason(const DerivationLine& line);

// The first `steps` rules and their lines, for the terminal; all without a number.
std::string derivation_text(const Derivation& d, std::size_t steps = ~std::size_t{0});
// An align* environment.
std::string derivation_latex(const Derivation& d, std::size_t steps = ~std::size_t{0});

}  // namespace wengert
