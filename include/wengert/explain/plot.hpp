// Figures from evaluations: a curve with its derivative, a surface as contours, a loss over steps, data.
//
//   Figure f = curve({&g, y.id, {x.id}}, x.id, {-4, 4}, point);
//   to_svg(f), to_csv(f)
//
// Numbers are the engine's own: values and the derivative by the reverse mode at every sample. Curves break
// where there is no finite value. Linear in the samples.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "wengert/explain/drawing.hpp"
#include "wengert/modes/repeated.hpp"

namespace wengert {

struct Interval {
  double low = -5, high = 5;
};

struct FigureCurve {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

// The lines on which a surface has one value.
struct FigureContour {
  double level = 0;
  std::vector<std::pair<std::pair<double, double>, std::pair<double, double>>> segments;
};

struct FigureDots {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

struct Figure {
  std::string title, across, up;
  std::vector<FigureCurve> curves;
  std::vector<FigureContour> contours;
  std::vector<FigureDots> dots;
  bool logarithmic = false;                     // the axis upwards
  Interval range_across{0, 0}, range_up{0, 0};  // equal ends: what the data needs
  // Of a surface, for CSV: the samples by rows.
  std::vector<std::pair<std::pair<double, double>, double>> grid;
};

// A scalar over one scalar input, with its derivative. The point has all other values.
Figure curve(const Problem& problem, NodeId x, Interval range, const Point& point, std::size_t samples = 401,
             Engine engine = Engine::automatic);
// A scalar over two: contours at these levels, or at ten between its least and greatest value.
Figure surface(const Problem& problem, NodeId x, Interval across, NodeId z, Interval up, const Point& point,
               std::vector<double> levels = {}, std::size_t samples = 61, Engine engine = Engine::automatic);

std::string to_svg(const Figure& figure, Theme theme = Theme::automatic);
// A tikzpicture.
std::string to_tikz(const Figure& figure);
// The samples: "x,y,dy/dx", "x,z,value" or a column a curve.
std::string to_csv(const Figure& figure);

}  // namespace wengert
