// What the author of shapes that do not fit may have meant: the smallest change that makes them fit.
#include <algorithm>

#include "site.hpp"

namespace wengert::lowering {

using ast::Tag;

namespace {

constexpr std::pair<Tag, std::string_view> operators[] = {
    {Tag::add, "+"},         {Tag::subtract, "-"},       {Tag::multiply, "*"},      {Tag::divide, "/"},
    {Tag::power, "^"},       {Tag::dot_add, ".+"},       {Tag::dot_subtract, ".-"}, {Tag::dot_multiply, ".*"},
    {Tag::dot_divide, "./"}, {Tag::dot_power, ".^"},     {Tag::less, "<"},          {Tag::less_equal, "<="},
    {Tag::greater, ">"},     {Tag::greater_equal, ">="}, {Tag::equal, "=="},        {Tag::not_equal, "!="},
    {Tag::and_, "and"},      {Tag::or_, "or"},
};

std::string_view operator_of(Tag tag) {
  for (const auto& [known, text] : operators)
    if (known == tag) return text;
  return {};
}

std::string question(const std::string& expression) { return "did you mean " + expression + "?"; }

// The first elements of a longer column or row.
std::string beginning(const Site& s, std::size_t k, Shape from, Shape to) {
  const std::string name = s.written(k);
  const std::uint64_t n = to.size();
  return name + (from.column() ? "[1.." + std::to_string(n) + "]" : "[1, 1.." + std::to_string(n) + "]");
}

}  // namespace

// An operand transposed: x for x', x' for x.
std::string turned(const Site& s, std::size_t k) {
  const ast::Id o = s.operand(k);
  const std::string text = s.written(k);
  if (s.tree().nodes[o].tag != Tag::transpose || text == "...") return text + "'";
  std::string inner(s.program.sources.text(s.span(s.tree().nodes[o].a)));
  const Tag tag = s.tree().nodes[s.tree().nodes[o].a].tag;
  const bool plain =
      tag == Tag::name || tag == Tag::call || tag == Tag::index || tag == Tag::list || tag == Tag::transpose;
  return plain ? inner : "(" + inner + ")";
}

// The call or operation with operand k written differently.
std::string rewritten(const Site& s, std::size_t k, const std::string& instead) {
  const std::string_view op = operator_of(s.node().tag);
  if (!op.empty()) {
    const std::string sign =
        op == "^" || op == ".^" || op == "*" || op == "/" ? std::string(op) : " " + std::string(op) + " ";
    return (k == 0 ? instead : s.written(0)) + sign + (k == 1 ? instead : s.written(1));
  }
  std::string out = s.callee() + "(";
  const std::size_t n = s.tree().calls[s.node().a].arguments.size();
  for (std::size_t j = 0; j < n; ++j) out += (j > 0 ? ", " : "") + (j == k ? instead : s.written(j, true));
  return out + ")";
}

// For what wants equal shapes: operands j and k, which differ.
std::string equal_shapes_advice(const Site& s, Args x, std::size_t j, std::size_t k) {
  const Shape a = x[j].shape(), b = x[k].shape();
  if (a.transposed() == b) return question(rewritten(s, k, turned(s, k)));
  const std::string_view op = operator_of(s.node().tag);
  const bool broadcasts =
      (a.rows == b.rows || a.rows == 1 || b.rows == 1) && (a.cols == b.cols || a.cols == 1 || b.cols == 1);
  if (broadcasts && (op == "+" || op == "-"))
    return "to repeat the row or the column, write `." + std::string(op) + "`";
  const bool columns = a.column() && b.column(), rows = a.rows == 1 && b.rows == 1;
  if (columns || rows) {
    const bool first = a.size() > b.size();
    return "for the first elements alone: " +
           rewritten(s, first ? j : k, first ? beginning(s, j, a, b) : beginning(s, k, b, a));
  }
  const bool turned_broadcasts =
      (a.rows == b.cols || a.rows == 1 || b.cols == 1) && (a.cols == b.rows || a.cols == 1 || b.rows == 1);
  if (turned_broadcasts && op.starts_with('.')) return question(rewritten(s, k, turned(s, k)));
  return {};
}

// For the product of matrices.
std::string product_advice(const Site& s, Shape a, Shape b) {
  const std::string l = s.written(0), r = s.written(1);
  if (a == b && a.column())
    return question(turned(s, 0) + "*" + r + " (a number), " + l + "*" + turned(s, 1) + " (a matrix) or " + l + " .* " +
                    r + " (element by element)");
  if (a == b) return question(l + " .* " + r + " (element by element) or " + turned(s, 0) + "*" + r);
  if (a.rows == b.rows) return question(turned(s, 0) + "*" + r);
  if (a.cols == b.cols) return question(l + "*" + turned(s, 1));
  if (a.rows == b.cols) return question(r + "*" + l);
  if (b.column() && b.rows > a.cols)
    return "for the first elements alone: " + l + "*" + beginning(s, 1, b, {a.cols, 1});
  return {};
}

// For what wants a square matrix.
std::string square_advice(const Site& s, Shape a) {
  const std::string name = s.written(0);
  const bool tall = a.rows > a.cols;
  const std::string product = tall ? turned(s, 0) + "*" + name : name + "*" + turned(s, 0);
  if (s.callee() == "inv" || s.callee() == "solve") {
    if (tall) return "for least squares, write solve(" + product + ", " + turned(s, 0) + "*b)";
    return "for the shortest solution, write " + turned(s, 0) + "*solve(" + product + ", b)";
  }
  return question(s.callee() + "(" + product + ")");
}

// For hcat and vcat.
std::string join_advice(const Site& s, Args x, bool side_by_side) {
  const auto across = [&](const Shape& shape, bool beside) { return beside ? shape.rows : shape.cols; };
  const auto fits = [&](bool beside) {
    return std::all_of(x.begin(), x.end(),
                       [&](const Value& v) { return across(v.shape(), beside) == across(x[0].shape(), beside); });
  };
  if (fits(!side_by_side)) {
    std::string all = side_by_side ? "vcat(" : "hcat(";
    for (std::size_t k = 0; k < x.size(); ++k) all += (k > 0 ? ", " : "") + s.written(k, true);
    return question(all + ")");
  }
  for (std::size_t k = 1; k < x.size(); ++k)
    if (across(x[k].shape(), side_by_side) != across(x[0].shape(), side_by_side) &&
        across(x[k].shape(), !side_by_side) == across(x[0].shape(), side_by_side))
      return question(rewritten(s, k, turned(s, k)));
  return {};
}

// For a reshape to another number of elements.
std::string reshape_advice(const Site& s, Shape from, Shape to) {
  const std::uint64_t n = from.size();
  const auto sized = [&](std::uint64_t rows) {
    return "reshape(" + s.written(0, true) + ", " + std::to_string(rows) + ", " + std::to_string(n / rows) + ")";
  };
  if (n % to.rows == 0) return question(sized(to.rows));
  if (n % to.cols == 0) return question(sized(n / to.cols));
  return question(sized(n));
}

}  // namespace wengert::lowering
