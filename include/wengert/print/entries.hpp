// The entries of a Jacobian that is no matrix formula, with indices.
//
//   Jacobian of X' by X        element [i, j] by X[k, l]:  (i == l)*(j == k)
//
// The expression is one of the language for numbers in place of the indices.
#pragma once
#include <string>
#include <vector>

#include "wengert/sweep/matrix_form.hpp"

namespace wengert {

struct Entries {
  std::vector<std::string> value, variable;  // the names of the indices
  std::string expression;
};

// The factors are written as they are: simplify them before.
Entries to_entries(const IndexedForm& form);

}  // namespace wengert
