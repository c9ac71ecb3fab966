// What is printed reads back as what it was: the same value, and the same text when printed again.
#include <doctest/doctest.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "wengert/session/session.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

bool close(const test::Point& a, const test::Point& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
    if (!same && !(std::fabs(a[i] - b[i]) <= 1e-9 * std::max(1.0, std::fabs(a[i])))) return false;
  }
  return true;
}

bool finite_throughout(const Program& p, const test::Point& at) {
  const Sweep<double> sweep(p, at);
  for (double x : sweep.frame.values.all())
    if (!std::isfinite(x)) return false;
  return true;
}

void check_reads_back(const Program& p, const std::vector<test::Point>& points, bool same_text) {
  const std::string text = to_text(p.output).all();
  INFO(text);
  Session session;
  std::string declared = "input ";
  for (std::size_t k = 0; k < p.inputs.size(); ++k) {
    const Shape s = p.inputs[k].shape();
    declared += (k > 0 ? ", " : "") + p.graph->input_of(p.inputs[k].id).name;
    if (!s.scalar()) declared += "[" + std::to_string(s.rows) + ", " + std::to_string(s.cols) + "]";
  }
  const auto failed = session.run("", declared, [](const Result<Query>&) { return true; });
  REQUIRE_FALSE(failed.has_value());
  auto query = session.query("", text);
  if (!query) {
    CHECK_MESSAGE(false, render(query.error(), session.sources(), "error"));
    return;
  }
  Program back;
  back.graph = std::shared_ptr<Graph>(std::shared_ptr<Graph>(), &session.graph());
  for (const Expr& x : p.inputs) back.inputs.push_back(session.query("", p.graph->input_of(x.id).name)->expression);
  back.output = query->expression;
  CHECK(back.output.shape() == p.output.shape());
  const std::string again = to_text(back.output).all();
  INFO("again ", again);
  if (same_text) CHECK(again == text);
  for (const test::Point& at : points) {
    // Strong products read back as ordinary ones.
    if (!finite_throughout(p, at)) continue;
    INFO(describe(p, at));
    const test::Point was = test::value(p, at), is = test::value(back, at);
    for (std::size_t i = 0; i < was.size() && i < is.size(); ++i) INFO("element ", i, ": ", was[i], " ", is[i]);
    CHECK(close(was, is));
  }
}

test::Point random_point(const Program& p, Random& random) {
  test::Point at;
  for (std::size_t i = 0; i < p.size(); ++i) at.push_back(random.between(-2, 2));
  return at;
}

}  // namespace

TEST_CASE("every row reads back from its text") {
  Random random(11);
  for (const wengert::Row& row : rows())
    for (const test::Call& call : calls_of(row, random)) check_reads_back(call.program, {call.at}, false);
}

TEST_CASE("random scalar expressions read back from their text") {
  Random random(12);
  for (int k = 0; k < 1000; ++k) {
    const Program p = random_scalars(random);
    check_reads_back(p, {random_point(p, random), random_point(p, random)}, false);
  }
}

TEST_CASE("random array expressions read back from their text") {
  Random random(13);
  for (int k = 0; k < 1000; ++k) {
    const Program p = random_arrays(random);
    check_reads_back(p, {random_point(p, random), random_point(p, random)}, false);
  }
}
