// Identities of matrix calculus as data: what is declared, what is differentiated by what, and the formula.
//
// In a declaration and in the texts `n`, `m`, `k` are sizes; the test puts numbers in their place. Values are
// random; a mark after a name says more: `+` positive elements, `!` a square matrix far from singular with a
// positive determinant.
#pragma once
#include <string_view>

namespace wengert::test {

enum class Asks { gradient, jacobian, hessian, derivative, entries, hessian_entries };

struct Identity {
  Asks asks;
  std::string_view inputs;      // "A[n,m] x[m]+"
  std::string_view expression;  // of the language
  std::string_view by;
  // By mathematics: shaped like the variable (gradient), like the value (derivative by a scalar), with rows for
  // elements of the value (jacobian, hessian), or the entry i, j by k, l (entries).
  std::string_view formula;
};

}  // namespace wengert::test
