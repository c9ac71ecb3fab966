#include "latex_notation.hpp"

#include "number.hpp"
#include "wengert/print/latex.hpp"

namespace wengert::print {

namespace {

constexpr SumSigns latex_signs{" + ", " - "};

std::string function_name(const Info& info) {
  if (!info.latex.empty()) return std::string(info.latex);
  std::string name;
  for (char c : info.name) name += c == '_' ? "\\_" : std::string(1, c);
  return "\\operatorname{" + name + "}";
}

// 1e-5 as 10^{-5}, 2.5e22 as 2.5 \cdot 10^{22}.
Number scientific(Number n) {
  const auto e = n.text.find('e');
  if (e == std::string::npos) return n;
  std::string mantissa = n.text.substr(0, e);
  const std::string power_of_ten = "10^{" + n.text.substr(e + 1) + "}";
  if (mantissa == "1" || mantissa == "-1") return {product, mantissa.substr(0, mantissa.size() - 1) + power_of_ten};
  return {product, mantissa + " \\cdot " + power_of_ten};
}

}  // namespace

LatexNotation::LatexNotation(const Plan& plan) : NotationBase(plan, latex_name) {}

Form LatexNotation::function(NodeId id) const {
  const Op op = g_[id].op;
  const NodeId x = g_.arguments(id)[0];
  switch (static_cast<std::uint16_t>(op)) {
    case number_of<Not>: return {not_level, {"\\lnot ", {x, sum}}};
    case number_of<Select>: return choice(id);
    case number_of<Sqrt>: return {atom, {"\\sqrt{", {x, whole}, "}"}};
    case number_of<Cbrt>: return {atom, {"\\sqrt[3]{", {x, whole}, "}"}};
    case number_of<Exp>:
      if (g_[id].shape.scalar()) return {power, {"e^{", {x, whole}, "}"}};
      break;
    case number_of<Abs>: return {atom, {"\\left|", {x, whole}, "\\right|"}};
    case number_of<Floor>: return {atom, {"\\left\\lfloor ", {x, whole}, "\\right\\rfloor"}};
    case number_of<Ceil>: return {atom, {"\\left\\lceil ", {x, whole}, "\\right\\rceil"}};
    case number_of<Polygamma>: return {atom, {"\\psi^{(", {x, whole}, ")}\\left(", {g_.arguments(id)[1], whole}, "\\right)"}};
    default: break;
  }
  return call(function_name(*row_of(op).info), id);
}

Form LatexNotation::leaf(NodeId id, bool unsigned_) const {
  const Node& n = g_[id];
  if (const PendingDerivative* p = plan_.pending(id)) {
    if (!p->by.empty()) {
      const std::string by = latex_name(p->by);
      return {product, {"\\frac{\\mathrm{d}}{\\mathrm{d}" + by + "}\\left(", {p->of, whole}, "\\right)"}};
    }
    if (g_[p->of].op == Op::input) return {power, {"\\mathrm{d}" + latex_name(g_.input_of(p->of).name)}};
    return {power, {"\\mathrm{d}\\left(", {p->of, whole}, "\\right)"}};
  }
  if (n.op == Op::input) return {atom, {latex_name(g_.input_of(id).name)}};
  if (n.op == Op::iota) {
    const std::string first = std::to_string(n.payload), last = std::to_string(n.payload + n.shape.rows - 1);
    return {power, {"\\left(" + first + ", \\dots, " + last + "\\right)^{\\top}"}};
  }
  const Constant& c = g_.constant_of(id);
  const std::string_view sign = plan_.negative(id) && !unsigned_ ? "-" : "";
  if (c.exactness == Constant::Exactness::pi) return {atom, {"\\pi"}};
  if (c.exactness == Constant::Exactness::e) return {atom, {plan_.has_input("e") ? "\\mathrm{e}" : "e"}};
  if (c.exact() && c.denominator != 1) {
    std::string above = std::to_string(c.numerator);
    if (above[0] == '-') above.erase(0, 1);
    return {sign.empty() ? power : product, {std::string(sign) + "\\frac{" + above + "}{" + std::to_string(c.denominator) + "}"}};
  }
  if (c.value != c.value) return {atom, {"\\mathrm{NaN}"}};
  if (c.value - c.value != 0) return {sign.empty() ? atom : product, {std::string(sign) + "\\infty"}};
  Number number = scientific(constant_text(c, unsigned_));
  return {number.level, {std::move(number.text)}};
}

// Whether juxtaposition would run numbers together.
bool LatexNotation::begins_with_digit(NodeId id) const {
  for (int k = 0; k < 64; ++k) {
    const Node& n = g_[id];
    if (name(id) != nullptr) return false;
    if (n.op == Op::constant) return g_.constant_of(id).exactness != Constant::Exactness::pi && g_.constant_of(id).exactness != Constant::Exactness::e;
    const bool leads = n.op == op_of<Mul> || n.op == op_of<StrongMul> || n.op == op_of<Pow> || n.op == op_of<MatMul> || n.op == op_of<StrongMatMul> || n.op == op_of<Broadcast>;
    if (!leads) return false;
    id = g_.arguments(id)[0];
  }
  return false;
}

Form LatexNotation::product_of(NodeId a, std::string_view sign, NodeId b, bool unsigned_) const {
  if (sign == " " && begins_with_digit(b)) sign = " \\cdot ";
  return {product, {{a, product, unsigned_}, sign, {b, power}}};
}

Form LatexNotation::arithmetic(NodeId id, bool unsigned_) const {
  const Op op = g_[id].op;
  if (op == op_of<Neg>) return negation_form(plan_, g_.arguments(id)[0], unsigned_);
  const Operands x = operands(g_, id, true);
  const bool arrays = !x.shape[0].scalar() && !x.shape[1].scalar();
  if (op == op_of<Add> || op == op_of<Sub>) return sum_form(plan_, x, op == op_of<Sub>, latex_signs);
  if (op == op_of<Pow>) return {power, {{x.id[0], postfix}, g_[id].shape.scalar() ? "^{" : "^{\\circ ", {x.id[1], whole}, "}"}};
  if (op == op_of<Div> && x.shape[1].scalar()) return fraction_form(x.id[0], x.id[1], unsigned_, {"-", "\\frac{", "}{", "}"});
  if (op == op_of<Div>) return product_of(x.id[0], " \\oslash ", x.id[1], unsigned_);
  return product_of(x.id[0], arrays ? " \\odot " : " ", x.id[1], unsigned_);
}

Form LatexNotation::infix(NodeId id, Level level) const {
  return between(id, level, " " + std::string(row_of(g_[id].op).info->latex) + " ");
}

Form LatexNotation::choice(NodeId id) const {
  const Operands x = operands(g_, id, false);
  return {product, {"\\begin{cases} ", {x.id[1], whole}, " & \\text{if } ", {x.id[0], whole}, " \\\\ ", {x.id[2], whole}, " & \\text{otherwise} \\end{cases}"}};
}

Form LatexNotation::call(std::string_view function, NodeId id) const {
  return call_form(std::string(function) + "\\left(", id, ", ", "\\right)");
}

}  // namespace wengert::print
