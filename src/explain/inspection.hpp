// A tape evaluated at a point, for reports: which elements count, and what a node is called.
//
//   Inspection at(problem, point);
//   for (const Instruction& i : at.tape.code())
//     if (at.live[at.place(i.out, 0)]) ...
//
// An element is live if the output depends on it through chosen branches: what only the other branch of
// an `if` depends on is never looked at. Linear in the elements of all values.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "wengert/modes/mode.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::explain {

// Where element e of the result of an elementwise operation finds its operand: a scalar's stays.
inline std::size_t place(const Tape& tape, SlotId s, std::size_t e) { return tape.offset(s) + (tape.shape(s).scalar() ? 0 : e); }

// Calls f(place) for every element that element e of the instruction's result is made from, the branch that was not
// chosen left out.
template <class N, class F>
void each_operand(const NumericFrame<N>& frame, const Instruction& i, std::size_t e, F&& f) {
  const Tape& tape = frame.tape;
  const auto a = tape.arguments(i);
  if (i.op == Op::iota) return;
  if (i.op == op_of<Select>) {
    f(place(tape, a[0], e));
    f(place(tape, a[truth(frame.values.get(place(tape, a[0], e))) ? 1 : 2], e));
  } else if (row_of(i.op).elementwise) {
    for (SlotId s : a) f(place(tape, s, e));
  } else if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) {
    const std::size_t inner = tape.shape(a[0]).cols, columns = tape.shape(i.out).cols;
    for (std::size_t k = 0; k < inner; ++k) {
      f(tape.offset(a[0]) + (e / columns) * inner + k);
      f(tape.offset(a[1]) + k * columns + e % columns);
    }
  } else if (i.op == op_of<Transpose>) {
    const Shape s = tape.shape(i.out);
    f(tape.offset(a[0]) + (e % s.cols) * s.rows + e / s.cols);
  } else if (i.op == op_of<Reshape>) {
    f(tape.offset(a[0]) + e);
  } else if (i.op == op_of<Part>) {
    const Slice& s = tape.slices(i)[0];
    f(tape.offset(a[0]) + (s.row + e / s.shape.cols) * tape.shape(a[0]).cols + s.col + e % s.shape.cols);
  } else if (i.op == op_of<Place>) {
    const auto slices = tape.slices(i);
    const std::size_t r = e / tape.shape(i.out).cols, c = e % tape.shape(i.out).cols;
    for (std::size_t j = 0; j < a.size(); ++j) {
      const Slice& s = slices[j];
      if (r >= s.row && r < s.row + s.shape.rows && c >= s.col && c < s.col + s.shape.cols)
        f(tape.offset(a[j]) + (r - s.row) * s.shape.cols + c - s.col);
    }
  } else {
    for (SlotId s : a)
      for (std::size_t k = 0; k < tape.shape(s).size(); ++k) f(tape.offset(s) + k);
  }
}

// Whether each_operand gives every operand for every element of the result.
inline bool mixes(Op op) {
  return op != Op::iota && !row_of(op).elementwise && op != op_of<MatMul> && op != op_of<StrongMatMul> && op != op_of<Transpose> &&
         op != op_of<Reshape> && op != op_of<Part> && op != op_of<Place>;
}

template <class N>
std::vector<bool> live_elements(const NumericFrame<N>& frame) {
  const Tape& tape = frame.tape;
  std::vector<bool> live(tape.elements(), false);
  const SlotId output = tape.outputs()[0];
  for (std::size_t e = 0; e < tape.shape(output).size(); ++e) live[tape.offset(output) + e] = true;
  const auto code = tape.code();
  for (std::size_t k = code.size(); k-- > 0;) {
    const Instruction& i = code[k];
    for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e)
      if (live[tape.offset(i.out) + e]) {
        each_operand(frame, i, e, [&](std::size_t at) { live[at] = true; });
        if (mixes(i.op)) break;
      }
  }
  return live;
}

// The inputs' values, each number made from a double; inputs without a value stay 0.
template <class N, class Make>
void give_inputs(NumericFrame<N>& f, const Point& point, Make&& make) {
  for (const Tape::Given& g : f.tape.inputs())
    if (const auto it = point.find(g.node); it != point.end())
      for (std::size_t e = 0; e < std::min<std::size_t>(it->second.size(), f.tape.shape(g.slot).size()); ++e)
        f.values.set(f.tape.offset(g.slot) + e, make(it->second[e]));
}

struct Inspection {
  Inspection(const Problem& p, const Point& point, Keep keep = Keep::everything);
  Inspection(const Inspection&) = delete;  // the frame refers to the tape
  Inspection& operator=(const Inspection&) = delete;

  std::size_t place(SlotId s, std::size_t e) const { return explain::place(tape, s, e); }
  double value(SlotId s, std::size_t e) const { return frame.values.get(place(s, e)); }

  Graph& graph;
  Tape tape;
  NumericFrame<double> frame;
  std::vector<bool> live;     // by element
  std::vector<bool> varying;  // by slot: depends on an input at all
};

// "log", "`+`"
std::string title(const Row& row);
// "1, 2"
std::string listed(const double* x, std::size_t n);
// "log of 0 is -inf: a pole": what an elementwise operation made of finite operands.
std::string what_happened(Op op, const Row& row, const double* x, std::size_t n, double y);
// The names of a tape's values: an input's, a definition's, else v1, v2, ... in evaluation order; constants have none.
std::vector<std::string> value_names(const Graph& graph, const Tape& tape);
// A node's text in at most so many characters.
std::string brief(Graph& graph, NodeId node, std::size_t most);
// "line 1, column 3"; empty where the span is unknown.
std::string located(const Sources& sources, const Span& span);
// The source line with a mark below the span, as diagnostics show it; empty where the span is unknown.
std::string marked_line(const Sources& sources, const Span& span);
// Text broken at blanks so that no line is longer than `width`, later lines indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace wengert::explain
