#include "app/help_language.hpp"

namespace wengert::app {

namespace {

constexpr LanguageWord word_table[] = {
    {"diff", "diff(e, x), diff(e, x, 2), diff(e, x, z)", "the derivative of e by the scalar x, shaped like e"},
    {"grad", "grad(e, x), grad(e)", "the derivative of a scalar by x, shaped like x"},
    {"jacobian", "jacobian(e, x)", "elements of e by elements of x, both by rows"},
    {"hessian", "hessian(e, x)", "second derivatives of a scalar"},
    {"jvp", "jvp(e, x, v), jvp(e, x, v, z, u)", "the derivative of e along v"},
    {"vjp", "vjp(e, x, w)", "the adjoint of x for the cotangent w of e"},
    {"iterate", "iterate(f, u0, n, ...)", "f applied n times to u0"},
    {"input", "input x, W[3,2], b[3]", "declares inputs without a value"},
    {"const", "const k = 8.314", "a value that is not differentiated by unless it is named"},
    {"function", "function u, v", "functions about which nothing is known: u'(x) stays as it is"},
    {"repeat", "repeat 100 { ... }", "runs statements n times"},
    {"prod", "prod(A), prod(A, 1), prod(i in 1..n, body)", "the product of elements"},
    {"mean", "mean(A), mean(A, 1), mean(i in 1..n, body)", "the mean of elements"},
    {"norm1", "norm1(A)", "the sum of the absolute elements"},
    {"norminf", "norminf(A)", "the largest absolute element"},
    {"dot", "dot(a, b)", "the sum of products of elements"},
    {"cross", "cross(a, b)", "the cross product of two columns of three"},
    {"outer", "outer(a, b)", "a*b' for columns"},
    {"cross_entropy", "cross_entropy(p, y)", "-sum(y .* log(p)) with 0*log(0) = 0"},
    {"trace", "trace(A)", "the sum of the diagonal"},
    {"kron", "kron(A, B)", "the Kronecker product"},
    {"rows", "rows(A)", "how many rows"},
    {"cols", "cols(A)", "how many columns"},
    {"len", "len(A)", "how many elements"},
    {"zeros", "zeros(n), zeros(m, n)", "an array of zeros"},
    {"ones", "ones(n), ones(m, n)", "an array of ones"},
    {"eye", "eye(n)", "the identity matrix"},
    {"linspace", "linspace(a, b, n)", "n points from a to b"},
    {"hcat", "hcat(A, B)", "side by side"},
    {"vcat", "vcat(A, B)", "one above the other"},
    {"pow", "pow(a, b)", "a^b"},
    {"pi", "pi", "3.14159..."},
    {"e", "e", "2.71828..."},
};

}  // namespace

std::span<const LanguageWord> language_words() { return word_table; }

}  // namespace wengert::app
