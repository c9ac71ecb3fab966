// Array operations in C: calls, or loops of their own.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "c_shared.hpp"
#include "cells.hpp"

namespace wengert::exec {

// Lines that write the cell's numbers to y; a and b point to those of its arguments. Helpers that are called are
// added. Throws NoCVersion.
std::vector<std::string> c_array(const Cell& c, const std::string& y, const std::string& a, const std::string& b,
                                 std::set<std::string>& helpers);
// strong: with 0 annihilating where the cell's product does.
std::string c_product(const Cell& c, const std::string& y, const std::string& a, const std::string& b, bool strong,
                      std::set<std::string>& helpers);
// "for (size_t i = 0; i < n; ++i) body"
std::string c_for(std::uint64_t n, const std::string& body, const char* i = "i");

}  // namespace wengert::exec
