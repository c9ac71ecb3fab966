// Jacobians with many directions, planned and on several threads, against single sweeps.
#include <doctest/doctest.h>

#include <cstring>

#include "../tools/examples.hpp"
#include "wengert/modes/mode.hpp"

namespace wengert::test {
namespace {

TEST_CASE("a wide Jacobian has the numbers of single sweeps, whatever the threads") {
  const Program p = network(120, 12, 1300);
  Random random(71);
  wengert::Point point;
  for (const Expr& x : p.inputs) point[x.id] = random.around_one(x.shape().size());
  Problem problem{p.graph.get(), p.output.id, {p.inputs[0].id, p.inputs[1].id}};
  for (const Mode mode : {Mode::forward, Mode::reverse}) {
    std::vector<Derivative> all;
    for (const std::size_t threads : {1u, 2u, 5u}) {
      problem.threads = threads;
      all.push_back(prepare(mode, problem).jacobian(point));
      for (std::size_t k = 0; k < 2; ++k)
        REQUIRE(std::memcmp(all.back().blocks[k].data(), all[0].blocks[k].data(), all[0].blocks[k].size() * 8) == 0);
    }
    const Prepared prepared = prepare(mode, problem);
    CHECK(all[0].value == value_at(*p.graph, p.output.id, point));
    if (mode == Mode::reverse) {
      std::vector<double> w(1300);
      w[77] = 1;
      const auto row = prepared.vjp(point, w);
      for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t e = 0; e < row[k].size(); ++e)
          REQUIRE(all[0].blocks[k][77 * row[k].size() + e] == doctest::Approx(row[k][e]).epsilon(1e-13));
    } else {
      std::vector<std::vector<double>> v{std::vector<double>(120), std::vector<double>(12 * 120)};
      v[1][500] = 1;
      const auto column = prepared.jvp(point, v);
      for (std::size_t i = 0; i < 1300; ++i)
        REQUIRE(all[0].blocks[1][i * 1440 + 500] == doctest::Approx(column[i]).epsilon(1e-13));
    }
  }
}

}  // namespace
}  // namespace wengert::test
