#include "assembly.hpp"

#include <algorithm>

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

Assembly::Piece matrix_of_entries(const Assembly& a, std::vector<Term> terms) {
  std::vector<Expr> numbers;
  std::vector<Slice> slices;
  for (const Term& t : terms) {
    slices.push_back({static_cast<std::uint32_t>(t.row.at), static_cast<std::uint32_t>(t.col.at), {}});
    numbers.push_back(t.entries.numbers);
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
  // Many of them are the matrix, with zeros where there is none.
  if (dense && !a.first_is_whole && 2 * single.size() >= static_cast<std::uint64_t>(a.rows * a.cols) &&
      single.size() > 1) {
    a.first_is_whole = true;
    a.pieces.insert(a.pieces.begin(), matrix_of_entries(a, std::move(single)));
  } else if (!single.empty()) {
    a.pieces.push_back(single_entries(std::move(single)));
  }
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
