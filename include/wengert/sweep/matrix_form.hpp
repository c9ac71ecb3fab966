// Jacobians in matrix form: the forward sweep over arrays in index notation.
//
//   matrix_form(A*x, x)        the matrix A
//   matrix_form(A*X, X)        kron(A, eye(n))
//   matrix_form(exp(x), x)     diag(exp(x))
//   matrix_form(X', X)         no matrix: entry (i,j),(k,l) is [i == l]*[j == k]
//
// The tangent of every value is the derivative by all elements of x at once, a sum of products of arrays
// with indices: those of the value, those of x, and others that are summed. The sweep only renames
// indices and multiplies. What comes out is read back as a formula of matrices where there is one:
// summed indices are chains of products, repeated ones are diagonals, and what has two pairs of
// indices (a matrix by a matrix) is a Kronecker product where the pairs separate.
//
// The method is that of S. Laue, M. Mitterreiter and J. Giesen, "Computing higher order derivatives of matrix
// and tensor expressions" (NeurIPS 2018). Linear in the nodes that y depends on, times the terms.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "wengert/core/expr.hpp"

namespace wengert {

enum class Form;  // of partials: sweep/differentiate.hpp

using Index = std::int32_t;
// Row and column of the value, row and column of the variable; from first_summed on, summed ones.
inline constexpr Index no_index = -1, value_row = 0, value_col = 1, variable_row = 2, variable_col = 3, first_summed = 4;

// An array with its indices; where it has one row or column, there is no index. Without an array: 1 where
// both indices are equal, else 0.
struct IndexedFactor {
  Expr array;
  Index row = no_index, col = no_index;
  bool same() const { return array.graph == nullptr; }
};

struct IndexedTerm {
  std::vector<IndexedFactor> factors;
  std::vector<std::uint32_t> sums;  // how far the summed indices go; 0: not in use any more
  bool picks = false;               // elements were taken out of, or put into, arrays
};

// The sum of the terms is the derivative of one element of y by one element of x.
struct IndexedForm {
  Shape value, variable;
  std::vector<IndexedTerm> terms;
};

struct MatrixForm {
  IndexedForm entries;
  std::optional<Expr> matrix;  // elements of y by elements of x, by rows; where there is such a formula
  bool picks = false;          // it writes out unit vectors: for few elements a list of entries reads better
};

// What a Jacobian is of, and by which input: `jacobian(y, x)`; of `hessian(e, x)` y is the gradient.
struct JacobianOf {
  Expr y, x;
};

// Nothing where an operation on the way has no index notation (a reshape, an iterate).
std::optional<MatrixForm> matrix_form(const Expr& y, const Expr& x, Form form);

}  // namespace wengert
