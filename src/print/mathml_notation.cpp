#include "mathml_notation.hpp"

#include "blocks.hpp"
#include "number.hpp"
#include "wengert/print/mathml.hpp"

namespace wengert::print {

namespace {

constexpr std::string_view minus = "<mo>&#x2212;</mo>";
constexpr SumSigns mathml_signs{"<mo>+</mo>", minus};
constexpr std::string_view invisible_times = "<mo>&#x2062;</mo>";

std::string word(std::string_view tag, std::string_view text) {
  return "<" + std::string(tag) + ">" + escaped_xml(std::string(text)) + "</" + std::string(tag) + ">";
}

Form power_form(Piece base, std::string exponent_before, Piece exponent, std::string exponent_after = {}) {
  return {power, {"<msup><mrow>", std::move(base), "</mrow><mrow>" + std::move(exponent_before), std::move(exponent), std::move(exponent_after) + "</mrow></msup>"}};
}

std::string sized_mathml(std::string_view symbol, Shape s) {
  return "<msub><mi mathvariant=\"bold\">" + std::string(symbol) + "</mi><mrow><mn>" + std::to_string(s.rows) + "</mn><mo>&#xd7;</mo><mn>" + std::to_string(s.cols) +
         "</mn></mrow></msub>";
}

}  // namespace

MathmlNotation::MathmlNotation(const Plan& plan) : NotationBase(plan, mathml_name) {}

Form MathmlNotation::function(NodeId id) const {
  const Op op = g_[id].op;
  const NodeId x = g_.arguments(id)[0];
  switch (static_cast<std::uint16_t>(op)) {
    case number_of<Not>: return {not_level, {"<mo>&#xac;</mo>", {x, sum}}};
    case number_of<Select>: return choice(id);
    case number_of<Sqrt>: return {atom, {"<msqrt>", {x, whole}, "</msqrt>"}};
    case number_of<Cbrt>: return {atom, {"<mroot><mrow>", {x, whole}, "</mrow><mn>3</mn></mroot>"}};
    case number_of<Exp>:
      if (g_[id].shape.scalar()) return {power, {"<msup><mi>e</mi><mrow>", {x, whole}, "</mrow></msup>"}};
      break;
    case number_of<Abs>: return {atom, {"<mrow><mo>|</mo>", {x, whole}, "<mo>|</mo></mrow>"}};
    case number_of<Floor>: return {atom, {"<mrow><mo>&#x230a;</mo>", {x, whole}, "<mo>&#x230b;</mo></mrow>"}};
    case number_of<Ceil>: return {atom, {"<mrow><mo>&#x2308;</mo>", {x, whole}, "<mo>&#x2309;</mo></mrow>"}};
    default: break;
  }
  return call(op == op_of<Sigmoid> ? "σ" : row_of(op).info->name, id);
}

Form MathmlNotation::pending(const PendingDerivative& p) const {
  if (p.by.empty()) {
    if (g_[p.of].op == Op::input) return {atom, {"<mrow><mi mathvariant=\"normal\">d</mi>" + mathml_name(g_.input_of(p.of).name) + "</mrow>"}};
    return {power, {"<mrow><mi mathvariant=\"normal\">d</mi><mo>(</mo>", {p.of, whole}, "<mo>)</mo></mrow>"}};
  }
  return {power,
          {"<mrow><mfrac><mi mathvariant=\"normal\">d</mi><mrow><mi mathvariant=\"normal\">d</mi>" + mathml_name(p.by) + "</mrow></mfrac><mo>(</mo>", {p.of, whole},
           "<mo>)</mo></mrow>"}};
}

Form MathmlNotation::leaf(NodeId id, bool unsigned_) const {
  const Node& n = g_[id];
  if (const PendingDerivative* p = plan_.pending(id)) return pending(*p);
  if (n.op == Op::input) return {atom, {mathml_name(g_.input_of(id).name)}};
  if (n.op == Op::iota)
    return {atom, {"<mrow><mo>(</mo><mn>" + std::to_string(n.payload) + "</mn><mo>,</mo><mi>&#x2026;</mi><mo>,</mo><mn>" +
                   std::to_string(n.payload + n.shape.rows - 1) + "</mn><mo>)</mo></mrow>"}};
  const Constant& c = g_.constant_of(id);
  const bool negated = plan_.negative(id) && !unsigned_;
  if (c.exactness == Constant::Exactness::pi) return {atom, {"<mi>&#x3c0;</mi>"}};
  if (c.exactness == Constant::Exactness::e) return {atom, {"<mi mathvariant=\"normal\">e</mi>"}};
  if (c.exact() && c.denominator != 1) {
    std::string above = std::to_string(c.numerator);
    if (above[0] == '-') above.erase(0, 1);
    return {negated ? product : power, {std::string(negated ? minus : "") + "<mfrac><mn>" + above + "</mn><mn>" + std::to_string(c.denominator) + "</mn></mfrac>"}};
  }
  const Number number = constant_text(c, true);
  const bool negative = constant_text(c, unsigned_).text != number.text;
  return {negative ? product : number.level, {std::string(negative ? minus : "") + word("mn", number.text)}};
}

Form MathmlNotation::product_of(NodeId a, std::string_view sign, NodeId b, bool unsigned_) const {
  // A number after a factor needs a sign that one sees.
  NodeId first = b;
  for (int k = 0; k < 64 && g_[first].op >= Op::first_row && name(first) == nullptr; ++k) {
    const Op op = g_[first].op;
    if (op != op_of<Mul> && op != op_of<StrongMul> && op != op_of<Pow> && op != op_of<Broadcast>) break;
    first = g_.arguments(first)[0];
  }
  if (sign == invisible_times && g_[first].op == Op::constant) sign = "<mo>&#xb7;</mo>";
  return {product, {{a, product, unsigned_}, sign, {b, power}}};
}

Form MathmlNotation::arithmetic(NodeId id, bool unsigned_) const {
  const Op op = g_[id].op;
  if (op == op_of<Neg>) return negation_form(plan_, g_.arguments(id)[0], unsigned_, minus);
  const Operands x = operands(g_, id, true);
  const bool arrays = !x.shape[0].scalar() && !x.shape[1].scalar();
  if (op == op_of<Add> || op == op_of<Sub>) return sum_form(plan_, x, op == op_of<Sub>, mathml_signs);
  if (op == op_of<Pow>) return power_form({x.id[0], postfix}, g_[id].shape.scalar() ? "" : "<mo>&#x2218;</mo>", {x.id[1], whole});
  if (op == op_of<Div> && x.shape[1].scalar()) return fraction_form(x.id[0], x.id[1], unsigned_, {minus, "<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"});
  if (op == op_of<Div>) return product_of(x.id[0], "<mo>&#x2298;</mo>", x.id[1], unsigned_);
  return product_of(x.id[0], arrays ? "<mo>&#x2299;</mo>" : invisible_times, x.id[1], unsigned_);
}

Form MathmlNotation::infix(NodeId id, Level level) const {
  const std::string_view name = row_of(g_[id].op).info->name;
  return between(id, level, word("mo", name == "<=" ? "≤" : name == ">=" ? "≥" : name == "==" ? "=" : name == "!=" ? "≠" : name));
}

Form MathmlNotation::choice(NodeId id) const {
  const Operands x = operands(g_, id, false);
  return {product,
          {"<mrow><mo>{</mo><mtable columnalign=\"left\"><mtr><mtd>", {x.id[1], whole}, "</mtd><mtd><mtext>if&#xa0;</mtext>", {x.id[0], whole},
           "</mtd></mtr><mtr><mtd>", {x.id[2], whole}, "</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>"}};
}

Form MathmlNotation::array(NodeId id, bool unsigned_) const {
  const auto x = g_.arguments(id);
  const Node& n = g_[id];
  switch (static_cast<std::uint16_t>(n.op)) {
    case number_of<MatMul>: case number_of<StrongMatMul>: return product_of(x[0], invisible_times, x[1], unsigned_);
    case number_of<Transpose>: return {power, {"<msup><mrow>", {x[0], postfix}, "</mrow><mi>&#x22a4;</mi></msup>"}};
    case number_of<Inv>: return {power, {"<msup><mrow>", {x[0], postfix}, "</mrow><mrow><mo>&#x2212;</mo><mn>1</mn></mrow></msup>"}};
    case number_of<Part>: return part(id);
    case number_of<Place>: return place(id);
    case number_of<Norm>: return {atom, {"<mrow><mo>&#x2016;</mo>", {x[0], whole}, "<mo>&#x2016;</mo></mrow>"}};
    case number_of<Broadcast>:
      if (g_.is_constant(x[0], 0)) return {postfix, {sized_mathml("0", n.shape)}};
      if (g_.is_constant(x[0], 1)) return {postfix, {sized_mathml("1", n.shape)}};
      return {product, {{x[0], product, unsigned_}, invisible_times, sized_mathml("1", n.shape)}};
    default: return call(row_of(n.op).info->name, id);
  }
}

Form MathmlNotation::part(NodeId id) const {
  const NodeId base = g_.arguments(id)[0];
  const Slice s = g_.slices_at(g_[id].payload)[0];
  const Shape all = g_[base].shape;
  const auto index = [](std::uint32_t first, std::uint32_t count, std::uint32_t of) {
    if (count == of && of > 1) return std::string("<mo>:</mo>");
    if (count == 1) return "<mn>" + std::to_string(first + 1) + "</mn>";
    return "<mn>" + std::to_string(first + 1) + "</mn><mo>:</mo><mn>" + std::to_string(first + count) + "</mn>";
  };
  std::string at = all.rows == 1 ? index(s.col, s.shape.cols, all.cols) : index(s.row, s.shape.rows, all.rows);
  if (all.rows > 1 && all.cols > 1) at += "<mo>,</mo>" + index(s.col, s.shape.cols, all.cols);
  return {postfix, {"<msub><mrow>", {base, atom}, "</mrow><mrow>" + at + "</mrow></msub>"}};
}

Form MathmlNotation::place(NodeId id) const {
  Form form{atom, {}};
  for (const Grid& grid : arrange(g_, id)) {
    if (!form.pieces.empty()) form.pieces.emplace_back("<mo>+</mo>");
    form.pieces.emplace_back("<mrow><mo>[</mo><mtable>");
    for (const auto& line : grid.lines) {
      form.pieces.emplace_back("<mtr>");
      for (const Block& b : line) {
        form.pieces.emplace_back("<mtd>");
        if (b.terms.empty()) form.pieces.emplace_back(b.shape.scalar() ? std::string("<mn>0</mn>") : sized_mathml("0", b.shape));
        else append(form, terms_form(plan_, b.terms, mathml_signs));
        form.pieces.emplace_back("</mtd>");
      }
      form.pieces.emplace_back("</mtr>");
    }
    form.pieces.emplace_back("</mtable><mo>]</mo></mrow>");
  }
  return form;
}

Form MathmlNotation::call(std::string_view function, NodeId id) const {
  return call_form("<mrow>" + word("mi", function) + "<mo>&#x2061;</mo><mo>(</mo>", id, "<mo>,</mo>", "<mo>)</mo></mrow>");
}

}  // namespace wengert::print
