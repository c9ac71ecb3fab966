// The order in which sums are rounded.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "wengert/exec/plan.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/rules/arrays.hpp"
#include "wengert/sweep/decimal.hpp"

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

// A sum that began with its first product would be -0 here, and 1 over it another infinity.
TEST_CASE("a product of matrices is a sum that begins at 0, of all sizes and numbers, by sweeps and by plans") {
  for (const std::uint32_t m : {1u, 2u, 3u, 9u, 40u})
    for (const std::uint32_t k : {1u, 2u, 5u, 33u})
      for (const std::uint32_t n : {1u, 2u, 4u, 17u, 40u}) {
        CAPTURE(m);
        CAPTURE(k);
        CAPTURE(n);
        const std::vector<double> left(std::size_t{m} * k, -1.5), right(std::size_t{k} * n, 0.0);
        const Array<double> a = Array<double>::view(left.data(), {m, k}), b = Array<double>::view(right.data(), {k, n});
        const Array<double> product = multiply(a, b);
        Array<Decimal> many({m, k}, Decimal(-1.5)), zeros({k, n}, Decimal(0.0));
        const Array<Decimal> reference = multiply(many, zeros);
        for (std::size_t e = 0; e < product.size(); ++e) {
          REQUIRE(product[e] == 0);
          REQUIRE(!std::signbit(product[e]));
          REQUIRE(!std::signbit(reference[e].to_double()));
        }
        Graph g;
        const Expr x = variable(g, "x", {m, k}), y = variable(g, "y", {k, n});
        for (const auto set :
             {exec::InstructionSet::baseline, exec::InstructionSet::avx2, exec::InstructionSet::avx512}) {
          if (set > exec::widest_instructions()) continue;
          for (const auto mathematics : {exec::Mathematics::exact, exec::Mathematics::fast}) {
            const exec::Plan plan(g, {matmul(x, y).id}, {x.id, y.id},
                                  {.mathematics = mathematics, .instructions = set});
            exec::Workspace w(plan);
            std::vector<double> out(std::size_t{m} * n, -1);
            const double* in[] = {left.data(), right.data()};
            double* to[] = {out.data()};
            plan.run(w, in, to);
            for (const double e : out) REQUIRE((e == 0 && !std::signbit(e)));
          }
        }
      }
}

}  // namespace wengert::test
