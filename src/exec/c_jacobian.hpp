// Dense Jacobians in C, accumulated by elimination.
#pragma once
#include "c_body.hpp"
#include "wengert/core/expr.hpp"

namespace wengert::exec {

struct CJacobian {
  std::string name;                 // of the function
  std::vector<CParameter> inputs;   // of the program
  std::vector<std::string> blocks;  // the result by each of wrt
};

// void name(inputs, value, blocks..., work): empty where elimination has no form, would cost more than sweeps, or is no
// matter of a few loops.
std::string write_eliminated(const Expr& y, std::span<const Expr> wrt, const CJacobian& f, CShared& shared,
                             std::uint64_t& work);

}  // namespace wengert::exec
