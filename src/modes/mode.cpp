#include "wengert/modes/mode.hpp"

#include "implementation.hpp"

namespace wengert {

namespace {

constexpr std::string_view names[] = {"reverse", "forward", "symbolic", "finite", "complex"};

std::vector<double> times(const Derivative& d, const std::vector<std::vector<double>>& v) {
  std::vector<double> out(d.value.size());
  for (std::size_t k = 0; k < d.blocks.size(); ++k)
    for (std::size_t i = 0; i < out.size(); ++i)
      for (std::size_t e = 0; e < v[k].size(); ++e) out[i] += annihilate(v[k][e], d.blocks[k][i * v[k].size() + e]);
  return out;
}

std::vector<std::vector<double>> transposed_times(const Derivative& d, const std::vector<double>& w) {
  std::vector<std::vector<double>> out;
  for (const Block& block : d.blocks) {
    const std::size_t width = block.size() / w.size();
    std::vector<double> a(width);
    for (std::size_t i = 0; i < w.size(); ++i)
      for (std::size_t e = 0; e < width; ++e) a[e] += annihilate(w[i], block[i * width + e]);
    out.push_back(std::move(a));
  }
  return out;
}

}  // namespace

std::string_view to_string(Mode mode) { return names[static_cast<std::size_t>(mode)]; }

std::optional<Mode> mode_named(std::string_view name) {
  for (Mode mode : all_modes)
    if (to_string(mode) == name) return mode;
  return {};
}

std::uint64_t Problem::inputs() const {
  std::uint64_t n = 0;
  for (NodeId w : wrt) n += (*graph)[w].shape.size();
  return n;
}

Prepared prepare(Mode mode, const Problem& problem) {
  using Way = decltype(Prepared::Implementation::way);
  const auto make = [&]() -> Way {
    switch (mode) {
      case Mode::reverse: return ReverseMode(problem);
      case Mode::forward: return ForwardMode(problem);
      case Mode::symbolic: return SymbolicMode(problem);
      case Mode::finite: return FiniteMode(problem);
      case Mode::complex_step: return ComplexStepMode(problem);
    }
    return ReverseMode(problem);
  };
  return Prepared(std::make_shared<const Prepared::Implementation>(Prepared::Implementation{mode, make()}));
}

Mode Prepared::mode() const { return impl_->mode; }

const OperationCount& Prepared::operations() const {
  return std::visit([](const auto& way) -> const OperationCount& { return way.operations; }, impl_->way);
}

Derivative Prepared::jacobian(const Point& point) const {
  return std::visit([&](const auto& way) { return way.jacobian(point); }, impl_->way);
}

Hessian Prepared::hessian(const Point& point) const {
  return std::visit([&](const auto& way) { return way.hessian(point); }, impl_->way);
}

std::vector<double> Prepared::jvp(const Point& point, const std::vector<std::vector<double>>& v) const {
  return std::visit(
      [&](const auto& way) {
        if constexpr (requires { way.jvp(point, v); }) return way.jvp(point, v);
        else return times(way.jacobian(point), v);
      },
      impl_->way);
}

std::vector<std::vector<double>> Prepared::vjp(const Point& point, const std::vector<double>& w) const {
  return std::visit(
      [&](const auto& way) {
        if constexpr (requires { way.vjp(point, w); }) return way.vjp(point, w);
        else return transposed_times(way.jacobian(point), w);
      },
      impl_->way);
}

std::vector<double> value_at(const Graph& graph, NodeId output, const Point& point) {
  const Tape tape = Tape::record(graph, std::span(&output, 1));
  NumericFrame<double> f = frame_at(tape, point);
  evaluate(f);
  return take(f, f.values, tape.outputs()[0]);
}

}  // namespace wengert
