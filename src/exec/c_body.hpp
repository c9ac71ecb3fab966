// One C function from nodes of a graph.
#pragma once
#include <stdexcept>

#include "c_forms.hpp"
#include "c_shared.hpp"

namespace wengert::exec {

struct CParameter {
  NodeId node;
  std::string name;
};

struct CFunction {
  std::string name, comment;
  std::vector<CParameter> inputs, outputs;
};

// What it can not write is thrown, as the name of the operation.
struct NoCVersion : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The function's text (hidden: static, without a comment); helpers that it needs are added. work: receives how many
// doubles it wants from the caller.
std::string write_function(const Graph& graph, const CFunction& f, CShared& shared, std::uint64_t& work,
                           bool hidden = false);
// "double x, const double *restrict W"
std::string c_parameter(const CParameter& p, Shape shape, bool output);

}  // namespace wengert::exec
