// What gradcheck found, for a terminal and a spreadsheet.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "inspection.hpp"
#include "wengert/explain/gradcheck.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

constexpr std::size_t most_rows = 12;
constexpr double lowest = 1e-17;  // of the drawn curve's error

std::string padded(std::string s, std::size_t width) {
  s.resize(std::max(s.size(), width), ' ');
  return s;
}
std::string short_number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return text;
}
// The error's decade as a bar: the V lies on its side.
std::string bar(double error) {
  if (std::isnan(error)) return "no number";
  const double decades = std::log10(std::max(error, lowest) / lowest);
  return std::string(static_cast<std::size_t>(std::clamp(decades, 0.0, 20.0)), '*');
}

}  // namespace

std::string_view to_string(Wrong wrong) {
  constexpr std::string_view names[] = {"nobody", "supplied", "numeric", "kink", "rounding", "undefined"};
  return names[static_cast<std::size_t>(wrong)];
}

std::string gradcheck_text(const GradCheck& c) {
  std::string out = explain::wrapped((c.right ? "Right: " : "Wrong: ") + c.verdict + ".", 98, 2) + "\n";
  if (c.inputs.empty()) return out;
  out += "\n" + padded("", 14) + padded("gradient", 24) + padded("300 digits", 24) + padded("differences", 14) + padded("noise", 10) + "slope\n";
  for (std::size_t k = 0; k < std::min(most_rows, c.inputs.size()); ++k) {
    const InputCheck& r = c.inputs[k];
    out += padded(r.name, 13) + " " + padded(shortest(r.supplied), 23) + " " + padded(shortest(r.truth), 23) + " " +
           padded(short_number(r.finite), 13) + " " + padded(short_number(r.noise), 9) + " " + (r.slope ? short_number(*r.slope) : "-") + "\n";
  }
  if (c.inputs.size() > most_rows) out += "... and " + std::to_string(c.inputs.size() - most_rows) + " more\n";
  if (c.curve.empty()) return out;
  out += "\nError of differences by " + c.inputs[0].name + " against their step h; the best central step is about " + short_number(c.inputs[0].best_h) + "\n";
  out += padded("h", 11) + padded("one-sided", 11) + padded("central", 11) + "central, a star a decade from 1e-17\n";
  for (std::size_t k = 0; k < c.curve.size(); k += 2) {
    const CurvePoint& p = c.curve[k];
    out += padded(short_number(p.h), 11) + padded(short_number(p.one_sided), 11) + padded(short_number(p.central), 11) + bar(p.central) + "\n";
  }
  return out;
}

std::string curve_csv(const std::vector<CurvePoint>& curve) {
  std::string out = "h,one_sided,central\n";
  for (const CurvePoint& p : curve) out += shortest(p.h) + "," + shortest(p.one_sided) + "," + shortest(p.central) + "\n";
  return out;
}

}  // namespace wengert
