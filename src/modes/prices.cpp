// Prices built in: seconds of each amount, as ./dev bench modes --prices prints them, on an x86-64 server of 2023.
#include "wengert/modes/price.hpp"

namespace wengert {

const Amounts& built_in_prices(Regime regime) {
  static constexpr Amounts prices[regime_count] = {
      {5.7e-10, 1.8e-09, 1.5e-10, 5.8e-09, 1e-9, 2.6e-09, 1e-9, 1.4e-08, 4e-8, 5e-8, 1.5e-07, 1e-7},  // reverse
      {9.8e-11, 4.3e-11, 0, 0, 1e-9, 1.8e-09, 2e-9, 8.6e-08, 1e-7, 5e-8, 0, 0.00035},                 // reverse wide
      {1e-10, 1.2e-09, 0, 1.2e-08, 1e-9, 8.3e-10, 1e-9, 4e-09, 4e-8, 5e-8, 2.8e-07, 1e-7},            // forward
      {1e-11, 3.9e-11, 8.3e-09, 1.2e-08, 1e-9, 3.1e-10, 2e-9, 1.5e-08, 1e-7, 5e-8, 1.5e-06, 1e-6},    // forward wide
      {7.4e-11, 1.6e-09, 0, 2.7e-09, 1e-9, 2.2e-09, 1e-9, 1.5e-8, 4e-8, 5e-8, 0, 8.5e-08},            // symbolic
      {1.7e-10, 2e-09, 0, 8.4e-09, 1e-9, 2.7e-09, 1e-9, 8e-09, 4e-8, 5e-8, 1.7e-07, 1e-7},            // finite
      {1.5e-09, 3.8e-09, 2.1e-09, 2.6e-08, 1e-9, 1e-9, 1e-9, 1.5e-8, 4e-8, 5e-8, 1e-7, 1e-7},         // complex
  };
  return prices[static_cast<std::size_t>(regime)];
}

}  // namespace wengert
