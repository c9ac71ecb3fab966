#include "wengert/explain/rounding.hpp"

#include <algorithm>
#include <cmath>

#include "inspection.hpp"
#include "rounding_gradient.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

// The derivative by one element of wrt, by the forward sweep, in the same graph.
NodeId write_directional(const Extract& own, std::size_t element) {
  Graph& graph = *own.graph;
  for (const NodeId w : own.inputs) {
    const Expr x(graph, w);
    const Shape s = x.shape();
    if (element >= s.size()) {
      element -= s.size();
      continue;
    }
    const Slice one{static_cast<std::uint32_t>(element / s.cols), static_cast<std::uint32_t>(element % s.cols), {}};
    const Expr unit = number(graph, 1);
    const Expr along =
        s.scalar() ? unit : Lift<Expr>::array<Place>({.shape = s, .slices = {&one, 1}}, std::span(&unit, 1));
    return jvp(Expr(graph, own.outputs[0]), std::span(&x, 1), std::span(&along, 1)).id;
  }
  return own.outputs[0];
}

// The product of one row or column of the Jacobian with directions.
Rounded times(const std::vector<Rounded>& numbers, const std::vector<std::vector<double>>& directions) {
  Rounded sum;
  std::size_t k = 0;
  for (const auto& direction : directions)
    for (const double d : direction) sum = sum + annihilate(numbers[k++], Rounded(d));
  return sum;
}

constexpr std::size_t few = 64;  // sweeps, that a mode takes for a product if it goes the other way

}  // namespace

RoundingBounds::RoundingBounds(const Problem& p, const Wanted& wanted, const Point& point)
    : wanted_(wanted), graph_(p.graph) {
  NodeId output = p.output;
  std::vector<NodeId> wrt = p.wrt;
  Point at = point;
  if (wanted.what == Quantity::hessian) {
    gradient_ = extract(*p.graph, std::span(&p.output, 1), p.wrt);
    graph_ = gradient_.graph.get();
    wrt = gradient_.inputs;
    output = explain::write_gradient(gradient_);
    at = at_ = explain::translated(gradient_, point);
  }
  for (const NodeId w : wrt) sizes_.push_back((*graph_)[w].shape.size());
  for (const std::size_t n : sizes_) inputs_ += n;
  outputs_ = (*graph_)[output].shape.size();
  tape_ = std::make_unique<Tape>(Tape::record(*graph_, std::span(&output, 1), wrt));
  frame_ = std::make_unique<NumericFrame<Rounded>>(*tape_);
  explain::give_inputs(*frame_, at, [](double x) { return Rounded(x); });
  evaluate(*frame_);
}

RoundingBounds::Bound RoundingBounds::of(std::size_t block, std::size_t element) {
  const auto both = [](const Rounded& forward, const Rounded& reverse) {
    return Bound{std::max(forward.bound, reverse.bound), forward.value, reverse.value};
  };
  std::size_t before = 0;
  for (std::size_t k = 0; k < block; ++k) before += sizes_[k];
  switch (wanted_.what) {
    case Quantity::hessian: {
      const std::size_t i = element / inputs_, j = element % inputs_;
      Bound b = both(column(j)[i], row(i)[j]);
      b.bound = std::max({b.bound, second(i, j).bound, second(j, i).bound});
      return b;
    }
    case Quantity::jacobian: {
      const std::size_t output = element / sizes_[block], input = before + element % sizes_[block];
      return both(column(input)[output], row(output)[input]);
    }
    case Quantity::jvp: {
      const Rounded forward = product()[element];
      return both(forward, outputs_ > few ? forward : times(row(element), wanted_.directions));
    }
    case Quantity::vjp: {
      const Rounded reverse = product()[before + element];
      return both(inputs_ > few ? reverse : times(column(before + element), wanted_.directions), reverse);
    }
  }
  return {};
}

RoundingBounds::Bound RoundingBounds::second(std::size_t i, std::size_t j) {
  std::unique_ptr<RoundingBounds>& first = directional_[i];
  if (first == nullptr)
    first = std::make_unique<RoundingBounds>(
        Problem{gradient_.graph.get(), write_directional(gradient_, i), gradient_.inputs}, Wanted{}, at_);
  std::size_t block = 0;
  for (; j >= sizes_[block]; ++block) j -= sizes_[block];
  return first->of(block, j);
}

// The one sweep that a product needs.
const RoundingBounds::Numbers& RoundingBounds::product() {
  if (product_.empty())
    product_ = wanted_.what == Quantity::jvp ? pushed(wanted_.directions) : pulled(wanted_.directions.front());
  return product_;
}

RoundingBounds::Numbers RoundingBounds::pushed(const std::vector<std::vector<double>>& directions) {
  frame_->clear_tangents(1);
  for (std::size_t k = 0; k < sizes_.size(); ++k)
    if (const SlotId s = tape_->wrt()[k]; s != Tape::no_slot)
      for (std::size_t e = 0; e < sizes_[k]; ++e)
        frame_->tangents[0].set(tape_->offset(s) + e, Rounded(directions[k][e]));
  push_forward(*frame_);
  Numbers out;
  for (std::size_t i = 0; i < outputs_; ++i)
    out.push_back(frame_->tangents[0].get(tape_->offset(tape_->outputs()[0]) + i));
  return out;
}

RoundingBounds::Numbers RoundingBounds::pulled(const std::vector<double>& cotangent) {
  frame_->clear_adjoints();
  for (std::size_t i = 0; i < outputs_; ++i)
    frame_->adjoints.set(tape_->offset(tape_->outputs()[0]) + i, Rounded(cotangent[i]));
  pull_back(*frame_);
  Numbers out;
  for (std::size_t k = 0; k < sizes_.size(); ++k)
    for (std::size_t e = 0; e < sizes_[k]; ++e) {
      const SlotId s = tape_->wrt()[k];
      out.push_back(s == Tape::no_slot ? Rounded() : frame_->adjoints.get(tape_->offset(s) + e));
    }
  return out;
}

const RoundingBounds::Numbers& RoundingBounds::row(std::size_t output) {
  if (const auto it = rows_.find(output); it != rows_.end()) return it->second;
  std::vector<double> cotangent(outputs_, 0.0);
  cotangent[output] = 1;
  return rows_[output] = pulled(cotangent);
}

const RoundingBounds::Numbers& RoundingBounds::column(std::size_t input) {
  if (const auto it = columns_.find(input); it != columns_.end()) return it->second;
  std::vector<std::vector<double>> directions;
  std::size_t before = 0;
  for (const std::size_t n : sizes_) {
    directions.emplace_back(n, 0.0);
    if (input >= before && input < before + n) directions.back()[input - before] = 1;
    before += n;
  }
  return columns_[input] = pushed(directions);
}

std::optional<RoundingBounds::Place> RoundingBounds::first_lost(const Plane<Rounded>& plane, bool in_derivative) const {
  for (const Instruction& i : tape_->code()) {
    if (i.op == Op::iota) continue;
    for (std::size_t e = 0; e < tape_->shape(i.out).size(); ++e) {
      const Rounded& y = plane.get(tape_->offset(i.out) + e);
      if (!std::isinf(y.bound)) continue;
      return Place{graph_->span(tape_->node(i)), explain::title(row_of(i.op)), std::isinf(y.value), in_derivative};
    }
  }
  return std::nullopt;
}

std::optional<RoundingBounds::Place> RoundingBounds::where() const {
  if (auto place = first_lost(frame_->values, false)) return place;
  if (!frame_->tangents.empty())
    if (auto place = first_lost(frame_->tangents[0], true)) return place;
  return std::nullopt;
}

std::vector<double> value_rounding(const Graph& graph, NodeId output, const Point& point) {
  const Tape tape = Tape::record(graph, std::span(&output, 1), {});
  NumericFrame<Rounded> f(tape);
  explain::give_inputs(f, point, [](double x) { return Rounded(x); });
  evaluate(f);
  std::vector<double> bounds;
  for (std::size_t e = 0; e < tape.shape(tape.outputs()[0]).size(); ++e)
    bounds.push_back(f.values.get(tape.offset(tape.outputs()[0]) + e).bound);
  return bounds;
}

double product_rounding(const Problem& p, const Point& point, const std::vector<std::vector<double>>& v,
                        const std::vector<double>& w) {
  RoundingBounds forward(p, {Quantity::jvp, v}, point), reverse(p, {Quantity::vjp, {w}}, point);
  double sum = 0;
  for (std::size_t i = 0; i < w.size(); ++i) sum += w[i] == 0 ? 0 : std::fabs(w[i]) * forward.of(0, i).bound;
  for (std::size_t k = 0; k < v.size(); ++k)
    for (std::size_t e = 0; e < v[k].size(); ++e) sum += v[k][e] == 0 ? 0 : std::fabs(v[k][e]) * reverse.of(k, e).bound;
  return RoundingBounds::orders * sum;
}

}  // namespace wengert
