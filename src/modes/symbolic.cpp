#include "derived.hpp"

namespace wengert {

SymbolicMode::SymbolicMode(const Problem& p) : derived(std::make_shared<const Derived>(p)) {
  for (const NodeId w : p.wrt) shapes.push_back((*p.graph)[w].shape);
}

OperationCount SymbolicMode::operations() const { return count_sweeps(derived->tape(Derived::What::jacobian)).value; }

Derivative SymbolicMode::jacobian(const Point& point) const {
  const NumericFrame<double> f = derived->evaluated(Derived::What::jacobian, point);
  Derivative d;
  d.value = take(f, f.values, f.tape.outputs()[0]);
  for (std::size_t k = 0; k < shapes.size(); ++k) d.blocks.push_back(take(f, f.values, f.tape.outputs()[k + 1]));
  return d;
}

Hessian SymbolicMode::hessian(const Point& point) const {
  const NumericFrame<double> f = derived->evaluated(Derived::What::hessian, point);
  Hessian h;
  std::size_t n = 0;
  for (const Shape& shape : shapes) n += shape.size();
  h.value = take(f, f.values, f.tape.outputs()[0]);
  h.matrix.assign(n * n, 0.0);
  std::size_t at = 1, top = 0;
  for (const Shape& rows : shapes) {
    std::size_t left = 0;
    for (const Shape& columns : shapes) {
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
