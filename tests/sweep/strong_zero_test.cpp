// 0 annihilates: in a sweep a factor 0 makes the product 0, whatever the other factor is, for every type of number.
#include <doctest/doctest.h>

#include <functional>

#include "../tools/program.hpp"

namespace wengert::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double nan = std::nan("");

struct Case {
  const char* text;
  std::vector<const char*> inputs;
  std::function<Expr(const std::vector<Expr>&)> make;
  Point at;
  Point gradient;
};

Expr constant(const Expr& like_this, double c) { return like(like_this, c); }

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"if(0 < x, sqrt(x), 0)", {"x"}, [](const auto& x) { return select(less(constant(x[0], 0), x[0]), sqrt(x[0]), constant(x[0], 0)); }, {0}, {0}},
      {"if(0 < x, log(x), 2*x)", {"x"}, [](const auto& x) { return select(less(constant(x[0], 0), x[0]), log(x[0]), 2.0 * x[0]); }, {-1}, {2}},
      {"if(c, 1/x, z)", {"c", "x", "z"}, [](const auto& x) { return select(x[0], 1.0 / x[1], x[2]); }, {0, 0, 3}, {0, 0, 1}},
      {"if(c, x*z, log(x))", {"c", "x", "z"}, [](const auto& x) { return select(x[0], x[1] * x[2], log(x[1])); }, {1, -2, 3}, {0, 3, -2}},
      {"if(nan condition, log(x), x*x)", {"c", "x"}, [](const auto& x) { return select(x[0], log(x[1]), x[1] * x[1]); }, {nan, -2}, {0, -4}},
      {"sqrt(x*x + z*z)", {"x", "z"}, [](const auto& x) { return sqrt(x[0] * x[0] + x[1] * x[1]); }, {0, 0}, {0, 0}},
      {"sqrt(x^2 + z^2)", {"x", "z"}, [](const auto& x) { return sqrt(power(x[0], constant(x[0], 2)) + power(x[1], constant(x[0], 2))); }, {0, 0}, {0, 0}},
      {"0*log(x)", {"x"}, [](const auto& x) { return constant(x[0], 0) * log(x[0]); }, {0}, {0}},
      {"0*(1/x)", {"x"}, [](const auto& x) { return constant(x[0], 0) * (1.0 / x[0]); }, {0}, {0}},
      {"x*z at x = inf, seeded by z's 0", {"x", "z"}, [](const auto& x) { return floor(x[0]) * floor(x[1]); }, {inf, 2}, {0, 0}},
      {"sqrt(x)^2", {"x"}, [](const auto& x) { return power(sqrt(x[0]), constant(x[0], 2)); }, {0}, {0}},
      {"(x*inf)*0 + x", {"x"}, [](const auto& x) { return (x[0] * constant(x[0], inf)) * constant(x[0], 0) + x[0]; }, {2}, {1}},
      {"abs(sqrt(x))", {"x"}, [](const auto& x) { return magnitude(sqrt(x[0])); }, {0}, {0}},
  };
  return all;
}

Program program_of(const Case& c) {
  Program p;
  p.text = c.text;
  std::vector<Expr> x;
  for (const char* name : c.inputs) x.push_back(p.input(name));
  p.output = c.make(x);
  return p;
}

TEST_CASE("a factor 0 contributes nothing in the reverse sweep") {
  for (const Case& c : cases()) {
    CAPTURE(c.text);
    CHECK(pull(program_of(c), c.at, {1.0}) == c.gradient);
  }
}

TEST_CASE("a factor 0 contributes nothing in the forward sweep") {
  for (const Case& c : cases()) {
    CAPTURE(c.text);
    for (std::size_t k = 0; k < c.at.size(); ++k) {
      Point v(c.at.size());
      v[k] = 1;
      CHECK(push(program_of(c), c.at, v)[0] == c.gradient[k]);
    }
  }
}

TEST_CASE("a factor 0 contributes nothing in derivatives as expressions, forward and reverse") {
  for (const Case& c : cases()) {
    CAPTURE(c.text);
    const Program p = program_of(c);
    for (std::size_t k = 0; k < c.at.size(); ++k) {
      CHECK(value(with_output(p, derivative(p.output, p.inputs[k])), c.at)[0] == c.gradient[k]);
      CHECK(value(with_output(p, gradient(p.output, p.inputs[k])), c.at)[0] == c.gradient[k]);
    }
  }
}

TEST_CASE("a factor 0 contributes nothing over dual numbers and over many digits") {
  for (const Case& c : cases()) {
    CAPTURE(c.text);
    const Program p = program_of(c);
    std::vector<Dual<double>> x;
    std::vector<Decimal> d;
    for (double a : c.at) {
      x.push_back({a, {0.0}});
      d.emplace_back(a, 180);
    }
    const auto over_dual = Sweep<Dual<double>>(p, x).pull({{1.0, {0.0}}});
    const auto over_decimal = Sweep<Decimal>(p, d, {.bits = 180}).pull({Decimal(1.0, 180)});
    for (std::size_t k = 0; k < c.at.size(); ++k) {
      CHECK(over_dual[k].v == c.gradient[k]);
      CHECK(over_dual[k].t[0] == 0);
      CHECK(over_decimal[k].to_double() == c.gradient[k]);
    }
  }
}

template <class T>
void check_annihilate(const T& zero, const T& minus_zero, const std::vector<T>& wild) {
  for (const T& w : wild)
    for (const T& z : {zero, minus_zero}) {
      CHECK(annihilate(z, w) == zero);
      CHECK(annihilate(w, z) == zero);
    }
}

TEST_CASE("annihilate is 0 where either factor is 0, for every base type") {
  check_annihilate<double>(0.0, -0.0, {inf, -inf, nan});
  using Complex = std::complex<double>;
  check_annihilate<Complex>(0.0, -0.0, {Complex(inf, 0), Complex(nan, 0), Complex(0, inf), Complex(nan, nan), Complex(-inf, inf)});
  check_annihilate<Decimal>(Decimal(0.0), Decimal(-0.0), {Decimal(inf), Decimal(nan)});
  CHECK(annihilate(3.0, 4.0) == 12.0);
  CHECK(std::isnan(annihilate(3.0, nan)));
  CHECK(annihilate(3.0, inf) == inf);
}

TEST_CASE("annihilate of dual numbers treats value and tangent apart") {
  using D = Dual<double>;
  const auto check = [](const D& g, const D& p, double v, double t) {
    const D y = annihilate(g, p);
    CHECK(y.v == v);
    CHECK(y.t[0] == t);
  };
  check({0, {0}}, {inf, {nan}}, 0, 0);
  check({0, {2}}, {3, {nan}}, 0, 6);
  check({2, {0}}, {0, {5}}, 0, 10);
  check({inf, {nan}}, {0, {0}}, 0, 0);
}

TEST_CASE("a quotient by an infinity or of 0 is 0 in a sweep") {
  CHECK(annihilate_quotient(0.0, 0.0) == 0);
  CHECK(annihilate_quotient(0.0, nan) == 0);
  CHECK(annihilate_quotient(nan, inf) == 0);
  CHECK(annihilate_quotient(inf, inf) == 0);
  CHECK(annihilate_quotient(1.0, 0.0) == inf);
  CHECK(annihilate_quotient(6.0, 3.0) == 2);
}

TEST_CASE("0 annihilates inside matrix products of sweeps, and only there") {
  Program p;
  const Expr a = p.input("A", {2, 2}), b = p.input("b", {2, 1});
  p.text = "A*b";
  p.output = matmul(a, b);
  const Point at{1, inf, 2, 3, 1, 1};
  // The first row's cotangent is 0: what it meets (an infinity) is annihilated.
  CHECK(pull(p, at, {0, 1}) == Point{0, 0, 1, 1, 2, 3});
  CHECK(std::isnan(value(p, {1, inf, 2, 3, 1, 0})[0]));  // inf*0 in the value itself is NaN
}

}  // namespace
}  // namespace wengert::test
