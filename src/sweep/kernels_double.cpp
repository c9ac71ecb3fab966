// Values, tangents and adjoints in double.
#include "kernels.hpp"

namespace wengert {

// Iteration asks for dual numbers over its own: they are compiled in a file of theirs.
extern template std::span<const Kernel<NumericFrame<Dual<double>>>> kernels<NumericFrame<Dual<double>>>();
template std::span<const Kernel<NumericFrame<double>>> kernels<NumericFrame<double>>();

namespace {

template <class R, std::size_t... J>
void partials_at(double y, const double* x, double* p, std::index_sequence<J...>) {
  const auto one = [&]<int I>(std::integral_constant<int, I>) {
    if constexpr (varies_with<R>(I)) p[I] = partial<R, I>(y, x[J]...);
    else p[I] = 0;
  };
  (one(std::integral_constant<int, static_cast<int>(J)>{}), ...);
}

template <class R>
constexpr ElementPartials partials_of() {
  if constexpr (R::elementwise && R::differentiable != 0)
    return [](double y, const double* x, double* p) { partials_at<R>(y, x, p, std::make_index_sequence<R::arity>{}); };
  else
    return nullptr;
}

template <class... R>
constexpr std::array<ElementPartials, sizeof...(R)> all_partials(Rows<R...>) { return {partials_of<R>()...}; }

}  // namespace

ElementPartials element_partials(Op op) {
  static constexpr auto table = all_partials(AllRows{});
  return table[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::first_row)];
}

}  // namespace wengert
