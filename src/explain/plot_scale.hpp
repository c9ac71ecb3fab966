// Where the points of a figure stand between its axes, whatever it is written as.
#pragma once
#include <string>
#include <vector>

#include "wengert/explain/plot.hpp"

namespace wengert::explain {

class FigureScale {
 public:
  explicit FigureScale(const Figure& figure);

  // Whether a height can be drawn.
  bool shown(double y) const;
  // From 0 at the lower end of the axis to 1 at the upper; may be outside.
  double across(double x) const { return (x - across_.low) / (across_.high - across_.low); }
  double up(double y) const { return (height(y) - up_.low) / (up_.high - up_.low); }

  struct Tick {
    double at = 0;  // as above
    std::string label;
  };
  std::vector<Tick> ticks_across() const;
  std::vector<Tick> ticks_up() const;

 private:
  double height(double y) const;
  Interval fitted(bool horizontal) const;

  const Figure& f_;
  Interval across_, up_;
};

}  // namespace wengert::explain
