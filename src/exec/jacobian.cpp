// Jacobians: swept with directions in lanes, or eliminated.
#include <algorithm>
#include <limits>
#include <stdexcept>

#include "accumulation.hpp"
#include "assembly.hpp"
#include "wengert/exec/derivatives.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::exec {

namespace {

// The product of the Jacobian with directions in lanes; the direction is the last input.
Plan directions_plan(const Expr& y, const Expr& x, std::span<const Expr> inputs, Jacobian::Sweep sweep,
                     PlanOptions options) {
  Graph& graph = *y.graph;
  const bool forward = sweep == Jacobian::Sweep::forward;
  const Expr direction = variable(graph, forward ? "tangent" : "cotangent", forward ? x.shape() : y.shape());
  const Expr product =
      forward ? jvp(y, std::span(&x, 1), std::span(&direction, 1)) : vjp(y, std::span(&x, 1), direction)[0];
  std::vector<NodeId> all = ids(inputs);
  options.shared = all;
  all.push_back(direction.id);
  const std::vector<NodeId> outputs{product.id};
  const std::uint64_t count = direction.shape().size();
  options.width = std::min(batch_width(graph, outputs), static_cast<std::uint32_t>((count + 7) / 8 * 8));
  return {graph, outputs, all, options};
}

constexpr std::size_t tile = 32;

void transpose_into(const double* from, double* to, std::size_t rows, std::size_t cols) {
  for (std::size_t i = 0; i < rows; i += tile)
    for (std::size_t j = 0; j < cols; j += tile)
      for (std::size_t a = i; a < std::min(i + tile, rows); ++a)
        for (std::size_t b = j; b < std::min(j + tile, cols); ++b) to[a * cols + b] = from[b * rows + a];
}

}  // namespace

Jacobian::Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options)
    : rows_(y.shape().size()), cols_(x.shape().size()) {
  if (eliminate(y, x, inputs, {}, options, sweep_cost(y, std::span(&x, 1)))) return;
  prepare_sweep(y, x, inputs, rows_ < cols_ ? Sweep::reverse : Sweep::forward, std::move(options));
}

Jacobian::Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, EliminationOrder order,
                   PlanOptions options)
    : rows_(y.shape().size()), cols_(x.shape().size()) {
  if (!eliminate(y, x, inputs, order, options, std::numeric_limits<double>::infinity()))
    throw std::invalid_argument("this program's local Jacobians have no products that are known");
}

Jacobian::Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, Sweep sweep, PlanOptions options)
    : rows_(y.shape().size()), cols_(x.shape().size()) {
  if (sweep != Sweep::elimination)
    prepare_sweep(y, x, inputs, sweep, std::move(options));
  else if (!eliminate(y, x, inputs, {}, options, std::numeric_limits<double>::infinity()))
    throw std::invalid_argument("this program's local Jacobians have no products that are known");
}

bool Jacobian::eliminate(const Expr& y, const Expr& x, std::span<const Expr> inputs,
                         std::optional<EliminationOrder> order, const PlanOptions& options, double limit) {
  const auto found = accumulate(y, std::span(&x, 1), order);
  if (!found || found->cost > limit) return false;
  sweep_ = Sweep::elimination;
  products_ = found->cost;
  proven_ = found->proven;
  assembly_ = std::make_shared<const Assembly>(assemble(found->map, true));
  std::vector<NodeId> outputs{y.id};
  for (const Assembly::Piece& p : assembly_->pieces) outputs.push_back(p.node);
  value_.emplace_back(*y.graph, std::move(outputs), ids(inputs), options);
  return true;
}

void Jacobian::prepare_sweep(const Expr& y, const Expr& x, std::span<const Expr> inputs, Sweep sweep,
                             PlanOptions options) {
  sweep_ = sweep;
  value_.emplace_back(*y.graph, std::vector<NodeId>{y.id}, ids(inputs), options);
  directions_.push_back(directions_plan(y, x, inputs, sweep, std::move(options)));
}

Jacobian::Memory::Memory(const Jacobian& j, std::size_t threads) : value_(j.value_[0]) {
  if (j.sweep_ == Sweep::elimination) {
    transposed_.resize(j.rows_ + j.assembly_->numbers());
    return;
  }
  directions_ = workspaces(j.directions_[0], threads);
  const std::size_t n = j.sweep_ == Sweep::forward ? j.cols_ : j.rows_;
  seeds_.assign(n * n, 0.0);
  for (std::size_t k = 0; k < n; ++k) seeds_[k * n + k] = 1;
  if (j.sweep_ == Sweep::reverse) transposed_.resize(j.rows_ * j.cols_);
}

std::size_t Jacobian::workspace_bytes() const {
  if (sweep_ == Sweep::elimination)
    return value_[0].workspace_bytes() + (rows_ + assembly_->numbers()) * sizeof(double);
  const std::size_t n = sweep_ == Sweep::forward ? cols_ : rows_;
  return value_[0].workspace_bytes() + directions_[0].workspace_bytes() +
         (n * n + (sweep_ == Sweep::reverse ? rows_ * cols_ : 0)) * sizeof(double);
}

void Jacobian::run(Memory& m, std::span<const double* const> in, double* value, double* matrix) const {
  if (sweep_ == Sweep::elimination) return run_elimination(m, in, value, matrix);
  if (value != nullptr) value_[0].run(m.value_, in, std::span(&value, 1));
  m.in_.assign(in.begin(), in.end());
  m.in_.push_back(m.seeds_.data());
  double* out = sweep_ == Sweep::forward ? matrix : m.transposed_.data();
  directions_[0].run(m.directions_, sweep_ == Sweep::forward ? cols_ : rows_, m.in_, std::span(&out, 1));
  if (sweep_ == Sweep::reverse) transpose_into(out, matrix, rows_, cols_);
}

void Jacobian::run_elimination(Memory& m, std::span<const double* const> in, double* value, double* matrix) const {
  m.out_.assign(1, value != nullptr ? value : m.transposed_.data());
  double* numbers = m.transposed_.data() + rows_;
  for (const Assembly::Piece& p : assembly_->pieces) {
    const bool whole = assembly_->first_is_whole && m.out_.size() == 1;
    m.out_.push_back(whole ? matrix : numbers);
    if (!whole) numbers += p.size;
  }
  value_[0].run(m.value_, in, m.out_);
  fill_dense(*assembly_, m.transposed_.data() + rows_, matrix);
}

}  // namespace wengert::exec
