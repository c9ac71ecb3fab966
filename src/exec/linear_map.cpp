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
constexpr std::size_t many_terms = 6;
constexpr Int most_dense = 4096, most_placed = 1024;  // of a map that becomes a matrix entry by entry

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

Entries MapAlgebra::times(const Entries& a, const Entries& b, Int count, Int lines) {
  if (a.one) return b;
  if (b.one) return a;
  const bool repeated = a.repeated && b.repeated;
  charge(repeated ? 1 : static_cast<double>(count), lines);
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
  charge(static_cast<double>(rows * cols));
  if (graph_ == nullptr) return {};
  return {strong_matmul(reshape(column.numbers, shape_for(rows, 1)), reshape(row.numbers, shape_for(1, cols))), false,
          false};
}

Entries MapAlgebra::matrix_product(const Entries& a, const Entries& b, Int rows, Int inner, Int cols) {
  charge(static_cast<double>(rows) * static_cast<double>(inner) * static_cast<double>(cols) / 4);
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
    charge(static_cast<double>(t.count()));
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
  map.copies_.reset();
  normalise(t);
  const auto [it, fresh] = map.terms_.try_emplace({t.rows, t.cols, t.row, t.col}, t.entries);
  if (fresh) return;
  Entries& have = it->second;
  const bool repeated = have.repeated && t.entries.repeated;
  charge(repeated ? 1 : static_cast<double>(t.count()));
  have = graph_ == nullptr ? Entries{{}, repeated, false} : entries(have.numbers + t.entries.numbers);
}

void MapAlgebra::add(LinearMap& map, const LinearMap& more) {
  if (map.terms_.empty() && more.copies_) {
    map = more;
    return;
  }
  for (Term& t : more.terms()) add(map, std::move(t));
}

bool MapAlgebra::by_terms(LinearMap& out, const LinearMap& second, const LinearMap& first) {
  const std::vector<Term> b = second.terms(), a = first.terms();
  for (const Term& t : b)
    for (const Term& u : a) {
      Product p = pair(t, u);
      if (!p) return false;
      for (Term& term : *p) add(out, std::move(term));
    }
  return true;
}

std::optional<LinearMap> MapAlgebra::product(const LinearMap& second, const LinearMap& first, bool last) {
  LinearMap out(second.rows(), first.cols());
  if (by_copies(out, second, first)) return out;
  const double before = cost_;
  if (!by_terms(out, second, first)) {
    cost_ = before;
    const auto b = densified(second), a = densified(first);
    if (!b || !a) return std::nullopt;
    out = LinearMap(second.rows(), first.cols());
    const Entries numbers = matrix_product(b->entries, a->entries, b->rows, b->cols, a->cols);
    add(out, {b->rows, a->cols, {0, 1, 0}, {0, 0, 1}, numbers});
  }
  if (!last) compact(out);
  return out;
}

// All entries of a small map in one matrix.
std::optional<Term> MapAlgebra::densified(const LinearMap& map) {
  Int count = 0;
  const std::vector<Term> terms = map.terms();
  for (const Term& t : terms) count += t.count();
  if (map.rows() * map.cols() > most_dense || count > most_placed) return std::nullopt;
  Term whole{map.rows(), map.cols(), {0, 1, 0}, {0, 0, 1}, {}};
  if (terms.size() == 1 && terms[0].row == whole.row && terms[0].col == whole.col && terms[0].rows == whole.rows &&
      terms[0].cols == whole.cols)
    return terms[0];
  charge(static_cast<double>(map.rows() * map.cols()));
  filled_up_ = true;
  if (graph_ == nullptr) return whole;
  std::vector<Slice> slices;
  std::vector<Expr> numbers;
  for (const Term& t : terms)
    for (Int i = 0; i < t.rows; ++i)
      for (Int j = 0; j < t.cols; ++j) {
        slices.push_back(slice(t.row.of(i, j), t.col.of(i, j), 1, 1));
        numbers.push_back(t.entries.repeated ? t.entries.numbers : part(t.entries.numbers, slice(i, j, 1, 1)));
      }
  whole.entries.numbers =
      Lift<Expr>::array<Place>({.shape = shape_for(map.rows(), map.cols()), .slices = slices}, numbers);
  return whole;
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
  charge(static_cast<double>(map.rows() * map.cols()));
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

}  // namespace wengert::exec
