// Kinks and jumps that a point sits on, or nearly does.
//
//   for (const KinkReport& k : kinks(problem, point, 1e-9))
//     print(k.name, k.left, k.right, k.convention);       relu 0 1 "relu'(0) = 0"
//   kinks_text(kinks(problem, point), sources)            the same for a terminal
//
// Where an operation has a kink is asked of its row; the slopes on both sides are the row's own partials
// just beside the kink. Only elements that the output depends on through chosen branches count. Linear in the program.
#pragma once
#include <string>
#include <vector>

#include "wengert/core/source.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert {

struct KinkReport {
  NodeId node = no_node;
  Span span;
  std::string name;                // "relu", "max", "<"
  std::string text;                // the node as text, shortened
  std::vector<double> arguments;   // of the operation, at this element; of an array operation, the element that varies
  std::size_t argument = 0;        // which of them the slopes are by (of an array operation: which element)
  double at = 0;                   // where the kink is, along that argument
  bool exact = true;               // the point is on it; else within the tolerance
  double left = 0, right = 0;      // slopes of the operation along that argument
  double used = 0;                 // the slope that every mode takes at the point itself
  bool jump = false;               // the value itself jumps
  double value_left = 0, value_right = 0;
  std::string convention;          // "relu'(0) = 0"
  std::string note;                // what the branches of an `if` do there
  std::size_t element = 0;         // the first such element of the node, by rows from 0
  std::size_t elements = 1;        // how many of its elements are so
};

// One report a node, in evaluation order. tolerance: the distance along an argument, relative to the larger of 1
// and the numbers that the argument was added up from; 0 reports only points that are on a kink.
std::vector<KinkReport> kinks(const Problem& problem, const Point& point, double tolerance = 1e-9);

// For a terminal, at most 100 columns; says so if there are none.
std::string kinks_text(const std::vector<KinkReport>& found, const Sources& sources);

}  // namespace wengert
