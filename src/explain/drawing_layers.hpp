// Where boxes and arrows of a layered picture stand.
#pragma once
#include "wengert/explain/drawing.hpp"

namespace wengert::drawing {

// Fills in layers, places and the arrows' points; boxes have their sizes already, and arrows lead from
// earlier boxes to later ones.
void arrange(Drawing& drawing);

}  // namespace wengert::drawing
