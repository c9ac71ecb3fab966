// What a Taylor series of high order costs: how many series a row unfolds into.
#include <doctest/doctest.h>

#include <utility>

#include "wengert/rules/functions.hpp"
#include "wengert/sweep/series.hpp"

using namespace wengert;

namespace {

// How many series the row unfolds into for an order.
template <class R, class... X>
std::size_t series_for(std::size_t order, const X&... x) {
  Unfolding<double> u(order);
  u.unfold(Lift<Series<double>>::call<R>(u.known({x, 1.0, 0.5})...));
  return u.size();
}

}  // namespace

TEST_CASE("rules that close unfold into as many series for any order") {
  CHECK(series_for<Exp>(400, 0.3) == series_for<Exp>(4, 0.3));
  CHECK(series_for<Sin>(400, 0.3) == series_for<Sin>(4, 0.3));
  CHECK(series_for<Tan>(400, 0.3) == series_for<Tan>(4, 0.3));
  CHECK(series_for<Tanh>(400, 0.3) == series_for<Tanh>(4, 0.3));
  CHECK(series_for<Silu>(400, 0.3) == series_for<Silu>(4, 0.3));
  CHECK(series_for<Gelu>(400, 0.3) == series_for<Gelu>(4, 0.3));
  CHECK(series_for<Atan2>(400, 0.3, 0.4) == series_for<Atan2>(4, 0.3, 0.4));
  CHECK(series_for<Sin>(400, 0.3) <= 8);
  CHECK(series_for<Gelu>(400, 0.3) <= 40);
}

TEST_CASE("rules that do not close unfold into a chain as long as the order") {
  const auto growth = [](auto&& f) { return std::pair{f(20) - f(10), f(40) - f(30)}; };
  for (const auto& [early, late] : {growth([](std::size_t k) { return series_for<Pow>(k, 0.3, 0.4); }),
                                    growth([](std::size_t k) { return series_for<Gamma>(k, 0.3); }),
                                    growth([](std::size_t k) { return series_for<Beta>(k, 0.3, 0.4); })}) {
    CHECK(early == late);
    CHECK(late <= 160);
  }
}
