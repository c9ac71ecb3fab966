// Array operations of C that are a call, or loops of their own.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "c_shared.hpp"
#include "cells.hpp"

namespace wengert::exec {

// Lines that write the cell's numbers to y; a and b point to those of its arguments. Helpers that are called are added.
std::vector<std::string> c_kronecker(const Cell& c, const std::string& y, const std::string& a, const std::string& b,
                                     std::set<std::string>& helpers);
std::vector<std::string> c_factored(const Cell& c, const std::string& y, const std::string& a, const std::string& b,
                                    std::set<std::string>& helpers);
std::vector<std::string> c_running_sums(const Cell& c, const std::string& y, const std::string& a);

}  // namespace wengert::exec
