#include "assembly.hpp"

#include <algorithm>

#include "wengert/rules/build.hpp"

namespace wengert::exec {

namespace {

constexpr std::uint32_t piece_of_result = 2048;  // nonzeros: half of a first-level cache

bool whole(const Term& t, const Assembly& a) {
  return !t.entries.repeated && t.rows == a.rows && t.cols == a.cols && t.row == Places{0, 1, 0} &&
         t.col == Places{0, 0, 1};
}

Assembly::Piece single_entries(std::vector<Term> terms) {
  std::vector<Expr> numbers;
  std::vector<Slice> slices;
  for (const Term& t : terms) {
    slices.push_back({static_cast<std::uint32_t>(numbers.size()), 0, {}});
    numbers.push_back(t.entries.numbers);
  }
  if (numbers.size() == 1) return {numbers[0].id, 1, std::move(terms)};
  const Shape shape{static_cast<std::uint32_t>(numbers.size()), 1};
  const Expr all = Lift<Expr>::array<Place>({.shape = shape, .slices = slices}, numbers);
  return {all.id, shape.size(), std::move(terms)};
}

// f(row, column, place among the piece's numbers) for every entry.
template <class F>
void each_entry(const Assembly::Piece& p, F&& f) {
  if (p.terms.size() > 1) {
    for (std::size_t k = 0; k < p.terms.size(); ++k) f(p.terms[k].row.at, p.terms[k].col.at, k);
    return;
  }
  const Term& t = p.terms[0];
  for (std::int64_t i = 0; i < t.rows; ++i)
    for (std::int64_t j = 0; j < t.cols; ++j)
      f(t.row.of(i, j), t.col.of(i, j), t.entries.repeated ? 0 : static_cast<std::size_t>(i * t.cols + j));
}

}  // namespace

std::uint64_t Assembly::numbers() const {
  std::uint64_t n = 0;
  for (const Piece& p : pieces) n += p.size;
  return n - (first_is_whole ? pieces[0].size : 0);
}
std::uint64_t Assembly::entries() const {
  std::uint64_t n = 0;
  for (const Piece& p : pieces)
    for (const Term& t : p.terms) n += static_cast<std::uint64_t>(t.count());
  return n;
}

Assembly assemble(const LinearMap& map) {
  Assembly a{.rows = map.rows(), .cols = map.cols(), .pieces = {}};
  std::vector<Term> single;
  for (Term& t : map.terms()) {
    if (t.count() == 1) {
      single.push_back(std::move(t));
      continue;
    }
    const bool first = !a.first_is_whole && whole(t, a);
    Assembly::Piece p{t.entries.numbers.id, t.entries.repeated ? 1 : static_cast<std::uint64_t>(t.count()), {t}};
    a.first_is_whole = a.first_is_whole || first;
    a.pieces.insert(first ? a.pieces.begin() : a.pieces.end(), std::move(p));
  }
  if (!single.empty()) a.pieces.push_back(single_entries(std::move(single)));
  return a;
}

void fill_dense(const Assembly& a, const double* numbers, double* matrix) {
  if (!a.first_is_whole) std::fill_n(matrix, a.rows * a.cols, 0.0);
  for (std::size_t k = a.first_is_whole ? 1 : 0; k < a.pieces.size(); ++k) {
    const Assembly::Piece& p = a.pieces[k];
    const Term& t = p.terms[0];
    if (p.terms.size() > 1 || t.entries.repeated) {
      each_entry(p, [&](std::int64_t r, std::int64_t c, std::size_t n) { matrix[r * a.cols + c] += numbers[n]; });
    } else {
      const std::int64_t down = t.row.i * a.cols + t.col.i, right = t.row.j * a.cols + t.col.j;
      double* line = matrix + t.row.at * a.cols + t.col.at;
      const double* x = numbers;
      for (std::int64_t i = 0; i < t.rows; ++i, line += down, x += t.cols)
        for (std::int64_t j = 0; j < t.cols; ++j) line[j * right] += x[j];
    }
    numbers += p.size;
  }
}

void Scatter::run(const double* numbers, double* nonzeros) const {
  if (adds) std::fill_n(nonzeros, pattern.nonzeros(), 0.0);
  for (const Run& r : runs) {
    double* to = nonzeros + r.to;
    const double* from = numbers + r.from;
    if (adds)
      for (std::size_t k = 0; k < r.count; ++k) to[k * r.to_step] += from[k * r.from_step];
    else if (r.from_step == 0)
      for (std::size_t k = 0; k < r.count; ++k) to[k * r.to_step] = *from;
    else if (r.from_step == 1)
      for (std::size_t k = 0; k < r.count; ++k) to[k * r.to_step] = from[k];
    else
      for (std::size_t k = 0; k < r.count; ++k) to[k * r.to_step] = from[k * r.from_step];
  }
}

namespace {

using Places32 = std::vector<std::uint32_t>;

// The pattern, and for every entry in the order of pieces its place in it.
Pattern pattern_of(const Assembly& a, Places32& place, bool& meet) {
  Pattern p{
      .rows = static_cast<std::size_t>(a.rows), .cols = static_cast<std::size_t>(a.cols), .begin = {}, .columns = {}};
  p.begin.assign(p.rows + 1, 0);
  const auto each = [&](auto&& f) {
    std::uint32_t k = 0;
    for (const Assembly::Piece& piece : a.pieces)
      each_entry(piece, [&](std::int64_t r, std::int64_t c, std::size_t) { f(r, c, k++); });
  };
  each([&](std::int64_t r, std::int64_t, std::uint32_t) { ++p.begin[static_cast<std::size_t>(r) + 1]; });
  for (std::size_t r = 0; r < p.rows; ++r) p.begin[r + 1] += p.begin[r];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> in_rows(p.begin.back());  // column, entry
  Places32 at(p.begin.begin(), p.begin.end() - 1);
  each([&](std::int64_t r, std::int64_t c, std::uint32_t k) {
    in_rows[at[static_cast<std::size_t>(r)]++] = {static_cast<std::uint32_t>(c), k};
  });
  place.resize(in_rows.size());
  std::uint32_t from = 0;
  for (std::size_t r = 0; r < p.rows; ++r) {
    const std::uint32_t end = p.begin[r + 1];
    std::sort(in_rows.begin() + from, in_rows.begin() + end);
    for (std::uint32_t k = from; k < end; ++k) {
      const bool again = k > from && in_rows[k].first == in_rows[k - 1].first;
      meet = meet || again;
      if (!again) p.columns.push_back(in_rows[k].first);
      place[in_rows[k].second] = static_cast<std::uint32_t>(p.columns.size() - 1);
    }
    from = end;
    p.begin[r + 1] = static_cast<std::uint32_t>(p.columns.size());
  }
  return p;
}

}  // namespace

Scatter scatter_of(const Assembly& a) {
  Scatter s;
  Places32 place;
  s.pattern = pattern_of(a, place, s.adds);
  std::uint32_t first = 0, k = 0;
  for (const Assembly::Piece& piece : a.pieces) {
    bool open = false;
    each_entry(piece, [&](std::int64_t, std::int64_t, std::size_t n) {
      const std::uint32_t to = place[k++], from = first + static_cast<std::uint32_t>(n);
      if (open && to / piece_of_result == s.runs.back().to / piece_of_result) {
        Scatter::Run& r = s.runs.back();
        if (r.count == 1) {
          r.to_step = to - r.to;
          r.from_step = from - r.from;
        }
        if (to == r.to + r.count * r.to_step && from == r.from + r.count * r.from_step) {
          ++r.count;
          return;
        }
        if (r.count == 1) r.to_step = r.from_step = 0;
      }
      s.runs.push_back({to, 0, from, 0, 1});
      open = true;
    });
    first += static_cast<std::uint32_t>(piece.size);
  }
  std::stable_sort(s.runs.begin(), s.runs.end(), [](const Scatter::Run& x, const Scatter::Run& y) {
    return x.to / piece_of_result < y.to / piece_of_result;
  });
  return s;
}

}  // namespace wengert::exec
