// Tapes whose values share memory give the same numbers as tapes that keep all of them.
#include <doctest/doctest.h>

#include <cmath>

#include "../rewrite/random_programs.hpp"
#include "../tools/program.hpp"
#include "wengert/rules/functions.hpp"

using namespace wengert;
using namespace wengert::test;

namespace {

std::vector<double> taken(const Plane<double>& plane, std::size_t offset, Shape shape) {
  std::vector<double> out;
  for (std::size_t e = 0; e < shape.size(); ++e) out.push_back(plane.get(offset + e));
  return out;
}

bool identical(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) return false;
  return true;
}

Tape record(const Program& p, Keep keep) {
  std::vector<NodeId> wrt;
  for (const Expr& x : p.inputs) wrt.push_back(x.id);
  return Tape::record(*p.graph, std::span(&p.output.id, 1), wrt, keep);
}

void set_inputs(NumericFrame<double>& f, const Program& p, const test::Point& at) {
  std::size_t k = 0;
  for (std::size_t j = 0; j < p.inputs.size(); ++j)
    for (std::size_t e = 0; e < p.inputs[j].shape().size(); ++e, ++k)
      if (const SlotId s = f.tape.wrt()[j]; s != Tape::no_slot) f.values.set(f.tape.offset(s) + e, at[k]);
}

struct Swept {
  std::vector<double> value, tangent;
  std::vector<std::vector<double>> adjoints;
};

// Value and tangent in the direction (1, 2, 3, ...), adjoints of the cotangent (1, 2, ...), by kept or shared memory.
Swept swept(const Program& p, const test::Point& at, bool shared) {
  Swept out;
  const Shape shape = p.output.shape();
  {
    const Tape tape = record(p, shared ? Keep::outputs : Keep::everything);
    NumericFrame<double> f(tape);
    set_inputs(f, p, at);
    f.clear_tangents(1);
    double direction = 0;
    for (const SlotId s : tape.wrt())
      if (s != Tape::no_slot)
        for (std::size_t e = 0; e < tape.shape(s).size(); ++e) f.tangents[0].set(tape.offset(s) + e, ++direction);
    if (shared) {
      evaluate_and_push(f);
    } else {
      evaluate(f);
      push_forward(f);
    }
    out.value = taken(f.values, tape.offset(tape.outputs()[0]), shape);
    out.tangent = taken(f.tangents[0], tape.offset(tape.outputs()[0]), shape);
  }
  const Tape tape = record(p, shared ? Keep::values : Keep::everything);
  NumericFrame<double> f(tape);
  set_inputs(f, p, at);
  evaluate(f);
  f.clear_adjoints();
  for (std::size_t e = 0; e < shape.size(); ++e)
    f.adjoints.set(tape.adjoint_offset(tape.outputs()[0]) + e, static_cast<double>(e + 1));
  pull_back(f);
  for (const SlotId s : tape.wrt())
    if (s != Tape::no_slot) out.adjoints.push_back(taken(f.adjoints, tape.adjoint_offset(s), tape.shape(s)));
  return out;
}

}  // namespace

TEST_CASE("values, tangents and adjoints in shared memory have the bits of those in memory of their own") {
  Random random(11);
  for (int k = 0; k < 400; ++k) {
    const Program p = k % 2 == 0 ? random_scalars(random) : random_arrays(random);
    test::Point at;
    for (std::size_t e = 0; e < p.size(); ++e) at.push_back(random.between(-2, 2));
    INFO(describe(p, at));
    const Swept kept = swept(p, at, false), shared = swept(p, at, true);
    CHECK(identical(kept.value, shared.value));
    CHECK(identical(kept.tangent, shared.tangent));
    REQUIRE(kept.adjoints.size() == shared.adjoints.size());
    for (std::size_t j = 0; j < kept.adjoints.size(); ++j) CHECK(identical(kept.adjoints[j], shared.adjoints[j]));
  }
}

TEST_CASE("a long chain of arrays takes the memory of two, and its adjoints no more") {
  Program p;
  const Expr x = p.input("x", {1000, 1});
  p.output = x;
  for (int k = 0; k < 50; ++k) p.output = sin(p.output);
  CHECK(record(p, Keep::everything).elements() == 51'000);
  CHECK(record(p, Keep::outputs).elements() == 3'000);
  CHECK(record(p, Keep::values).elements() == 51'000);
  CHECK(record(p, Keep::values).adjoint_elements() == 3'000);
}
