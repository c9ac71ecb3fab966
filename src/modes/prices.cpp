// Prices built in: seconds of each amount, as ./dev bench modes --prices prints them, on an x86-64 server of 2023.
#include "wengert/modes/price.hpp"

namespace wengert {

const Amounts& built_in_prices(Regime regime) {
  static constexpr Amounts prices[regime_count] = {
      {5.9e-10, 7.1e-10, 2.3e-09, 7.2e-09, 0, 3.4e-09, 3.4e-09, 0, 1.2e-08, 2.3e-08, 0, 0, 2.1e-08, 1.4e-07, 7.3e-09},  // reverse
      {1.3e-10, 0, 1.1e-09, 4.5e-10, 0, 5.3e-09, 1.5e-09, 2.7e-08, 9.6e-09, 0, 0, 0, 4.4e-09, 1.3e-06, 0},  // reverse wide
      {0, 1.1e-09, 9.3e-10, 1.1e-08, 0, 8.8e-10, 9.7e-10, 0, 1.2e-09, 7.7e-08, 0, 0, 1.1e-08, 1.8e-07, 5e-08},  // forward
      {0, 2.8e-10, 0, 1.5e-08, 0, 0, 3.2e-10, 1.9e-08, 2.4e-08, 0, 0, 0, 0, 1.6e-06, 0},  // forward wide
      {5.8e-11, 0, 1.4e-09, 4.9e-09, 0, 9.1e-10, 4.4e-09, 0, 4.7e-09, 5.9e-08, 0, 0, 2e-09, 0, 8.5e-08},  // symbolic
      {5.8e-11, 0, 1.4e-09, 4.9e-09, 0, 9.1e-10, 4.4e-09, 0, 4.7e-09, 5.9e-08, 0, 0, 2e-09, 0, 8.5e-08},  // cross
      {2e-10, 0, 1.5e-09, 7.3e-09, 0, 0, 2.3e-09, 0, 4e-09, 1.2e-08, 0, 0, 1.1e-08, 1.4e-07, 0},  // finite
      {1.4e-09, 0, 0, 1.7e-08, 0, 0, 3.2e-09, 0, 6.8e-09, 5e-09, 0, 0, 5.4e-09, 8.2e-08, 8e-08},  // complex
  };
  return prices[static_cast<std::size_t>(regime)];
}

}  // namespace wengert
