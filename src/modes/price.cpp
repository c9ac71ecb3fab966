#include "wengert/modes/price.hpp"

#include <algorithm>

#include "derived.hpp"
#include "wengert/exec/accumulated.hpp"
#include "wengert/rules/linear_algebra.hpp"
#include "wengert/sweep/at_once.hpp"
#include "wide.hpp"

namespace wengert {

namespace {

constexpr double fresh_bytes = 1 << 21;             // results of which no allocator keeps
constexpr double node_writing_seconds = 1.2e-7;     // a node of a formula
constexpr double eliminating_seconds = 1e-4;        // of an instruction: its local Jacobians, the search for an order
constexpr double eliminating_piece_seconds = 4e-5;  // of an argument of what puts arrays together
constexpr std::size_t branches_learnt = 128;        // elements whose branches a processor has seen before

double number(std::uint64_t n) { return static_cast<double>(n); }

bool row_arranges(Op op) {
  for (const Op moves : {Op::iota, op_of<Transpose>, op_of<Broadcast>, op_of<Part>, op_of<Place>, op_of<Reshape>,
                         op_of<DiagonalMatrix>, op_of<Diagonal>})
    if (op == moves) return true;
  return false;
}

// What one pass over a tape meets.
struct Pass {
  double elementwise = 0, arrays = 0, products_run = 0, arranging = 0, pieces = 0;
  double calls = 0, long_calls = 0;  // elements of elementwise functions
  double elements = 0, given = 0;
  double products = 0;  // additions and multiplications; for each active operand again, of a sweep

  // active: only what a sweep goes through.
  Pass(const Tape& tape, bool active) : elements(number(tape.elements())) {
    for (const Instruction& i : tape.code()) {
      if (active && !tape.active(i.out)) continue;
      const std::span<const SlotId> x = tape.arguments(i);
      const bool array = i.op == Op::iota || !row_of(i.op).elementwise;
      ++(array ? arrays : elementwise);
      arranging += array && row_arranges(i.op);
      if (array && i.count > 2) pieces += number(x.size());
      if (!array && i.op >= op_of<Exp>) {
        const std::size_t size = tape.shape(i.out).size();
        calls += number(size);
        long_calls += size > branches_learnt ? number(size) : 0;
      }
      if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) {
        ++products_run;
        const double work = 2.0 * number(tape.shape(x[0]).size()) * tape.shape(x[1]).cols;
        for (const SlotId s : x) products += active && tape.active(s) ? work : 0;
        products += active ? 0 : work;
      }
    }
    for (const Tape::Given& g : tape.inputs()) given += number(tape.shape(g.slot).size());
  }
};

struct Sheet {
  Workload w;
  double& operator[](Amount a) { return w.amounts[static_cast<std::size_t>(a)]; }
  // `products` of the additions and multiplications are in products of matrices.
  void operations(const OperationCount& c, double products, const Pass& value) {
    w.operations = c;
    const double plain = number(c.add + c.mul);
    (*this)[Amount::product] = std::min(products, plain);
    (*this)[Amount::arithmetic] = plain - std::min(products, plain);
    (*this)[Amount::division] = number(c.div);
    (*this)[Amount::call] = number(c.call);
    (*this)[Amount::long_call] = value.calls > 0 ? number(c.call) * value.long_calls / value.calls : 0;
  }
  void moves(const Pass& value, double more, double results) {
    (*this)[Amount::given] = value.given;
    (*this)[Amount::moved] = value.elements - value.given + more + results;
    (*this)[Amount::fresh] = 8 * results >= fresh_bytes ? results : 0;
  }
  void run(const Pass& p, double times, double pieces) {
    (*this)[Amount::instruction] += times * p.elementwise;
    (*this)[Amount::array] += times * p.arrays;
    (*this)[Amount::multiply] += times * p.products_run;
    (*this)[Amount::arrange] += times * p.arranging;
    (*this)[Amount::piece] += pieces * p.pieces;
  }
};

// Values and their tangents go in lanes.
double blocks_of(double directions, std::uint64_t elements) {
  return std::max(1.0, directions / lanes_at_once(2 * elements));
}

void sweep(Sheet& s, const Recorded& program, const OperationCount& count, SweepDirection direction) {
  const Pass value(program.tape, false), each(program.tape, true);
  const bool back = direction == SweepDirection::reverse, wide = swept_wide(program, direction);
  const double m = number(program.m()), n = number(program.swept()), results = number(program.n()) * m;
  const double directions = back ? m : n, runs = back ? m : std::ceil(n / number(tangents_at_once(program.tape.elements())));
  s.w.regime = back ? (wide ? Regime::reverse_wide : Regime::reverse) : (wide ? Regime::forward_wide : Regime::forward);
  s.operations(count, value.products + directions * each.products, value);
  const double plane = back ? number(program.tape.adjoint_elements()) : value.elements;
  s.moves(value, directions * plane, results);
  s.run(value, 1, 1);
  s.run(each, wide ? blocks_of(directions, program.tape.elements()) : runs, directions);
  s[Amount::direction] = directions;
}

// A derivative that is a program of its own.
void formula(Sheet& s, Regime regime, const Tape& tape, const OperationCount& count, double results) {
  const Pass p(tape, false);
  s.w.regime = regime;
  s.operations(count, p.products, p);
  s.moves(p, 0, results);
  s.run(p, 1, 1);
}

// Evaluations, `times` of them.
void evaluations(Sheet& s, Regime regime, const Recorded& program, const OperationCount& count, double times) {
  const Pass p(program.tape, false);
  s.w.regime = regime;
  s.operations(count, times * p.products, p);
  s.moves(p, times * (number(program.m()) + p.elements - p.given), number(program.n() * program.m()));
  s.run(p, times, times);
  s[Amount::direction] = times;
}

Workload workload_by(const ReverseMode& way, const Point*) {
  Sheet s;
  sweep(s, way.program, way.operations(), SweepDirection::reverse);
  return s.w;
}
Workload workload_by(const ForwardMode& way, const Point*) {
  Sheet s;
  sweep(s, way.program, way.operations(), SweepDirection::forward);
  return s.w;
}
Workload workload_by(const SymbolicMode& way, const Point*) {
  Sheet s;
  const Tape& tape = way.derived->tape(Derived::What::jacobian);
  double n = 0;
  for (const Shape& shape : way.shapes) n += number(shape.size());
  formula(s, Regime::symbolic, tape, way.operations(), n * number(tape.shape(tape.outputs()[0]).size()));
  return s.w;
}
Workload workload_by(const CrossMode& way, const Point*) {
  Sheet s;
  if (!way.unavailable.empty()) return s.w;
  formula(s, Regime::cross, way.derived->tape(Derived::What::accumulation), way.operations,
          number(way.program.n() * way.program.m()));
  s[Amount::moved] += number(way.derived->accumulated(Derived::What::accumulation).numbers());  // put where they stand
  return s.w;
}
Workload workload_by(const FiniteMode& way, const Point* point) {
  Sheet s;
  evaluations(s, Regime::finite, way.program, way.operations(point), number(way.evaluations(point)));
  return s.w;
}
Workload workload_by(const ComplexStepMode& way, const Point*) {
  Sheet s;
  evaluations(s, Regime::complex_step, way.program, way.operations, 1 + number(way.program.swept()));
  return s.w;
}

constexpr std::string_view amount_names[] = {"product",  "arithmetic", "division", "call",        "long call",
                                             "given",    "moved",      "fresh",    "instruction", "array",
                                             "multiply", "arrange",    "piece",    "direction",   "evaluation"};
constexpr std::string_view regime_names[] = {"reverse",  "reverse wide", "forward", "forward wide",
                                             "symbolic", "cross",        "finite",  "complex"};

}  // namespace

std::string_view to_string(Amount amount) { return amount_names[static_cast<std::size_t>(amount)]; }
std::string_view to_string(Regime regime) { return regime_names[static_cast<std::size_t>(regime)]; }

double Workload::seconds() const {
  const Amounts& prices = built_in_prices(regime);
  double sum = 0;
  for (std::size_t k = 0; k < amount_count; ++k) sum += prices[k] * amounts[k];
  return sum;
}

Workload Prepared::workload(const Point* point) const {
  Workload w = std::visit([&](const auto& way) { return workload_by(way, point); }, impl_->way);
  w.amounts[static_cast<std::size_t>(Amount::evaluation)] = 1;
  return w;
}

// By a few scalars the forward sweep is taken for each, otherwise one sweep of matrices for the whole Jacobian.
double preparing_seconds(Mode mode, const Problem& p) {
  if (mode != Mode::symbolic && mode != Mode::cross) return 0;
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  if (mode == Mode::cross) {
    const Pass active(tape, true);
    return eliminating_seconds * (active.elementwise + active.arrays) + eliminating_piece_seconds * active.pieces;
  }
  const double n = number(p.inputs()), m = number(p.outputs());
  const bool scalars = p.wrt.size() <= 64 && n == number(p.wrt.size());
  return 4 * number(tape.code().size()) * (scalars ? n : m == 1 ? 1 : std::min(m, n)) * node_writing_seconds;
}

}  // namespace wengert
