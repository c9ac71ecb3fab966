// Pieces of SVG that single pictures and whole sheets share.
#pragma once
#include <string>

#include "wengert/explain/drawing.hpp"

namespace wengert::drawing {

// <style> for all that is drawn, in the theme's colours.
std::string svg_style(Theme theme);
// The tip of arrows.
std::string svg_tip();
// Boxes, arrows, labels and trails; ids begin with the prefix.
std::string svg_content(const Drawing& d, const std::string& prefix = {});

// Colours that trails and rows of a table share, told apart in light and in dark.
inline constexpr std::size_t accents = 8;

}  // namespace wengert::drawing
