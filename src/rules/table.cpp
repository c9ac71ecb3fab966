#include "wengert/rules/table.hpp"

#include <array>
#include <utility>

namespace wengert {

namespace {

template <class R>
bool kink_of(const double* x) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return R::kink(x[I]...); }(std::make_index_sequence<R::arity>{});
}

template <class R>
constexpr Row describe() {
  Row row{op_of<R>, -1, R::elementwise, false, R::differentiable, &R::info, nullptr, nullptr};
  if constexpr (R::elementwise) {
    row.arity = R::arity;
    if constexpr (requires { &R::kink; }) row.kink = &kink_of<R>;
  } else {
    row.linear = R::linear;
    if constexpr (requires { &R::kink; }) row.array_kink = &R::kink;
  }
  return row;
}

template <class... R>
constexpr std::array<Row, sizeof...(R)> describe_all(Rows<R...>) { return {describe<R>()...}; }

constexpr auto table = describe_all(AllRows{});

}  // namespace

std::span<const Row> rows() { return table; }

const Row& row_of(Op op) { return table[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::first_row)]; }

const Row* find_row(std::string_view name) {
  for (const Row& row : table)
    if (row.info->language && row.info->name == name && row.info->notation == Notation::call) return &row;
  return nullptr;
}

}  // namespace wengert
