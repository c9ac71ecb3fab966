#include "wengert/modes/price.hpp"

#include <algorithm>

#include "derived.hpp"
#include "wengert/rules/linear_algebra.hpp"
#include "wide.hpp"

namespace wengert {

namespace {

constexpr double cache_bytes = 1 << 20;         // what of a second-level cache is there for one run
constexpr double node_writing_seconds = 1.2e-7;  // a node of a formula
constexpr double chunk = 8;                      // tangents a sweep

double number(std::uint64_t n) { return static_cast<double>(n); }

// What one pass over a tape meets.
struct Pass {
  double instructions = 0, arguments = 0, active = 0, active_arguments = 0;
  double product_value = 0, product_tangent = 0, product_adjoint = 0;  // additions and multiplications
  double elements = 0, given = 0;

  explicit Pass(const Tape& tape) : elements(number(tape.elements())) {
    for (const Instruction& i : tape.code()) {
      const double count = number(tape.arguments(i).size());
      ++instructions, arguments += count;
      if (tape.active(i.out)) ++active, active_arguments += count;
      if (i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) product(tape, i);
    }
    for (const Tape::Given& g : tape.inputs()) given += number(tape.shape(g.slot).size());
  }

 private:
  void product(const Tape& tape, const Instruction& i) {
    const std::span<const SlotId> x = tape.arguments(i);
    const Shape a = tape.shape(x[0]), b = tape.shape(x[1]);
    const double work = 2.0 * a.rows * a.cols * b.cols;
    product_value += work;
    for (const SlotId s : x)
      if (tape.active(s)) product_tangent += work, product_adjoint += work;
  }
};

struct Sheet {
  Workload w;
  double& operator[](Amount a) { return w.amounts[static_cast<std::size_t>(a)]; }
  // `products` of the additions and multiplications are in products of matrices.
  void operations(const OperationCount& c, double products) {
    w.operations = c;
    const double plain = number(c.add + c.mul);
    (*this)[Amount::product] = std::min(products, plain);
    (*this)[Amount::arithmetic] = plain - std::min(products, plain);
    (*this)[Amount::division] = number(c.div);
    (*this)[Amount::call] = number(c.call);
  }
  // `read` elements moved or read, within memory of so many elements.
  void moves(double moved, double read, double room) {
    (*this)[Amount::moved] = moved;
    (*this)[Amount::far] = 8 * room > cache_bytes ? moved + read : 0;
  }
};

// As many directions a block as keep it in the first-level cache.
double blocks_of(double directions, double elements) {
  double width = 64;
  while (width > 8 && 2 * elements * width / 3 > 4096) width /= 2;
  return std::max(1.0, directions / width);
}

void sweep(Sheet& s, const Recorded& program, const OperationCount& count, SweepDirection direction) {
  const Pass p(program.tape);
  const bool back = direction == SweepDirection::reverse, wide = swept_wide(program, direction);
  const double m = number(program.m()), n = number(program.swept()), results = number(program.n()) * m;
  const double directions = back ? m : n, runs = back ? m : std::max(1.0, std::ceil(n / chunk));
  const double products = p.product_value + directions * (back ? p.product_adjoint : p.product_tangent);
  s.w.regime = back ? (wide ? Regime::reverse_wide : Regime::reverse) : (wide ? Regime::forward_wide : Regime::forward);
  s.operations(count, products);
  const double plane = back ? number(program.tape.adjoint_elements()) : p.elements;
  const double lanes = wide ? std::min(directions, 64.0) : back ? 1 : std::min(n, chunk);
  s.moves(p.elements + p.given + directions * plane + results, (runs + 1) * p.elements,
          p.elements + plane * lanes + results);
  const double repeated = wide ? blocks_of(directions, p.elements) : runs;
  s[Amount::instruction] = p.instructions + repeated * p.active;
  s[Amount::argument] = p.arguments + (wide ? repeated : directions) * p.active_arguments;
  s[Amount::direction] = directions;
}

void formula(Sheet& s, const SymbolicMode& way) {
  const Tape& tape = way.derived->tape(Derived::What::jacobian);
  const Pass p(tape);
  const double results = number(way.program.n() * way.program.m());
  s.w.regime = Regime::symbolic;
  s.operations(way.operations(), p.product_value);
  s.moves(p.elements + p.given + results, p.elements, p.elements + results);
  s[Amount::instruction] = p.instructions;
  s[Amount::argument] = p.arguments;
}

// Evaluations, `times` of them, with so many elements of results each.
void evaluations(Sheet& s, Regime regime, const Recorded& program, const OperationCount& count, double times) {
  const Pass p(program.tape);
  s.w.regime = regime;
  s.operations(count, times * p.product_value);
  s.moves(p.elements + p.given + times * number(program.m()), times * p.elements,
          (regime == Regime::complex_step ? 2 : 1) * p.elements);
  s[Amount::instruction] = times * p.instructions;
  s[Amount::argument] = times * p.arguments;
  s[Amount::direction] = times;
}

Workload workload_by(const ReverseMode& way, const Point*) {
  Sheet s;
  sweep(s, way.program, way.operations, SweepDirection::reverse);
  return s.w;
}
Workload workload_by(const ForwardMode& way, const Point*) {
  Sheet s;
  sweep(s, way.program, way.operations, SweepDirection::forward);
  return s.w;
}
Workload workload_by(const SymbolicMode& way, const Point*) {
  Sheet s;
  formula(s, way);
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

constexpr std::string_view amount_names[] = {"product",     "arithmetic", "division",  "call", "moved", "far",
                                             "instruction", "argument",   "direction", "evaluation"};
constexpr std::string_view regime_names[] = {"reverse",  "reverse wide", "forward", "forward wide",
                                             "symbolic", "finite",       "complex"};

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
double writing_seconds(const Problem& p) {
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  const double n = number(p.inputs()), m = number(p.outputs());
  const bool scalars = p.wrt.size() <= 64 && n == number(p.wrt.size());
  return 4 * number(tape.code().size()) * (scalars ? n : m == 1 ? 1 : std::min(m, n)) * node_writing_seconds;
}

}  // namespace wengert
