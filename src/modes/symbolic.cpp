#include "derived.hpp"

namespace wengert {

SymbolicMode::SymbolicMode(const Problem& p) : program(p), derived(std::make_shared<const Derived>(p)) {}

OperationCount SymbolicMode::operations() const { return count_sweeps(derived->tape(Derived::What::jacobian)).value; }

Derivative SymbolicMode::jacobian(const Point& point) const {
  const NumericFrame<double> f = derived->evaluated(Derived::What::jacobian, point);
  Derivative d;
  d.value = take(f, f.values, f.tape.outputs()[0]);
  for (std::size_t k = 0; k < program.shapes.size(); ++k) d.blocks.push_back(take(f, f.values, f.tape.outputs()[k + 1]));
  return d;
}

Hessian SymbolicMode::hessian(const Point& point) const {
  const NumericFrame<double> f = derived->evaluated(Derived::What::hessian, point);
  const NumericFrame<double> primal = [&] {
    NumericFrame<double> frame = frame_at(program.tape, point);
    evaluate(frame);
    return frame;
  }();
  Hessian h;
  const std::size_t n = program.n();
  h.value = take(primal, primal.values, program.output());
  h.matrix.assign(n * n, 0.0);
  std::size_t at = 0, top = 0;
  for (const Shape& rows : program.shapes) {
    std::size_t left = 0;
    for (const Shape& columns : program.shapes) {
      const auto block = take(f, f.values, f.tape.outputs()[at++]);
      for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < columns.size(); ++j) h.matrix[(top + i) * n + left + j] = block[i * columns.size() + j];
      left += columns.size();
    }
    top += rows.size();
  }
  return h;
}

std::vector<double> SymbolicMode::jvp(const Point& point, const std::vector<std::vector<double>>& v) const {
  const NumericFrame<double> f = derived->evaluated(Derived::What::jvp, point, v);
  return take(f, f.values, f.tape.outputs()[0]);
}

std::vector<std::vector<double>> SymbolicMode::vjp(const Point& point, const std::vector<double>& w) const {
  const NumericFrame<double> f = derived->evaluated(Derived::What::vjp, point, std::span(&w, 1));
  std::vector<std::vector<double>> adjoints;
  for (const SlotId s : f.tape.outputs()) adjoints.push_back(take(f, f.values, s));
  return adjoints;
}

}  // namespace wengert
