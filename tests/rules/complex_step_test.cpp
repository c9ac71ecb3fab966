// Every analytic row over complex numbers: the complex step is its derivative, to the last places.
#include <doctest/doctest.h>

#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

using Complex = std::complex<double>;
// So small that its square is nothing beside the point: no error of truncation.
double step_at(const Point& at) { return 1e-200 * std::max(1.0, largest(at)); }

// The imaginary part over the step, element by element; the real part in `values`.
Point complex_step(const Program& p, const Point& at, const Point& v, Point& values) {
  const double step = step_at(at);
  std::vector<Complex> x;
  for (std::size_t i = 0; i < at.size(); ++i) x.emplace_back(at[i], step * v[i]);
  Point tangent;
  values.clear();
  for (const Complex& y : Sweep<Complex>(p, x).value()) {
    values.push_back(y.real());
    tangent.push_back(y.imag() / step);
  }
  return tangent;
}

TEST_CASE("the complex step of an analytic row is what it pushes forward") {
  for (const Row& row : rows()) {
    Random random = random_for(row, 11);
    if (!row.info->analytic) continue;
    for (int round = 0; round < 10; ++round)
      for (const Call& call : calls_of(row, random)) {
        CAPTURE(describe(call.program, call.at));
        Point v = random.around_one(call.at.size()), values;
        const Point got = complex_step(call.program, call.at, v, values);
        const Point expected = push(call.program, call.at, v);
        // Where terms cancel, the error is that of the terms: no larger than the values and inputs here.
        Point gap = got;
        for (std::size_t i = 0; i < gap.size(); ++i) gap[i] -= expected[i];
        CHECK(largest(gap) <= 16 * 0x1p-52 * (largest(expected) + largest(values) + largest(call.at)));
        CHECK(relative_distance(values, value(call.program, call.at)) <= 16 * 0x1p-52);
      }
  }
}

struct Edge { Op op; Point at; };

TEST_CASE("the complex step holds far out, at special points, for negative bases and in every piece") {
  const Edge edges[] = {
      {op_of<Pow>, {-2, 3}}, {op_of<Pow>, {-2, -3}}, {op_of<Pow>, {-2, 2}}, {op_of<Pow>, {2, 0}}, {op_of<Pow>, {0, 2}}, {op_of<Pow>, {0, 1}}, {op_of<Pow>, {1e-150, 2}},
      {op_of<Pow>, {1e100, 3}}, {op_of<Pow>, {3, 0.5}}, {op_of<Pow>, {0, 0}},
      {op_of<Exp>, {-700}}, {op_of<Exp>, {700}}, {op_of<Expm1>, {1e-12}}, {op_of<Expm1>, {-1e-300}}, {op_of<Expm1>, {-40}}, {op_of<Expm1>, {0}}, {op_of<Log1p>, {1e-12}}, {op_of<Log1p>, {0}},
      {op_of<Log1p>, {1e-300}}, {op_of<Log1p>, {1e200}}, {op_of<Log1p>, {-0.5}}, {op_of<Log>, {1e300}}, {op_of<Log>, {1e-150}}, {op_of<Log>, {1.0000001}}, {op_of<Log2>, {8}}, {op_of<Log10>, {1000}},
      {op_of<Sqrt>, {1e-150}}, {op_of<Sqrt>, {1e300}}, {op_of<Sqrt>, {1e-12}}, {op_of<Cbrt>, {-8}}, {op_of<Cbrt>, {27}}, {op_of<Cbrt>, {1e-150}}, {op_of<Cbrt>, {-1e300}},
      {op_of<Sinh>, {1e-10}}, {op_of<Sinh>, {-700}}, {op_of<Cosh>, {700}}, {op_of<Tanh>, {30}}, {op_of<Tanh>, {-30}}, {op_of<Tanh>, {1e-10}}, {op_of<Tanh>, {400}}, {op_of<Tanh>, {-800}},
      {op_of<Asinh>, {1e-10}}, {op_of<Asinh>, {-1e-10}}, {op_of<Asinh>, {1e10}}, {op_of<Asinh>, {-1e10}}, {op_of<Asinh>, {0}}, {op_of<Acosh>, {1.0001}}, {op_of<Acosh>, {1e10}}, {op_of<Atanh>, {1e-10}},
      {op_of<Atanh>, {-0.999}}, {op_of<Asin>, {0.999}}, {op_of<Asin>, {-0.999}}, {op_of<Asin>, {1e-10}}, {op_of<Asin>, {0}}, {op_of<Acos>, {-0.999}}, {op_of<Acos>, {0.999}}, {op_of<Acos>, {0}}, {op_of<Atan>, {1e10}},
      {op_of<Atan>, {-1e10}}, {op_of<Atan>, {1e-10}}, {op_of<Atan>, {0}}, {op_of<Atan>, {1}}, {op_of<Sin>, {1e5}}, {op_of<Tan>, {1.5707}}, {op_of<Cot>, {1e-8}}, {op_of<Sec>, {1.5}}, {op_of<Csc>, {1e-8}},
      {op_of<Abs>, {-3}}, {op_of<Abs>, {0}}, {op_of<Sign>, {-3}}, {op_of<Step>, {-2}}, {op_of<Floor>, {-2.5}}, {op_of<Ceil>, {2.5}}, {op_of<Round>, {-2.4}},
      {op_of<Max>, {3, 2}}, {op_of<Max>, {2, 3}}, {op_of<Min>, {3, 2}}, {op_of<Relu>, {-1}}, {op_of<Relu>, {2}}, {op_of<Relu>, {0}}, {op_of<Elu>, {2, 0.5}}, {op_of<Elu>, {-1e-10, 0.5}}, {op_of<Elu>, {0, 0.5}}, {op_of<LeakyRelu>, {2, 0.1}},
      {op_of<LeakyRelu>, {0, 0.1}}, {op_of<Hinge>, {2, 1}}, {op_of<Hinge>, {0.5, 1}}, {op_of<Hinge>, {1, 1}}, {op_of<Sigmoid>, {700}}, {op_of<Sigmoid>, {-700}}, {op_of<Sigmoid>, {40}}, {op_of<Softplus>, {700}}, {op_of<Softplus>, {-700}}, {op_of<Softplus>, {40}}, {op_of<Softplus>, {-40}},
      {op_of<Softsign>, {-3}}, {op_of<Softsign>, {0}}, {op_of<Softsign>, {1e10}}, {op_of<Silu>, {-50}}, {op_of<Silu>, {50}}, {op_of<Logit>, {0.5}}, {op_of<Logit>, {1e-10}}, {op_of<Logit>, {0.999999}}, {op_of<Logit>, {0.3}},
      {op_of<XLogY>, {0, 3}}, {op_of<XLogY>, {2, 1e-10}}, {op_of<Hypot>, {0, 0}}, {op_of<Hypot>, {-3, 4}}, {op_of<Hypot>, {0, -2}}, {op_of<Hypot>, {3e180, 4e180}}, {op_of<Hypot>, {3e-180, 4e-180}}, {op_of<Select>, {0, 2, 3}},
      {op_of<Div>, {3, -4}}, {op_of<Div>, {1e-200, 1e200}}, {op_of<Div>, {1, 1e-180}}, {op_of<Mul>, {1e160, -1e100}},
  };
  Random random(12);
  for (const Edge& e : edges) {
    const Program p = scalar_program(row_of(e.op));
    CAPTURE(describe(p, e.at));
    for (std::size_t k = 0; k < e.at.size(); ++k) {
      CAPTURE(k);
      Point v(e.at.size()), values;
      v[k] = 1;
      const double expected = push(p, e.at, v)[0];
      if (!std::isfinite(expected)) continue;
      const double got = complex_step(p, e.at, v, values)[0];
      CHECK_MESSAGE(std::fabs(got - expected) <= 16 * 0x1p-52 * std::fabs(expected) + 1e-100, "got ", got, ", expected ", expected);
      const double real = value(p, e.at)[0];
      CHECK_MESSAGE((values[0] == real || std::fabs(values[0] - real) <= 8 * 0x1p-52 * std::fabs(real) + 1e-200), "value ", values[0], ", expected ", real);
    }
  }
}

Program reduction(Op op, std::uint32_t n, Shape to, std::uint32_t number) {
  Program p;
  p.text = std::string(row_of(op).info->name) + "(v)";
  const NodeId v = p.input("v", {n, 1}).id;
  p.output = build(*p.graph, op, {&v, 1}, {.shape = to, .number = number});
  return p;
}

TEST_CASE("the complex step of array rows holds far out and at the norm's edges") {
  const std::pair<Program, Point> cases[] = {
      {reduction(op_of<Softmax>, 3, {3, 1}, along::rows), {1000, -1000, 999}}, {reduction(op_of<LogSoftmax>, 3, {3, 1}, along::rows), {1000, -1000, 999}},
      {reduction(op_of<LogSumExp>, 3, {}, along::all), {1000, -1000, 999}},    {reduction(op_of<Norm>, 2, {}, 0), {0, 0}},
      {reduction(op_of<Norm>, 2, {}, 0), {3e180, 4e180}},                     {reduction(op_of<Norm>, 2, {}, 0), {3e-180, -4e-180}},
      {reduction(op_of<Norm>, 2, {}, 0), {0, -2}},                            {reduction(op_of<MaxOf>, 3, {}, along::all), {1, 7, 2}},
  };
  for (const auto& [p, at] : cases) {
    CAPTURE(describe(p, at));
    Point v(at.size(), 1.0), values;
    v[0] = 2;
    CHECK(relative_distance(complex_step(p, at, v, values), push(p, at, v)) <= 16 * 0x1p-52);
    CHECK(relative_distance(values, value(p, at)) <= 8 * 0x1p-52);
  }
}

}  // namespace
}  // namespace wengert::test
