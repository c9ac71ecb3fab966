// How operations are written in C.
#pragma once
#include <set>
#include <string>

#include "cells.hpp"

namespace wengert::exec {

// The expression of an elementwise operation on operands that are names, literals or elements; helpers
// that it calls are noted. Empty where there is no C version.
std::string c_expression(Code code, const std::string& a, const std::string& b, const std::string& c,
                         std::set<std::string>& helpers);
// The definitions of these helpers and of those that they call.
std::string c_helpers(const std::set<std::string>& names);
std::string c_number(double x);
// A parameter's name: that of the input where C allows it.
std::string c_name(const std::string& name, std::set<std::string>& taken);

}  // namespace wengert::exec
