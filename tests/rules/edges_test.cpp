// What rows are at the edges of their domains: kinks, ties, 0^0, and the conventions for derivatives there.
#include <doctest/doctest.h>

#include <algorithm>

#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double nan = std::nan("");
constexpr double any = 1e99;  // not checked

struct Edge {
  Op op;
  Point at;
  double value;
  Point partials;
};

const std::vector<Edge>& edges() {
  static const std::vector<Edge> all{
      {op_of<Relu>, {0}, 0, {0}}, {op_of<Relu>, {-2}, 0, {0}}, {op_of<Relu>, {3}, 3, {1}}, {op_of<Relu>, {nan}, nan, {any}},
      {op_of<Abs>, {0}, 0, {0}}, {op_of<Abs>, {-2}, 2, {-1}}, {op_of<Abs>, {-inf}, inf, {-1}},
      {op_of<Sign>, {0}, 0, {0}}, {op_of<Sign>, {-3}, -1, {0}}, {op_of<Sign>, {nan}, nan, {0}},
      {op_of<Step>, {0}, 1, {0}}, {op_of<Step>, {-1e-300}, 0, {0}}, {op_of<Step>, {nan}, nan, {0}},
      {op_of<Floor>, {2}, 2, {0}}, {op_of<Floor>, {-2.5}, -3, {0}}, {op_of<Ceil>, {2}, 2, {0}}, {op_of<Ceil>, {-2.5}, -2, {0}},
      {op_of<Round>, {2.5}, 3, {0}}, {op_of<Round>, {-2.5}, -3, {0}}, {op_of<Round>, {0.5}, 1, {0}}, {op_of<Round>, {-0.5}, -1, {0}},
      {op_of<Round>, {0.49999999999999994}, 0, {0}},
      {op_of<Elu>, {0, 0.5}, 0, {0.5, 0}}, {op_of<Elu>, {2, 0.5}, 2, {1, 0}}, {op_of<Elu>, {1000, 0.5}, 1000, {1, 0}},
      {op_of<LeakyRelu>, {0, 0.125}, 0, {0.125, 0}}, {op_of<LeakyRelu>, {-2, 0.125}, -0.25, {0.125, -2}},
      {op_of<Hinge>, {1, 1}, 0, {-1, -1}}, {op_of<Hinge>, {-0.5, -2}, 0, {2, 0.5}}, {op_of<Hinge>, {2, 1}, 0, {0, 0}},
      {op_of<Hinge>, {0.5, 1}, 0.5, {-1, -0.5}}, {op_of<Hinge>, {0, 1}, 1, {-1, 0}},
      {op_of<Max>, {2, 2}, 2, {0.5, 0.5}}, {op_of<Max>, {3, 2}, 3, {1, 0}}, {op_of<Max>, {nan, 2}, nan, {any, any}}, {op_of<Max>, {2, nan}, nan, {any, any}},
      {op_of<Min>, {2, 2}, 2, {0.5, 0.5}}, {op_of<Min>, {3, 2}, 2, {0, 1}}, {op_of<Min>, {nan, 2}, nan, {any, any}}, {op_of<Min>, {2, nan}, nan, {any, any}},
      {op_of<Max>, {inf, inf}, inf, {0.5, 0.5}},
      {op_of<Mod>, {7, 3}, 1, {1, -2}}, {op_of<Mod>, {-7, 3}, 2, {1, 3}}, {op_of<Mod>, {7, -3}, -2, {1, 3}}, {op_of<Mod>, {-7, -3}, -1, {1, -2}},
      {op_of<Mod>, {6, 3}, 0, {1, -2}}, {op_of<Mod>, {1, 0}, nan, {any, any}},
      // powers
      {op_of<Pow>, {0, 0}, 1, {0, any}}, {op_of<Pow>, {0, 2}, 0, {0, 0}}, {op_of<Pow>, {0, 1}, 0, {1, 0}}, {op_of<Pow>, {0, 0.5}, 0, {inf, 0}},
      {op_of<Pow>, {-2, 3}, -8, {12, nan}}, {op_of<Pow>, {-2, 2}, 4, {-4, nan}}, {op_of<Pow>, {-2, 0}, 1, {0, nan}}, {op_of<Pow>, {-2, -1}, -0.5, {-0.25, nan}},
      {op_of<Pow>, {-8, 1.0 / 3}, nan, {nan, nan}}, {op_of<Pow>, {2, 0}, 1, {0, std::log(2)}}, {op_of<Pow>, {1, 5}, 1, {5, 0}},
      {op_of<Pow>, {nan, 0}, 1, {0, any}}, {op_of<Pow>, {0, 3}, 0, {0, 0}}, {op_of<Pow>, {0, -1}, inf, {-inf, any}},
      // the origin
      {op_of<Hypot>, {0, 0}, 0, {0, 0}}, {op_of<Hypot>, {3, 4}, 5, {0.6, 0.8}}, {op_of<Hypot>, {3e300, 4e300}, 5e300, {0.6, 0.8}},
      {op_of<Hypot>, {3e-310, 4e-310}, 5e-310, {any, any}}, {op_of<Hypot>, {0, -2}, 2, {0, -1}},
      {op_of<Atan2>, {0, 0}, 0, {0, 0}}, {op_of<Atan2>, {-0.0, 0}, 0, {0, 0}}, {op_of<Atan2>, {0, -0.0}, 0, {0, 0}}, {op_of<Atan2>, {1, 0}, std::atan2(1, 0), {0, -1}},
      {op_of<Atan2>, {1e200, 1e200}, std::atan2(1, 1), {5e-201, -5e-201}}, {op_of<Atan2>, {1e-200, 1e-200}, std::atan2(1, 1), {5e199, -5e199}},
      {op_of<XLogY>, {0, 0}, 0, {-inf, 0}}, {op_of<XLogY>, {0, 3}, 0, {std::log(3), 0}}, {op_of<XLogY>, {0, -1}, 0, {nan, 0}}, {op_of<XLogY>, {0, inf}, 0, {inf, 0}},
      {op_of<XLogY>, {0, nan}, 0, {nan, 0}}, {op_of<XLogY>, {2, 1}, 0, {0, 2}},
      // far out
      {op_of<Sigmoid>, {1000}, 1, {0}}, {op_of<Sigmoid>, {-1000}, 0, {0}}, {op_of<Softplus>, {1000}, 1000, {1}}, {op_of<Softplus>, {-1000}, 0, {0}},
      {op_of<Tanh>, {1000}, 1, {0}}, {op_of<Tanh>, {-1000}, -1, {0}}, {op_of<Softsign>, {-inf}, any, {0}}, {op_of<Softsign>, {1e300}, 1, {0}},
      {op_of<Silu>, {1000}, 1000, {1}}, {op_of<Silu>, {-1000}, 0, {0}}, {op_of<Gelu>, {1000}, 1000, {1}}, {op_of<Gelu>, {-1000}, 0, {0}},
      {op_of<Silu>, {0}, 0, {0.5}}, {op_of<Gelu>, {0}, 0, {0.5}},
      {op_of<Logit>, {0.5}, 0, {4}}, {op_of<Logit>, {0}, -inf, {inf}}, {op_of<Logit>, {1}, inf, {inf}}, {op_of<Logit>, {2}, nan, {any}},
      {op_of<Erf>, {40}, 1, {0}}, {op_of<Erfc>, {40}, 0, {-0.0}},
      // outside the domain
      {op_of<Log>, {-1}, nan, {any}}, {op_of<Log>, {0}, -inf, {inf}}, {op_of<Sqrt>, {-1}, nan, {nan}}, {op_of<Sqrt>, {0}, 0, {inf}}, {op_of<Cbrt>, {-8}, -2, {1.0 / 12}},
      {op_of<Cbrt>, {0}, 0, {inf}}, {op_of<Asin>, {2}, nan, {nan}}, {op_of<Asin>, {1}, std::asin(1), {inf}}, {op_of<Acos>, {2}, nan, {nan}},
      {op_of<Acosh>, {0.5}, nan, {nan}}, {op_of<Acosh>, {-2}, nan, {nan}}, {op_of<Atanh>, {1}, inf, {inf}}, {op_of<Log1p>, {-1}, -inf, {inf}},
      {op_of<Gamma>, {-1}, nan, {nan}}, {op_of<Gamma>, {5}, 24, {any}}, {op_of<Digamma>, {0}, nan, {any}}, {op_of<Digamma>, {-3}, nan, {any}},
      {op_of<Polygamma>, {1.5, 2}, nan, {0, any}}, {op_of<Polygamma>, {-1, 2}, nan, {0, any}}, {op_of<Beta>, {-1, 2}, nan, {any, any}},
      // comparisons and choices
      {op_of<Less>, {1, 1}, 0, {0, 0}}, {op_of<LessEqual>, {1, 1}, 1, {0, 0}}, {op_of<Equal>, {nan, nan}, 0, {0, 0}}, {op_of<NotEqual>, {nan, nan}, 1, {0, 0}},
      {op_of<Greater>, {nan, 1}, 0, {0, 0}}, {op_of<GreaterEqual>, {1, nan}, 0, {0, 0}},
      {op_of<And>, {2, 0}, 0, {0, 0}}, {op_of<Or>, {0, -3}, 1, {0, 0}}, {op_of<Not>, {0}, 1, {0}}, {op_of<And>, {nan, 1}, 0, {0, 0}},
      {op_of<Select>, {1, 2, nan}, 2, {0, 1, 0}}, {op_of<Select>, {0, inf, 3}, 3, {0, 0, 1}}, {op_of<Select>, {nan, 2, 3}, 3, {0, 0, 1}},
  };
  return all;
}

bool fits(double got, double expected) { return expected == any || ulps(got, expected) <= 2; }

TEST_CASE("values and derivatives at the edges follow the conventions, in every sweep") {
  for (const Edge& e : edges()) {
    const Program p = scalar_program(row_of(e.op));
    CAPTURE(describe(p, e.at));
    CHECK_MESSAGE(fits(value(p, e.at)[0], e.value), "value ", value(p, e.at)[0], ", expected ", e.value);
    const Point adjoint = pull(p, e.at, {1.0});
    for (std::size_t k = 0; k < e.at.size(); ++k) {
      CAPTURE(k);
      Point v(e.at.size());
      v[k] = 1;
      CHECK_MESSAGE(fits(adjoint[k], e.partials[k]), "pulled back ", adjoint[k], ", expected ", e.partials[k]);
      const double tangent = push(p, e.at, v)[0];
      CHECK_MESSAGE(fits(tangent, e.partials[k]), "pushed forward ", tangent, ", expected ", e.partials[k]);
      const double expression = value(with_output(p, derivative(p.output, p.inputs[k])), e.at)[0];
      CHECK_MESSAGE(fits(expression, e.partials[k]), "as an expression ", expression, ", expected ", e.partials[k]);
    }
  }
}

TEST_CASE("no row fails at any special value, and what is pushed forward there is what is pulled back") {
  const Point special{0.0, -0.0, 1, -1, 0.5, -2, 3, 1e300, -1e300, 1e-300, 5e-324, inf, -inf, nan};
  for (const Row& row : rows()) {
    if (!row.elementwise) continue;
    const Program p = scalar_program(row);
    const auto arity = static_cast<std::size_t>(row.arity);
    std::size_t points = 1;
    for (std::size_t j = 0; j < arity; ++j) points *= special.size();
    for (std::size_t code = 0; code < points; ++code) {
      Point at;
      for (std::size_t j = 0, rest = code; j < arity; ++j, rest /= special.size()) at.push_back(special[rest % special.size()]);
      CAPTURE(describe(p, at));
      Sweep<double> sweep(p, at);
      const Point adjoint = sweep.pull({1.0});
      const bool defined = !std::isnan(sweep.value()[0]);
      for (std::size_t j = 0; j < arity; ++j) {
        Point v(arity);
        v[j] = 1;
        const double tangent = sweep.push(v)[0];
        if (!defined) continue;
        CHECK_MESSAGE(ulps(tangent, adjoint[j]) <= 4, "pushed forward ", tangent, ", pulled back ", adjoint[j]);
      }
    }
  }
}

TEST_CASE("a row reports its kinks, and has no kink elsewhere in its range") {
  struct Kink { Op op; Point at; bool kink; };
  const Kink kinks[] = {
      {op_of<Relu>, {0}, true}, {op_of<Relu>, {1}, false}, {op_of<Abs>, {-0.0}, true}, {op_of<Sign>, {0}, true}, {op_of<Step>, {0}, true},
      {op_of<Floor>, {3}, true}, {op_of<Floor>, {3.5}, false}, {op_of<Ceil>, {3}, true}, {op_of<Round>, {2.5}, true}, {op_of<Round>, {-0.5}, true}, {op_of<Round>, {2}, false},
      {op_of<Mod>, {6, 3}, true}, {op_of<Mod>, {7, 3}, false}, {op_of<Max>, {1, 1}, true}, {op_of<Min>, {1, 1}, true}, {op_of<Max>, {1, 2}, false},
      {op_of<Elu>, {0, 0.5}, true}, {op_of<Elu>, {0, 1}, false}, {op_of<LeakyRelu>, {0, 0.5}, true}, {op_of<LeakyRelu>, {0, 1}, false},
      {op_of<Hinge>, {0.5, 2}, true}, {op_of<Hinge>, {0.5, 1}, false}, {op_of<Hypot>, {0, 0}, true}, {op_of<Hypot>, {0, 1}, false}, {op_of<Atan2>, {0, 0}, true},
      {op_of<Less>, {1, 1}, true}, {op_of<Equal>, {1, 1}, true}, {op_of<GreaterEqual>, {1, 2}, false}};
  for (const Kink& k : kinks) {
    const Row& row = row_of(k.op);
    CAPTURE(describe(scalar_program(row), k.at));
    REQUIRE(bool(row.kink != nullptr));
    CHECK(row.kink(k.at.data()) == k.kink);
  }
  Random random(7);
  for (const Row& row : rows())
    if (row.kink != nullptr)
      for (int i = 0; i < 100; ++i) {
        const Point x = sample(row, random);
        CAPTURE(describe(scalar_program(row), x));
        CHECK_FALSE(row.kink(x.data()));
      }
}

TEST_CASE("a row that has kinks says what its derivative is there") {
  for (const Row& row : rows())
    if (row.kink != nullptr || row.array_kink != nullptr) {
      CAPTURE(name_of(row));
      if (row.op != op_of<And> && row.op != op_of<Or>) CHECK_FALSE(row.info->convention.empty());
    }
}

Program reduction(Op op, Shape from, Shape to, std::uint32_t number) {
  Program p;
  p.text = std::string(row_of(op).info->name) + "(v[" + to_string(from) + "])";
  const NodeId v = p.input("v", from).id;
  p.output = build(*p.graph, op, {&v, 1}, {.shape = to, .number = number});
  return p;
}

TEST_CASE("tied elements share the derivative of a maximum or a minimum equally") {
  CHECK(pull(reduction(op_of<MaxOf>, {4, 1}, {}, along::all), {2, 5, 5, 5}, {1}) == Point{0, 1.0 / 3, 1.0 / 3, 1.0 / 3});
  CHECK(pull(reduction(op_of<MinOf>, {4, 1}, {}, along::all), {2, 5, 2, 5}, {3}) == Point{1.5, 0, 1.5, 0});
  CHECK(push(reduction(op_of<MaxOf>, {3, 1}, {}, along::all), {5, 5, 1}, {2, 4, 100}) == Point{3});
  CHECK(pull(reduction(op_of<MaxOf>, {2, 2}, {1, 2}, along::rows), {1, 7, 1, 2}, {1, 1}) == Point{0.5, 1, 0.5, 0});
  CHECK(std::isnan(value(reduction(op_of<MaxOf>, {3, 1}, {}, along::all), {1, nan, 3})[0]));
  CHECK(std::isnan(value(reduction(op_of<MinOf>, {3, 1}, {}, along::all), {1, 2, nan})[0]));
}

TEST_CASE("ties in an array are kinks, along a dimension too") {
  const auto kink = [](Op op, std::uint32_t number, Shape shape, const Point& x) {
    return row_of(op).array_kink(number, shape, x.data(), *std::max_element(x.begin(), x.end()));
  };
  CHECK(kink(op_of<MaxOf>, along::all, {4, 1}, {1, 5, 5, 2}));
  CHECK_FALSE(kink(op_of<MaxOf>, along::all, {4, 1}, {1, 1, 5, 2}));
  CHECK_FALSE(kink(op_of<MaxOf>, along::all, {3, 1}, {1, nan, nan}));
  CHECK(kink(op_of<MinOf>, along::all, {4, 1}, {1, 5, 1, 2}));
  CHECK(kink(op_of<MaxOf>, along::rows, {2, 2}, {1, 7, 1, 9}));
  CHECK_FALSE(kink(op_of<MaxOf>, along::rows, {2, 2}, {1, 7, 2, 9}));
  CHECK(kink(op_of<MaxOf>, along::cols, {2, 2}, {1, 1, 2, 9}));
}

TEST_CASE("the place of an extreme is the first one, counted by rows from 1") {
  CHECK(value(reduction(op_of<ArgMax>, {2, 2}, {}, 0), {1, 5, 5, 2}) == Point{2});
  CHECK(value(reduction(op_of<ArgMin>, {2, 2}, {}, 0), {3, 1, 5, 1}) == Point{2});
}

TEST_CASE("the norm's derivative at 0 is 0, and it neither overflows nor underflows") {
  const Program p = reduction(op_of<Norm>, {2, 1}, {}, 0);
  CHECK(pull(p, {0, 0}, {1}) == Point{0, 0});
  CHECK(push(p, {0, 0}, {1, 2}) == Point{0});
  CHECK(ulps(value(p, {3e200, 4e200})[0], 5e200) <= 2);
  CHECK(ulps(value(p, {3e-200, 4e-200})[0], 5e-200) <= 2);
  CHECK(value(p, {0, -inf}) == Point{inf});
  CHECK(std::isnan(value(p, {nan, 1})[0]));
  CHECK(relative_distance(pull(p, {3e200, 4e200}, {1}), {0.6, 0.8}) <= 4e-16);
}

TEST_CASE("softmax and its logarithms hold far out") {
  const Program soft = reduction(op_of<Softmax>, {3, 1}, {3, 1}, along::rows), log_soft = reduction(op_of<LogSoftmax>, {3, 1}, {3, 1}, along::rows);
  const Program total = reduction(op_of<LogSumExp>, {3, 1}, {}, along::all);
  CHECK(value(soft, {1000, -1000, 1000}) == Point{0.5, 0, 0.5});
  CHECK(value(log_soft, {1000, -1000, 0}) == Point{0, -2000, -1000});
  CHECK(ulps(value(total, {1000, 1000, -1000})[0], 1000 + std::log(2)) <= 1);
  CHECK(value(total, {-1000, -1000, -2000})[0] == -1000 + std::log(2));
  CHECK(value(total, {-inf, -inf, -inf})[0] == -inf);
  CHECK(value(total, {inf, 1, 2})[0] == inf);
  CHECK(pull(total, {1000, -1000, 1000}, {1}) == Point{0.5, 0, 0.5});
}

TEST_CASE("a sum keeps -0 and joins of parts do too") {
  CHECK(std::signbit(value(reduction(op_of<Cumsum>, {2, 1}, {2, 1}, along::rows), {-0.0, -0.0})[1]));
}

}  // namespace
}  // namespace wengert::test
