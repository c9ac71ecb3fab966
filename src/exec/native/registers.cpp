#include "registers.hpp"

#include <algorithm>
#include <bit>

namespace wengert::exec {

void Registers::begin(const NativeProgram& p, int count) {
  register_.resize(p.values.size());
  value_.resize(static_cast<std::size_t>(count));
  next_.resize(static_cast<std::size_t>(count));
  use_begin_.assign(p.values.size() + 1, 0);
  cursor_.resize(p.values.size());
  const auto each = [&](auto&& f) {
    for (std::uint32_t k = 0; k < p.values.size(); ++k)
      if (p.values[k].kind == NativeValue::Kind::operation)
        for (std::uint32_t x : p.values[k].x) f(x, k);
  };
  each([&](std::uint32_t x, std::uint32_t) { ++use_begin_[x + 1]; });
  for (std::size_t k = 1; k < use_begin_.size(); ++k) use_begin_[k] += use_begin_[k - 1];
  uses_.resize(use_begin_.back());
  at_.assign(use_begin_.begin(), use_begin_.end() - 1);
  each([&](std::uint32_t x, std::uint32_t k) { uses_[at_[x]++] = k; });
  restart();
}

void Registers::restart() {
  std::fill(register_.begin(), register_.end(), none);
  std::fill(value_.begin(), value_.end(), empty);
  free_ = (std::uint64_t{1} << value_.size()) - 1;
  std::copy(use_begin_.begin(), use_begin_.end() - 1, cursor_.begin());
}

// A use at the beginning, which every search passes over.
void Registers::forget_use(std::uint32_t value, std::uint32_t position) {
  for (std::uint32_t k = use_begin_[value]; k < use_begin_[value + 1]; ++k)
    if (uses_[k] == position) uses_[k] = 0;
}

// Positions only grow, so the cursor does.
std::uint32_t Registers::next_use(std::uint32_t value, std::uint32_t position) const {
  std::uint32_t& c = cursor_[value];
  while (c < use_begin_[value + 1] && uses_[c] < position) ++c;
  return c < use_begin_[value + 1] ? uses_[c] : empty;
}

bool Registers::needed_after(std::uint32_t value, std::uint32_t position) const {
  return next_use(value, position + 1) != empty;
}

int Registers::choose(std::uint32_t position, std::uint64_t keep) const {
  if (const std::uint64_t any = free_ & ~keep; any != 0) return std::countr_zero(any);
  int best = none;
  std::uint32_t farthest = 0;
  for (int r = 0; r < count(); ++r) {
    if ((keep >> r & 1u) != 0) continue;
    const auto k = static_cast<std::size_t>(r);
    if (next_[k] < position) next_[k] = next_use(value_[k], position);
    if (best == none || next_[k] > farthest) {
      best = r;
      farthest = next_[k];
    }
  }
  return best;
}

void Registers::put(std::uint32_t value, int r) {
  drop(r);
  value_[static_cast<std::size_t>(r)] = value;
  next_[static_cast<std::size_t>(r)] = 0;
  register_[value] = r;
  free_ &= ~(std::uint64_t{1} << r);
}

void Registers::drop(int r) {
  std::uint32_t& v = value_[static_cast<std::size_t>(r)];
  if (v != empty) register_[v] = none;
  v = empty;
  free_ |= std::uint64_t{1} << r;
}

}  // namespace wengert::exec
