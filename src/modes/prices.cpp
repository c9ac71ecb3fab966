// Prices built in: seconds of each amount, as ./dev bench modes --prices prints them, on an x86-64 server of 2023.
#include "wengert/modes/price.hpp"

namespace wengert {

const Amounts& built_in_prices(Regime regime) {
  static constexpr Amounts prices[regime_count] = {
      {4.4e-10, 8.1e-10, 1.3e-09, 6e-10, 5.6e-10, 1.1e-09, 3.4e-09, 6.5e-09, 1.3e-08, 1.8e-08, 1.7e-07, 0, 2.1e-08,
       7.9e-08, 5e-08},  // reverse
      {1.1e-10, 3.6e-10, 4.6e-11, 7.2e-10, 0, 1.1e-08, 8.1e-10, 1.3e-08, 0, 0, 2.2e-06, 3.3e-08, 2.3e-09, 0,
       0},  // reverse wide
      {0, 9.4e-10, 1.8e-09, 5.9e-09, 2.7e-09, 2e-09, 7.4e-10, 6e-09, 3e-09, 2.6e-08, 1.7e-07, 0, 1.2e-08, 1.9e-07,
       2.1e-08},  // forward
      {0, 2.2e-10, 0, 1.4e-08, 0, 6.1e-10, 2.3e-10, 5.2e-09, 0, 0, 5.1e-06, 2.7e-08, 7.7e-09, 4.8e-07,
       0},  // forward wide
      {7.1e-11, 8.8e-10, 6.9e-11, 1.1e-09, 1.7e-10, 1.5e-09, 2.6e-09, 5.9e-09, 4.3e-09, 5e-08, 4.2e-08, 0, 6e-09, 0,
       9.1e-08},  // symbolic
      {8.4e-11, 2.6e-10, 1.4e-09, 4.2e-09, 1.1e-09, 1.6e-09, 2.1e-09, 2.5e-09, 4.4e-09, 3.1e-08, 7.2e-08, 0, 1e-08, 0,
       1.7e-07},  // cross
      {1e-10, 1.3e-11, 1.5e-09, 3.4e-09, 0, 9.8e-09, 3.3e-09, 0, 4.5e-09, 1.1e-08, 8.2e-08, 0, 9.4e-09, 1.2e-07,
       0},  // finite
      {1.3e-09, 0, 0, 1.5e-08, 1.2e-09, 6.2e-09, 2.8e-09, 3.6e-09, 6.7e-09, 0, 0, 0, 9e-09, 1.4e-07,
       1.2e-07},  // complex
  };
  return prices[static_cast<std::size_t>(regime)];
}

}  // namespace wengert
