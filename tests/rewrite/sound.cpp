// Random expressions keep their value and derivative wherever they have one, computed in 60 digits so
// that rounding plays no part; simplifying twice is simplifying once; long chains take linear time.
#include <doctest/doctest.h>

#include <cmath>

#include "random_programs.hpp"
#include "wengert/rewrite/simplify.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

constexpr int bits = 208;

bool all_finite(const std::vector<Decimal>& a) {
  for (const Decimal& d : a)
    if (!std::isfinite(d.to_double())) return false;
  return true;
}

// Whether b has a's elements, where rounding in 60 digits is all that may differ.
bool agree(const std::vector<Decimal>& a, const std::vector<Decimal>& b) {
  if (a.size() != b.size()) return false;
  double scale = 1e-12;
  for (const Decimal& d : a) scale = std::max(scale, std::fabs(d.to_double()));
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::fabs((a[i] - b[i]).to_double()) <= 1e-24 * scale)) return false;
  return true;
}

struct Tally {
  int points = 0, derivatives = 0, unstable = 0, longer = 0, programs = 0;
};

void check_one(const Program& p, Random& random, Tally& tally) {
  const Expr simple = simplify(p.output);
  ++tally.programs;
  INFO(p.text);
  INFO("became ", to_text(simple).all());
  CHECK(simple.shape() == p.output.shape());
  const Expr twice = simplify(simple);
  INFO("and then ", to_text(twice).all());
  CHECK(twice == simple);
  tally.unstable += twice == simple ? 0 : 1;
  const std::size_t before = p.graph->reachable(std::span(&p.output.id, 1)).size(), after = p.graph->reachable(std::span(&simple.id, 1)).size();
  CHECK(after <= 3 * before + 12);
  tally.longer += after > before ? 1 : 0;
  const Program q = with_output(p, simple);
  // A strong product is printed as an ordinary one, which is not defined where a factor is infinite.
  bool strong = false;
  for (NodeId id : p.graph->reachable(std::span(&p.output.id, 1))) strong = strong || (*p.graph)[id].op == op_of<StrongMul> || (*p.graph)[id].op == op_of<StrongMatMul>;
  for (int k = 0; k < 4; ++k) {
    std::vector<Decimal> at;
    std::string where;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double x = k == 0 ? random.between(0.2, 2) : random.between(-2, 2);
      where += shortest(x) + " ";
      at.emplace_back(x, bits);
    }
    INFO("at ", where);
    Sweep<Decimal> original(p, at, {.bits = bits, .as_written = true}), simpler(q, at, {.bits = bits, .as_written = true});
    if (!all_finite(original.value()) || (strong && !all_finite(std::vector<Decimal>(original.frame.values.all().begin(), original.frame.values.all().end())))) continue;
    ++tally.points;
    CHECK(agree(original.value(), simpler.value()));
    const std::vector<Decimal> cotangent(p.output.shape().size(), Decimal(1.0, bits));
    const auto slope = original.pull(cotangent);
    if (!all_finite(slope)) continue;
    ++tally.derivatives;
    CHECK(agree(slope, simpler.pull(cotangent)));
  }
}

}  // namespace

TEST_CASE("random scalar expressions keep their value and derivative when simplified") {
  Random random(1);
  Tally tally;
  for (int k = 0; k < 3000; ++k) check_one(random_scalars(random), random, tally);
  CHECK(tally.points > 5000);
  CHECK(tally.derivatives > 4000);
}

TEST_CASE("random array expressions keep their value and derivative when simplified") {
  Random random(2);
  Tally tally;
  for (int k = 0; k < 1500; ++k) check_one(random_arrays(random), random, tally);
  CHECK(tally.points > 2000);
}

TEST_CASE("derivatives of random expressions keep their value when simplified") {
  Random random(3);
  Tally tally;
  for (int k = 0; k < 700; ++k) {
    Program p = random_scalars(random);
    p.output = derivative(p.output, p.inputs[0], Form::shown);
    p.text = to_text(p.output).all();
    check_one(p, random, tally);
  }
  CHECK(tally.points > 700);
}

TEST_CASE("chains of a hundred thousand operations are simplified in one pass") {
  Graph g;
  const Expr x = variable(g, "x"), y = variable(g, "y");
  Expr added = x, multiplied = x, horner = x, deep = x, doubled = x, fraction = x, powers = x;
  for (int k = 0; k < 100000; ++k) {
    added = added + y;
    multiplied = multiplied * y;
    horner = horner * x + y;
    if (k > 20000) continue;
    deep = sin(-deep);
    fraction = 1.0 / (x + fraction);
    powers = power(powers + x, Expr(g, g.constant(Constant::integer(2))));
  }
  for (int k = 0; k < 60; ++k) doubled = doubled * doubled + doubled;
  CHECK(to_text(simplify(added)).all() == "x + 100000*y");
  CHECK(to_text(simplify(multiplied)).all() == "x*y^100000");
  const std::size_t before = g.size();
  for (const Expr& e : {horner, deep, fraction, powers, doubled}) simplify(e);
  CHECK(g.size() < before + 2000000);
}
