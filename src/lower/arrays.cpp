// Lists, joined matrices, and the array functions of the language as compositions of rows.
#include <algorithm>

#include "site.hpp"

namespace wengert::lowering {

using ast::Tag;

namespace {

bool written_as_bracket(const Site& s, ast::Id id) {
  const Tag tag = s.tree().nodes[id].tag;
  return tag == Tag::list || tag == Tag::comprehension;
}

Expr place(Shape shape, const std::vector<Slice>& slices, const std::vector<Expr>& pieces) {
  if (pieces.size() == 1 && pieces[0].shape() == shape) return pieces[0];
  return Lift<Expr>::array<Place>({.shape = shape, .number = 0, .slices = slices}, pieces);
}

// Rows of a matrix, each written as a list.
Value matrix_of(const Site& s, Args items) {
  std::vector<Slice> slices;
  std::vector<Expr> rows;
  const auto width = static_cast<std::uint32_t>(items[0].shape().size());
  for (std::size_t k = 0; k < items.size(); ++k) {
    const Shape shape = items[k].shape();
    if (!shape.vector())
      s.refuse(Kind::shape, "a row of a matrix is a list of numbers, and this is " + to_string(shape), s.operand_span(k), "to stack matrices, write vcat(A, B)");
    if (shape.size() != width)
      s.refuse(Kind::shape, "the rows of a matrix must be equally long: the first has " + counted(width, "element") + ", this one " + std::to_string(shape.size()),
               s.operand_span(k), {}, {{s.operand_span(0), counted(width, "element")}});
    const Shape row{1, width};
    slices.push_back({static_cast<std::uint32_t>(k), 0, row});
    rows.push_back(reshape(items[k].e, row));
  }
  return {place(s.shape(items.size(), width), slices, rows)};
}

}  // namespace

Value list_of(const Site& s, Args items) {
  if (items.empty()) s.refuse(Kind::shape, "a list must have at least one element");
  for (const Value& v : items)
    if (v.lanes != 0 && items.size() > 1) throw NotElementwise{};
  std::size_t brackets = 0;
  for (std::size_t k = 0; k < items.size(); ++k) brackets += written_as_bracket(s, s.operand(k)) ? 1 : 0;
  if (brackets == items.size()) return matrix_of(s, items);
  if (brackets > 0) {
    std::size_t odd = 0;
    while (written_as_bracket(s, s.operand(odd))) ++odd;
    s.refuse(Kind::shape, "a list is either all rows (`[[a, b], [c, d]]`) or all elements (`[a, b]`), and this element is not written as a bracket",
             s.operand_span(odd), "to join columns, name the bracketed ones first, or write vcat(...)");
  }
  if (items.size() == 1 && items[0].scalar()) return items[0];
  std::vector<Slice> slices;
  std::vector<Expr> pieces;
  slices.reserve(items.size());
  pieces.reserve(items.size());
  std::uint64_t length = 0;
  for (std::size_t k = 0; k < items.size(); ++k) {
    const Shape shape = items[k].shape();
    if (!shape.column())
      s.refuse(Kind::shape, "an element of a list is a number or a column, and this is " + to_string(shape), s.operand_span(k),
               "to put matrices side by side, write hcat(A, B); one above the other, vcat(A, B)");
    slices.push_back({static_cast<std::uint32_t>(length), 0, shape});
    pieces.push_back(items[k].e);
    length += shape.rows;
    s.shape(length, 1);
  }
  return {place(s.shape(length, 1), slices, pieces)};
}

Value join(const Site& s, Args x, bool side_by_side) {
  std::vector<Slice> slices;
  std::vector<Expr> pieces;
  std::uint64_t length = 0;
  const Shape first = x[0].shape();
  const auto across = side_by_side ? first.rows : first.cols;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k].lanes != 0) throw NotElementwise{};
    const Shape shape = x[k].shape();
    if ((side_by_side ? shape.rows : shape.cols) != across)
      s.refuse_shapes(s.callee() + " wants equally many " + (side_by_side ? "rows" : "columns") + ", and these are " + to_string(first) + " and " + to_string(shape), x,
                      join_advice(s, x, side_by_side));
    const auto at = static_cast<std::uint32_t>(length);
    slices.push_back(side_by_side ? Slice{0, at, shape} : Slice{at, 0, shape});
    pieces.push_back(x[k].e);
    length += side_by_side ? shape.cols : shape.rows;
    s.shape(side_by_side ? across : length, side_by_side ? length : across);
  }
  return {place(side_by_side ? s.shape(across, length) : s.shape(length, across), slices, pieces)};
}

namespace {

Shape line_of(const Expr& x, std::uint32_t dimension) { return reduced(x.shape(), dimension); }

// `count` lines of x from `from` on, along the dimension.
Expr lines(const Expr& x, std::uint32_t dimension, std::uint32_t from, std::uint32_t count) {
  const Shape s = x.shape();
  if (dimension == along::rows) return part(x, {from, 0, {count, s.cols}});
  return part(x, {0, from, {s.rows, count}});
}

}  // namespace

// Few factors are a chain, as one writes it; many are multiplied in halves, so that the nodes are few.
Expr product(const Expr& x, std::uint32_t dimension) {
  constexpr std::uint32_t chain = 16;
  Expr rest = x;
  if (dimension == along::all) {
    rest = reshape(x, {static_cast<std::uint32_t>(x.shape().size()), 1});
    dimension = along::rows;
  }
  const Shape result = line_of(rest, dimension);
  Expr odd;
  for (;;) {
    const std::uint32_t n = dimension == along::rows ? rest.shape().rows : rest.shape().cols;
    if (n <= chain) {
      Expr p = lines(rest, dimension, 0, 1);
      for (std::uint32_t k = 1; k < n; ++k) p = p * lines(rest, dimension, k, 1);
      if (present(odd)) p = p * odd;
      return reshape(p, result);
    }
    if (n % 2 == 1) {
      const Expr last = lines(rest, dimension, n - 1, 1);
      odd = present(odd) ? odd * last : last;
    }
    rest = lines(rest, dimension, 0, n / 2) * lines(rest, dimension, n / 2, n / 2);
  }
}

Expr extreme(const Expr& x, bool largest, std::uint32_t dimension) {
  const Shape result = reduced(x.shape(), dimension);
  if (x.shape() == result) return x;
  const Params p{.shape = result, .number = dimension};
  return largest ? apply_array<MaxOf>(p, {x}) : apply_array<MinOf>(p, {x});
}

}  // namespace wengert::lowering
