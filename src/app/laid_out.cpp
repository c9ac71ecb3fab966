#include "app/laid_out.hpp"

namespace wengert::app {

namespace {

template <class T>
void transpose(std::vector<T>& numbers, Shape shape) {
  if (shape.rows == 1 || shape.cols == 1) return;
  std::vector<T> turned(numbers.size());
  for (std::size_t i = 0; i < shape.rows; ++i)
    for (std::size_t j = 0; j < shape.cols; ++j) turned[j * shape.rows + i] = std::move(numbers[i * shape.cols + j]);
  numbers = std::move(turned);
}

// Block k is of shape(k).
template <class ShapeOf>
void transpose_all(DerivativeAnswer& answer, ShapeOf&& shape) {
  const auto each = [&](auto& blocks) {
    for (std::size_t k = 0; k < blocks.size(); ++k) transpose(blocks[k], shape(k));
  };
  each(answer.blocks);
  if (!answer.agreement) return;
  each(answer.agreement->block_digits);
  for (ModeReport& mode : answer.agreement->modes) each(mode.derivative.blocks);
}

}  // namespace

Shape DerivativeAnswer::jacobian_shape(std::size_t k) const {
  const Shape usual{static_cast<std::uint32_t>(shape.size()), static_cast<std::uint32_t>(by[k].shape.size())};
  return layout == Layout::denominator ? usual.transposed() : usual;
}

void lay_out(DerivativeAnswer& answer, Layout layout, bool jacobian) {
  if (layout == Layout::usual) return;
  if (!answer.shape.scalar()) {
    if (layout == Layout::denominator) transpose_all(answer, [&](std::size_t k) { return answer.jacobian_shape(k); });
    answer.layout = layout;
    return;
  }
  if (!jacobian && layout == Layout::numerator)
    transpose_all(answer, [&](std::size_t k) { return answer.by[k].shape; });
  answer.layout = layout;
  for (std::size_t k = 0; k < answer.by.size(); ++k) {
    if (jacobian)
      answer.by[k].shape = answer.jacobian_shape(k);
    else if (layout == Layout::numerator)
      answer.by[k].shape = answer.by[k].shape.transposed();
  }
}

}  // namespace wengert::app
