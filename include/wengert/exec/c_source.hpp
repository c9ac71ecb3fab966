// C source (C11, libm only) of a program and its derivatives.
//
//   exec::CSource c{.name = "f", .output = y, .inputs = {{x, "x"}, {z, "z"}}};
//   Result<std::string> source = exec::write_c(c);
//
// One function each, without structs:
//   f_value(x, z, &value)               the value
//   f_gradient(x, z, &value, &dx, &dz)  of a scalar: the value and the gradient
//   f_jacobian(x, z, value, dx, dz)     of an array: the value, and its elements by the inputs' elements, by rows
//   f_jvp(x, z, tx, tz, out)            the Jacobian times a direction
//   f_hvp(x, z, tx, tz, hx, hz)         of a scalar: the Hessian times a direction
//   f_sparse_jacobian(x, entries, work), or f_sparse_hessian of a scalar: by one array, where most elements are 0;
//                                       f_sparse_..._pattern(row, column) says where the entries stand
// Scalars are passed by value, arrays by rows. Operations on arrays are loops, and so are statements that repeat; what does not fit a stack
// of 64 kB is in `work`, an array of f_..._work doubles that the caller gives.
#pragma once
#include <string>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/core/expr.hpp"

namespace wengert::exec {

struct CInput {
  Expr input;
  std::string name;
  bool by = true;             // differentiated by
  std::vector<double> check;  // its value, for the check; empty: one is made up
};

struct CSource {
  std::string name = "f";
  Expr output;
  std::vector<CInput> inputs;  // all that the output depends on
  std::string text;            // as written, for a comment
  bool check = false;          // a main that compares with finite differences, its status 0 if they agree
};

// An error of kind usage where an operation has no C version.
Result<std::string> write_c(const CSource& source);

}  // namespace wengert::exec
