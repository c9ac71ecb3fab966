#include "assembly.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "wengert/rules/build.hpp"

namespace wengert::exec {

namespace {

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

// A rectangle of the matrix, by rows; absent for a diagonal and the like.
std::optional<Slice> rectangle_of(const Term& t) {
  const bool rows = t.rows == 1 || (t.row.i == 1 && t.col.i == 0);
  const bool line = t.cols == 1 && t.rows > 1 && t.row.i == 0 && t.col.i == 1;  // lying
  const bool cols = t.cols == 1 || (t.row.j == 0 && t.col.j == 1);
  if (!line && !(rows && cols)) return std::nullopt;
  const auto u32 = [](std::int64_t n) { return static_cast<std::uint32_t>(n); };
  return Slice{u32(t.row.at), u32(t.col.at), line ? shape_for(1, t.rows) : shape_for(t.rows, t.cols)};
}

Assembly::Piece matrix_of(const Assembly& a, std::vector<Term> terms) {
  std::vector<Expr> numbers;
  std::vector<Slice> slices;
  for (const Term& t : terms) {
    slices.push_back(*rectangle_of(t));
    const Shape shape = slices.back().shape;
    numbers.push_back(t.entries.repeated ? broadcast(t.entries.numbers, shape) : reshape(t.entries.numbers, shape));
  }
  const Expr all = Lift<Expr>::array<Place>({.shape = shape_for(a.rows, a.cols), .slices = slices}, numbers);
  return {all.id, all.shape().size(), std::move(terms)};
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

Assembly assemble(const LinearMap& map, bool dense) {
  Assembly a{.rows = map.rows(), .cols = map.cols(), .pieces = {}};
  const std::vector<Term> terms = map.terms();
  const auto is_placed = [&](const Term& t) { return rectangle_of(t).has_value(); };
  std::int64_t placed = 0;
  for (const Term& t : terms) placed += is_placed(t) ? t.count() : 0;
  // Rectangles that are most of it are the matrix, with zeros where there is none.
  if (dense && 2 * placed >= a.rows * a.cols &&
      std::none_of(terms.begin(), terms.end(), [&](const Term& t) { return whole(t, a); }) &&
      std::count_if(terms.begin(), terms.end(), is_placed) > 1) {
    a.first_is_whole = true;
    std::vector<Term> rectangles;
    std::copy_if(terms.begin(), terms.end(), std::back_inserter(rectangles), is_placed);
    a.pieces.push_back(matrix_of(a, std::move(rectangles)));
  }
  const bool put = a.first_is_whole;
  std::vector<Term> single;
  for (const Term& t : terms) {
    if (put && is_placed(t)) continue;
    if (t.count() == 1) {
      single.push_back(t);
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
      p.each_entry([&](std::int64_t r, std::int64_t c, std::size_t n) { matrix[r * a.cols + c] += numbers[n]; });
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

}  // namespace wengert::exec
