// Where written C looks whether a product came out that is not a number.
//
// Products in which 0 annihilates differ from plain ones only where something is infinite or no number. So a function
// computes plain ones; what is not a number stays so through sums and products, and is looked for at their ends. Where
// one is found, a second function does all of it again, carefully.
#pragma once
#include "c_storage.hpp"

namespace wengert::exec {

// A product of the cell's own in which 0 annihilates, and not by a factor that is known.
bool annihilates(const Cells& cells, CellId c);
// By cell: whether it is to be looked at.
std::vector<std::uint8_t> looked_at(const CStorage& storage);

}  // namespace wengert::exec
