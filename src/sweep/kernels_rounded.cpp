// Values, tangents and adjoints with bounds of their rounding. Rows in which a comparison chooses a piece are carried
// over by their ends: the piece that was not chosen counts where rounding could have chosen it.
#include "kernels.hpp"
#include "wengert/sweep/rounded.hpp"

namespace wengert {

namespace {

template <class R, class... X>
Rounded in_pieces(const X&... x) {
  const Rounded all[] = {x...};
  return by_ends(
      [](const double* t) {
        if constexpr (R::arity == 1)
          return R::value(t[0]);
        else
          return R::value(t[0], t[1]);
      },
      all, sizeof...(X), 12);
}

template <>
Rounded row_value<Relu, Rounded>(const Rounded& x) {
  return in_pieces<Relu>(x);
}
template <>
Rounded row_value<Elu, Rounded>(const Rounded& x, const Rounded& a) {
  return in_pieces<Elu>(x, a);
}
template <>
Rounded row_value<LeakyRelu, Rounded>(const Rounded& x, const Rounded& a) {
  return in_pieces<LeakyRelu>(x, a);
}
template <>
Rounded row_value<Hinge, Rounded>(const Rounded& a, const Rounded& y) {
  return in_pieces<Hinge>(a, y);
}
template <>
Rounded row_value<Atan2, Rounded>(const Rounded& y, const Rounded& x) {
  return y.exact() && x.exact() && y.value == 0 && x.value == 0 ? Rounded(0.0) : atan2(y, x);
}
// A condition that rounding could turn chooses between both outcomes.
template <>
Rounded row_value<And, Rounded>(const Rounded& a, const Rounded& b) {
  return select(a, select(b, Rounded(1.0), Rounded(0.0)), Rounded(0.0));
}
template <>
Rounded row_value<Or, Rounded>(const Rounded& a, const Rounded& b) {
  return select(a, Rounded(1.0), select(b, Rounded(1.0), Rounded(0.0)));
}
template <>
Rounded row_value<Not, Rounded>(const Rounded& a) {
  return select(a, Rounded(0.0), Rounded(1.0));
}

// The shares of the elements of a line in its extreme: those that rounding cannot tell from it may have it all, and
// where the extreme may be no number, none is known.
Array<Rounded> shares_of(const Params& p, const Array<Rounded>& y, const Array<Rounded>& x) {
  Array<Rounded> out(x.shape());
  each_line(x.shape(), p.number, [&](std::size_t begin, std::size_t n, std::size_t stride, std::size_t to) {
    double ties = 0;
    std::size_t near = 0, exact = 0;
    // The distance of infinities is no number, and not known to be large.
    const auto could_be = [&](const Rounded& e) {
      return !(std::fabs(e.value - y[to].value) > e.bound + y[to].bound);
    };
    for (std::size_t i = 0; i < n; ++i) {
      const Rounded& e = x[begin + i * stride];
      ties += e.value == y[to].value ? 1 : 0;
      exact += e.value == y[to].value && e.exact() ? 1 : 0;
      near += could_be(e) ? 1 : 0;
    }
    const bool sure = near == 1 || (near == exact && y[to].exact());
    const double unsure = std::isinf(y[to].bound) ? y[to].bound : 1.0;
    for (std::size_t i = 0; i < n; ++i) {
      const Rounded& e = x[begin + i * stride];
      out.at(begin + i * stride) = {(e.value == y[to].value ? 1.0 : 0.0) / ties, could_be(e) && !sure ? unsure : 0.0};
    }
  });
  return out;
}

template <class Self>
Array<Rounded> place_of(const Params& p, const Array<Rounded>& x) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < x.size(); ++i)
    if (Self::better(x[i], x[best])) best = i;
  double moved = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(x[i].exact() && x[best].exact()) && !(std::fabs(x[i].value - x[best].value) > x[i].bound + x[best].bound))
      moved = std::max(moved, std::fabs(static_cast<double>(i) - static_cast<double>(best)));
  return Array<Rounded>(p.shape, Rounded(static_cast<double>(best + 1), moved));
}

}  // namespace

template <>
template <>
Array<Rounded> Extreme<MaxOf>::shares(const Params& p, const Array<Rounded>& y, const Array<Rounded>& x) {
  return shares_of(p, y, x);
}
template <>
template <>
Array<Rounded> Extreme<MinOf>::shares(const Params& p, const Array<Rounded>& y, const Array<Rounded>& x) {
  return shares_of(p, y, x);
}
template <>
template <>
Array<Rounded> ExtremePlace<ArgMax>::numeric(const Params& p, std::span<const Array<Rounded>> x) {
  return place_of<ArgMax>(p, x[0]);
}
template <>
template <>
Array<Rounded> ExtremePlace<ArgMin>::numeric(const Params& p, std::span<const Array<Rounded>> x) {
  return place_of<ArgMin>(p, x[0]);
}

template std::span<const Kernel<NumericFrame<Rounded>>> kernels<NumericFrame<Rounded>>();

}  // namespace wengert
