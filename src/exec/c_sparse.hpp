// Sparse derivatives in C.
#pragma once
#include "c_body.hpp"
#include "wengert/core/expr.hpp"

namespace wengert::exec {

struct CSparse {
  std::string name;  // of the function: "f_sparse_jacobian"
  std::string what;  // "Jacobian", "Hessian"
  std::vector<CParameter> inputs;
};

// The nonzeros of y by x in loops over bands and blocks, and a function for where they stand; empty where the
// derivative is not sparse, or has no such form.
std::string write_sparse(const Expr& y, const Expr& x, const CSparse& f, CShared& shared);

}  // namespace wengert::exec
