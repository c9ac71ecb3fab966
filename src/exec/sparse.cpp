#include "wengert/exec/sparse.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "accumulation.hpp"
#include "assembly.hpp"
#include "layout.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::exec {

namespace {

constexpr std::uint32_t few_colours = 4;  // swept one after the other, each over long arrays
constexpr double most_work = 200;         // operations an element that elimination may take before colours are tried

}  // namespace

SparseJacobian::SparseJacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options,
                               Way way) {
  if (way != Way::colours && eliminate(y, x, inputs, options, way)) return;
  if (way == Way::elimination)
    throw std::invalid_argument("this program's local Jacobians have no products that are known");
  colour(y, x, inputs, std::move(options));
}

const Pattern& SparseJacobian::pattern() const { return scatter_ != nullptr ? scatter_->pattern : pattern_; }

bool SparseJacobian::eliminate(const Expr& y, const Expr& x, std::span<const Expr> inputs, const PlanOptions& options,
                               Way way) {
  const auto found = accumulate(y, x);
  if (!found) return false;
  const Assembly a = assemble(found->map, false);
  const double limit = most_work * static_cast<double>(y.shape().size() + x.shape().size());
  if (way == Way::cheapest && found->cost + static_cast<double>(a.entries()) > limit) return false;
  if (a.entries() > std::numeric_limits<std::uint32_t>::max()) return false;
  scatter_ = std::make_shared<const Scatter>(scatter_of(a));
  std::vector<NodeId> outputs, all;
  for (const Assembly::Piece& p : a.pieces) {
    outputs.push_back(p.node);
    sizes_.push_back(p.size);
    product_size_ += p.size;
  }
  for (const Expr& e : inputs) all.push_back(e.id);
  plan_.emplace_back(*y.graph, std::move(outputs), std::move(all), options);
  return true;
}

void SparseJacobian::colour(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options) {
  pattern_ = jacobian_pattern(y, x);
  colouring_ = colour_columns(pattern_);
  // Rows may need fewer colours than columns.
  std::size_t longest = 0;
  for (std::size_t r = 0; r < pattern_.rows; ++r)
    longest = std::max<std::size_t>(longest, pattern_.begin[r + 1] - pattern_.begin[r]);
  if (colouring_.colours > longest || longest > few_colours) {
    Colouring by_rows = colour_columns(transposed(pattern_));
    if (by_rows.colours < colouring_.colours) {
      forward_ = false;
      colouring_ = std::move(by_rows);
    }
  }
  Graph& graph = *y.graph;
  const Expr direction = variable(graph, forward_ ? "tangent" : "cotangent", forward_ ? x.shape() : y.shape());
  const Expr product =
      forward_ ? jvp(y, std::span(&x, 1), std::span(&direction, 1)) : vjp(y, std::span(&x, 1), direction)[0];
  direction_size_ = direction.shape().size();
  product_size_ = product.shape().size();
  std::vector<NodeId> all;
  for (const Expr& e : inputs) all.push_back(e.id);
  if (colouring_.colours > few_colours) {
    options.shared = all;
    options.width =
        std::min<std::uint32_t>(batch_width(graph, std::span(&product.id, 1)), (colouring_.colours + 7) / 8 * 8);
  }
  all.push_back(direction.id);
  const bool lanes = options.width > 1;
  plan_.emplace_back(graph, std::vector<NodeId>{product.id}, all, std::move(options));
  // Products stand by colours, or (many points) each element with all its colours.
  for (std::uint32_t r = 0; r < pattern_.rows; ++r)
    for (std::uint32_t k = pattern_.begin[r]; k < pattern_.begin[r + 1]; ++k) {
      const std::uint32_t c = pattern_.columns[k];
      const std::size_t element = forward_ ? r : c, colour = colouring_.colour[forward_ ? c : r];
      source_.push_back(
          static_cast<std::uint32_t>(lanes ? element * colouring_.colours + colour : colour * product_size_ + element));
    }
}

SparseJacobian::Memory::Memory(const SparseJacobian& j) : work_(j.plan_[0]) {
  if (j.scatter_ != nullptr) {
    products_.resize(j.product_size_);
    return;
  }
  const std::size_t colours = j.colours(), n = j.direction_size_;
  const bool lanes = j.plan_[0].width() > 1;
  seeds_.assign(colours * n, 0.0);
  for (std::size_t e = 0; e < n; ++e) {
    const std::size_t colour = j.colouring_.colour[e];
    seeds_[lanes ? e * colours + colour : colour * n + e] = 1;
  }
  products_.resize(colours * j.product_size_);
}

void SparseJacobian::run(Memory& m, std::span<const double* const> in, double* nonzeros) const {
  const Plan& plan = plan_[0];
  if (scatter_ != nullptr) {
    m.out_.clear();
    double* to = m.products_.data();
    for (std::uint64_t n : sizes_) {
      m.out_.push_back(to);
      to += n;
    }
    plan.run(m.work_, in, m.out_);
    return scatter_->run(*plan.layout().kernels, m.products_.data(), nonzeros);
  }
  m.in_.assign(in.begin(), in.end());
  m.in_.push_back(m.seeds_.data());
  double* out = m.products_.data();
  if (plan.width() > 1) {
    plan.run(m.work_, colours(), m.in_, std::span(&out, 1));
  } else {
    for (std::uint32_t c = 0; c < colours(); ++c) {
      m.in_.back() = m.seeds_.data() + c * direction_size_;
      out = m.products_.data() + c * product_size_;
      plan.run(m.work_, m.in_, std::span(&out, 1));
    }
  }
  const double* from = m.products_.data();
  for (std::size_t k = 0; k < source_.size(); ++k) nonzeros[k] = from[source_[k]];
}

SparseJacobian sparse_hessian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options,
                              SparseJacobian::Way way) {
  return {gradient(y, x), x, inputs, std::move(options), way};
}

}  // namespace wengert::exec
