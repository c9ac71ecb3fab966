#include <algorithm>
#include <stdexcept>

#include "derived.hpp"
#include "wengert/exec/accumulated.hpp"

namespace wengert {

namespace {

using What = Derived::What;

// The matrix of all of wrt together.
std::vector<double> matrix_of(const NumericFrame<double>& f, const exec::AccumulatedJacobian& j, std::size_t size) {
  std::vector<double> numbers, matrix(size);
  numbers.reserve(j.numbers());
  for (std::size_t k = 1; k < f.tape.outputs().size(); ++k) {
    const auto piece = take(f, f.values, f.tape.outputs()[k]);
    numbers.insert(numbers.end(), piece.begin(), piece.end());
  }
  j.fill(numbers.data(), matrix.data());
  return matrix;
}

std::string order_note(const exec::AccumulatedJacobian& j) {
  if (j.proven()) return "the cheapest order of all";
  switch (j.order()) {
    case EliminationOrder::forward:
      return "vertices eliminated forwards";
    case EliminationOrder::reverse:
      return "vertices eliminated backwards";
    case EliminationOrder::markowitz:
      return "vertices eliminated in Markowitz's order";
    case EliminationOrder::optimal:
      return "vertices eliminated in the best order of a search";
  }
  return {};
}

}  // namespace

CrossMode::CrossMode(const Problem& p) : program(p), derived(std::make_shared<const Derived>(p)) {
  try {
    const exec::AccumulatedJacobian& j = derived->accumulated(What::accumulation);
    operations = count_sweeps(derived->tape(What::accumulation)).value;
    operations.add += j.additions();
    note = order_note(j);
  } catch (const std::invalid_argument& why) {
    unavailable = why.what();
  }
}

Derivative CrossMode::jacobian(const Point& point) const {
  Derivative d;
  if (!unavailable.empty()) {
    d.unavailable = unavailable;
    return d;
  }
  const NumericFrame<double> f = derived->evaluated(What::accumulation, point);
  d.value = take(f, f.values, f.tape.outputs()[0]);
  const std::size_t m = program.m(), n = program.n();
  const std::vector<double> matrix = matrix_of(f, derived->accumulated(What::accumulation), m * n);
  d.blocks = empty_blocks(program);
  std::size_t left = 0;
  for (std::size_t k = 0; k < d.blocks.size(); left += program.shapes[k++].size())
    for (std::size_t i = 0, width = program.shapes[k].size(); i < m; ++i)
      std::copy_n(matrix.begin() + static_cast<std::ptrdiff_t>(i * n + left), width,
                  d.blocks[k].begin() + static_cast<std::ptrdiff_t>(i * width));
  return d;
}

Hessian CrossMode::hessian(const Point& point) const {
  Hessian h;
  try {
    const NumericFrame<double> f = derived->evaluated(What::second_accumulation, point);
    h.value = take(f, f.values, f.tape.outputs()[0]);
    h.matrix = matrix_of(f, derived->accumulated(What::second_accumulation), program.n() * program.n());
  } catch (const std::invalid_argument& why) {
    h.unavailable = why.what();
  }
  return h;
}

}  // namespace wengert
