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

SparseJacobian::SparseJacobian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options, Way way,
                               bool symmetric) {
  if (way != Way::colours && eliminate(y, x, inputs, options, way)) return;
  if (way == Way::elimination)
    throw std::invalid_argument("this program's local Jacobians have no products that are known");
  colour(y, x, inputs, options, symmetric);
}

const Pattern& SparseJacobian::pattern() const { return scatter_ != nullptr ? scatter_->pattern : pattern_; }

bool SparseJacobian::eliminate(const Expr& y, const Expr& x, std::span<const Expr> inputs, const PlanOptions& options,
                               Way way) {
  const auto found = accumulate(y, std::span(&x, 1));
  if (!found || found->filled_up) return false;
  const Assembly a = assemble(found->map, false);
  const double limit = most_work * static_cast<double>(y.shape().size() + x.shape().size());
  if (way == Way::cheapest && found->cost + static_cast<double>(a.entries()) > limit) return false;
  if (a.entries() > std::numeric_limits<std::uint32_t>::max()) return false;
  scatter_ = std::make_shared<const Scatter>(scatter_of(a));
  std::vector<NodeId> outputs, all;
  for (const Assembly::Piece& p : a.pieces) {
    outputs.push_back(p.node);
    sizes_.push_back(p.size);
  }
  for (const Expr& e : inputs) all.push_back(e.id);
  plan_.emplace_back(*y.graph, std::move(outputs), std::move(all), options);
  return true;
}

// The colour in which each entry can be read: where it is the only one of its colour in its row.
void SparseJacobian::colour(const Expr& y, const Expr& x, std::span<const Expr> inputs, const PlanOptions& options,
                            bool symmetric) {
  pattern_ = symmetric ? hessian_pattern(y, x) : jacobian_pattern(y, x);
  const auto each = [&](auto&& f) {
    for (std::uint32_t r = 0; r < pattern_.rows; ++r)
      for (std::uint32_t k = pattern_.begin[r]; k < pattern_.begin[r + 1]; ++k) f(r, pattern_.columns[k]);
  };
  TwoSided both = colour_both(pattern_);
  if (symmetric && both.colours() > 1) {
    Colouring star = colour_star(pattern_);
    if (star.colours < both.colours()) {
      add_side(true, std::move(star), y, x, inputs, options);
      const std::vector<std::uint32_t>& colour = sides_[0]->colouring.colour;
      const auto alone = [&](std::uint32_t r, std::uint32_t c) {
        std::size_t same = 0;
        for (std::uint32_t k = pattern_.begin[r]; k < pattern_.begin[r + 1]; ++k)
          same += colour[pattern_.columns[k]] == colour[c] ? 1 : 0;
        return same == 1;
      };
      each([&](std::uint32_t r, std::uint32_t c) {
        const bool here = alone(r, c);
        source_.push_back(place_of(true, here ? r : c, colour[here ? c : r]));
      });
      return;
    }
  }
  if (both.columns.colours > 0) add_side(true, std::move(both.columns), y, x, inputs, options);
  if (both.rows.colours > 0) add_side(false, std::move(both.rows), y, x, inputs, options);
  each([&](std::uint32_t r, std::uint32_t c) {
    const bool forward = both.by_row[r] == 0;
    source_.push_back(place_of(forward, forward ? r : c, sides_[forward ? 0 : 1]->colouring.colour[forward ? c : r]));
  });
}

void SparseJacobian::add_side(bool forward, Colouring colouring, const Expr& y, const Expr& x,
                              std::span<const Expr> inputs, PlanOptions options) {
  Graph& graph = *y.graph;
  const Expr direction = variable(graph, forward ? "tangent" : "cotangent", forward ? x.shape() : y.shape());
  const Expr product =
      forward ? jvp(y, std::span(&x, 1), std::span(&direction, 1)) : vjp(y, std::span(&x, 1), direction)[0];
  std::vector<NodeId> all;
  for (const Expr& e : inputs) all.push_back(e.id);
  if (colouring.colours > few_colours) {
    options.shared = all;
    options.width =
        std::min<std::uint32_t>(batch_width(graph, std::span(&product.id, 1)), (colouring.colours + 7) / 8 * 8);
  }
  all.push_back(direction.id);
  sides_[forward ? 0 : 1].emplace(Side{std::move(colouring),
                                       Plan(graph, std::vector<NodeId>{product.id}, all, std::move(options)),
                                       direction.shape().size(), product.shape().size()});
}

// Products stand by colours, or (many points) each element with all its colours.
std::uint32_t SparseJacobian::place_of(bool forward, std::size_t element, std::uint32_t colour) const {
  const Side& s = *sides_[forward ? 0 : 1];
  const std::size_t first = forward || !sides_[0] ? 0 : sides_[0]->product_size * sides_[0]->colouring.colours;
  return static_cast<std::uint32_t>(
      first + (s.plan.width() > 1 ? element * s.colouring.colours + colour : colour * s.product_size + element));
}

SparseJacobian::Memory::Memory(const SparseJacobian& j, std::size_t threads) {
  std::size_t products = 0;
  for (std::uint64_t n : j.sizes_) products += n;
  if (j.scatter_ != nullptr) work_[0] = workspaces(j.plan_[0], 1);
  for (std::size_t k = 0; k < 2; ++k) {
    if (!j.sides_[k]) continue;
    const Side& s = *j.sides_[k];
    const std::size_t colours = s.colouring.colours, n = s.direction_size;
    work_[k] = workspaces(s.plan, threads);
    seeds_[k].assign(colours * n, 0.0);
    for (std::size_t e = 0; e < n; ++e)
      if (const std::size_t colour = s.colouring.colour[e]; colour < colours)
        seeds_[k][s.plan.width() > 1 ? e * colours + colour : colour * n + e] = 1;
    products += colours * s.product_size;
  }
  products_.resize(products);
}

void SparseJacobian::run_side(Memory& m, bool forward, std::span<const double* const> in) const {
  const std::size_t side = forward ? 0 : 1;
  const Side& s = *sides_[side];
  m.in_.assign(in.begin(), in.end());
  m.in_.push_back(m.seeds_[side].data());
  double* const begin = m.products_.data() + (forward || !sides_[0] ? 0 : sides_[0]->product_size * forward_colours());
  double* out = begin;
  if (s.plan.width() > 1) return s.plan.run(m.work_[side], s.colouring.colours, m.in_, std::span(&out, 1));
  for (std::uint32_t c = 0; c < s.colouring.colours; ++c) {
    m.in_.back() = m.seeds_[side].data() + c * s.direction_size;
    out = begin + c * s.product_size;
    s.plan.run(m.work_[side][0], m.in_, std::span(&out, 1));
  }
}

void SparseJacobian::run(Memory& m, std::span<const double* const> in, double* nonzeros) const {
  if (scatter_ != nullptr) {
    const Plan& plan = plan_[0];
    m.out_.clear();
    double* to = m.products_.data();
    for (std::uint64_t n : sizes_) {
      m.out_.push_back(to);
      to += n;
    }
    plan.run(m.work_[0][0], in, m.out_);
    return scatter_->run(*plan.layout().kernels, m.products_.data(), nonzeros);
  }
  for (const bool forward : {true, false})
    if (sides_[forward ? 0 : 1]) run_side(m, forward, in);
  const double* from = m.products_.data();
  for (std::size_t k = 0; k < source_.size(); ++k) nonzeros[k] = from[source_[k]];
}

SparseJacobian sparse_hessian(const Expr& y, const Expr& x, std::span<const Expr> inputs, PlanOptions options,
                              SparseJacobian::Way way) {
  return {gradient(y, x), x, inputs, std::move(options), way, true};
}

}  // namespace wengert::exec
