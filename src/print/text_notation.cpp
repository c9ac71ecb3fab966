#include "text_notation.hpp"

#include "number.hpp"

namespace wengert::print {

TextNotation::TextNotation(const Plan& plan)
    : NotationBase(plan, [](const std::string& name) { return name; }) {}

Form TextNotation::function(NodeId id) const {
  if (g_[id].op == op_of<Not>) return {not_level, {"not ", {g_.arguments(id)[0], not_level}}};
  return call(row_of(g_[id].op).info->name, id);
}

Form TextNotation::leaf(NodeId id, bool unsigned_) const {
  const Node& n = g_[id];
  if (const PendingDerivative* p = plan_.pending(id)) {
    if (!p->by.empty()) return {atom, {"diff(", {p->of, whole}, ", " + p->by + ")"}};
    if (g_[p->of].op == Op::input) return {atom, {"d" + g_.input_of(p->of).name}};
    return {atom, {"d(", {p->of, whole}, ")"}};
  }
  if (n.op == Op::input) return {atom, {g_.input_of(id).name}};
  if (n.op == Op::iota) {
    const std::string i = plan_.fresh("i");
    return {atom, {"[" + i + " for " + i + " in " + std::to_string(n.payload) + ".." + std::to_string(n.payload + n.shape.rows - 1) + "]"}};
  }
  const Constant& c = g_.constant_of(id);
  if (c.exactness == Constant::Exactness::e && plan_.has_input("e")) return {atom, {"exp(1)"}};
  if (c.exactness == Constant::Exactness::pi && plan_.has_input("pi")) return {atom, {"acos(-1)"}};
  Number number = constant_text(c, unsigned_);
  return {number.level, {std::move(number.text)}};
}

Form TextNotation::arithmetic(NodeId id, bool unsigned_) const {
  const Op op = g_[id].op;
  if (op == op_of<Neg>) return negation_form(plan_, g_.arguments(id)[0], unsigned_);
  const Operands x = operands(g_, id, true);
  const bool arrays = !x.shape[0].scalar() && !x.shape[1].scalar();
  if (op == op_of<Add> || op == op_of<Sub>) {
    const bool dotted = arrays && x.shape[0] != x.shape[1];
    return sum_form(plan_, x, op == op_of<Sub>, dotted ? SumSigns{" .+ ", " .- "} : SumSigns{" + ", " - "});
  }
  if (op == op_of<Pow>) return {power, {{x.id[0], postfix}, arrays || !g_[id].shape.scalar() ? ".^" : "^", {x.id[1], power}}};
  std::string_view sign = arrays ? ".*" : "*";
  if (op == op_of<Div>) sign = x.shape[1].scalar() ? "/" : "./";
  return {product, {{x.id[0], product, unsigned_}, sign, {x.id[1], power}}};
}

Form TextNotation::infix(NodeId id, Level level) const {
  return between(id, level, " " + std::string(row_of(g_[id].op).info->name) + " ");
}

Form TextNotation::call(std::string_view function, NodeId id) const {
  return call_form(std::string(function) + "(", id, ", ", ")");
}

}  // namespace wengert::print
