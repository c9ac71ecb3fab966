// The order in which sums are rounded.
#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "wengert/rules/arrays.hpp"

namespace wengert::test {

TEST_CASE("a long sum is eight interleaved sums and a fixed tree of them, a short one goes from left to right") {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> number(-1, 1);
  for (const std::size_t n : {0u, 1u, 7u, 8u, 9u, 1001u}) {
    CAPTURE(n);
    std::vector<double> x(n);
    for (double& e : x) e = number(random) * 1e3;
    double by_eight[8] = {0, 0, 0, 0, 0, 0, 0, 0}, in_order = 0;
    for (std::size_t i = 0; i < n; ++i) {
      by_eight[i % 8] += x[i];
      in_order += x[i];
    }
    const double tree = ((by_eight[0] + by_eight[1]) + (by_eight[2] + by_eight[3])) +
                        ((by_eight[4] + by_eight[5]) + (by_eight[6] + by_eight[7]));
    CHECK(fixed_sum<double>(n, [&](std::size_t i) { return x[i]; }) == (n < 8 ? in_order : tree));
    const Array<double> all = Array<double>::view(x.data(), {static_cast<std::uint32_t>(n), 1});
    if (n > 0) CHECK(Sum::numeric<double>({.number = along::all}, std::span(&all, 1))[0] == (n < 8 ? in_order : tree));
  }
}

}  // namespace wengert::test
