// The built-in functions by name. An elementwise row of the table of primitives is callable by its
// name without an entry here; entries are aliases, defaults, and functions of whole arrays.
#include <algorithm>
#include <unordered_map>

#include "site.hpp"

namespace wengert::lowering {

namespace {

struct Alias {
  std::string_view name, row;
};
constexpr Alias aliases[] = {
    {"ln", "log"}, {"σ", "sigmoid"}, {"arcsin", "asin"}, {"arccos", "acos"}, {"arctan", "atan"}, {"arcsinh", "asinh"},
    {"arccosh", "acosh"}, {"arctanh", "atanh"}, {"arsinh", "asinh"}, {"arcosh", "acosh"}, {"artanh", "atanh"}, {"arctan2", "atan2"},
};

template <Op op>
Value row(const Site& s, Args x) { return elementwise(s, op, x); }

// x, and a parameter that may be left out.
template <Op op, int hundredths>
Value with_default(const Site& s, Args x) {
  if (x.size() == 2) return elementwise(s, op, x);
  const Constant c = hundredths == 100 ? Constant::integer(1) : Constant::decimal(0.01, "0.01");
  const Value both[] = {x[0], {{s.graph, s.graph.constant(c)}}};
  return elementwise(s, op, both);
}

Value log1p_of(const Site& s, Args x) {
  if (x[0].e.node().op == op_of<Exp>) {
    const Value inner{{s.graph, s.graph.arguments(x[0].e.id)[0]}, x[0].lanes};
    return elementwise(s, op_of<Softplus>, {&inner, 1});
  }
  return elementwise(s, op_of<Log1p>, x);
}

// Several arguments share ties equally: they are put side by side and reduced.
template <bool largest>
Value extreme_of(const Site& s, Args x) {
  if (x.size() == 1) return x[0].scalar() ? x[0] : Value{extreme(x[0].e, largest, along::all)};
  if (x.size() == 2) return elementwise(s, largest ? op_of<Max> : op_of<Min>, x);
  std::uint8_t lanes = 0;
  const Shape to = any_lanes(x) ? common_extent(x, lanes) : common_shape(s, x);
  const auto n = static_cast<std::uint32_t>(to.size());
  const Shape stacked = s.shape(n, x.size());
  std::vector<Slice> slices;
  std::vector<Expr> columns;
  for (std::size_t k = 0; k < x.size(); ++k) {
    slices.push_back({0, static_cast<std::uint32_t>(k), {n, 1}});
    columns.push_back(reshape(broadcast(x[k].e, to), {n, 1}));
  }
  const Expr all = Lift<Expr>::array<Place>({.shape = stacked, .number = 0, .slices = slices}, columns);
  return {reshape(extreme(all, largest, along::cols), to), lanes};
}

Value if_of(const Site& s, Args x) { return elementwise(s, op_of<Select>, x); }

}  // namespace

std::span<const Builtin> scalar_builtins() {
  static constexpr Builtin table[] = {
      {"log", 1, 1, [](const Site& s, Args x) { return logarithm(s, x[0]); }},
      {"log1p", 1, 1, log1p_of},
      {"pow", 2, 2, row<op_of<Pow>>},
      {"elu", 1, 2, with_default<op_of<Elu>, 100>},
      {"leaky_relu", 1, 2, with_default<op_of<LeakyRelu>, 1>},
      {"max", 1, -1, extreme_of<true>},
      {"min", 1, -1, extreme_of<false>},
      {"if", 3, 3, if_of},
      {"cross_entropy", 2, 2, [](const Site& s, Args x) { return cross_entropy(s, x[0], x[1]); }},
  };
  return table;
}

namespace {

const std::unordered_map<std::string_view, Callable>& callables() {
  static const auto table = [] {
    std::unordered_map<std::string_view, Callable> t;
    for (const Row& r : rows())
      if (r.elementwise && r.info->language && r.info->notation == Notation::call) t.try_emplace(r.info->name, Callable{&r, nullptr});
    for (const auto& list : {scalar_builtins(), array_builtins()})
      for (const Builtin& b : list) t[b.name] = Callable{nullptr, &b};
    for (const Alias& a : aliases)
      if (const auto it = t.find(a.row); it != t.end()) t.try_emplace(a.name, Callable(it->second));
    return t;
  }();
  return table;
}

}  // namespace

namespace {

void check_order(const Site& s, const Expr& order) {
  if (order.node().op != Op::constant) return;
  const double n = order.graph->constant_of(order.id).value;
  if (n > highest_polygamma_order)
    s.refuse(Kind::limit, "the order " + shortest_text(n) + " of polygamma is more than the limit of " + shortest_text(highest_polygamma_order), s.operand_span(0));
}

}  // namespace

Callable find_callable(std::string_view name) {
  const auto it = callables().find(name);
  return it == callables().end() ? Callable{} : it->second;
}

Value call_builtin(const Site& s, const Callable& f, Args x) {
  if (f.row != nullptr && f.row->op == op_of<Polygamma>) check_order(s, x[0].e);
  if (f.row != nullptr) return elementwise(s, f.row->op, x);
  return f.builtin->make(s, x);
}

}  // namespace wengert::lowering

namespace wengert {

bool is_constant_name(std::string_view name) { return name == "pi" || name == "e" || name == "inf" || name == "nan"; }

}  // namespace wengert
