// Values and derivatives by hand: what an expert writes, compiled for this machine (-O3 -march=native).
// in[k]: the elements of input k by rows; out[0]: the value, out[1 + k]: the derivative by input k.
#pragma once
#include <cstddef>

namespace wengert::bench::hand {

using In = const double* const*;
using Out = double* const*;

void lecture(In in, Out out, std::size_t n);        // n: 1
void lecture_batch(In in, Out out, std::size_t n);  // n points, scalar functions
void speelpenning(In in, Out out, std::size_t n);
void rosenbrock(In in, Out out, std::size_t n);
void logsumexp_chain(In in, Out out, std::size_t n);
void network(In in, Out out, std::size_t n);            // x, A (32 x n), B (n x 32); out: value, Jacobian
void mlp(In in, Out out, std::size_t batch);            // X (784 x batch), Y (10 x batch), W1, b1, W2, b2
void mixture(In in, Out out, std::size_t n);            // a, M, Q, L, X (10 x n)
void lstm(In in, Out out, std::size_t n);               // W1, V1, W2, V2, E, S (n x 14)
void bundle(In in, Out out, std::size_t n);             // p (15), m (2); out: value, Jacobian
void long_chain(In in, Out out, std::size_t n);         // n operations
void logsumexp_hessian(In in, Out out, std::size_t n);  // out: the value, the Hessian
void speelpenning_hessian(In in, Out out, std::size_t n);

// out[0] alone.
void speelpenning_value(In in, Out out, std::size_t n);
void rosenbrock_value(In in, Out out, std::size_t n);
void logsumexp_chain_value(In in, Out out, std::size_t n);
void mlp_value(In in, Out out, std::size_t batch);
void lstm_value(In in, Out out, std::size_t n);

void rosenbrock_sparse(In in, Out out, std::size_t n);  // out[1]: the nonzeros of the Hessian by rows
void residuals_sparse(In in, Out out, std::size_t n);   // out[1]: the nonzeros of the Jacobian by rows
void brusselator_sparse(In in, Out out, std::size_t n);

}  // namespace wengert::bench::hand
