// Digits that rounding loses on the way to a value, where it loses them, and what to write instead.
//
//   Stability s = stability(problem, point);
//   s.digits_lost                      of the value: 8.0 for exp(x) - 1 at 1e-8
//   s.nodes[1].cause, .cure->name      "cancellation", "expm1"
//   Expr better = fix(e);              expm1(x): no worse at random points of the domain, and better at some
//
// Every value of the program is compared with the same program in 50 digits, its inputs and literals being
// the same doubles. A rewrite is taken only if it is equal in hundreds of digits and better when measured. Linear in the program,
// but for measured rewrites, whose work is bounded.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "wengert/core/expr.hpp"
#include "wengert/core/source.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert {

// A named rewrite of one node, measured.
struct Cure {
  std::string name;       // "expm1"
  std::string condition;  // when it holds or helps; empty: always
  NodeId before = no_node, after = no_node;
  std::string before_text, after_text;
  double lost_before = 0, lost_after = 0;  // digits of 16: at the point, or at the sample where it helps most
};

struct NodeStability {
  NodeId node = no_node;
  Span span;
  std::string name;          // "x", "y", "v3"
  std::string text;          // shortened; of the first hundred nodes that lose a digit
  double value = 0;          // of the worst element
  std::string exact;         // in 20 digits
  double digits_lost = 0;    // log10 of the relative error by the rounding of a double; 0 to 16
  double lost_here = 0;      // more than its operands had lost
  std::string cause;         // "cancellation", "absorption", "overflow", "underflow", "amplification"; empty where nothing is lost here
  std::optional<Cure> cure;  // of this node or of a node that it is a part of, better at this point
  std::string hint;          // where no rewrite is known
  std::size_t element = 0;
};

struct Stability {
  std::vector<NodeStability> nodes;  // operations in evaluation order
  double digits_lost = 0;            // of the value, its worst element
  bool overflowed = false;           // the value is infinite where it is not, or a NaN
};

Stability stability(const Problem& problem, const Point& point, int digits = 50);

struct FixOptions {
  int samples = 96;                   // random points that a rewrite must not be worse at
  std::uint64_t seed = 1;
  std::uint64_t work = 20'000'000;    // operations in many digits that measuring may take
  const Point* point = nullptr;       // a point that counts too
};

// The expression with every rewrite that is nowhere worse and somewhere better. cures: what was done.
Expr fix(const Expr& e, const FixOptions& options = {}, std::vector<Cure>* cures = nullptr);

// Names and conditions of all rewrites, for the reference.
struct CureRule {
  std::string_view name, example, condition;
};
std::vector<CureRule> cure_rules();

// For a terminal, at most 100 columns.
std::string stability_text(const Stability& s, const Sources& sources);

}  // namespace wengert
