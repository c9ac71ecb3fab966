// Linear systems whose elements are known only to within bounds, against many digits: rows that have to be exchanged,
// determinants of either sign, singular matrices.
#include "bounded.hpp"

namespace wengert::test {
namespace {

using namespace bounded;

// The largest elements stand where no row is in its place; of one sign, so that their product has that of the order.
Point permuted(std::size_t n, std::size_t by, Random& random) {
  Point a;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      a.push_back(random.between(-1, 1) + ((i + by) % n == j ? 3.0 * static_cast<double>(n) : 0));
  return a;
}

struct System {
  const char* name;
  Op op;
  std::uint32_t how;
  bool right_side;
};
const System systems[] = {{"solve", op_of<Solve>, 0, true},
                          {"solve, transposed", op_of<Solve>, transposed_system, true},
                          {"inv", op_of<Inv>, 0, false},
                          {"det", op_of<Det>, 0, false},
                          {"logdet", op_of<LogDet>, 0, false}};

Call call_of(const System& s, std::uint32_t n, Point a) {
  Program p;
  p.text = s.name;
  std::vector<NodeId> arguments{p.input("a", {n, n}).id};
  if (s.right_side) arguments.push_back(p.input("b", {n, 2}).id);
  const Shape shape = s.right_side ? Shape{n, 2} : s.op == op_of<Inv> ? Shape{n, n} : Shape{};
  p.output = build(*p.graph, s.op, arguments, {.shape = shape, .number = s.how});
  for (std::size_t k = 0; s.right_side && k < 2 * n; ++k) a.push_back(static_cast<double>(k) - 2.5);
  return {&row_of(s.op), std::move(p), std::move(a)};
}

void check_systems(Check check) {
  Random random(84);
  Seen seen;
  for (const System& s : systems)
    for (const std::uint32_t n : {2u, 3u, 5u, 8u})
      for (std::size_t by = 0; by < 3; ++by)
        for (const double relative : {0.0, 1e-12, 1e-6}) {
          const Call call = call_of(s, n, permuted(n, by, random));
          CAPTURE(describe(call.program, call.at));
          CAPTURE(relative);
          seen.relative = relative;
          check(call, Box(call, relative, random), random, seen);
        }
  CHECK(seen.unbounded < seen.numbers / 20);
}

}  // namespace

TEST_CASE("wherever in their bounds the elements of a system are, its solution and derivatives are in theirs") {
  check_systems(check_sweeps);
}
TEST_CASE("wherever in their bounds they are, so is what the complex step makes of a system") {
  check_systems(check_complex_step);
}

// Its last row is the sum of the others, whole numbers all: doubles find a determinant of 0, or nearly.
TEST_CASE("a singular matrix's determinant and cofactors are within their bounds, and its inverse has none") {
  Random random(85);
  Seen seen;
  for (const std::uint32_t n : {2u, 3u, 4u, 6u})
    for (int round = 0; round < 8; ++round)
      for (const double relative : {0.0, 1e-9}) {
        Point a(n * n);
        for (std::uint32_t i = 0; i + 1 < n; ++i)
          for (std::uint32_t j = 0; j < n; ++j) {
            a[i * n + j] = std::round(random.between(-4, 4)) + (i == j ? 5 : 0);
            a[(n - 1) * n + j] += a[i * n + j];
          }
        const Call det = call_of(systems[3], n, a), inverse = call_of(systems[2], n, a),
                   solve = call_of(systems[0], n, a);
        CAPTURE(describe(det.program, a));
        CAPTURE(relative);
        seen.relative = relative;
        const Box box(det, relative, random);
        check_sweeps(det, box, random, seen);
        Sweep<Rounded> swept(det.program, box.rounded());
        CHECK(std::isfinite(swept.value()[0].bound));
        if (swept.value()[0].value == 0)
          for (const Rounded& cofactor : swept.pull({Rounded(1)})) CHECK(std::isfinite(cofactor.bound));
        for (const Call* system : {&inverse, &solve}) {
          for (const Rounded& x : Sweep<Rounded>(system->program, Box(*system, relative, random).rounded()).value())
            CHECK(std::isinf(x.bound));
          std::vector<RoundedComplex> z;
          for (const Rounded& x : Box(*system, relative, random).rounded()) z.emplace_back(x, Rounded(step));
          for (const RoundedComplex& x : Sweep<RoundedComplex>(system->program, z).value())
            CHECK(std::isinf(x.im.bound));
        }
      }
}

}  // namespace wengert::test
