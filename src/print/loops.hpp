// The loops that derivatives of `iterate` run: functions that the program did not define, written as lines.
#pragma once
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "wengert/core/expr.hpp"

namespace wengert::print {

// Names by the graph's number of the loop.
using LoopNames = std::unordered_map<std::uint32_t, std::string>;

struct DerivedLoop {
  std::uint32_t loop;
  std::string head;  // "f_tangent(f_state, r, r_tangent)"
  Expr body;
};

// Those that the expressions run, in an order in which each uses only earlier ones.
std::vector<DerivedLoop> derived_loops(std::span<const Expr> all, LoopNames& names);

}  // namespace wengert::print
