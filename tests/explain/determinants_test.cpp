// Determinants of more rows than are written out in minors, at matrices that have no inverse.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "asked.hpp"
#include "wengert/explain/agree.hpp"

namespace wengert::test {
namespace {

bool is_nan(double x) { return std::isnan(x); }

// Of rank 6 and 5: rows that are sums of others.
const char* const rank_six =
    "det([[2, 1, 0, 3, 1, x, 1], [1, 4, 1, 0, 2, 1, 0], [0, 1, 3, 1, 1, 0, 2], [1, 0, 1, 5, 1, 2, 1],"
    " [2, 1, 1, 0, 3, 1, 1], [1, 2, 0, 1, 1, 4, 0], [3, 5, 1, 3, 3, x + 1, 1]])";
const char* const rank_five =
    "det([[2, 1, 0, 3, 1, 2, 1], [1, 4, 1, 0, 2, 1, 0], [0, 1, 3, 1, 1, 0, 2], [1, 0, 1, 5, 1, 2, 1],"
    " [2, 1, 1, 0, 3, 1, 1], [x, 0, 0, 0, 0, 0, 0], [3, 5, 1, 3, 3, 3, 1]])";

}  // namespace

TEST_CASE("a determinant of seven rows has its first derivative in every mode where the matrix is singular") {
  for (const char* text : {"det(diag([1, 1, 1, 1, 1, z, x]))", "det(diag([1, 1, 2, x, 1, z, 1, 1, 1]))^1",
                           "z*det(kron(eye(4), [[1, 1], [1, 1 + x]]) + diag([0, 0, 0, x, 0, x, 0, x]))"}) {
    CAPTURE(text);
    Asked q(text, {{"x", {0}}, {"z", {3}}});
    const Agreement a = compare(q.problem, q.point);
    CHECK(a.verdict == Verdict::agree);
    CHECK(a.warnings.empty());
    for (const ModeReport& m : a.modes) {
      INFO(to_string(m.mode));
      CHECK(m.derivative.unavailable.empty());
      CHECK(!m.skipped_seconds);
    }
  }
  Asked q("det(diag([1, 1, 1, 1, 1, z, x]))", {{"x", {0}}, {"z", {3}}});
  CHECK(compare(q.problem, q.point).modes[0].derivative.blocks == std::vector<Block>{{0}, {3}});
}

TEST_CASE("a dense matrix of rank n - 1 has cofactors, one of rank n - 2 none, and the modes agree on both") {
  Asked six(rank_six, {{"x", {2}}});
  const Agreement a = compare(six.problem, six.point);
  CHECK(a.value[0] == doctest::Approx(0).epsilon(1e-9));
  CHECK((a.verdict == Verdict::agree || a.verdict == Verdict::explained));
  Asked five(rank_five, {{"x", {0}}});
  const Agreement b = compare(five.problem, five.point);
  CHECK((b.verdict == Verdict::agree || b.verdict == Verdict::explained));
  for (const ModeReport& m : b.modes)
    for (const Block& block : m.derivative.blocks) CHECK(std::fabs(block[0]) < 1e-9);
}

TEST_CASE("the gradient of a singular determinant by its matrix is the matrix of cofactors") {
  Asked q("det(reshape(a, 8, 8) - ones(8, 8)/8)", {{"a", std::vector<double>(64)}});
  std::vector<double> unit(64);
  for (std::size_t i = 0; i < 64; i += 9) unit[i] = 1;
  q.point[q.problem.wrt[0]] = unit;
  // I - ee'/n is a projection: its cofactors are ee'/n, all 1/n.
  for (const Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic, Mode::cross}) {
    INFO(to_string(mode));
    const Derivative d = prepare(mode, q.problem).jacobian(q.point);
    CHECK(d.unavailable.empty());
    for (const double c : d.blocks[0]) CHECK(c == doctest::Approx(0.125).epsilon(1e-13));
  }
}

TEST_CASE("a determinant too small for a double has its derivatives, which are not") {
  Asked q("det(diag([x, 1e-50, 1e-50, 1e-50, 1e-50, 1e-50, 1e-50]))", {{"x", {1e-50}}});
  for (const Mode mode : {Mode::reverse, Mode::forward, Mode::symbolic, Mode::cross}) {
    INFO(to_string(mode));
    CHECK(prepare(mode, q.problem).jacobian(q.point).blocks[0][0] == doctest::Approx(1e-300).epsilon(1e-13));
  }
}

TEST_CASE("second derivatives of a large singular determinant are no number, and it is said where") {
  const std::string text = "2*det(diag([1, 1, 1, 1, 1, z, x]))";
  Asked q(text, {{"x", {0}}, {"z", {3}}});
  const std::vector<Block> h = prepare(Mode::reverse, q.problem).hessian_times(q.point, {{1}, {1}});
  CHECK(is_nan(h[1][0]));
  const std::vector<Diagnostic> said = second_warnings_at(q.problem, q.point);
  REQUIRE(!said.empty());
  CHECK(q.text_at(said[0].span) == "det(diag([1, 1, 1, 1, 1, z, x]))");
  CHECK(said[0].message == "second derivatives of det at a singular matrix are not known here: nan");
  Asked regular(text, {{"x", {2}}, {"z", {3}}});
  CHECK(second_warnings_at(regular.problem, regular.point).empty());
  for (const Block& b : prepare(Mode::reverse, regular.problem).hessian_times(regular.point, {{1}, {1}}))
    CHECK(b[0] == doctest::Approx(2).epsilon(1e-14));
}

TEST_CASE("an infinite second derivative of a function with a finite first one is said to be one, with its place") {
  Asked q("exp(z)*x^1.5", {{"x", {0}}, {"z", {1}}});
  CHECK(warnings_at(q.problem, q.point).empty());
  const std::vector<Diagnostic> said = second_warnings_at(q.problem, q.point);
  REQUIRE(said.size() == 1);
  CHECK(q.text_at(said[0].span) == "x^1.5");
}

TEST_CASE("a derivative of a determinant within a program is one at singular matrices, too") {
  Asked q("grad(det(diag([1, 1, 1, 1, 1, z, x])), x)", {{"x", {0}}, {"z", {3}}});
  CHECK(value_at(q.session.graph(), q.problem.output, q.point)[0] == 3);
  CHECK(warnings_at({q.problem.graph, q.problem.output, {}}, q.point).empty());
}

TEST_CASE("logarithms of determinants say that they are 0 or negative") {
  const auto said = [](const char* text, double x) {
    Asked q(text, {{"x", {x}}});
    const std::vector<Diagnostic> all = warnings_at(q.problem, q.point);
    return all.empty() ? std::string() : all[0].message;
  };
  CHECK(said("logdet(diag([1, x]))", 0) == "logdet of a singular matrix is -inf: its determinant is 0");
  CHECK(said("logdet(diag([1, x]))", -1) == "logdet is nan: the determinant is negative");
  CHECK(said("log(det(diag([1, 1, 1, 1, 1, 1, x])))", 0) == "log of 0 is -inf: a pole");
  CHECK(said("sum(inv(diag([1, x])))", 0) == "the matrix is singular: `inv` has no value here");
  CHECK(said("sum(solve(diag([1, x]), [1, 1]))", 0) == "the matrix is singular: `solve` has no value here");
}

}  // namespace wengert::test
