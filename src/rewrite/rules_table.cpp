#include "rules_table.hpp"

#include <array>

namespace wengert {

namespace {

// In the order of Rule.
constexpr std::array<RewriteRule, static_cast<std::size_t>(rewrite::Rule::count)> table{{
    {"fold numbers", "", "2*3 -> 6"},
    {"like terms", "", "2*x + 3*x -> 5*x"},
    {"terms cancel", "the term is finite", "x - x -> 0"},
    {"zero factor", "the other factors are finite", "0*x -> 0"},
    {"equal factors", "the powers are defined", "x^2*x^3 -> x^5"},
    {"factors cancel", "the factor is not 0", "x*y/x -> y"},
    {"power of a power", "the inner power is defined", "(x^3)^2 -> x^6"},
    {"power of a product", "the factors are finite", "(2*x)^2 -> 4*x^2"},
    {"product of exponentials", "", "exp(x)*exp(y) -> exp(x + y)"},
    {"quotient rule form", "the denominator is not 0", "a/b - c/b^2 -> (a*b - c)/b^2"},
    {"common factor", "", "x*exp(x) + exp(x) -> (x + 1)*exp(x)"},
    {"sign outward", "", "(-x)*y -> -x*y"},
    {"odd function", "", "sin(-x) -> -sin(x)"},
    {"even function", "", "cos(-x) -> cos(x)"},
    {"known value", "", "exp(0) -> 1"},
    {"logarithm of an exponential", "exp(x) is finite and not 0", "log(exp(x)) -> x"},
    {"exponential of a logarithm", "x > 0", "exp(log(x)) -> x"},
    {"Pythagoras", "the angle is finite", "sin(x)^2 + cos(x)^2 -> 1"},
    {"expand a numerator", "the denominator is not 0", "((x + 1) - x)/(x + 1)^2 -> 1/(x + 1)^2"},
    {"repeated scalar", "", "x*ones(n, m) + A -> A + x"},
    {"transpose of a product", "", "(A*B)' -> B'*A'"},
    {"transpose of a multiple", "", "(x*A)' -> x*A'"},
    {"scalar out of a product", "the elements are finite", "A*(x*B) -> x*A*B"},
    {"identity matrix", "the elements are finite", "eye(n)*A -> A"},
    {"zero matrix", "the elements are finite", "zeros(n, m)*A -> zeros(n, k)"},
    {"diagonal matrix", "the elements are finite", "diag(v)*w -> v.*w"},
    {"single element", "", "a product with a 1x1 matrix scales"},
    {"sum of equal elements", "", "sum(x*ones(n, m)) -> n*m*x"},
    {"sum of a multiple", "the elements are finite", "sum(x*v) -> x*sum(v)"},
    {"array in an array", "", "[[a, b], c] -> [a, b, c]"},
    {"array of zeros", "", "[0, 0] -> zeros(2, 1)"},
    {"array that is the identity", "", "[[1, 0], [0, 1]] -> eye(2)"},
    {"unit vector", "the elements are finite", "A*[0, 1, 0] -> A[:, 2]"},
    {"parts of one array", "", "[v[1], v[2]] -> v"},
    {"sum of probabilities", "the elements of the constant sum to 1", "sum([0, 1, 0]) -> 1"},
    {"order", "", "x*2 -> 2*x"},
}};

}  // namespace

std::span<const RewriteRule> rewrite_rules() { return table; }

const RewriteRule& rewrite::describe(Rule rule) { return table[static_cast<std::size_t>(rule)]; }

}  // namespace wengert
