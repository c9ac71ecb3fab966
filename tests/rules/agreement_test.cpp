// Every row: the sweeps agree with each other, with finite differences and over every type of number.
#include <doctest/doctest.h>

#include "../tools/calls.hpp"

namespace wengert::test {
namespace {

// Calls f for every row at several random points.
template <class F>
void for_each_call(F&& f) {
  for (const Row& row : rows()) {
    Random random = random_for(row, 2024);
    for (int round = 0; round < 4; ++round)
      for (const Call& call : calls_of(row, random)) {
        CAPTURE(describe(call.program, call.at));
        f(call, random);
      }
  }
}

// Central differences of f along v, and how far they can be trusted: two steps are compared.
template <class F>
Point difference_quotient(F&& f, const Point& at, const Point& v, double h) {
  Point up = at, down = at;
  for (std::size_t i = 0; i < at.size(); ++i) {
    up[i] += h * v[i];
    down[i] -= h * v[i];
  }
  Point a = f(up);
  const Point b = f(down);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = (a[i] - b[i]) / (2 * h);
  return a;
}

// Only what the row varies smoothly with is moved.
Point smooth_direction(const Call& call, Random& random) {
  Point v;
  for (std::size_t j = 0; j < call.program.inputs.size(); ++j)
    for (double c : random.around_one(call.program.inputs[j].shape().size())) v.push_back(varies(*call.row, j) ? c : 0.0);
  return v;
}

// Richardson's extrapolation of central differences: error h^4 times the fifth derivative, about 1e-9 here.
template <class F>
Point finite(F&& f, const Point& at, const Point& v) {
  constexpr double h = 2e-3;
  Point wide = difference_quotient(f, at, v, h);
  const Point narrow = difference_quotient(f, at, v, h / 2);
  const Point narrower = difference_quotient(f, at, v, h / 4);
  for (std::size_t i = 0; i < wide.size(); ++i) {
    const double first = (4 * narrow[i] - wide[i]) / 3, second = (4 * narrower[i] - narrow[i]) / 3;
    wide[i] = (16 * second - first) / 15;
  }
  return wide;
}

// Agreement to eight digits, and to the rounding of the function's own values (1e-16) over the step.
bool estimated(const Point& derivative, const Point& estimate, const Point& values) {
  const double allowed = 1e-8 * std::max(largest(derivative), largest(estimate)) + 1e-12 * largest(values);
  double gap = 0;
  for (std::size_t i = 0; i < derivative.size(); ++i) gap = std::max(gap, std::fabs(derivative[i] - estimate[i]));
  return gap <= allowed;
}

TEST_CASE("every array row can be called by the tests") {
  Random random(1);
  for (const Row& row : rows()) {
    if (row.op == op_of<Iterate> || row.op == op_of<IterateAdjoint>) continue;  // they need a body: tested where bodies are made
    if (row.op == op_of<Abstract>) continue;  // it has no numbers: tested where it is written
    CAPTURE(name_of(row));
    CHECK(!calls_of(row, random).empty());
  }
}

TEST_CASE("what a row pushes forward and what it pulls back are adjoint to each other") {
  for_each_call([](const Call& call, Random& random) {
    const Point v = random.around_one(call.at.size());
    const Point w = random.around_one(shape_of_output(call.program).size());
    const Point jv = push(call.program, call.at, v), jw = pull(call.program, call.at, w);
    CHECK(std::fabs(dot(w, jv) - dot(jw, v)) <= 1e-13 * (dot_of_sizes(w, jv) + dot_of_sizes(jw, v)));
  });
}

TEST_CASE("what a row pushes forward is what finite differences estimate") {
  for_each_call([](const Call& call, Random& random) {
    const Point v = smooth_direction(call, random);
    const Point expected = finite([&](const Point& x) { return value(call.program, x); }, call.at, v);
    CHECK(estimated(push(call.program, call.at, v), expected, value(call.program, call.at)));
  });
}

TEST_CASE("derivatives as expressions, evaluated, are what the sweeps over numbers give") {
  for_each_call([](const Call& call, Random& random) {
    const Program& p = call.program;
    std::vector<Expr> directions;
    Point at = call.at, v = random.around_one(call.at.size()), w = random.around_one(shape_of_output(p).size());
    Program q = p;
    for (const Expr& x : p.inputs) directions.push_back(q.input("d" + p.graph->input_of(x.id).name, x.shape()));
    const Expr cotangent = q.input("w", p.output.shape());
    at.insert(at.end(), v.begin(), v.end());
    at.insert(at.end(), w.begin(), w.end());
    const Expr forward = jvp(p.output, p.inputs, directions);
    CHECK(forward.shape() == p.output.shape());
    CHECK(relative_distance(value(with_output(q, forward), at), push(p, call.at, v)) <= 4e-16);
    const std::vector<Expr> reverse = vjp(p.output, p.inputs, cotangent);
    Point adjoint;
    for (std::size_t j = 0; j < reverse.size(); ++j) {
      CHECK(reverse[j].shape() == p.inputs[j].shape());
      for (double x : value(with_output(q, reverse[j]), at)) adjoint.push_back(x);
    }
    // Each adds up what comes from the output's elements in an order of its own.
    const double rounding = 1.2e-16 * static_cast<double>(3 + w.size());
    CHECK(relative_distance(adjoint, pull(p, call.at, w)) <= rounding);
  });
}

TEST_CASE("second derivatives over dual numbers are what finite differences of the gradient estimate") {
  for_each_call([](const Call& call, Random& random) {
    const Point v = smooth_direction(call, random), w = random.around_one(shape_of_output(call.program).size());
    const Point expected = finite([&](const Point& x) { return pull(call.program, x, w); }, call.at, v);
    CHECK(estimated(pull_of_push(call.program, call.at, v, w), expected, pull(call.program, call.at, w)));
  });
}

TEST_CASE("second derivatives over dual numbers are the second derivatives as expressions") {
  for_each_call([](const Call& call, Random& random) {
    const Program& p = call.program;
    Program q = p;
    Point at = call.at, v = random.around_one(call.at.size()), w = random.around_one(shape_of_output(p).size());
    std::vector<Expr> directions;
    for (const Expr& x : p.inputs) directions.push_back(q.input("d" + p.graph->input_of(x.id).name, x.shape()));
    const Expr cotangent = q.input("w", p.output.shape());
    at.insert(at.end(), v.begin(), v.end());
    at.insert(at.end(), w.begin(), w.end());
    Point got;
    for (const Expr& g : vjp(p.output, p.inputs, cotangent))
      for (double x : value(with_output(q, jvp(g, p.inputs, directions)), at)) got.push_back(x);
    Point expected = pull_of_push(p, call.at, v, w);
    const Point gradient = pull(p, call.at, w);
    got.insert(got.end(), gradient.begin(), gradient.end());
    expected.insert(expected.end(), gradient.begin(), gradient.end());
    CHECK(relative_distance(got, expected) <= 1e-13);
  });
}

}  // namespace
}  // namespace wengert::test
