// A chart of curves over logarithmic axes, as a picture in SVG.
//
//   log_chart({"error against h", "h", "relative error", {{"central", {{1e-2, 1e-4}, {1e-3, 1e-6}}}}})
//
// Points whose coordinates are not positive and finite break the curve. No scripts, no fonts from elsewhere.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace wengert::app {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

struct Chart {
  std::string title, across, up;  // the axes' names
  std::vector<Curve> curves;      // at most four
};

std::string log_chart(const Chart& chart);

}  // namespace wengert::app
