#include "wengert/modes/repeated.hpp"

#include <doctest/doctest.h>

#include "wengert/rules/functions.hpp"

namespace wengert {
namespace {

struct Loss {
  Graph g;
  Expr x = variable(g, "x"), w = variable(g, "w", {3, 1}), c = variable(g, "c", {3, 1});
  Expr y = total(sin(w * c) * w, along::all) * exp(x) + x * x;
  Problem problem{&g, y.id, {x.id, w.id}};
  Point point{{c.id, {0.5, -1, 2}}};
  std::vector<double> at{0.3, 1.1, -0.7, 0.2};
  Point whole() const {
    Point p = point;
    p[x.id] = {at[0]};
    p[w.id] = {at[1], at[2], at[3]};
    return p;
  }
};

TEST_CASE("repeated evaluations give the reverse mode's value, gradient and Hessian products, whatever runs them") {
  Loss l;
  const Prepared reverse = prepare(Mode::reverse, l.problem);
  const Derivative d = reverse.jacobian(l.whole());
  const std::vector<double> v{1, -2, 0.5, 3};
  const auto hv = reverse.hessian_times(l.whole(), {{1}, {-2, 0.5, 3}});
  std::vector<double> first;
  for (const Engine engine : {Engine::interpreter, Engine::native, Engine::automatic}) {
    CAPTURE(to_string(engine));
    Repeated f(l.problem, l.point, {.engine = engine});
    std::vector<double> g(f.size()), h(f.size());
    CHECK(f(l.at.data(), g.data()) == doctest::Approx(d.value[0]).epsilon(1e-15));
    CHECK(f(l.at.data(), nullptr) == f(l.at.data(), g.data()));
    f.hessian_times(l.at.data(), v.data(), h.data());
    CHECK(g[0] == doctest::Approx(d.blocks[0][0]).epsilon(1e-14));
    CHECK(h[0] == doctest::Approx(hv[0][0]).epsilon(1e-13));
    for (std::size_t e = 0; e < 3; ++e) {
      CHECK(g[e + 1] == doctest::Approx(d.blocks[1][e]).epsilon(1e-14));
      CHECK(h[e + 1] == doctest::Approx(hv[1][e]).epsilon(1e-13));
    }
    g.insert(g.end(), h.begin(), h.end());
    if (first.empty()) first = g;
    CHECK(g == first);  // the same bits
  }
}

TEST_CASE("a program whose plan would be too large is swept, with the same results") {
  Loss l;
  Repeated planned(l.problem, l.point), swept(l.problem, l.point, {.plan_bytes = 64});
  const std::vector<double> v{1, -2, 0.5, 3};
  std::vector<double> g(4), swept_g(4), h(4), swept_h(4);
  const double y = planned(l.at.data(), g.data());
  CHECK(planned.engine() == "interpreter");
  CHECK(swept(l.at.data(), swept_g.data()) == doctest::Approx(y).epsilon(1e-15));
  CHECK(swept(l.at.data(), nullptr) == swept(l.at.data(), swept_g.data()));
  CHECK(swept.engine() == "sweeps");
  planned.hessian_times(l.at.data(), v.data(), h.data());
  swept.hessian_times(l.at.data(), v.data(), swept_h.data());
  CHECK(swept.engine() == "sweeps");
  for (std::size_t e = 0; e < 4; ++e) {
    CHECK(swept_g[e] == doctest::Approx(g[e]).epsilon(1e-14));
    CHECK(swept_h[e] == doctest::Approx(h[e]).epsilon(1e-13));
  }
  constexpr std::size_t count = 20;
  std::vector<double> points(4 * count), all(5 * count), swept_all(5 * count), values(count);
  for (std::size_t k = 0; k < points.size(); ++k) points[k] = 0.1 + 1e-2 * static_cast<double>(k);
  planned.batch(count, points.data(), all.data(), all.data() + count);
  swept.batch(count, points.data(), swept_all.data(), swept_all.data() + count);
  swept.batch(count, points.data(), values.data(), nullptr);
  CHECK(swept.engine() == "sweeps");
  for (std::size_t k = 0; k < all.size(); ++k) CHECK(swept_all[k] == doctest::Approx(all[k]).epsilon(1e-13));
  CHECK(values == std::vector<double>(swept_all.begin(), swept_all.begin() + count));
}

TEST_CASE("what is evaluated often is compiled when that pays, and not before") {
  Loss l;
  Repeated seldom(l.problem, l.point), often(l.problem, l.point, {.evaluations = 1'000'000}),
      never(l.problem, l.point, {.engine = Engine::interpreter, .evaluations = 1'000'000});
  std::vector<double> g(4);
  for (int k = 0; k < 4; ++k)
    for (Repeated* f : {&seldom, &often, &never}) (*f)(l.at.data(), g.data());
  CHECK(seldom.engine() == "interpreter");
  CHECK(never.engine() == "interpreter");
  Repeated forced(l.problem, l.point, {.engine = Engine::native});
  forced(l.at.data(), g.data());
  CHECK(often.engine() == forced.engine());  // "native" where machine code can be made at all
  for (int k = 0; k < 100'000 && seldom.engine() != forced.engine(); ++k) seldom(l.at.data(), g.data());
  CHECK(seldom.engine() == forced.engine());
}

TEST_CASE("a batch has the bits of single evaluations, on any number of threads") {
  Loss l;
  constexpr std::size_t count = 1000;
  std::vector<double> points(4 * count);
  for (std::size_t k = 0; k < points.size(); ++k) points[k] = 0.1 + 1e-3 * static_cast<double>(k % 991);
  std::vector<double> first;
  for (const Engine engine : {Engine::interpreter, Engine::native, Engine::automatic})
    for (const std::size_t threads : {1u, 3u}) {
      Repeated f(l.problem, l.point, {.engine = engine, .threads = threads});
      std::vector<double> all(5 * count);
      f.batch(count, points.data(), all.data(), all.data() + count);
      if (first.empty()) first = all;
      CHECK(all == first);
    }
  Repeated f(l.problem, l.point);
  for (const std::size_t p : {0u, 7u, 999u}) {
    const double x[] = {points[p], points[count + p], points[2 * count + p], points[3 * count + p]};
    std::vector<double> g(4);
    CHECK(f(x, g.data()) == first[p]);
    for (std::size_t e = 0; e < 4; ++e) CHECK(g[e] == first[count + e * count + p]);
  }
}

TEST_CASE("only scalars with all other inputs given are evaluated repeatedly") {
  Loss l;
  const Expr v = l.w * l.c;
  CHECK_THROWS_AS(Repeated({&l.g, v.id, {l.w.id}}, l.point), std::invalid_argument);
  CHECK_THROWS_AS(Repeated(l.problem, {}), std::invalid_argument);
}

}  // namespace
}  // namespace wengert
