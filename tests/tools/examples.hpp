// Programs that several tests use.
#pragma once
#include "program.hpp"

namespace wengert::test {

// sum(i in 1..n-1, 100*(x[i+1]-x[i]^2)^2 + (1-x[i])^2) over arrays.
Program rosenbrock(std::uint32_t n);
// y_i = sum_k B_ik sin(tanh(A_k . x) + i), from n to m by way of `hidden` numbers; A and B are inputs too.
Program network(std::uint32_t n, std::uint32_t hidden, std::uint32_t m);
// The same program with all of its inputs as parts of one column.
Program joined(const Program& program);
// The Jacobian by all inputs, by rows: a reverse sweep for each row.
Point dense_jacobian(const Program& program, const Point& at);

}  // namespace wengert::test
