#include "derived.hpp"

namespace wengert {

namespace {

constexpr std::size_t textbook_scalars = 64;  // by more scalars the reverse sweep is taken

}  // namespace

Derived::Derived(const Problem& p) : own_(extract(*p.graph, std::span(&p.output, 1), p.wrt)) {
  textbook_ = p.wrt.size() <= textbook_scalars;
  for (const NodeId w : own_.inputs) {
    wrt_.emplace_back(*own_.graph, w);
    textbook_ = textbook_ && wrt_.back().shape().scalar();
    seeds_.emplace_back(*own_.graph, own_.graph->input("tangent", wrt_.back().shape()));
  }
  seeds_.emplace_back(*own_.graph, own_.graph->input("cotangent", p.shape()));
}

std::vector<NodeId> Derived::outputs_of(What what) const {
  Graph& graph = *own_.graph;
  const Expr y(graph, own_.outputs[0]);
  std::vector<Expr> out;
  const auto first = [&] { return textbook_ ? derivatives(y, wrt_) : wengert::vjp(y, wrt_, number(graph, 1)); };
  switch (what) {
    case What::jacobian:
      graph.reserve(3 * graph.size());  // a gradient has about twice as many nodes as its value
      if (textbook_ || y.shape().scalar())
        out = first();
      else
        for (const Expr& x : wrt_) out.push_back(wengert::jacobian(y, x));
      out.insert(out.begin(), y);
      break;
    case What::hessian:
      out.push_back(y);
      for (const Expr& g : first())
        for (const Expr& x : wrt_) out.push_back(textbook_ ? derivative(g, x) : wengert::jacobian(g, x));
      break;
    case What::jvp:
      out.push_back(wengert::jvp(y, wrt_, std::span(seeds_).first(wrt_.size())));
      break;
    case What::vjp:
      out = wengert::vjp(y, wrt_, seeds_.back());
      break;
    case What::accumulation:
    case What::second_accumulation: {
      const bool second = what == What::second_accumulation;
      auto& known = accumulated_[second ? 1 : 0];
      known.emplace(second ? Expr(graph, gradient_column()) : y, wrt_);
      out.push_back(y);
      for (const NodeId id : known->nodes()) out.emplace_back(graph, id);
      break;
    }
  }
  std::vector<NodeId> nodes;
  for (const Expr& e : out) nodes.push_back(e.id);
  return nodes;
}

const Tape& Derived::tape(What what) const {
  const std::scoped_lock held(lock_);
  std::optional<Tape>& tape = tapes_[static_cast<std::size_t>(what)];
  if (!tape) tape = Tape::record(*own_.graph, outputs_of(what), {}, Keep::outputs);
  return *tape;
}

const exec::AccumulatedJacobian& Derived::accumulated(What what) const {
  static_cast<void>(tape(what));
  return *accumulated_[what == What::second_accumulation ? 1 : 0];
}

// All elements of the adjoints of wrt, one after the other.
NodeId Derived::gradient_column() const {
  if (gradient_ != no_node) return gradient_;
  std::vector<Expr> parts;
  std::vector<Slice> slices;
  std::uint32_t top = 0;
  for (const Expr& g : wengert::vjp(Expr(*own_.graph, own_.outputs[0]), wrt_, number(*own_.graph, 1))) {
    const auto size = static_cast<std::uint32_t>(g.shape().size());
    parts.push_back(reshape(g, {size, 1}));
    slices.push_back({top, 0, {size, 1}});
    top += size;
  }
  return gradient_ = Lift<Expr>::array<Place>({.shape = {top, 1}, .slices = slices}, parts).id;
}

Problem Derived::gradient() const {
  const std::scoped_lock held(lock_);
  return {own_.graph.get(), gradient_column(), own_.inputs};
}

Point Derived::translated(const Point& point) const {
  Point own;
  for (const auto& [copy, original] : own_.original)
    if (const auto it = point.find(original); it != point.end()) own.emplace(copy, it->second);
  return own;
}

NumericFrame<double> Derived::evaluated(What what, const Point& point,
                                        std::span<const std::vector<double>> seeds) const {
  NumericFrame<double> f(tape(what));
  const std::size_t first = what == What::vjp ? wrt_.size() : 0;
  for (const Tape::Given& g : f.tape.inputs()) {
    const auto original = own_.original.find(g.node);
    const std::vector<double>* numbers = nullptr;
    if (original != own_.original.end())
      numbers = &numbers_of(point, original->second);
    else
      for (std::size_t k = 0; k < seeds.size(); ++k)
        if (seeds_[first + k].id == g.node) numbers = &seeds[k];
    if (numbers == nullptr || numbers->size() != f.tape.shape(g.slot).size())
      throw std::invalid_argument("an input has no value, or one of another shape");
    for (std::size_t e = 0; e < numbers->size(); ++e) f.values.set(f.tape.offset(g.slot) + e, (*numbers)[e]);
  }
  evaluate(f);
  return f;
}

}  // namespace wengert
