#include "wengert/exec/accumulated.hpp"

#include <algorithm>
#include <stdexcept>

#include "accumulation.hpp"
#include "assembly.hpp"

namespace wengert::exec {

namespace {

// Entries that meet another one.
std::uint64_t meetings(const Assembly& a) {
  std::vector<bool> there(static_cast<std::size_t>(a.rows * a.cols), a.first_is_whole);
  std::uint64_t n = 0;
  for (std::size_t k = a.first_is_whole ? 1 : 0; k < a.pieces.size(); ++k)
    a.pieces[k].each_entry([&](std::int64_t r, std::int64_t c, std::size_t) {
      const auto at = static_cast<std::size_t>(r * a.cols + c);
      n += there[at] ? 1 : 0;
      there[at] = true;
    });
  return n;
}

}  // namespace

AccumulatedJacobian::AccumulatedJacobian(const Expr& y, std::span<const Expr> wrt,
                                         std::optional<EliminationOrder> order) {
  auto found = accumulate(y, wrt, order);
  if (!found) throw std::invalid_argument("this program's local Jacobians have no products that are known");
  order_ = found->order;
  products_ = found->cost;
  proven_ = found->proven;
  const auto assembly = std::make_shared<const Assembly>(assemble(found->map, true));
  for (const Assembly::Piece& p : assembly->pieces) {
    nodes_.push_back(p.node);
    numbers_ += p.size;
  }
  additions_ = meetings(*assembly);
  assembly_ = assembly;
}

void AccumulatedJacobian::fill(const double* numbers, double* matrix) const {
  if (assembly_->first_is_whole) {
    std::copy_n(numbers, assembly_->pieces[0].size, matrix);
    numbers += assembly_->pieces[0].size;
  }
  fill_dense(*assembly_, numbers, matrix);
}

}  // namespace wengert::exec
