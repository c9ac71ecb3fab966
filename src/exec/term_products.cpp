// Products of two terms.
#include <algorithm>

#include "linear_map.hpp"
#include "wengert/rules/build.hpp"

namespace wengert::exec {

namespace {

using Int = std::int64_t;

std::vector<Term> list(Term t) { return {std::move(t)}; }

}  // namespace

MapAlgebra::Product MapAlgebra::pair(const Term& b, const Term& a) {
  if (a.cols == 1) return with_line(b, a);
  if (b.cols == 1) {  // by the transposes
    Term bt = transposed(b), at = transposed(a);
    Product p = with_line(at, bt);
    if (p)
      for (Term& t : *p) t = transposed(std::move(t));
    return p;
  }
  return wide(b, a);
}

namespace {

// Whole k with k*stride = d; a stride of 0 divides nothing.
std::optional<Int> divided(Int d, Int stride) {
  if (stride == 0 || d % stride != 0) return std::nullopt;
  return d / stride;
}

}  // namespace

// The first factor is a line whose entries all stand in one row: one column of b, times that row.
MapAlgebra::Product MapAlgebra::with_row(const Term& b, const Term& a) {
  const Int d = a.row.at - b.col.at;
  Term chosen = b;
  if (b.col.i == 0 && b.col.j == 0) {
    if (d != 0) return std::vector<Term>{};
  } else if (b.col.i == 0 || b.col.j == 0) {
    const bool down = b.col.j == 0;
    const auto k = divided(d, down ? b.col.i : b.col.j);
    if (!k || *k < 0 || *k >= (down ? b.rows : b.cols)) return std::vector<Term>{};
    chosen = down ? rectangle(b, *k, 0, 1, b.cols) : rectangle(b, 0, *k, b.rows, 1);
  } else {
    std::vector<std::pair<Int, Int>> found;
    for (Int i = 0; i < b.rows; ++i)
      if (const auto j = divided(d - i * b.col.i, b.col.j); j && *j >= 0 && *j < b.cols) found.emplace_back(i, *j);
    if (found.size() > 1) return std::nullopt;
    if (found.empty()) return std::vector<Term>{};
    chosen = rectangle(b, found[0].first, found[0].second, 1, 1);
  }
  normalise(chosen);
  if (a.count() == 1) {
    chosen.col = {a.col.at, 0, 0};
    chosen.entries = times(chosen.entries, a.entries, chosen.count());
    return list(std::move(chosen));
  }
  if (chosen.cols != 1) return std::nullopt;
  return list({chosen.rows,
               a.rows,
               {chosen.row.at, chosen.row.i, 0},
               {a.col.at, 0, a.col.i},
               outer(chosen.entries, a.entries, chosen.rows, a.rows)});
}

// The line's rows are farther apart than b's columns.
MapAlgebra::Product MapAlgebra::line_in_line(const Term& b, const Term& a) {
  const auto from = divided(a.row.at - b.col.at, b.col.i), step = divided(a.row.i, b.col.i);
  if (!from || !step) return std::nullopt;
  Int first = 0, last = a.rows - 1;
  while (first <= last && (*from + first * *step < 0 || *from + first * *step >= b.rows)) ++first;
  while (first <= last && (*from + last * *step < 0 || *from + last * *step >= b.rows)) --last;
  if (first > last) return std::vector<Term>{};
  const Int n = last - first + 1;
  const auto picked = gather(b, *from + first * *step, *step, 0, n, 1);
  if (!picked) return std::nullopt;
  const Term rest = rectangle(a, first, 0, n, 1);
  const Int k = *from + first * *step;
  return list({n, 1, {b.row.of(k, 0), b.row.i * *step, 0}, rest.col, times(*picked, rest.entries, n)});
}

// The first factor is a line: each entry of b meets one of its numbers.
MapAlgebra::Product MapAlgebra::with_line(const Term& b, const Term& a) {
  if (a.row.i == 0) return with_row(b, a);
  const auto k = divided(b.col.at - a.row.at, a.row.i);
  const bool whole = b.col.i % a.row.i == 0 && b.col.j % a.row.i == 0;
  if (!whole && b.cols == 1) return line_in_line(b, a);
  if (!whole) return std::nullopt;
  if (!k) return std::vector<Term>{};
  const Int ki = b.col.i / a.row.i, kj = b.col.j / a.row.i;
  const auto inside = [&](Int i, Int j) {
    const Int at = *k + ki * i + kj * j;
    return at >= 0 && at < a.rows;
  };
  Int i0 = 0, i1 = b.rows - 1, j0 = 0, j1 = b.cols - 1;
  if (kj == 0 || ki == 0) {
    while (i0 <= i1 && ki != 0 && !inside(i0, 0)) ++i0;
    while (i0 <= i1 && ki != 0 && !inside(i1, 0)) --i1;
    while (j0 <= j1 && kj != 0 && !inside(0, j0)) ++j0;
    while (j0 <= j1 && kj != 0 && !inside(0, j1)) --j1;
    if (ki == 0 && kj == 0 && !inside(0, 0)) return std::vector<Term>{};
  } else {
    const auto row_inside = [&](Int i) { return inside(i, 0) && inside(i, b.cols - 1); };
    const auto row_outside = [&](Int i) {
      const Int p = *k + ki * i, q = p + kj * (b.cols - 1);
      return std::max(p, q) < 0 || std::min(p, q) >= a.rows;
    };
    while (i0 <= i1 && row_outside(i0)) ++i0;
    while (i0 <= i1 && row_outside(i1)) --i1;
    for (Int i : {i0, i1})
      if (i0 <= i1 && !row_inside(i)) return std::nullopt;
  }
  if (i0 > i1 || j0 > j1) return std::vector<Term>{};
  Term part = rectangle(b, i0, j0, i1 - i0 + 1, j1 - j0 + 1);
  const Int from = *k + ki * i0 + kj * j0;
  if (part.cols > 1 && a.col.i == 0 && ki == 0 && part.row.j == 0 && !part.entries.repeated) {  // matrix by vector
    const auto numbers = gather(a, from, kj, 0, part.cols, 1);
    if (!numbers) return std::nullopt;
    return list({part.rows,
                 1,
                 {part.row.at, part.row.i, 0},
                 {a.col.at, 0, 0},
                 matrix_product(part.entries, *numbers, part.rows, part.cols, 1)});
  }
  const auto numbers = gather(a, from, ki, kj, part.rows, part.cols);
  if (!numbers) return std::nullopt;
  part.col = {a.col.of(from, 0), a.col.i * ki, a.col.i * kj};
  part.entries = times(part.entries, *numbers, part.count(), part.cols > 1 && !numbers->repeated ? part.rows : 1);
  return list(std::move(part));
}

MapAlgebra::Product MapAlgebra::wide(const Term& b, const Term& a) {
  const bool b_both = b.col.i != 0 && b.col.j != 0, a_both = a.row.i != 0 && a.row.j != 0;
  if (b_both && a_both) return in_step(b, a);
  if (b_both || a_both) return std::nullopt;
  return contracted(b, a);
}

// b's columns run along one of its axes, a's rows along one of its: a matrix product.
MapAlgebra::Product MapAlgebra::contracted(Term b, Term a) {
  if (b.col.j == 0) b = swapped(std::move(b));
  if (a.row.i == 0) a = swapped(std::move(a));
  if (b.row.j != 0 || a.col.i != 0) return std::nullopt;
  if (b.col.j == 0 || a.row.i == 0) return std::nullopt;
  if (b.col.j != a.row.i) return one_by_one(b, a);
  const Int gap = a.row.at - b.col.at;
  const auto d = divided(gap, a.row.i);
  if (!d) return std::vector<Term>{};
  const Int first = std::max<Int>(0, *d), end = std::min(b.cols, *d + a.rows);
  if (first >= end) return std::vector<Term>{};
  const Int n = end - first;
  const Term left = rectangle(b, 0, first, b.rows, n), right = rectangle(a, first - *d, 0, n, a.cols);
  return list({b.rows,
               a.cols,
               {b.row.at, b.row.i, 0},
               {a.col.at, 0, a.col.j},
               matrix_product(left.entries, right.entries, b.rows, n, a.cols)});
}

// b's columns are farther apart than a's rows, or the other way round: where few of them meet, a column by a row each.
MapAlgebra::Product MapAlgebra::one_by_one(const Term& b, const Term& a) {
  constexpr std::size_t few = 8;
  std::vector<Term> out;
  for (Int j = 0; j < b.cols; ++j) {
    const auto i = divided(b.col.of(0, j) - a.row.at, a.row.i);
    if (!i || *i < 0 || *i >= a.rows) continue;
    if (out.size() == few) return std::nullopt;
    const Term left = rectangle(b, 0, j, b.rows, 1), right = rectangle(a, *i, 0, 1, a.cols);
    out.push_back({b.rows,
                   a.cols,
                   {left.row.at, left.row.i, 0},
                   {right.col.at, 0, right.col.j},
                   outer(left.entries, right.entries, b.rows, a.cols)});
  }
  return out;
}

// The same rectangle on both sides, perhaps shifted: entry by entry.
MapAlgebra::Product MapAlgebra::in_step(const Term& b, Term a) {
  if (b.col.i != a.row.i || b.col.j != a.row.j) {
    if (b.col.i != a.row.j || b.col.j != a.row.i) return std::nullopt;
    a = swapped(std::move(a));
  }
  std::optional<std::pair<Int, Int>> shift;
  const Int d = b.col.at - a.row.at;
  for (Int di = 1 - b.rows; di < a.rows; ++di) {
    const auto dj = divided(d - di * b.col.i, b.col.j);
    if (!dj || *dj <= -b.cols || *dj >= a.cols) continue;
    if (shift) return std::nullopt;
    shift = {di, *dj};
  }
  if (!shift) return std::vector<Term>{};
  const auto [di, dj] = *shift;
  const Int i0 = std::max<Int>(0, -di), i1 = std::min(b.rows, a.rows - di);
  const Int j0 = std::max<Int>(0, -dj), j1 = std::min(b.cols, a.cols - dj);
  if (i0 >= i1 || j0 >= j1) return std::vector<Term>{};
  Term left = rectangle(b, i0, j0, i1 - i0, j1 - j0);
  const Term right = rectangle(a, i0 + di, j0 + dj, i1 - i0, j1 - j0);
  left.col = right.col;
  left.entries = times(left.entries, right.entries, left.count());
  return list(std::move(left));
}

}  // namespace wengert::exec
