// Taylor coefficients against closed forms, against repeated symbolic derivatives in 60 digits for every
// row, and against identities; what is 0 strongly, what is decided at the point, what an order costs.
#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <numbers>

#include "../tools/calls.hpp"
#include "../tools/reference.hpp"
#include "wengert/modes/taylor.hpp"
#include "wengert/rules/functions.hpp"
#include "wengert/sweep/differentiate.hpp"

using namespace wengert;

namespace {

using Coefficients = std::vector<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

// The coefficients of a scalar f(x) at x0.
Coefficients coefficients(const std::function<Expr(const Expr&)>& f, double x0, int order) {
  Graph g;
  const Expr x = variable(g, "x");
  return taylor(g, f(x).id, {{x.id, {x0}}}, x.id, order)[0];
}

double factorial(int k) { return std::tgamma(k + 1.0); }
double binomial(double a, int k) {
  double b = 1;
  for (int i = 0; i < k; ++i) b *= (a - i) / (i + 1);
  return b;
}

// Relative to the largest coefficient so far: what cancels in one is an error of the size of its terms.
void check_close(const Coefficients& got, const Coefficients& expected, double tolerance = 1e-14) {
  REQUIRE(got.size() == expected.size());
  double scale = 1e-300;
  for (std::size_t k = 0; k < got.size(); ++k) {
    scale = std::max(scale, std::fabs(expected[k]));
    CAPTURE(k);
    CAPTURE(got[k]);
    CAPTURE(expected[k]);
    CHECK(std::fabs(got[k] - expected[k]) <= tolerance * scale);
  }
}

struct Closed {
  const char* text;
  std::function<Expr(const Expr&)> f;
  double x0;
  std::function<double(int)> expected;
  int order = 30;
};

double derivative_of_sine(double x, int k) { return k % 4 == 0 ? std::sin(x) : k % 4 == 1 ? std::cos(x) : k % 4 == 2 ? -std::sin(x) : -std::cos(x); }
double listed(std::initializer_list<double> c, int k) { return std::data(c)[k]; }
constexpr double euler = std::numbers::egamma, pi = std::numbers::pi;

}  // namespace

TEST_CASE("Taylor coefficients of known functions are those of their closed forms") {
  const double zeta[] = {0, 0, pi * pi / 6, 1.2020569031595942854, std::pow(pi, 4) / 90, 1.0369277551433699263};
  const Closed table[] = {
      {"exp", [](const Expr& x) { return exp(x); }, 0.5, [](int k) { return std::exp(0.5) / factorial(k); }, 60},
      {"expm1", [](const Expr& x) { return expm1(x); }, 0.5, [](int k) { return (k == 0 ? std::expm1(0.5) : std::exp(0.5)) / factorial(k); }},
      {"sin", [](const Expr& x) { return sin(x); }, 0.7, [](int k) { return derivative_of_sine(0.7, k) / factorial(k); }},
      {"cos", [](const Expr& x) { return cos(x); }, 0.7, [](int k) { return derivative_of_sine(0.7, k + 1) / factorial(k); }},
      {"log", [](const Expr& x) { return log(1.0 + x); }, 0.25, [](int k) { return k == 0 ? std::log(1.25) : (k % 2 == 0 ? -1 : 1) / (k * std::pow(1.25, k)); }},
      {"log1p", [](const Expr& x) { return log1p(x); }, 0.25, [](int k) { return k == 0 ? std::log(1.25) : (k % 2 == 0 ? -1 : 1) / (k * std::pow(1.25, k)); }},
      {"geometric", [](const Expr& x) { return 1.0 / (1.0 - x); }, 0.5, [](int k) { return std::pow(2.0, k + 1); }},
      {"sqrt", [](const Expr& x) { return sqrt(1.0 + x); }, 0, [](int k) { return binomial(0.5, k); }},
      {"cbrt", [](const Expr& x) { return cbrt(1.0 + x); }, 0, [](int k) { return binomial(1.0 / 3, k); }},
      {"(1 + x)^2.7", [](const Expr& x) { return pow(1.0 + x, 2.7); }, 0, [](int k) { return binomial(2.7, k); }},
      {"(1 + x)^-3", [](const Expr& x) { return pow(1.0 + x, -3.0); }, 0, [](int k) { return binomial(-3, k); }},
      {"x^5 at 0", [](const Expr& x) { return pow(x, 5.0); }, 0, [](int k) { return k == 5 ? 1.0 : 0.0; }},
      {"x^5", [](const Expr& x) { return pow(x, 5.0); }, 2, [](int k) { return k > 5 ? 0.0 : binomial(5, k) * std::pow(2.0, 5 - k); }},
      {"2^x", [](const Expr& x) { return pow(like(x, 2.0), x); }, 1, [](int k) { return 2 * std::pow(std::log(2.0), k) / factorial(k); }},
      {"atan", [](const Expr& x) { return atan(x); }, 0, [](int k) { return k % 2 == 0 ? 0.0 : (k % 4 == 1 ? 1.0 : -1.0) / k; }},
      {"tan", [](const Expr& x) { return tan(x); }, 0, [](int k) { return listed({0, 1, 0, 1.0 / 3, 0, 2.0 / 15, 0, 17.0 / 315, 0, 62.0 / 2835}, k); }, 9},
      {"tanh", [](const Expr& x) { return tanh(x); }, 0, [](int k) { return listed({0, 1, 0, -1.0 / 3, 0, 2.0 / 15, 0, -17.0 / 315, 0, 62.0 / 2835}, k); }, 9},
      {"erf", [](const Expr& x) { return erf(x); }, 0, [](int k) { return k % 2 == 0 ? 0.0 : (k % 4 == 1 ? 1 : -1) * 2 / std::sqrt(pi) / (factorial(k / 2) * k); }},
      {"lgamma", [](const Expr& x) { return call("lgamma", {x}); }, 1, [&](int k) { return k == 0 ? 0.0 : k == 1 ? -euler : (k % 2 == 0 ? 1 : -1) * zeta[k] / k; }, 5},
      {"gamma", [](const Expr& x) { return gamma_function(x); }, 1, [&](int k) { return listed({1, -euler, (euler * euler + zeta[2]) / 2, -(std::pow(euler, 3) + 3 * euler * zeta[2] + 2 * zeta[3]) / 6}, k); }, 3},
      {"sin(x)^2*exp(x)", [](const Expr& x) { return pow(sin(x), 2.0) * exp(x); }, 0.3,
       [](int k) { const std::complex<double> w(1, 2); return (std::exp(0.3) - (std::exp(w * 0.3) * std::pow(w, k)).real()) / (2 * factorial(k)); }, 20},
  };
  for (const Closed& c : table) {
    CAPTURE(c.text);
    Coefficients expected;
    for (int k = 0; k <= c.order; ++k) expected.push_back(c.expected(k));
    check_close(coefficients(c.f, c.x0, c.order), expected);
  }
}

namespace wengert::test {
namespace {

// The row along X + V*t + W*t^2, so that its arguments are not lines.
struct Curve {
  Program program;  // inputs X, V, W of each argument, then t
  Point at;
  Expr t;
};

Curve curve_of(const Call& call, Random& random) {
  Curve c{call.program, {}, {}};
  c.t = variable(*c.program.graph, "t");
  std::unordered_map<NodeId, Expr> curves;
  std::vector<Expr> inputs;
  std::size_t from = 0;
  for (std::size_t j = 0; j < call.program.inputs.size(); ++j) {
    const Expr x = call.program.inputs[j];
    const std::size_t n = x.shape().size();
    const std::string name = c.program.graph->input_of(x.id).name;
    const Expr v = variable(*c.program.graph, "v" + name, x.shape()), w = variable(*c.program.graph, "w" + name, x.shape());
    if (varies(*call.row, j)) curves[x.id] = x + v * c.t + w * (c.t * c.t);
    inputs.insert(inputs.end(), {x, v, w});
    c.at.insert(c.at.end(), call.at.begin() + static_cast<std::ptrdiff_t>(from), call.at.begin() + static_cast<std::ptrdiff_t>(from + n));
    for (int each = 0; each < 2; ++each)
      for (double d : random.around_one(n)) c.at.push_back(d);
    from += n;
  }
  inputs.push_back(c.t);
  c.at.push_back(0);
  c.program.inputs = inputs;
  c.program.output = substitute(call.program.output, curves);
  return c;
}

wengert::Point point_of(const Program& p, const Point& at) {
  wengert::Point point;
  std::size_t from = 0;
  for (const Expr& x : p.inputs) {
    const std::size_t n = x.shape().size();
    point[x.id] = {at.begin() + static_cast<std::ptrdiff_t>(from), at.begin() + static_cast<std::ptrdiff_t>(from + n)};
    from += n;
  }
  return point;
}

double rounded(double x) { return x; }
double rounded(const Decimal& x) { return x.to_double(); }

// Symbolic derivatives, one of the other, evaluated in the type of the point.
template <class N>
std::vector<Coefficients> by_derivatives(const Curve& c, const std::vector<N>& at, int order) {
  std::vector<Coefficients> out(c.program.output.shape().size());
  Expr y = c.program.output;
  for (int k = 0; k <= order; ++k) {
    const auto value = Sweep<N>(with_output(c.program, y), at).value();
    for (std::size_t e = 0; e < out.size(); ++e) out[e].push_back(rounded(value[e]) / factorial(k));
    if (k < order) y = derivative(y, c.t);
  }
  return out;
}

TEST_CASE("Taylor coefficients of every row are its repeated symbolic derivatives") {
  for (const Row& row : rows()) {
    Random random = random_for(row, 7);
    bool first = true;
    for (const Call& call : calls_of(row, random)) {
      // Elementwise rows: of scalars in 60 digits, of arrays and mixtures in double.
      const bool exact = !row.elementwise || first;
      const int order = !row.elementwise ? 4 : first ? 6 : 3;
      first = false;
      const Curve c = curve_of(call, random);
      CAPTURE(name_of(row));
      CAPTURE(describe(c.program, c.at));
      const auto expected = exact ? by_derivatives(c, in_digits(c.at), order) : by_derivatives(c, c.at, order);
      const auto got = taylor(*c.program.graph, c.program.output.id, point_of(c.program, c.at), c.t.id, order);
      REQUIRE(got.size() == expected.size());
      for (std::size_t e = 0; e < got.size(); ++e) check_close(got[e], expected[e], 1e-12);
    }
  }
}

}  // namespace
}  // namespace wengert::test

TEST_CASE("compositions keep their identities to high orders") {
  const auto inner = [](const Expr& x) { return sin(exp(x)); };
  const Coefficients tangent = coefficients([&](const Expr& x) { return tan(inner(x)); }, 0.2, 40);
  check_close(tangent, coefficients([&](const Expr& x) { return sin(inner(x)) / cos(inner(x)); }, 0.2, 40), 1e-12);
  Coefficients one(41, 0.0);
  one[0] = 1;
  check_close(coefficients([&](const Expr& x) { return pow(sin(inner(x)), 2.0) + pow(cos(inner(x)), 2.0); }, 0.2, 40), one, 1e-12);
  Coefficients identity(41, 0.0);
  identity[0] = 0.5;
  identity[1] = 1;
  check_close(coefficients([](const Expr& x) { return log(exp(x)); }, 0.5, 40), identity);
  check_close(coefficients([](const Expr& x) { return pow(x, x); }, 1.5, 40), coefficients([](const Expr& x) { return exp(x * log(x)); }, 1.5, 40), 1e-12);
  check_close(coefficients([](const Expr& x) { return atan(tan(x)); }, 0.5, 40), identity, 1e-10);
  check_close(coefficients([](const Expr& x) { return call("asinh", {sinh(x)}); }, 0.5, 40), identity, 1e-12);
}

TEST_CASE("a Taylor polynomial takes the function's values nearby") {
  const auto f = [](const Expr& x) { return call("gelu", {x}) * call("silu", {sin(x)}) + call("softplus", {x}) / hypot(x, like(x, 2.0)); };
  const Coefficients c = coefficients(f, 0.4, 24);
  for (double h : {-0.3, -0.1, 0.2, 0.3}) {
    double polynomial = 0;
    for (std::size_t k = c.size(); k-- > 0;) polynomial = polynomial * h + c[k];
    CHECK(polynomial == doctest::Approx(coefficients(f, 0.4 + h, 0)[0]).epsilon(1e-13));
  }
}

TEST_CASE("a chain of ten thousand operations has Taylor coefficients") {
  const Coefficients c = coefficients([](const Expr& x) {
    Expr y = x;
    for (int i = 0; i < 10000; ++i) y = y + 0.0001 * sin(y);
    return y;
  }, 0.5, 3);
  CHECK(c[1] > 1);
  CHECK(std::isfinite(c[3]));
}

TEST_CASE("a loop has the Taylor coefficients of its body, written out") {
  Graph g;
  const Expr x = variable(g, "x"), state = variable(g, "state"), rate = variable(g, "rate"), r = variable(g, "r");
  const auto step = [](const Expr& s, const Expr& k) { return s * k + sin(s); };
  const NodeId arguments[] = {x.id, r.id};
  const std::uint32_t loop = g.loop({"step", 6, state.id, {rate.id}, step(state, rate).id, 0});
  const Expr y(g, g.node(op_of<Iterate>, arguments, {}, loop));
  Expr flat = x;
  for (int i = 0; i < 6; ++i) flat = step(flat, r);
  const Point point{{x.id, {0.3}}, {r.id, {0.9}}};
  CHECK(taylor(g, y.id, point, x.id, 8) == taylor(g, flat.id, point, x.id, 8));
  CHECK(taylor(g, y.id, point, r.id, 8) == taylor(g, flat.id, point, r.id, 8));
  // So has its gradient: coefficients of the derivative, shifted by one.
  const auto c = taylor(g, flat.id, point, x.id, 6)[0], d = taylor(g, gradient(y, x).id, point, x.id, 5)[0];
  for (std::size_t k = 0; k < d.size(); ++k) CHECK(std::fabs(d[k] - static_cast<double>(k + 1) * c[k + 1]) <= 1e-12 * (1 + std::fabs(d[k])));
  const auto e = taylor(g, gradient(y, r).id, point, x.id, 4)[0], f = taylor(g, derivative(flat, r).id, point, x.id, 4)[0];
  for (std::size_t k = 0; k < e.size(); ++k) CHECK(std::fabs(e[k] - f[k]) <= 1e-12 * (1 + std::fabs(f[k])));
}

TEST_CASE("a series that is recorded once serves all points and orders") {
  Graph g;
  const Expr x = variable(g, "x");
  const TaylorSeries series(g, (exp(x) * sin(x)).id);
  for (const double at : {-1.0, 0.5})
    for (const int order : {0, 3, 9})
      CHECK(series.along({{x.id, {at}}}, {{x.id, {1}}}, order) == taylor(g, (exp(x) * sin(x)).id, {{x.id, {at}}}, x.id, order));
  CHECK_THROWS_AS(series.along({}, {{x.id, {1}}}, 2), std::invalid_argument);
}

TEST_CASE("a direction moves several inputs, elements of arrays too") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), s = variable(g, "s"), fixed = variable(g, "c");
  const Expr y = exp(x * s) * fixed;
  const auto c = taylor_along(g, y.id, {{x.id, {1, 2}}, {s.id, {0}}, {fixed.id, {3}}}, {{x.id, {0, 1}}, {s.id, {1}}}, 4);
  check_close(c[0], {3, 3, 1.5, 0.5, 0.125});            // 3*exp(t)
  check_close(c[1], {3, 6, 9, 10, 9.5});                 // 3*exp(2*t + t^2)
}

namespace {

// One-line array programs of a scalar t and the constant matrix N.
struct Matrices {
  Graph g;
  Expr t = variable(g, "t"), N = variable(g, "N", {3, 3}), I = variable(g, "I", {3, 3}), b = variable(g, "b", {3, 1});
  std::vector<double> n{0.5, -1, 2, 0.25, 1, 0.75, -0.5, 1.5, 1};
  TaylorCoefficients of(const Expr& y, int order) {
    return taylor(g, y.id, {{t.id, {0}}, {N.id, n}, {I.id, {1, 0, 0, 0, 1, 0, 0, 0, 1}}, {b.id, {1, -2, 0.5}}}, t.id, order);
  }
  std::vector<double> power(int k) const {
    std::vector<double> p{1, 0, 0, 0, 1, 0, 0, 0, 1};
    for (; k > 0; --k) {
      std::vector<double> next(9, 0.0);
      for (std::size_t i = 0; i < 27; ++i) next[i / 9 * 3 + i % 3] += p[i / 9 * 3 + i / 3 % 3] * n[i / 3 % 3 * 3 + i % 3];
      p = next;
    }
    return p;
  }
};

}  // namespace

TEST_CASE("inverse, determinant and its logarithm of I - t*N have their series") {
  Matrices m;
  const int order = 12;
  const Expr a = m.I - m.N * m.t;
  const auto inv = m.of(inverse({}, a), order);
  const auto x = m.of(solve({}, a, m.b, 0), order);
  const auto transposed = m.of(solve({}, transpose(a), m.b, transposed_system), order);
  const Coefficients logdet = m.of(apply_array<LogDet>({}, {a}), order)[0];
  for (int k = 0; k <= order; ++k) {
    const auto p = m.power(k);
    const auto at = static_cast<std::size_t>(k);
    for (std::size_t i = 0; i < 9; ++i) CHECK(inv[i][at] == doctest::Approx(p[i]).epsilon(1e-11));
    for (std::size_t i = 0; i < 3; ++i) {
      const double expected = p[3 * i] - 2 * p[3 * i + 1] + 0.5 * p[3 * i + 2];
      CHECK(x[i][at] == doctest::Approx(expected).epsilon(1e-11));
      CHECK(transposed[i][at] == doctest::Approx(expected).epsilon(1e-11));
    }
    CHECK(logdet[at] == doctest::Approx(k == 0 ? 0 : -(p[0] + p[4] + p[8]) / k).epsilon(1e-11));
  }
  const auto& n = m.n;
  const double minors = n[0] * n[4] - n[1] * n[3] + n[0] * n[8] - n[2] * n[6] + n[4] * n[8] - n[5] * n[7];
  const double det = n[0] * (n[4] * n[8] - n[5] * n[7]) - n[1] * (n[3] * n[8] - n[5] * n[6]) + n[2] * (n[3] * n[7] - n[4] * n[6]);
  check_close(m.of(apply_array<Det>({}, {a}), 5)[0], {1, -(n[0] + n[4] + n[8]), minors, -det, 0, 0}, 1e-13);
}

TEST_CASE("softmax sums to one at every order, and logsumexp is the logarithm of its sum") {
  Graph g;
  const Expr t = variable(g, "t"), x = variable(g, "x", {4, 1}), v = variable(g, "v", {4, 1});
  const Expr z = x + v * sin(t);
  const auto of = [&](const Expr& y) { return taylor(g, y.id, {{t.id, {0.3}}, {x.id, {1, -2, 0.5, 3}}, {v.id, {1, 2, -1, 0.5}}}, t.id, 20); };
  Coefficients one(21, 0.0);
  one[0] = 1;
  check_close(of(sum(softmax(z, along::rows)))[0], one);
  check_close(of(apply_array<LogSumExp>({.number = along::all}, {z}))[0], of(log(sum(exp(z))))[0], 1e-13);
  const auto logs = of(apply_array<LogSoftmax>({.shape = {4, 1}, .number = along::rows}, {z})), probabilities = of(log(softmax(z, along::rows)));
  for (std::size_t i = 0; i < 4; ++i) check_close(logs[i], probabilities[i], 1e-13);
}

TEST_CASE("a product of matrices of polynomials is a polynomial") {
  Matrices m;
  const Expr a = m.I + m.N * m.t;
  const auto c = m.of(matmul(a, a), 4);
  const auto square = m.power(2);
  for (std::size_t i = 0; i < 9; ++i) check_close(c[i], {i % 4 == 0 ? 1.0 : 0.0, 2 * m.n[i], square[i], 0, 0});
}

TEST_CASE("where one factor of a coefficient is 0 the other may be infinite") {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const auto at = [&](const Expr& y, double x0) { return taylor(g, y.id, {{x.id, {x0}}, {z.id, {0}}}, x.id, 3)[0]; };
  CHECK(at(select(less(like(x, 0.0), x), log(x), like(x, 0.0)), 0) == Coefficients{0, 0, 0, 0});
  CHECK(at(select(less(like(x, 0.0), x), sqrt(x), x * x), 0) == Coefficients{0, 0, 1, 0});
  const Coefficients product = at(z * log(x), 0);
  CHECK(std::isnan(product[0]));  // 0*log(0) itself is an ordinary product
  CHECK(Coefficients(product.begin() + 1, product.end()) == Coefficients{0, 0, 0});
  CHECK(at(sqrt(x), 0) == Coefficients{0, infinity, -infinity, infinity});
  CHECK(at(pow(x, 1.5), 0)[1] == 0);
  CHECK(at(pow(x, 1.5), 0)[2] == infinity);
  CHECK(at(pow(x, 0.0), 0) == Coefficients{1, 0, 0, 0});
}

TEST_CASE("at a kink coefficients follow the convention of the partial") {
  const Coefficients flat{0, 0, 0, 0}, whole{0, 1, 0, 0}, half{0, 0.5, 0, 0};
  CHECK(coefficients([](const Expr& x) { return relu(x); }, 0, 3) == flat);
  CHECK(coefficients([](const Expr& x) { return abs(x); }, 0, 3) == flat);
  CHECK(coefficients([](const Expr& x) { return max(x, like(x, 0.0)); }, 0, 3) == half);
  CHECK(coefficients([](const Expr& x) { return max(x, x); }, 0, 3) == whole);
  CHECK(coefficients([](const Expr& x) { return hypot(x, like(x, 0.0)); }, 0, 3) == flat);
  CHECK(coefficients([](const Expr& x) { return floor(x) + less(x, like(x, 9.0)); }, 2.5, 3) == Coefficients{3, 0, 0, 0});
  CHECK(coefficients([](const Expr& x) { return relu(x * x * x); }, 1, 3) == Coefficients{1, 3, 3, 1});
}

TEST_CASE("an order of a thousand is no trouble") {
  Coefficients one(1001, 0.0);
  one[0] = 1;
  check_close(coefficients([](const Expr& x) { return tan(x) * cos(x) - sin(x) + 1.0; }, 0.3, 1000), one);
  const Coefficients power = coefficients([](const Expr& x) { return pow(1.0 + x, 2.5); }, 0, 1000);
  CHECK(power[1000] == doctest::Approx(binomial(2.5, 1000)).epsilon(1e-12));
}

TEST_CASE("a Taylor series by an array, or of a negative order, is refused") {
  Graph g;
  const Expr x = variable(g, "x", {2, 1}), s = variable(g, "s");
  const Expr y = x * s;
  const Point point{{x.id, {1, 2}}, {s.id, {3}}};
  CHECK_THROWS_AS(taylor(g, y.id, point, x.id, 3), std::invalid_argument);
  CHECK_THROWS_AS(taylor(g, y.id, point, y.id, 3), std::invalid_argument);
  CHECK_THROWS_AS(taylor(g, y.id, point, s.id, -1), std::invalid_argument);
  CHECK_THROWS_AS(taylor(g, y.id, {{x.id, {1, 2}}}, s.id, 1), std::invalid_argument);
  CHECK_THROWS_AS(taylor_along(g, y.id, point, {{x.id, {1}}}, 1), std::invalid_argument);
  CHECK(taylor(g, y.id, point, s.id, 0) == TaylorCoefficients{{3}, {6}});
}
