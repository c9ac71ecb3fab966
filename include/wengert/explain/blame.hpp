// Where a NaN or an infinity was born: in the value, or in the derivatives of any mode.
//
//   for (const Origin& o : blame(problem, point).origins)
//     print(o.message, o.help);        "log of 0 is -inf: a pole"  "xlogy(a, b) is a*log(b) with 0*log(0) = 0"
//
// The origin is the first operation, in the order in which the sweep runs, that makes a NaN or an
// infinity of finite operands, and from which the one that came out is reached: elements that no chosen
// branch leads to are never blamed. One evaluation, and one sweep for each output or input that is not finite.
#pragma once
#include <string>
#include <vector>

#include "wengert/core/source.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert {

struct Origin {
  bool in_value = true;               // born in the value's evaluation; else in a derivative's sweep
  std::string result;                 // what is not finite: "the value", "the derivative by x", "..., element 3"
  double came_out = 0;                // NaN or an infinity
  std::vector<Mode> modes;            // whose derivative it is; empty where only the value was looked at
  NodeId node = no_node;
  Span span;
  std::string operation;              // the row's name: "log"; "input" where it was given so, "constant"
  std::string text;                   // the node as text, shortened
  std::vector<double> operands;       // of the operation at that element
  double made = 0;                    // what it made of them; in a sweep, the local partial or the product
  std::string message;                // "log of 0 is -inf: a pole"
  std::string help;                   // a repair, where one is known
  std::size_t element = 0;            // by rows from 0
};

struct Blame {
  std::vector<Origin> origins;        // the value's first, then the derivatives' in the order of wrt; each node once
  std::vector<std::string> skipped;   // modes without an answer here, and why
};

// wrt may be empty: then only the value is looked at.
Blame blame(const Problem& problem, const Point& point, const std::vector<Mode>& modes = {std::begin(all_modes), std::end(all_modes)});

// For a terminal, at most 100 columns; says so if everything is finite.
std::string blame_text(const Blame& found, const Sources& sources);

}  // namespace wengert
