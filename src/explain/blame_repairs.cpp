#include "blame_repairs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "wengert/rules/table.hpp"

namespace wengert::explain {

NodeId Trouble::user(NodeId of, Op by) const {
  for (const Instruction& i : tape.code())
    if (i.op == by)
      for (SlotId a : tape.arguments(i))
        if (tape.node(a) == of) return tape.node(i);
  return no_node;
}

namespace {

// --- looking at nodes, through broadcasts

NodeId inner(const Graph& g, NodeId n) {
  while (g[n].op == op_of<Broadcast>) n = g.arguments(n)[0];
  return n;
}
bool is(const Graph& g, NodeId n, Op op) { return g[inner(g, n)].op == op; }
NodeId argument(const Graph& g, NodeId n, std::size_t k = 0) { return g.arguments(inner(g, n))[k]; }
bool is_number(const Graph& g, NodeId n, double value) {
  n = inner(g, n);
  return g[n].op == Op::constant && g.constant_of(n).value == value;
}
bool is_square(const Graph& g, NodeId n) {
  n = inner(g, n);
  if (g[n].op == op_of<Pow>) return is_number(g, g.arguments(n)[1], 2);
  return g[n].op == op_of<Mul> && g.arguments(n)[0] == g.arguments(n)[1];
}
bool is_sum_of_squares(const Graph& g, NodeId n) {
  n = inner(g, n);
  if (g[n].op == op_of<Sum>) return is_square(g, g.arguments(n)[0]);
  return g[n].op == op_of<Add> && is_square(g, g.arguments(n)[0]) && is_square(g, g.arguments(n)[1]);
}
// The node, or the negation of it, is a factor of a product: the product.
NodeId product_with(const Trouble& t, NodeId n) {
  const NodeId direct = t.user(n, op_of<Mul>);
  if (direct != no_node) return direct;
  const NodeId negated = t.user(n, op_of<Neg>);
  return negated == no_node ? no_node : t.user(negated, op_of<Mul>);
}
// An exponential is added up with others: the sum.
NodeId sum_with(const Trouble& t, NodeId n) {
  for (const Op op : {op_of<Sum>, op_of<Add>})
    if (const NodeId s = t.user(n, op); s != no_node) return s;
  for (const Op op : {op_of<Place>, op_of<Broadcast>, op_of<Part>})
    if (const NodeId s = t.user(n, op); s != no_node)
      if (const NodeId sum = t.user(s, op_of<Sum>); sum != no_node) return sum;
  return no_node;
}
bool used_by(const Trouble& t, NodeId n, Op op) { return n != no_node && t.user(n, op) != no_node; }
bool has_one(const Graph& g, NodeId sum) {
  sum = inner(g, sum);
  return g[sum].op == op_of<Add> && (is_number(g, g.arguments(sum)[0], 1) || is_number(g, g.arguments(sum)[1], 1));
}
bool overflow(const Trouble& t, Op op) { return t.op() == op && std::isinf(t.made) && t.in_value; }
// The numerator is built of what the denominator is: sin(x)/x.
bool reaches(const Graph& g, NodeId from, NodeId target) {
  const auto all = g.reachable({&from, 1});
  return std::find(all.begin(), all.end(), target) != all.end();
}

// --- the table

struct Repair {
  bool (*applies)(const Trouble&);
  std::string_view help;
};

constexpr Repair repairs[] = {
    // given so
    {[](const Trouble& t) { return t.op() == Op::input; }, "the point gives it this value"},
    {[](const Trouble& t) { return t.op() == Op::constant; }, "it is written so"},

    // logarithms
    {[](const Trouble& t) {
       const NodeId product = t.op() == op_of<Log> && t.x[0] == 0 ? product_with(t, t.node) : no_node;
       return product != no_node && used_by(t, product, op_of<Sum>);
     }, "cross_entropy(p, y) is -sum(y .* log(p)) with 0*log(0) = 0; xlogy(y, p) is one of its terms"},
    {[](const Trouble& t) { return t.op() == op_of<Log> && t.x[0] == 0 && product_with(t, t.node) != no_node; },
     "xlogy(a, b) is a*log(b) with 0*log(0) = 0"},
    {[](const Trouble& t) { return t.op() == op_of<Log> && t.x[0] == 0 && is(t.graph, t.argument(0), op_of<Exp>); },
     "log(exp(x)) is x; write x"},
    {[](const Trouble& t) { return t.op() == op_of<Log> && t.x[0] == 0 && is(t.graph, t.argument(0), op_of<Sum>) && is(t.graph, argument(t.graph, t.argument(0)), op_of<Exp>); },
     "logsumexp(v) is log(sum(exp(v))) without overflow and underflow"},
    {[](const Trouble& t) {
       return t.op() == op_of<Log> && t.x[0] == 0 && is(t.graph, t.argument(0), op_of<Div>) && is(t.graph, argument(t.graph, t.argument(0), 0), op_of<Exp>);
     }, "log_softmax(v) is log(exp(v)/sum(exp(v))) without underflow"},
    {[](const Trouble& t) { return t.op() == op_of<Log> && t.x[0] == 0 && is(t.graph, t.argument(0), op_of<Softmax>); },
     "log_softmax(v) is log(softmax(v)) without underflow"},
    {[](const Trouble& t) { return t.op() == op_of<Log> && t.x[0] == 0 && is(t.graph, t.argument(0), op_of<Sigmoid>); },
     "-softplus(-x) is log(sigmoid(x)) without underflow"},
    {[](const Trouble& t) { return t.op() == op_of<Log> && t.x[0] == 0 && is(t.graph, t.argument(0), op_of<MatMul>); },
     "a probability of 0 was predicted; guard it: log(max(p, 1e-300))"},
    {[](const Trouble& t) { return (t.op() == op_of<Log> || t.op() == op_of<Log2> || t.op() == op_of<Log10>) && t.x[0] == 0; },
     "a logarithm has a pole at 0; guard it: if(x > 0, log(x), ...)"},
    {[](const Trouble& t) { return (t.op() == op_of<Log> || t.op() == op_of<Log2> || t.op() == op_of<Log10>) && t.x[0] < 0 && is_square(t.graph, t.argument(0)); },
     "log(x^2) is 2*log(abs(x))"},
    {[](const Trouble& t) { return (t.op() == op_of<Log> || t.op() == op_of<Log2> || t.op() == op_of<Log10>) && t.x[0] < 0; },
     "a logarithm wants a positive number: log(abs(x)), or if(x > 0, log(x), ...)"},
    {[](const Trouble& t) { return t.op() == op_of<Log1p> && t.x[0] <= -1; }, "log1p(x) wants x > -1; guard it by an `if`"},
    {[](const Trouble& t) { return t.op() == op_of<Logit>; }, "logit(p) wants 0 < p < 1; if p is sigmoid(x), logit(p) is x"},
    {[](const Trouble& t) { return t.op() == op_of<XLogY> && t.x[1] == 0; }, "xlogy(a, b) is 0 at b = 0 only where a is 0"},
    {[](const Trouble& t) { return t.op() == op_of<XLogY> && t.x[1] < 0; }, "xlogy(a, b) wants b > 0: beside a = 0 it has no value for another b"},

    // roots and powers
    {[](const Trouble& t) { return t.op() == op_of<Sqrt> && is_sum_of_squares(t.graph, t.argument(0)); },
     "hypot(a, b) is sqrt(a^2 + b^2), norm(v) is sqrt(sum(v .^ 2)), with derivative 0 at 0"},
    {[](const Trouble& t) { return t.op() == op_of<Sqrt> && is_square(t.graph, t.argument(0)); }, "sqrt(x^2) is abs(x), which has derivative 0 at 0"},
    {[](const Trouble& t) { return t.op() == op_of<Sqrt> && t.x[0] < 0 && t.x[0] > -1e-6; },
     "rounding made it slightly negative: sqrt(max(x, 0))"},
    {[](const Trouble& t) { return t.op() == op_of<Sqrt> && t.x[0] < 0; }, "a square root wants x >= 0: if(x > 0, sqrt(x), ...)"},
    {[](const Trouble& t) { return t.op() == op_of<Sqrt> && t.x[0] == 0; },
     "the slope of sqrt is infinite at 0; guard it: if(x > 0, sqrt(x), 0)"},
    {[](const Trouble& t) { return t.op() == op_of<Cbrt>; }, "the slope of cbrt is infinite at 0; guard it: if(x == 0, 0, cbrt(x))"},
    {[](const Trouble& t) { return t.op() == op_of<Pow> && t.x[0] < 0 && std::fabs(t.x[1] - 1.0 / 3) < 1e-12; },
     "cbrt(x) is the real cube root, also of negative x"},
    {[](const Trouble& t) { return t.op() == op_of<Pow> && t.x[0] < 0 && std::isnan(t.made) && !t.in_value; },
     "a power of a negative base has no derivative by its exponent; abs(x)^y has"},
    {[](const Trouble& t) { return t.op() == op_of<Pow> && t.x[0] < 0 && std::isnan(t.made); },
     "a negative base wants an integer exponent; abs(x)^y, or cbrt(x) for cube roots"},
    {[](const Trouble& t) { return t.op() == op_of<Pow> && t.x[0] == 0 && t.x[1] < 0; }, "a negative power has a pole at 0; guard it by an `if`"},
    {[](const Trouble& t) { return t.op() == op_of<Pow> && t.x[0] == 0 && t.x[1] == 0 && !t.in_value; },
     "by its exponent a power has the derivative x^y*log(x), infinite at 0^0; an exponent that is a constant has none"},
    {[](const Trouble& t) { return t.op() == op_of<Pow> && t.x[0] == 0 && t.x[1] < 1; },
     "the slope of x^p with p < 1 is infinite at 0; guard it: if(x > 0, x^p, 0)"},

    // exponentials too large
    {[](const Trouble& t) {
       const NodeId sum = t.op() == op_of<Exp> ? sum_with(t, t.node) : no_node;
       return sum != no_node && has_one(t.graph, sum) && (used_by(t, sum, op_of<Log>));
     }, "softplus(x) is log(1 + exp(x)) without overflow"},
    {[](const Trouble& t) { return t.op() == op_of<Exp> && used_by(t, t.node, op_of<Log1p>); }, "softplus(x) is log1p(exp(x)) without overflow"},
    {[](const Trouble& t) { return t.op() == op_of<Exp> && used_by(t, sum_with(t, t.node), op_of<Log>); },
     "logsumexp(v) is log(sum(exp(v))) without overflow"},
    {[](const Trouble& t) {
       const NodeId sum = t.op() == op_of<Exp> ? sum_with(t, t.node) : no_node;
       return sum != no_node && has_one(t.graph, sum) && used_by(t, t.node, op_of<Div>);
     }, "sigmoid(x) is exp(x)/(1 + exp(x)) without overflow"},
    {[](const Trouble& t) {
       const NodeId sum = t.op() == op_of<Exp> ? sum_with(t, t.node) : no_node;
       const NodeId spread = sum == no_node ? no_node : t.user(sum, op_of<Broadcast>);
       return used_by(t, sum, op_of<Div>) || used_by(t, spread, op_of<Div>);
     }, "softmax(v) is exp(v)/sum(exp(v)), sigmoid(x) is 1/(1 + exp(-x)), tanh(x) the quotient of the hyperbolic ones, all without overflow"},
    {[](const Trouble& t) { return t.op() == op_of<Exp> && used_by(t, t.node, op_of<Log>); }, "log(exp(x)) is x; write x"},
    {[](const Trouble& t) { return t.op() == op_of<Exp> && used_by(t, t.node, op_of<Div>); },
     "exp(a)/exp(b) is exp(a - b)"},
    {[](const Trouble& t) { return overflow(t, op_of<Exp>) && product_with(t, t.node) != no_node; },
     "add the exponents before exp, or work with the logarithm of the product"},
    {[](const Trouble& t) { return overflow(t, op_of<Exp>) || overflow(t, op_of<Expm1>); }, "exp(x) is too large from x = 709.8 on; work with its logarithm x"},
    {[](const Trouble& t) { return overflow(t, op_of<Sinh>) || overflow(t, op_of<Cosh>); },
     "sinh and cosh are too large from 710.5 on; their quotient is tanh(x), log(cosh(x)) is abs(x) + log1p(exp(-2*abs(x))) - log(2)"},
    {[](const Trouble& t) { return overflow(t, op_of<Gamma>) && t.x[0] > 1; }, "lgamma(x) is the logarithm of gamma(x), without overflow"},
    {[](const Trouble& t) { return (t.op() == op_of<Gamma> || t.op() == op_of<Lgamma> || t.op() == op_of<Digamma>) && t.x[0] <= 0; },
     "gamma has poles at 0, -1, -2, ...; guard it by an `if`"},
    {[](const Trouble& t) {
       if (!(overflow(t, op_of<Pow>) || overflow(t, op_of<Mul>)) || !is_square(t.graph, t.node)) return false;
       for (const Op op : {op_of<Add>, op_of<Sum>})
         if (used_by(t, t.user(t.node, op), op_of<Sqrt>)) return true;
       return used_by(t, t.node, op_of<Sqrt>);
     }, "hypot(a, b) is sqrt(a^2 + b^2), norm(v) is sqrt(sum(v .^ 2)), abs(x) is sqrt(x^2), without overflow"},
    {[](const Trouble& t) { return overflow(t, op_of<Pow>) && t.x[0] != 0; }, "work with the logarithm of the power: y*log(x)"},
    {[](const Trouble& t) { return t.in_value && std::isinf(t.made) && (t.op() == op_of<Mul> || t.op() == op_of<Add> || t.op() == op_of<Sub> || t.op() == op_of<Sum> || t.op() == op_of<MatMul>); },
     "rescale, or work with logarithms"},

    // quotients
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[0] == 0 && t.x[1] == 0 && is(t.graph, t.argument(0), op_of<Sin>) && argument(t.graph, t.argument(0)) == t.argument(1); },
     "0/0: write the limit: if(x == 0, 1, sin(x)/x)"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[0] == 0 && t.x[1] == 0 && is(t.graph, t.argument(1), op_of<Abs>); },
     "0/0: sign(x) is x/abs(x), 0 at 0"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[0] == 0 && t.x[1] == 0 && (is(t.graph, t.argument(1), op_of<Norm>) || is(t.graph, t.argument(1), op_of<Sqrt>) || is(t.graph, t.argument(1), op_of<Hypot>)); },
     "0/0: a vector of length 0 has no direction; guard it: v/if(norm(v) == 0, 1, norm(v))"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[1] == 0 && t.user(t.node, op_of<Atan>) != no_node; },
     "atan2(y, x) is atan(y/x), also at x = 0"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[0] == 0 && t.x[1] == 0 && reaches(t.graph, t.argument(0), t.argument(1)); },
     "0/0: put the limit in by hand: if(b == 0, limit, a/b)"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[0] == 0 && t.x[1] == 0; }, "0/0: guard it: if(b == 0, limit, a/b)"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.x[1] == 0; }, "a division by 0; guard it: if(b == 0, ..., a/b)"},
    {[](const Trouble& t) { return t.op() == op_of<Div> && t.in_value; }, "the divisor is so small that the quotient overflows; rescale"},
    {[](const Trouble& t) { return t.op() == op_of<Mod> && t.x[1] == 0; }, "mod(a, 0) has no value; guard it by an `if`"},

    // bounded domains
    {[](const Trouble& t) { return (t.op() == op_of<Asin> || t.op() == op_of<Acos>) && std::fabs(t.x[0]) > 1 && std::fabs(t.x[0]) < 1.001; },
     "rounding made it slightly larger than 1: acos(max(-1, min(1, x)))"},
    {[](const Trouble& t) { return (t.op() == op_of<Asin> || t.op() == op_of<Acos>) && std::fabs(t.x[0]) > 1; }, "asin and acos want -1 <= x <= 1"},
    {[](const Trouble& t) { return t.op() == op_of<Asin> || t.op() == op_of<Acos>; },
     "the slopes of asin and acos are infinite at -1 and 1; for the angle of a vector write atan2(y, x)"},
    {[](const Trouble& t) { return t.op() == op_of<Atanh>; }, "atanh(x) wants -1 < x < 1"},
    {[](const Trouble& t) { return t.op() == op_of<Acosh>; }, "acosh(x) wants x >= 1, its slope x > 1"},
    {[](const Trouble& t) { return t.op() == op_of<Polygamma> || t.op() == op_of<Beta>; }, "it has poles at 0 and the negative integers; guard it by an `if`"},
    {[](const Trouble& t) { return t.op() == op_of<LogDet>; }, "the determinant is not positive: logdet wants a matrix with a positive one"},
    {[](const Trouble& t) { return t.op() == op_of<Csc> || t.op() == op_of<Cot>; }, "csc and cot have poles where sin(x) is 0; guard it by an `if`"},
    {[](const Trouble& t) { return (t.op() == op_of<Cos> || t.op() == op_of<Sin> || t.op() == op_of<Tan>) && std::isinf(t.x[0]); }, "sin, cos and tan have no value at infinity"},

    // sweeps
    {[](const Trouble& t) { return !t.in_value && std::isinf(t.made); }, "the product of slopes is larger than any double: rescale the inputs"},
};

}  // namespace

std::string repair(const Trouble& t) {
  for (const Repair& r : repairs)
    if (r.applies(t)) return std::string(r.help);
  return {};
}

std::vector<std::string> known_repairs() {
  std::vector<std::string> out;
  for (const Repair& r : repairs) out.emplace_back(r.help);
  return out;
}

}  // namespace wengert::explain
