// Functions of simplified arguments: known values, inverses, odd and even ones.
#include <algorithm>
#include <array>

#include "wengert/rules/build.hpp"
#include "workshop.hpp"

namespace wengert::rewrite {

namespace {

struct Known {
  Op function;
  std::int64_t at;
  std::int64_t value;
};

constexpr std::array known_values{
    Known{op_of<Exp>, 0, 1},   Known{op_of<Expm1>, 0, 0}, Known{op_of<Log>, 1, 0},   Known{op_of<Log2>, 1, 0},  Known{op_of<Log10>, 1, 0},
    Known{op_of<Log2>, 2, 1},  Known{op_of<Log10>, 10, 1}, Known{op_of<Log1p>, 0, 0}, Known{op_of<Sin>, 0, 0},   Known{op_of<Cos>, 0, 1},
    Known{op_of<Tan>, 0, 0},   Known{op_of<Sec>, 0, 1},   Known{op_of<Asin>, 0, 0},  Known{op_of<Acos>, 1, 0},  Known{op_of<Atan>, 0, 0},
    Known{op_of<Sinh>, 0, 0},  Known{op_of<Cosh>, 0, 1},  Known{op_of<Tanh>, 0, 0},  Known{op_of<Asinh>, 0, 0}, Known{op_of<Acosh>, 1, 0},
    Known{op_of<Atanh>, 0, 0}, Known{op_of<Erf>, 0, 0},   Known{op_of<Erfc>, 0, 1},  Known{op_of<Gamma>, 1, 1}, Known{op_of<Gamma>, 2, 1},
    Known{op_of<Lgamma>, 1, 0}, Known{op_of<Lgamma>, 2, 0}, Known{op_of<Relu>, 0, 0}, Known{op_of<Softsign>, 0, 0}, Known{op_of<Silu>, 0, 0},
    Known{op_of<Gelu>, 0, 0},  Known{op_of<Sign>, 0, 0},  Known{op_of<Step>, 0, 1},
};

constexpr std::array odd{op_of<Sin>,  op_of<Tan>,   op_of<Csc>,   op_of<Cot>, op_of<Asin>, op_of<Atan>, op_of<Sinh>,
                         op_of<Tanh>, op_of<Asinh>, op_of<Atanh>, op_of<Erf>, op_of<Cbrt>, op_of<Sign>, op_of<Softsign>};
constexpr std::array even{op_of<Cos>, op_of<Sec>, op_of<Cosh>, op_of<Abs>};

template <std::size_t N>
bool contains(const std::array<Op, N>& all, Op op) { return std::find(all.begin(), all.end(), op) != all.end(); }

}  // namespace

std::optional<NodeId> Workshop::known_value(Op op, NodeId x) {
  const auto n = number(x);
  if (!n) return {};
  for (const Known& k : known_values)
    if (k.function == op && n->is(k.at)) return integer(k.value);
  if (op == op_of<Abs>) return constant(n->negative() ? n->negated() : *n);
  if (op == op_of<Sign>) return integer(n->value > 0 ? 1 : n->value < 0 ? -1 : 0);
  if (op == op_of<Relu>) return n->negative() ? integer(0) : constant(*n);
  if (op == op_of<Sigmoid> && n->is(0)) return constant(Number::rational(1, 2));
  if ((op == op_of<Floor> || op == op_of<Ceil> || op == op_of<Round>) && n->integral()) return constant(*n);
  if (op == op_of<Cbrt> && !n->negative()) {
    if (const auto root = exact_root(*n, 3)) return constant(*root);
  }
  return {};
}

NodeId Workshop::function(Op op, const std::vector<NodeId>& x, Shape shape) {
  const auto row = [&](const std::vector<NodeId>& with) { return wengert::build(g, op, with).id; };
  // What is the same for every element is computed once.
  if (!shape.scalar()) {
    std::vector<NodeId> once;
    for (NodeId a : x) {
      if (g[a].op == op_of<Broadcast>) a = g.arguments(a)[0];
      if (g[a].shape.scalar()) once.push_back(a);
    }
    if (once.size() == x.size()) {
      fire(Rule::repeated_scalar);
      return repeated(function(op, once, {}), shape);
    }
  }
  if (x.size() != 1) return repeated(row(x), shape);
  if (const auto known = known_value(op, x[0])) {
    fire(Rule::known_value);
    return repeated(*known, shape);
  }
  const Op inside = g[x[0]].op;
  if (op == op_of<Log> && inside == op_of<Exp>) {
    fire(Rule::log_of_exp);
    return g.arguments(x[0])[0];
  }
  if (op == op_of<Exp> && inside == op_of<Log>) {
    fire(Rule::exp_of_log);
    return g.arguments(x[0])[0];
  }
  if (op == op_of<Log> && inside == Op::constant && g.constant_of(x[0]).exactness == Constant::Exactness::e) {
    fire(Rule::known_value);
    return integer(1);
  }
  if (op == op_of<Exp> && is_number(x[0], 1)) {
    fire(Rule::known_value);
    return g.constant(Constant::e());
  }
  if (op == op_of<Abs> && inside == op_of<Abs>) {
    fire(Rule::even_function);
    return x[0];
  }
  if (contains(odd, op) && negative(x[0])) {
    fire(Rule::odd_function);
    return scaled(Number::integer(-1), function(op, {scaled(Number::integer(-1), x[0])}, shape));
  }
  if (contains(even, op) && negative(x[0])) {
    fire(Rule::even_function);
    return function(op, {scaled(Number::integer(-1), x[0])}, shape);
  }
  return row(x);
}

}  // namespace wengert::rewrite
