// Prices built in: seconds of each amount, fitted by ./dev bench modes --prices on an x86-64 server of 2023.
#include "wengert/modes/price.hpp"

namespace wengert {

const Amounts& built_in_prices(Regime regime) {
  // product, arithmetic, division, call, moved, far, instruction, argument, direction, evaluation
  static constexpr Amounts prices[regime_count] = {
      {2e-10, 1e-9, 1e-9, 8e-9, 3e-10, 3e-10, 8e-9, 4e-9, 1e-7, 3e-7},
      {1e-10, 3e-10, 3e-10, 1e-9, 3e-10, 3e-10, 1e-7, 4e-9, 1e-7, 3e-5},
      {2e-10, 1e-9, 1e-9, 8e-9, 3e-10, 3e-10, 8e-9, 4e-9, 1e-7, 3e-7},
      {1e-10, 3e-10, 3e-10, 1e-9, 3e-10, 3e-10, 1e-7, 4e-9, 1e-7, 3e-5},
      {2e-10, 1e-9, 1e-9, 8e-9, 3e-10, 3e-10, 8e-9, 4e-9, 1e-7, 2e-7},
      {2e-10, 1e-9, 1e-9, 8e-9, 3e-10, 3e-10, 8e-9, 4e-9, 1e-8, 3e-7},
      {2e-10, 4e-9, 5e-9, 4e-8, 3e-10, 3e-10, 8e-9, 4e-9, 1e-8, 3e-7},
  };
  return prices[static_cast<std::size_t>(regime)];
}

}  // namespace wengert
