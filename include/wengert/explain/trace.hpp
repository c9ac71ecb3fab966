// The evaluation trace: a program as the table that a lecture draws, one row an operation.
//
//   const Trace t = trace({&g, y.id, {x.id, z.id}}, {{x.id, {2}}, {z.id, {3}}});
//   t.rows[2].name, .operation, .value      // "a", "x*z", 6
//   t.rows[2].tangents[0]                   // da/dx, from the one forward sweep
//   t.rows[2].adjoint, .contributions       // dy/da, and each `+=` of the one reverse sweep
//   std::cout << trace_text(t);
//
// The sweeps that compute are watched: every number was made by a row's kernel, an adjoint is the sweep's
// own to the last bit, and a contribution is what the kernel added. Linear in the program, times the
// number of seeds.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "wengert/modes/mode.hpp"

namespace wengert {

// What one `+=` of the reverse sweep added to the adjoint of a row.
struct TraceContribution {
  std::size_t from = 0;        // the row that was pulled
  std::size_t argument = 0;    // as which of its arguments
  std::vector<double> amount;  // shaped like the receiving row
};

// The Jacobian of a row by one of its arguments: elements of the row by elements of the argument.
struct TracePartial {
  Shape shape;
  bool varies = false;          // false: not differentiated by, or locally constant; then no entries
  bool diagonal = false;        // element k depends on element k alone: entries are the diagonal
  std::vector<double> entries;  // by rows; none where there are more than the limit
  std::vector<bool> structure;  // which entries may differ from 0; empty: all
  std::string formula;          // in terms of the rows' names, where asked for: "cos(b)"

  bool complete() const { return !varies || !entries.empty(); }
};

struct TraceRow {
  std::string name;               // of the definition or the input, else v1, v2, ... in evaluation order
  std::vector<std::string> also;  // further definitions of the same value
  bool defined = false;           // the name is a definition's
  std::string operation;          // in terms of the rows' names: "x*z"; of an input, its name
  Op op = Op::input;              // the last operation of the row
  NodeId node = no_node;
  Span span;
  std::vector<std::size_t> arguments;  // rows in the order of reading; constants are left out
  std::vector<TracePartial> partials;  // parallel to arguments
  Shape shape;
  std::vector<double> value;
  std::vector<std::vector<double>> tangents;     // parallel to Trace::seeds; empty if they were left out
  bool active = false;                           // varies with what one differentiates by
  std::vector<double> adjoint;                   // empty unless active
  std::vector<TraceContribution> contributions;  // in the order of the sweep
};

// A scalar that one differentiates by: an element of an input.
struct TraceSeed {
  std::string name;  // "x", "w[2]", "W[1,2]"
  std::size_t row = 0;
  std::size_t element = 0;
};

struct Trace {
  std::vector<TraceRow> rows;  // inputs first, then operations in evaluation order
  std::vector<TraceSeed> seeds;
  std::size_t output = 0;         // a row
  std::vector<double> cotangent;  // what the reverse sweep began with, shaped like the output
  bool tangents = true;           // false: left out, there would be more than the limit of numbers
};

struct TraceOptions {
  std::size_t element = 0;        // of an array output: the one whose adjoints are shown
  std::vector<double> cotangent;  // instead, shaped like the output
  // Further names of nodes: two definitions with equal right sides are one node.
  std::vector<std::pair<NodeId, std::string>> names;
  bool sums_in_one_row = true;            // y = d + e + f is one row, as people write it
  bool formulas = false;                  // of the partials
  std::size_t tangent_limit = 1'000'000;  // numbers in all tangents together
  std::size_t entry_limit = 4096;         // entries of one partial
};

// Throws std::invalid_argument where an input has no value or a value of another shape.
Trace trace(const Problem& problem, const Point& point, const TraceOptions& options = {});

// "a = x*z"; of an input, "x"; with several names "a = b = x*z".
std::string equation(const TraceRow& row);
// "w[2]", "W[1,2]"; of a scalar, the name.
std::string element_name(const std::string& name, Shape shape, std::size_t element);

// For the terminal: values and tangents, local partials, adjoints; no line is longer than `width`.
struct TraceText {
  std::size_t width = 100;
  std::size_t columns = 24;  // of tangents, at most
  bool partials = true;
  int digits = 0;  // of every number; 0: the fewest that read back
};
std::string trace_text(const Trace& trace, const TraceText& options = {});
// A tabular: operation, value, tangents, adjoint and what was added to it.
std::string trace_latex(const Trace& trace, const TraceText& options = {});

}  // namespace wengert
