#include "wengert/exec/derivatives.hpp"

#include <algorithm>

#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::exec {

namespace {

std::vector<NodeId> ids(std::span<const Expr> all) {
  std::vector<NodeId> out;
  for (const Expr& e : all) out.push_back(e.id);
  return out;
}

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

}  // namespace

Plan gradient_plan(const Expr& y, std::span<const Expr> wrt, std::span<const Expr> inputs, PlanOptions options) {
  Graph& graph = *y.graph;
  std::vector<NodeId> outputs{y.id};
  for (const Expr& g : vjp(y, wrt, broadcast(number(graph, 1), y.shape()))) outputs.push_back(g.id);
  return {graph, outputs, ids(inputs), std::move(options)};
}

Jacobian::Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options)
    : Jacobian(y, x, inputs, y.shape().size() < x.shape().size() ? Sweep::reverse : Sweep::forward,
               std::move(options)) {}

Jacobian::Jacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, Sweep sweep, PlanOptions options)
    : sweep_(sweep),
      rows_(y.shape().size()),
      cols_(x.shape().size()),
      value_(*y.graph, {y.id}, ids(inputs), options),
      directions_(directions_plan(y, x, inputs, sweep, std::move(options))) {}

Jacobian::Memory::Memory(const Jacobian& j) : value_(j.value_), directions_(j.directions_) {
  const std::size_t n = j.sweep_ == Sweep::forward ? j.cols_ : j.rows_;
  seeds_.assign(n * n, 0.0);
  for (std::size_t k = 0; k < n; ++k) seeds_[k * n + k] = 1;
  if (j.sweep_ == Sweep::reverse) transposed_.resize(j.rows_ * j.cols_);
}

void Jacobian::run(Memory& m, std::span<const double* const> in, double* value, double* matrix) const {
  if (value != nullptr) value_.run(m.value_, in, std::span(&value, 1));
  std::vector<const double*> all(in.begin(), in.end());
  all.push_back(m.seeds_.data());
  double* out = sweep_ == Sweep::forward ? matrix : m.transposed_.data();
  directions_.run(m.directions_, sweep_ == Sweep::forward ? cols_ : rows_, all, std::span(&out, 1));
  if (sweep_ == Sweep::forward) return;
  constexpr std::size_t tile = 32;
  for (std::size_t i = 0; i < rows_; i += tile)
    for (std::size_t j = 0; j < cols_; j += tile)
      for (std::size_t a = i; a < std::min(i + tile, rows_); ++a)
        for (std::size_t b = j; b < std::min(j + tile, cols_); ++b) matrix[a * cols_ + b] = out[b * rows_ + a];
}

Jacobian hessian_plan(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options) {
  return {gradient(y, x), x, inputs, Jacobian::Sweep::forward, std::move(options)};
}

}  // namespace wengert::exec
