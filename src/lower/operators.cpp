// The operators of the language on values: which row each one is, which shapes it takes, and what is
// said where they do not fit.
#include <algorithm>
#include <optional>

#include "site.hpp"

namespace wengert::lowering {

using ast::Tag;

bool any_lanes(Args x) {
  for (const Value& v : x)
    if (v.lanes != 0) return true;
  return false;
}

Shape common_extent(Args x, std::uint8_t& lanes) {
  Shape extent;
  for (const Value& v : x) {
    if (!v.scalar()) throw NotElementwise{};
    lanes |= v.lanes;
    extent = {std::max(extent.rows, v.e.shape().rows), std::max(extent.cols, v.e.shape().cols)};
  }
  return extent;
}

Expr over_lanes(const Value& x, Shape extent) { return x.e.shape() == extent ? x.e : broadcast(x.e, extent); }

namespace {

Expr make(const Site& s, Op op, std::span<const Expr> x) {
  NodeId few[4];
  std::vector<NodeId> ids;
  std::span<NodeId> all(few, std::min<std::size_t>(x.size(), 4));
  if (x.size() > 4) {
    ids.resize(x.size());
    all = ids;
  }
  for (std::size_t i = 0; i < x.size(); ++i) all[i] = x[i].id;
  return build(s.graph, op, all);
}

// Arguments of different lanes are spread over all of them: a column of i and a row of j.
Value on_lanes(const Site& s, Op op, Args x) {
  std::uint8_t lanes = 0;
  const Shape extent = common_extent(x, lanes);
  std::vector<Expr> spread;
  spread.reserve(x.size());
  for (const Value& v : x) spread.push_back(v.e.shape().scalar() ? v.e : over_lanes(v, extent));
  return {make(s, op, spread), lanes};
}

Value apply(const Site& s, Op op, Args x) {
  if (x.size() <= 4) {
    Expr e[4];
    for (std::size_t i = 0; i < x.size(); ++i) e[i] = x[i].e;
    return {make(s, op, {e, x.size()})};
  }
  std::vector<Expr> e;
  for (const Value& v : x) e.push_back(v.e);
  return {make(s, op, e)};
}

std::string symbol_of(const Site& s) {
  if (s.node().tag == Tag::call) return s.callee();
  return std::string(row_of(op_of<Add>).info->name);
}

struct Written {
  Tag tag;
  Op op;
  std::string_view text;
};
const Written elementwise_operators[] = {
    {Tag::add, op_of<Add>, "+"}, {Tag::subtract, op_of<Sub>, "-"},
    {Tag::less, op_of<Less>, "<"}, {Tag::less_equal, op_of<LessEqual>, "<="}, {Tag::greater, op_of<Greater>, ">"},
    {Tag::greater_equal, op_of<GreaterEqual>, ">="}, {Tag::equal, op_of<Equal>, "=="}, {Tag::not_equal, op_of<NotEqual>, "!="},
    {Tag::and_, op_of<And>, "and"}, {Tag::or_, op_of<Or>, "or"},
};
const Written dotted_operators[] = {
    {Tag::dot_add, op_of<Add>, ".+"}, {Tag::dot_subtract, op_of<Sub>, ".-"}, {Tag::dot_multiply, op_of<Mul>, ".*"},
    {Tag::dot_divide, op_of<Div>, "./"}, {Tag::dot_power, op_of<Pow>, ".^"},
};

const Written* find(std::span<const Written> table, Tag tag) {
  for (const Written& w : table)
    if (w.tag == tag) return &w;
  return nullptr;
}

std::string name_of(const Site& s) {
  for (const auto& table : {std::span<const Written>(elementwise_operators), std::span<const Written>(dotted_operators)})
    if (const Written* w = find(table, s.node().tag)) return std::string(w->text);
  return symbol_of(s);
}

std::string both(Args x) { return to_string(x[0].shape()) + " and " + to_string(x[1].shape()); }

Value multiply(const Site& s, const Value& a, const Value& b) {
  const Value x[] = {a, b};
  if (a.scalar() || b.scalar()) return elementwise(s, op_of<Mul>, x);
  if (any_lanes(x)) throw NotElementwise{};
  const Shape l = a.shape(), r = b.shape();
  if (l.cols != r.rows)
    s.refuse_shapes("`*` of " + both(x) + ": the columns of the left side (" + std::to_string(l.cols) + ") are not the rows of the right side (" +
                        std::to_string(r.rows) + ")", x, product_advice(s, l, r));
  s.shape(l.rows, r.cols);
  return {matmul(a.e, b.e)};
}

Value divide(const Site& s, const Value& a, const Value& b) {
  const Value x[] = {a, b};
  if (!b.scalar())
    s.refuse_shapes("the right side of `/` must be a scalar, and this is " + to_string(b.shape()), x,
                    b.shape().rows == b.shape().cols ? "for the quotient element by element, write `./`; for a linear system, solve(A, b)"
                                                     : "for the quotient element by element, write `./`");
  return elementwise(s, op_of<Div>, x);
}

// The literal that an exponent is, if it is one: 2, -1.
std::optional<std::int64_t> literal(const Site& s, ast::Id id) {
  bool negative = false;
  while (s.tree().nodes[id].tag == Tag::negate) {
    negative = !negative;
    id = s.tree().nodes[id].a;
  }
  if (s.tree().nodes[id].tag != Tag::number) return {};
  const ast::Number& n = s.tree().numbers[s.tree().nodes[id].a];
  if (!n.integer || n.value > 1e15) return {};
  return static_cast<std::int64_t>(negative ? -n.value : n.value);
}

// By repeated squaring: log2(n) products.
Value matrix_power(const Site& s, const Value& a, const Value& b) {
  const Value x[] = {a, b};
  const Shape shape = a.shape();
  if (shape.vector()) s.refuse_shapes("`^` of a " + to_string(shape) + ": only square matrices have powers", x, "for each element to a power, write " + s.written(0) + ".^" + s.written(1));
  if (shape.rows != shape.cols) s.refuse_shapes("`^` of a " + to_string(shape) + ": only square matrices have powers", x, "for each element to a power, write `.^`");
  const auto n = literal(s, s.operand(1));
  if (!n) s.refuse(Kind::shape, "the power of a matrix must be an integer literal, such as A^2", s.operand_span(1), "for each element to a power, write `.^`");
  if (*n == -1) return {apply_array<Inv>({.shape = shape}, {a.e})};
  if (*n < 0) s.refuse(Kind::shape, "the power of a matrix must not be negative, but for A^-1", s.operand_span(1));
  if (*n == 0) {
    const Params p{.shape = shape};
    const NodeId one = broadcast(number(s.graph, 1), {shape.rows, 1}).id;
    return {build(s.graph, op_of<DiagonalMatrix>, {&one, 1}, p)};
  }
  Expr base = a.e;
  std::optional<Expr> result;
  for (std::int64_t k = *n;;) {
    if ((k & 1) != 0) result = result ? matmul(*result, base) : base;
    k >>= 1;
    if (k == 0) break;
    base = matmul(base, base);
  }
  return {*result};
}

// The number e to a power is exp: correctly rounded, where the double next to e is not e.
bool is_e(const Value& v) {
  return v.e.node().op == Op::constant && v.e.graph->constant_of(v.e.id).exactness == Constant::Exactness::e;
}

Value raise(const Site& s, const Value& a, const Value& b) {
  const Value x[] = {a, b};
  if (!a.scalar()) return matrix_power(s, a, b);
  if (!b.scalar())
    s.refuse_shapes("the exponent of `^` must be a scalar, and this is " + to_string(b.shape()), x,
                    is_e(a) ? "write exp(" + s.written(1) + "), or `.^`" : "for the power element by element, write `.^`");
  if (is_e(a)) return elementwise(s, op_of<Exp>, {&b, 1});
  return elementwise(s, op_of<Pow>, x);
}

}  // namespace

// The shape that arguments have in common, scalars aside.
Shape common_shape(const Site& s, Args x) {
  const Value* array = nullptr;
  for (const Value& v : x) {
    if (v.scalar()) continue;
    if (array == nullptr) array = &v;
    else if (array->shape() != v.shape()) {
      const auto j = static_cast<std::size_t>(array - x.data()), k = static_cast<std::size_t>(&v - x.data());
      s.refuse_shapes("`" + name_of(s) + "` wants equal shapes or a scalar, and these are " + to_string(array->shape()) + " and " + to_string(v.shape()), x,
                      equal_shapes_advice(s, x, j, k));
    }
  }
  return array != nullptr ? array->shape() : Shape{};
}

Value elementwise(const Site& s, Op op, Args x) {
  if (any_lanes(x)) return on_lanes(s, op, x);
  common_shape(s, x);
  return apply(s, op, x);
}

Value broadcasting(const Site& s, Op op, Args x) {
  if (any_lanes(x)) return on_lanes(s, op, x);
  Shape to;
  for (const Value& v : x) {
    const Shape a = v.shape();
    if ((a.rows != to.rows && a.rows != 1 && to.rows != 1) || (a.cols != to.cols && a.cols != 1 && to.cols != 1))
      s.refuse_shapes("`" + name_of(s) + "` of " + both(x) + ": each dimension must be equal, or 1", x, equal_shapes_advice(s, x, 0, 1));
    to = s.shape(std::max(a.rows, to.rows), std::max(a.cols, to.cols));
  }
  std::vector<Value> spread(x.begin(), x.end());
  for (Value& v : spread)
    if (!v.scalar()) v.e = broadcast(v.e, to);
  if (op == op_of<Pow> && is_e(spread[0])) return apply(s, op_of<Exp>, {&spread[1], 1});
  return apply(s, op, spread);
}

Value unary(const Site& s, Tag tag, const Value& x) {
  switch (tag) {
    case Tag::negate: return elementwise(s, op_of<Neg>, {&x, 1});
    case Tag::not_: return elementwise(s, op_of<Not>, {&x, 1});
    case Tag::transpose: return x.scalar() ? x : Value{transpose(x.e)};
    default: return x;
  }
}

Value binary(const Site& s, Tag tag, const Value& a, const Value& b) {
  const Value x[] = {a, b};
  switch (tag) {
    case Tag::multiply: return multiply(s, a, b);
    case Tag::divide: return divide(s, a, b);
    case Tag::power: return raise(s, a, b);
    default: break;
  }
  if (const Written* w = find(elementwise_operators, tag)) return elementwise(s, w->op, x);
  if (const Written* w = find(dotted_operators, tag)) return broadcasting(s, w->op, x);
  s.refuse(Kind::internal, "an operator without a meaning");
}

}  // namespace wengert::lowering
