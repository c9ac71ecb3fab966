#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "derived.hpp"
#include "wengert/modes/complex_step.hpp"

namespace wengert {

namespace {

using Z = std::complex<double>;
constexpr double usual_step = 0x1p-332;  // 1e-100: its square vanishes beside usual numbers
constexpr double least_step = 0x1p-930;
constexpr double beside = 0x1p-66;        // of the number that it is added to
constexpr double largest_part = 0x1p-66;  // of imaginary parts: what is left of their squares is below the rounding

bool finite(const Z& z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }

// Of the values that are to be numbers, all if none is named: infinite where one of them is none.
double largest_imaginary(const NumericFrame<Z>& f, const std::vector<bool>& numbers) {
  double largest = 0;
  const auto all = f.values.all();
  for (std::size_t k = 0; k < all.size(); ++k)
    if (numbers.empty() || numbers[k])
      largest = std::max(largest, finite(all[k]) ? std::fabs(all[k].imag()) : HUGE_VAL);
  return largest;
}

double power_of_two_below(double x) { return std::ldexp(1.0, std::ilogb(x)); }

NumericFrame<Z> complex_frame(const Tape& tape, const Point& point) {
  NumericFrame<Z> f(tape);
  set_inputs(f, point, [](double x) { return Z(x, 0.0); });
  return f;
}

std::string title(const Instruction& i) {
  const Info& info = *row_of(i.op).info;
  return info.notation == Notation::call ? std::string(info.name) : "`" + std::string(info.name) + "`";
}

bool has_complex_version(const Tape& tape);
bool has_complex_version(const Tape& tape, const Instruction& i) {
  if (i.op == Op::iota) return true;
  if (kernel<NumericFrame<Z>>(i.op).value == nullptr) return false;
  // Bodies nest as deep as the program's functions call each other, which is bounded.
  return i.op != op_of<Iterate> || has_complex_version(tape.body(i).tape);
}
bool has_complex_version(const Tape& tape) {
  return std::all_of(tape.code().begin(), tape.code().end(),
                     [&](const Instruction& i) { return has_complex_version(tape, i); });
}

// The first operation without a complex version, or a loop over one.
const Instruction* obstacle(const Tape& tape) {
  for (const bool active : {true, false})
    for (const Instruction& i : tape.code())
      if (tape.active(i.out) == active && !has_complex_version(tape, i)) return &i;
  return nullptr;
}

// Where a function is not analytic at this very point (a root's branch point, a pole, one side of a kink), the
// imaginary part is not its derivative. Looked at are instructions that the value depends on: their adjoint is not 0.
class Singularities {
 public:
  Singularities(const Recorded& program, const Point& point) : tape_(program.tape), f_(frame_at(program.tape, point)) {
    evaluate(f_);
    for (const Instruction& i : tape_.code())
      if (i.op != Op::iota && tape_.active(i.out) && row_of(i.op).differentiable != 0) look(i);
    if (suspects_.empty()) return;
    f_.clear_adjoints();
    for (std::size_t e = 0; e < program.m(); ++e) f_.adjoints.set(tape_.offset(program.output()) + e, 1.0);
    pull_back(f_);
    std::erase_if(suspects_,
                  [&](const Suspect& s) { return f_.adjoints.get(tape_.offset(s.at->out) + s.element) == 0; });
  }

  // The first that a step in the complex plane, taken by f, meets.
  const Instruction* met(const NumericFrame<Z>& f, double step) const {
    for (const Suspect& s : suspects_)
      if (crosses(s, f, step)) return s.at;
    return nullptr;
  }

 private:
  struct Suspect {
    const Instruction* at;
    std::size_t element;
  };
  std::size_t operand(const Instruction& i, std::size_t j, std::size_t e) const {
    const SlotId s = tape_.arguments(i)[j];
    return tape_.offset(s) + (tape_.shape(s).scalar() ? 0 : e);
  }
  double value(const Instruction& i, std::size_t e) const { return f_.values.get(tape_.offset(i.out) + e); }
  void partials(const Instruction& i, std::size_t e, double* x, double* p) const {
    for (std::size_t j = 0; j < tape_.arguments(i).size(); ++j) x[j] = f_.values.get(operand(i, j, e));
    element_partials(i.op)(value(i, e), x, p);
  }

  void look(const Instruction& i) {
    const Row& row = row_of(i.op);
    if (!row.elementwise) {
      const bool kinked = row.array_kink != nullptr &&
                          row.array_kink(tape_.payload(i), tape_.shape(tape_.arguments(i)[0]),
                                         f_.values.all().data() + tape_.offset(tape_.arguments(i)[0]), value(i, 0));
      if (kinked) suspects_.push_back({&i, 0});
      return;
    }
    if (element_partials(i.op) == nullptr) return;
    for (std::size_t e = 0; e < tape_.shape(i.out).size(); ++e) {
      double x[3] = {0, 0, 0}, p[3] = {0, 0, 0};
      partials(i, e, x, p);
      // A power that is no whole number has a branch point at 0, however many derivatives it has there.
      bool wild = (row.kink != nullptr && row.kink(x)) || (i.op == op_of<Pow> && x[0] == 0 && x[1] != std::floor(x[1]));
      for (std::size_t j = 0; j < tape_.arguments(i).size(); ++j)
        wild = wild || (varies(row, j) && tape_.active(tape_.arguments(i)[j]) && !std::isfinite(p[j]));
      if (wild && !std::isnan(value(i, e))) suspects_.push_back({&i, e});
    }
  }

  // What came out must be what the partials make of what went in.
  bool crosses(const Suspect& s, const NumericFrame<Z>& f, double step) const {
    const Instruction& i = *s.at;
    bool moved = false;
    if (!row_of(i.op).elementwise) {
      for (const SlotId a : tape_.arguments(i))
        for (std::size_t k = 0; k < tape_.shape(a).size(); ++k) moved = moved || differs(f, tape_.offset(a) + k);
      return moved;
    }
    double x[3] = {0, 0, 0}, p[3] = {0, 0, 0}, slope = 0;
    partials(i, s.element, x, p);
    for (std::size_t j = 0; j < tape_.arguments(i).size(); ++j) {
      const std::size_t at = operand(i, j, s.element);
      if (!varies(row_of(i.op), j) || !differs(f, at)) continue;
      if (!std::isfinite(p[j])) return true;
      slope += p[j] * (f.values.get(at).imag() / step);
    }
    const double came = f.values.get(tape_.offset(i.out) + s.element).imag() / step;
    return !(std::fabs(came - slope) <= 1e-6 * std::max(std::fabs(came), std::fabs(slope)));
  }
  bool differs(const NumericFrame<Z>& f, std::size_t at) const { return f.values.get(at) != Z(f_.values.get(at), 0.0); }

  const Tape& tape_;
  NumericFrame<double> f_;
  std::vector<Suspect> suspects_;
};

}  // namespace

double step_into_complex(NumericFrame<Z>& f, std::span<const std::size_t> places, std::span<const double> direction) {
  double step = usual_step;
  for (std::size_t k = 0; k < places.size(); ++k) {
    const double x = std::fabs(f.values.get(places[k]).real()), d = std::fabs(direction[k]);
    if (x > 0 && std::isfinite(x) && d > 0 && std::isfinite(d) && x / d * beside < step)
      step = power_of_two_below(std::max(x / d * beside, least_step));
  }
  const auto take = [&](double h) {
    for (std::size_t k = 0; k < places.size(); ++k)
      f.values.set(places[k], Z(f.values.get(places[k]).real(), h * direction[k]));
    evaluate(f);
  };
  std::vector<bool> numbers;  // which values are, on the real line
  for (int tries = 3;; --tries) {
    take(step);
    double largest = largest_imaginary(f, numbers);
    if (std::isinf(largest) && numbers.empty()) {
      take(0);
      for (const Z& z : f.values.all()) numbers.push_back(finite(z));
      take(step);
      largest = largest_imaginary(f, numbers);
    }
    if (largest <= largest_part || step <= least_step || tries == 0) return step;
    // What overflowed on the way says nothing of how far.
    step = std::max(step * (std::isinf(largest) ? usual_step : power_of_two_below(largest_part / largest)), least_step);
  }
}

ComplexStepMode::ComplexStepMode(const Problem& p) : program(p), derived(std::make_shared<const Derived>(p)) {
  // Over the complex numbers: the value, and an evaluation for each input. The search for singularities is not counted.
  operations = scaled(count_sweeps(program.tape).value, 1 + program.swept());
  if (const Instruction* i = obstacle(program.tape)) {
    unavailable = std::string(row_of(i->op).info->name) + " has no complex version";
    where = p.graph->span(program.tape.node(*i));
  }
}

Derivative ComplexStepMode::jacobian(const Point& point) const {
  Derivative d;
  if (!unavailable.empty()) {
    d.unavailable = unavailable;
    d.where = where;
    return d;
  }
  const Tape& tape = program.tape;
  NumericFrame<Z> f = complex_frame(tape, point);
  evaluate(f);
  // A real function that leaves its domain goes on in the complex plane; here it has no value.
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  d.value = take(f, f.values, program.output(), [](const Z& z) { return z.imag() == 0 ? z.real() : undefined; });
  const std::vector<double> left = take(f, f.values, program.output(), [](const Z& z) { return z.imag(); });
  d.blocks = empty_blocks(program);
  const Singularities singularities(program, point);
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot || !d.unavailable.empty()) return;
    const std::size_t at = tape.offset(slot) + e;
    const double x = f.values.get(at).real();
    constexpr double one = 1;
    const double step = step_into_complex(f, std::span(&at, 1), std::span(&one, 1));
    if (const Instruction* i = singularities.met(f, step)) {
      d.unavailable = title(*i) + " is not analytic at this point";
      d.where = program.problem.graph->span(tape.node(*i));
      return;
    }
    const auto column = take(f, f.values, program.output(), [step](const Z& z) { return z.imag() / step; });
    f.values.set(at, Z(x, 0.0));  // after it was read: the output may be this input
    const std::size_t width = program.shapes[k].size();
    // Where the value is no number, the imaginary part may be one by chance: an order compares the real parts alone.
    for (std::size_t i = 0; i < column.size(); ++i)
      d.blocks[k][i * width + e] = left[i] == 0 && !std::isnan(d.value[i]) ? column[i] : undefined;
  });
  return d;
}

std::vector<double> ComplexStepMode::jvp(const Point& point, const std::vector<std::vector<double>>& v) const {
  NumericFrame<Z> f = complex_frame(program.tape, point);
  evaluate(f);
  const std::vector<double> left = take(f, f.values, program.output(), [](const Z& z) { return z.imag(); });
  const std::vector<double> values = take(f, f.values, program.output(), [](const Z& z) { return z.real(); });
  std::vector<std::size_t> places;
  std::vector<double> direction;
  each_element(program, [&](std::size_t k, std::size_t e, SlotId slot) {
    if (slot == Tape::no_slot) return;
    places.push_back(program.tape.offset(slot) + e);
    direction.push_back(v[k][e]);
  });
  const double step = step_into_complex(f, places, direction);
  const bool met = Singularities(program, point).met(f, step) != nullptr;
  std::vector<double> out = take(f, f.values, program.output(), [step](const Z& z) { return z.imag() / step; });
  for (std::size_t i = 0; i < out.size(); ++i)
    if (met || left[i] != 0 || std::isnan(values[i])) out[i] = std::numeric_limits<double>::quiet_NaN();
  return out;
}

// The complex step of the gradient's expression.
Hessian ComplexStepMode::hessian(const Point& point) const {
  Hessian result;
  NumericFrame<double> primal = frame_at(program.tape, point);
  evaluate(primal);
  result.value = take(primal, primal.values, program.output());
  const Derivative d = ComplexStepMode(derived->gradient()).jacobian(derived->translated(point));
  if (!d.unavailable.empty()) {
    result.unavailable = d.unavailable;
    result.where = d.where;
    return result;
  }
  const std::size_t n = program.n();
  result.matrix.assign(n * n, 0.0);
  std::size_t left = 0;
  for (const Block& block : d.blocks) {
    const std::size_t width = block.size() / n;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < width; ++j) result.matrix[i * n + left + j] = block[i * width + j];
    left += width;
  }
  return result;
}

}  // namespace wengert
