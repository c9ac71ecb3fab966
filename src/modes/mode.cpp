#include "wengert/modes/mode.hpp"

#include <limits>
#include <cmath>

#include "derived.hpp"
#include "implementation.hpp"

namespace wengert {

namespace {

constexpr std::string_view names[] = {"reverse", "forward", "symbolic", "cross", "finite", "complex"};

// The product with a Jacobian, of its blocks or of the magnitudes of its estimates.
std::vector<double> times(const std::vector<Block>& blocks, std::size_t m, const std::vector<std::vector<double>>& v, bool sizes) {
  std::vector<double> out(m);
  for (std::size_t k = 0; k < blocks.size(); ++k)
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t e = 0; e < v[k].size(); ++e)
        out[i] += annihilate(sizes ? std::fabs(v[k][e]) : v[k][e], blocks[k][i * v[k].size() + e]);
  return out;
}

std::vector<Block> transposed_times(const std::vector<Block>& blocks, const std::vector<double>& w, bool sizes) {
  std::vector<Block> out;
  for (const Block& block : blocks) {
    const std::size_t width = block.size() / w.size();
    std::vector<double> a(width);
    for (std::size_t i = 0; i < w.size(); ++i)
      for (std::size_t e = 0; e < width; ++e) a[e] += annihilate(sizes ? std::fabs(w[i]) : w[i], block[i * width + e]);
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
      case Mode::cross: return CrossMode(problem);
      case Mode::finite: return FiniteMode(problem);
      case Mode::complex_step: return ComplexStepMode(problem);
    }
    return ReverseMode(problem);
  };
  return Prepared(std::make_shared<const Prepared::Implementation>(Prepared::Implementation{mode, make()}));
}

Mode Prepared::mode() const { return impl_->mode; }

OperationCount Prepared::operations(const Point* point) const {
  return std::visit(
      [&](const auto& way) -> OperationCount {
        if constexpr (requires { way.operations(point); }) return way.operations(point);
        else if constexpr (requires { way.operations(); }) return way.operations();
        else return way.operations;
      },
      impl_->way);
}

Derivative Prepared::jacobian(const Point& point) const {
  return std::visit([&](const auto& way) { return way.jacobian(point); }, impl_->way);
}

Hessian Prepared::hessian(const Point& point) const {
  return std::visit([&](const auto& way) { return way.hessian(point); }, impl_->way);
}

std::vector<double> Prepared::jvp(const Point& point, const std::vector<std::vector<double>>& v,
                                  std::vector<double>* estimates) const {
  return std::visit(
      [&](const auto& way) {
        if constexpr (requires { way.jvp(point, v, estimates); }) {
          return way.jvp(point, v, estimates);
        } else if constexpr (requires { way.jvp(point, v); }) {
          return way.jvp(point, v);
        } else {
          const Derivative d = way.jacobian(point);
          if (estimates != nullptr && !d.estimates.empty()) *estimates = times(d.estimates, d.value.size(), v, true);
          return times(d.blocks, d.value.size(), v, false);
        }
      },
      impl_->way);
}

std::vector<std::vector<double>> Prepared::vjp(const Point& point, const std::vector<double>& w,
                                               std::vector<Block>* estimates) const {
  return std::visit(
      [&](const auto& way) {
        if constexpr (requires { way.vjp(point, w); }) {
          return way.vjp(point, w);
        } else {
          const Derivative d = way.jacobian(point);
          if (estimates != nullptr && !d.estimates.empty()) *estimates = transposed_times(d.estimates, w, true);
          auto adjoints = transposed_times(d.blocks, w, false);
          if (!d.unavailable.empty())  // here this mode has no answer
            for (auto& adjoint : adjoints) std::fill(adjoint.begin(), adjoint.end(), std::numeric_limits<double>::quiet_NaN());
          return adjoints;
        }
      },
      impl_->way);
}

std::vector<std::vector<double>> Prepared::hessian_times(const Point& point, const std::vector<std::vector<double>>& v) const {
  return std::visit(
      [&](const auto& way) {
        if constexpr (requires { way.hessian_times(point, v); }) {
          return way.hessian_times(point, v);
        } else {
          const Hessian h = way.hessian(point);
          std::vector<double> all;
          for (const auto& part : v) all.insert(all.end(), part.begin(), part.end());
          const std::vector<double> product = h.unavailable.empty() ? transposed_times({h.matrix}, all, false)[0]  // it is symmetric
                                                                    : std::vector<double>(all.size(), std::numeric_limits<double>::quiet_NaN());
          std::vector<std::vector<double>> out;
          auto from = product.begin();
          for (const auto& part : v) {
            out.emplace_back(from, from + static_cast<std::ptrdiff_t>(part.size()));
            from += static_cast<std::ptrdiff_t>(part.size());
          }
          return out;
        }
      },
      impl_->way);
}

std::optional<Prepared::Elimination> Prepared::elimination(bool second, const Point& point) const {
  const auto* way = std::get_if<CrossMode>(&impl_->way);
  if (way == nullptr) return std::nullopt;
  const auto what = second ? Derived::What::second_accumulation : Derived::What::accumulation;
  const exec::AccumulatedJacobian& places = way->derived->accumulated(what);
  return Elimination{way->derived->tape(what), places, way->derived->translated(point)};
}

std::string Prepared::note() const {
  return std::visit(
      [](const auto& way) -> std::string {
        if constexpr (requires { way.note; }) return way.note;
        else return {};
      },
      impl_->way);
}

std::string Prepared::unavailable() const {
  return std::visit(
      [](const auto& way) -> std::string {
        if constexpr (requires { way.unavailable; }) return way.unavailable;
        else return {};
      },
      impl_->way);
}

std::vector<double> value_at(const Graph& graph, NodeId output, const Point& point) {
  const Tape tape = Tape::record(graph, std::span(&output, 1), {}, Keep::outputs);
  NumericFrame<double> f = frame_at(tape, point);
  evaluate(f);
  return take(f, f.values, tape.outputs()[0]);
}

}  // namespace wengert
