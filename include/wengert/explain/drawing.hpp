// A traced program as a picture: its operations in layers from the inputs to the output, with values,
// tangents and adjoints in the boxes and local partials on the arrows.
//
//   const Drawing d = draw(trace(problem, point));
//   std::ofstream("quiz.svg") << to_svg(d);          // or to_dot, to_tikz
//
// One layout serves all pictures: longest paths give the layers, medians of neighbours the order in them.
// Large programs collapse: structure that repeats, such as 60 equal layers, is one box with the operations of
// one copy; then operations without a name of their own are taken into the definition that uses them, and where that
// is not enough, boxes in the middle into one. Linear but for the ordering, which
// is layers times arrows.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "wengert/explain/trace.hpp"

namespace wengert {

struct DrawnBox {
  enum class Kind : std::uint8_t { input, constant, operation, definition, output, collapsed, repeated };
  Kind kind = Kind::operation;
  std::string name;                // of the trace's row
  std::string title;               // "a = x*z"
  std::vector<std::string> lines;  // numbers: "6", "d/dx 3", "adjoint 404.854"
  std::vector<std::size_t> rows;   // of the trace: one, or those taken in
  std::size_t times = 1;           // copies of the operations in it
  std::size_t layer = 0;
  double x = 0, y = 0;  // the middle
  double width = 0, height = 0;
};

struct DrawnArrow {
  std::size_t from = 0, to = 0;
  std::string label;                              // the local partial
  std::vector<std::pair<double, double>> points;  // from box to box
};

struct Drawing {
  std::vector<DrawnBox> boxes;
  std::vector<DrawnArrow> arrows;
  std::vector<std::vector<std::size_t>> trails;  // arrows of a way through the graph, each drawn in its colour
  double width = 0, height = 0;
  std::string description;  // in words, for who cannot see it
};

struct DrawingOptions {
  bool numbers = true;  // values, tangents, adjoints, partials; otherwise the structure alone
  std::string focus;    // a row's name: what it depends on and what depends on it, up to `reach` arrows away
  std::size_t reach = 2;
  std::size_t most = 60;  // boxes, before the program collapses
  std::size_t unfolded = static_cast<std::size_t>(-1);  // boxes, before what repeats is folded; at most `most`
  int digits = 6;         // of every number
};

Drawing draw(const Trace& trace, const DrawingOptions& options = {});

enum class Theme : std::uint8_t { automatic, light, dark };
// A complete file; the elements of box k have the class "box" and the id "box-k", its arrows "arrow-j".
std::string to_svg(const Drawing& drawing, Theme theme = Theme::automatic);
std::string to_dot(const Drawing& drawing);
// For the terminal: every box with its numbers and the arrows that leave it.
std::string to_text(const Drawing& drawing, std::size_t width = 100);
// A tikzpicture.
std::string to_tikz(const Drawing& drawing);

// A number as pictures have it: in few digits, or fewer if those read back.
std::string brief(double x, int digits = 6);

}  // namespace wengert
