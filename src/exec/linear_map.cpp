#include "linear_map.hpp"

#include <algorithm>

#include "wengert/rules/build.hpp"

namespace wengert::exec {

namespace {

using Int = std::int64_t;

std::uint32_t u32(Int n) { return static_cast<std::uint32_t>(n); }
Slice slice(Int row, Int col, Int rows, Int cols) { return {u32(row), u32(col), shape_for(rows, cols)}; }
Places swapped(Places p) { return {p.at, p.j, p.i}; }
Int size_of(Int x) { return x < 0 ? -x : x; }
Term transposed(Term t) {
  std::swap(t.row, t.col);
  return t;
}
std::vector<Term> list(Term t) { return {std::move(t)}; }

constexpr std::size_t many_terms = 6;

}  // namespace

std::vector<Term> LinearMap::terms() const {
  std::vector<Term> out;
  for (const auto& [key, entries] : terms_)
    out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), entries});
  return out;
}

// --- numbers

Entries MapAlgebra::entries(const Expr& numbers) const {
  Expr e = numbers;
  if (e.node().op == op_of<Broadcast> && Expr(*e.graph, e.graph->arguments(e.id)[0]).shape().scalar())
    e = {*e.graph, e.graph->arguments(e.id)[0]};
  const bool one = e.node().op == Op::constant && e.graph->constant_of(e.id).value == 1;
  return {graph_ == nullptr ? Expr() : e, e.shape().scalar(), one};
}

Entries MapAlgebra::one() const {
  return {graph_ == nullptr ? Expr() : Expr(*graph_, graph_->constant(Constant::integer(1))), true, true};
}

Expr MapAlgebra::filled(const Entries& e, Int rows, Int cols) const {
  return e.repeated ? broadcast(e.numbers, shape_for(rows, cols)) : e.numbers;
}

Entries MapAlgebra::times(const Entries& a, const Entries& b, Int count) {
  if (a.one) return b;
  if (b.one) return a;
  const bool repeated = a.repeated && b.repeated;
  cost_ += repeated ? 1 : static_cast<double>(count);
  if (graph_ == nullptr) return {Expr(), repeated, false};
  const Entries e = entries(annihilate(a.numbers, b.numbers));
  return {e.numbers, e.repeated, e.one};
}

Entries MapAlgebra::outer(const Entries& column, const Entries& row, Int rows, Int cols) {
  if (column.repeated && row.repeated) return times(column, row, 1);
  const auto across = [&](const Entries& e, Shape line) -> Entries {
    if (e.repeated || graph_ == nullptr) return {e.numbers, e.repeated, e.one};
    return {broadcast(reshape(e.numbers, line), shape_for(rows, cols)), false, false};
  };
  if (column.repeated || row.repeated)
    return times(across(column, shape_for(rows, 1)), across(row, shape_for(1, cols)), rows * cols);
  cost_ += static_cast<double>(rows * cols);
  if (graph_ == nullptr) return {};
  return {strong_matmul(reshape(column.numbers, shape_for(rows, 1)), reshape(row.numbers, shape_for(1, cols))), false,
          false};
}

Entries MapAlgebra::matrix_product(const Entries& a, const Entries& b, Int rows, Int inner, Int cols) {
  cost_ += static_cast<double>(rows) * static_cast<double>(inner) * static_cast<double>(cols) / 4;
  if (graph_ == nullptr) return {};
  return entries(strong_matmul(filled(a, rows, inner), filled(b, inner, cols)));
}

// --- one term

Term MapAlgebra::swapped(Term t) {
  std::swap(t.rows, t.cols);
  t.row = exec::swapped(t.row);
  t.col = exec::swapped(t.col);
  if (!t.entries.repeated && graph_ != nullptr) t.entries.numbers = transpose(t.entries.numbers);
  return t;
}

Term MapAlgebra::rectangle(const Term& t, Int i, Int j, Int rows, Int cols) {
  if (i == 0 && j == 0 && rows == t.rows && cols == t.cols) return t;
  Term r = t;
  r.row.at = t.row.of(i, j);
  r.col.at = t.col.of(i, j);
  r.rows = rows;
  r.cols = cols;
  if (!t.entries.repeated && graph_ != nullptr) r.entries.numbers = part(t.entries.numbers, slice(i, j, rows, cols));
  if (rows * cols == 1 && !t.entries.repeated) r.entries.repeated = true;
  return r;
}

// Entries that meet in one place are added up.
void MapAlgebra::sum_axis(Term& t, bool over_cols) {
  const Int n = over_cols ? t.cols : t.rows;
  if (t.entries.repeated) {
    t.entries = times(
        graph_ == nullptr ? Entries{{}, true, false} : entries(Expr(*graph_, graph_->constant(Constant::integer(n)))),
        t.entries, 1);
  } else {
    cost_ += static_cast<double>(t.count());
    if (graph_ != nullptr) t.entries = entries(total(t.entries.numbers, over_cols ? along::cols : along::rows));
  }
  (over_cols ? t.cols : t.rows) = 1;
}

// One form for one map: lines run along i, rectangles have the larger row stride along i.
void MapAlgebra::normalise(Term& t) {
  if (t.cols > 1 && t.row.j == 0 && t.col.j == 0) sum_axis(t, true);
  if (t.rows > 1 && t.row.i == 0 && t.col.i == 0) sum_axis(t, false);
  if (t.rows == 1) t.row.i = t.col.i = 0;
  if (t.cols == 1) t.row.j = t.col.j = 0;
  if (t.rows == 1 && t.cols > 1) t = swapped(std::move(t));
  if (t.cols > 1) {
    const auto order = [](const Places& row, const Places& col, bool i) {
      return std::pair(size_of(i ? row.i : row.j), size_of(i ? col.i : col.j));
    };
    if (order(t.row, t.col, true) < order(t.row, t.col, false)) t = swapped(std::move(t));
    if (t.row.i == t.cols * t.row.j && t.col.i == t.cols * t.col.j) {  // one line after the other: one line
      if (!t.entries.repeated && graph_ != nullptr)
        t.entries.numbers = reshape(t.entries.numbers, shape_for(t.count(), 1));
      t.row = {t.row.at, t.row.j, 0};
      t.col = {t.col.at, t.col.j, 0};
      t.rows = t.count();
      t.cols = 1;
    }
  }
  if (t.count() == 1 && !t.entries.repeated) t.entries.repeated = true;
}

std::optional<Entries> MapAlgebra::gather(const Term& line, Int k, Int ki, Int kj, Int rows, Int cols) {
  const Entries& e = line.entries;
  if (e.repeated) return e;
  if (rows == 1) ki = 0;
  if (cols == 1) kj = 0;
  const Entries found{Expr(), rows * cols == 1 || (ki == 0 && kj == 0), false};
  const auto take = [&](Int from, Int n) { return part(e.numbers, slice(from, 0, n, 1)); };
  if (ki == 0 && kj == 0) return graph_ == nullptr ? found : entries(take(k, 1));
  if (ki == 0 || kj == 0) {
    const Int stride = ki == 0 ? kj : ki, n = ki == 0 ? cols : rows, other = ki == 0 ? rows : cols;
    if (stride != 1 && (stride < 1 || line.rows % stride != 0)) return std::nullopt;
    if (graph_ == nullptr) return found;
    const Expr taken = stride == 1 ? take(k, n)
                                   : part(reshape(e.numbers, shape_for(line.rows / stride, stride)),
                                          slice(k / stride, k % stride, n, 1));
    const Expr lying = ki == 0 ? reshape(taken, shape_for(1, cols)) : taken;
    return entries(other == 1 ? lying : broadcast(lying, shape_for(rows, cols)));
  }
  const bool across = kj == 1;  // elements of a row are neighbours
  const Int run = across ? cols : rows, runs = across ? rows : cols, pitch = across ? ki : kj;
  if ((across ? kj : ki) != 1 || pitch < run || line.rows % pitch != 0 || k % pitch + run > pitch) {
    if ((across ? kj : ki) != 1 || pitch != run) return std::nullopt;
    if (graph_ == nullptr) return found;
    const Expr all = reshape(take(k, run * runs), shape_for(runs, run));
    return entries(across ? all : transpose(all));
  }
  if (graph_ == nullptr) return found;
  const Expr all =
      part(reshape(e.numbers, shape_for(line.rows / pitch, pitch)), slice(k / pitch, k % pitch, runs, run));
  return entries(across ? all : transpose(all));
}

// --- maps

void MapAlgebra::add(LinearMap& map, Term t) {
  normalise(t);
  const auto [it, fresh] = map.terms_.try_emplace({t.rows, t.cols, t.row, t.col}, t.entries);
  if (fresh) return;
  Entries& have = it->second;
  const bool repeated = have.repeated && t.entries.repeated;
  cost_ += static_cast<double>(repeated ? 1 : t.count());
  have = graph_ == nullptr ? Entries{{}, repeated, false} : entries(have.numbers + t.entries.numbers);
}

void MapAlgebra::add(LinearMap& map, const LinearMap& more) {
  for (Term& t : more.terms()) add(map, std::move(t));
}

std::optional<LinearMap> MapAlgebra::product(const LinearMap& second, const LinearMap& first) {
  LinearMap out(second.rows(), first.cols());
  const std::vector<Term> b = second.terms(), a = first.terms();
  for (const Term& t : b)
    for (const Term& u : a) {
      Product p = pair(t, u);
      if (!p) return std::nullopt;
      for (Term& term : *p) add(out, std::move(term));
    }
  compact(out);
  return out;
}

namespace {

struct Rectangle {
  Slice where;
  bool diagonal = false;
};

// Where a matrix would have the term, if it is a rectangle or a diagonal of one.
std::optional<Rectangle> rectangle_of(const Term& t) {
  const bool line = t.cols == 1;
  if (!line && (t.row.i != 1 || t.row.j != 0 || t.col.i != 0 || t.col.j != 1)) return std::nullopt;
  const Int down = t.row.i, right = line ? t.col.i : t.col.j;
  if (t.count() == 1) return Rectangle{slice(t.row.at, t.col.at, 1, 1)};
  if (line && (down > 1 || right > 1 || down < 0 || right < 0)) return std::nullopt;
  if (!line) return Rectangle{slice(t.row.at, t.col.at, t.rows, t.cols)};
  return Rectangle{slice(t.row.at, t.col.at, down == 1 ? t.rows : 1, right == 1 ? t.rows : 1), down == 1 && right == 1};
}

}  // namespace

void MapAlgebra::compact(LinearMap& map) {
  if (map.size() <= many_terms) return;
  Int count = 0;
  const std::vector<Term> terms = map.terms();
  std::vector<Slice> slices;
  std::vector<Expr> numbers;
  for (const Term& t : terms) {
    const auto r = rectangle_of(t);
    if (!r) return;
    count += t.count();
    slices.push_back(r->where);
  }
  if (map.rows() * map.cols() > 4 * count) return;
  cost_ += static_cast<double>(map.rows() * map.cols());
  Term whole{map.rows(), map.cols(), {0, 1, 0}, {0, 0, 1}, {}};
  if (graph_ != nullptr) {
    for (std::size_t k = 0; k < terms.size(); ++k) {
      const Term& t = terms[k];
      const Expr filling = filled(t.entries, t.rows, t.cols);
      numbers.push_back(rectangle_of(t)->diagonal
                            ? Lift<Expr>::array<DiagonalMatrix>({.shape = slices[k].shape}, std::span(&filling, 1))
                            : reshape(filling, slices[k].shape));
    }
    whole.entries.numbers =
        Lift<Expr>::array<Place>({.shape = shape_for(map.rows(), map.cols()), .slices = slices}, numbers);
  }
  map.terms_.clear();
  add(map, std::move(whole));
}

// --- products of two terms

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
  part.entries = times(part.entries, *numbers, part.count());
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
  if (b.col.j == 0 || a.row.i == 0 || b.col.j != a.row.i) return std::nullopt;
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
