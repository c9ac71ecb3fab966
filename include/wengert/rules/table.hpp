// The table of primitives: every row, its number as an operation, and what can be asked of it at run time.
#pragma once
#include <span>
#include <type_traits>

#include "wengert/core/graph.hpp"
#include "wengert/rules/abstract.hpp"
#include "wengert/rules/kronecker.hpp"
#include "wengert/rules/linear_algebra.hpp"
#include "wengert/rules/reductions.hpp"

namespace wengert {

template <class... A, class... B, class... More>
constexpr auto concatenate(Rows<A...>, Rows<B...>, More... more) {
  if constexpr (sizeof...(More) == 0)
    return Rows<A..., B...>{};
  else
    return concatenate(Rows<A..., B...>{}, more...);
}

// The order is the order of Op.
using AllRows = decltype(concatenate(ArithmeticRows{}, ExponentialRows{}, TrigonometricRows{}, PiecewiseRows{},
                                     SpecialRows{}, ArrayRows{}, LinearAlgebraRows{}, LoopRows{},
                                     KroneckerRows{}, AbstractRows{}, CofactorRows{}));

template <class R, class... All>
consteval std::uint16_t place_in(Rows<All...>) {
  std::uint16_t i = 0;
  bool found = false;
  ((found = found || std::is_same_v<R, All>, i = static_cast<std::uint16_t>(i + (found ? 0 : 1))), ...);
  if (!found) throw "the row is in no list";
  return i;
}
template <class R>
inline constexpr Op op_of = static_cast<Op>(static_cast<std::uint16_t>(Op::first_row) + place_in<R>(AllRows{}));

template <class... R>
consteval std::size_t row_count(Rows<R...>) { return sizeof...(R); }
inline constexpr std::size_t rows_in_table = row_count(AllRows{});
inline constexpr std::size_t op_count = static_cast<std::size_t>(Op::first_row) + rows_in_table;

// A row at run time, for printers, lowering, documentation and reports.
struct Row {
  Op op;
  int arity;  // -1: any
  bool elementwise;
  bool linear;
  unsigned differentiable;  // a bit for each argument
  const Info* info;
  bool (*kink)(const double* x);                                                        // elementwise; null: nowhere
  bool (*array_kink)(std::uint32_t number, Shape shape, const double* x, double y);     // array rows; null: nowhere
};

std::span<const Row> rows();
const Row& row_of(Op op);  // op is not a leaf
inline bool varies(const Row& row, std::size_t argument) { return ((row.differentiable >> std::min<std::size_t>(argument, 31)) & 1u) != 0; }
// The row that is called by this name in the language; null if there is none. A name such as `max`
// that has an elementwise and an array row gives the elementwise one.
const Row* find_row(std::string_view name);

}  // namespace wengert
