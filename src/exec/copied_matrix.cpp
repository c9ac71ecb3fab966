// Products with a matrix that stands there many times: one matrix product instead of one for each copy.
#include "linear_map.hpp"
#include "wengert/rules/build.hpp"

namespace wengert::exec {

namespace {

using Int = std::int64_t;

}  // namespace

void MapAlgebra::add(LinearMap& map, const CopiedMatrix& k) {
  const bool alone = map.terms_.empty();
  for (Int c = 0; c < k.n; ++c)
    add(map, k.inner ? Term{k.p, k.q, {c, k.n, 0}, {c, 0, k.n}, k.matrix}
                     : Term{k.p, k.q, {c * k.p, 1, 0}, {c * k.q, 0, 1}, k.matrix});
  if (alone && k.n > 1) map.copies_ = k;
}

CopiedMatrix MapAlgebra::transposed_copies(CopiedMatrix k) const {
  std::swap(k.p, k.q);
  if (!k.matrix.repeated && graph_ != nullptr) k.matrix.numbers = transpose(k.matrix.numbers);
  return k;
}

// b has all columns side by side. For each of its rows, read as a matrix: of the copies' numbers by themselves.
MapAlgebra::Product MapAlgebra::with_copies(Term b, const CopiedMatrix& a) {
  if (b.col.i == 1 && b.col.j == 0) b = swapped(std::move(b));
  if (b.col.i != 0 || b.col.j != 1 || b.row.j != 0 || b.col.at != 0 || b.cols != a.p * a.n) return std::nullopt;
  const Int m = b.rows;
  Term out{m, a.q * a.n, {b.row.at, b.row.i, 0}, {0, 0, 1}, {}};
  cost_ += static_cast<double>(m * a.n) * static_cast<double>(a.p) * static_cast<double>(a.q) / 4;
  if (graph_ != nullptr) {
    const Expr left = filled(b.entries, m, b.cols), right = filled(a.matrix, a.p, a.q);
    if (!a.inner) {
      out.entries =
          entries(reshape(strong_matmul(reshape(left, shape_for(m * a.n, a.p)), right), shape_for(m, a.q * a.n)));
    } else {  // rows of the copies' numbers on top of each other
      const Expr columns = reshape(transpose(left), shape_for(a.p, a.n * m));
      out.entries = entries(transpose(reshape(strong_matmul(transpose(right), columns), shape_for(a.q * a.n, m))));
    }
  }
  return std::vector<Term>{std::move(out)};
}

// Where a factor is copies of a matrix and the other is whole rows (or columns), or copies that fit.
bool MapAlgebra::by_copies(LinearMap& out, const LinearMap& second, const LinearMap& first) {
  const double before = cost_;
  if (second.copies_ && first.copies_) {
    const CopiedMatrix &b = *second.copies_, &a = *first.copies_;
    if (b.inner != a.inner || b.n != a.n || b.q != a.p) return false;
    add(out, CopiedMatrix{matrix_product(b.matrix, a.matrix, b.p, b.q, a.q), b.p, a.q, a.n, a.inner});
    return true;
  }
  if (!second.copies_ && !first.copies_) return false;
  const bool left = second.copies_.has_value();  // then by the transposes
  const CopiedMatrix k = left ? transposed_copies(*second.copies_) : *first.copies_;
  std::vector<Term> products;
  for (Term& t : (left ? first : second).terms()) {
    Product p = with_copies(left ? transposed(std::move(t)) : std::move(t), k);
    if (!p) {
      cost_ = before;
      return false;
    }
    for (Term& u : *p) products.push_back(left ? transposed(std::move(u)) : std::move(u));
  }
  for (Term& t : products) add(out, std::move(t));
  return true;
}

}  // namespace wengert::exec
