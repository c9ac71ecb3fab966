#include "wengert/explain/reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "loop_rounds.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

namespace {

template <class N, class Make>
void set_inputs(NumericFrame<N>& f, const Point& point, Make&& make) {
  for (const Tape::Given& g : f.tape.inputs()) {
    const auto it = point.find(g.node);
    if (it == point.end()) throw std::invalid_argument("an input has no value");
    for (std::size_t e = 0; e < it->second.size(); ++e) f.values.set(f.tape.offset(g.slot) + e, make(it->second[e]));
  }
}

std::size_t size_of(const Problem& p, std::size_t k) { return (*p.graph)[p.wrt[k]].shape.size(); }

// The program evaluated in many digits.
struct Evaluated {
  Evaluated(const Problem& p, const Point& point, const Literals& literals)
      : tape(Tape::record(*p.graph, std::span(&p.output, 1), p.wrt)), f(tape, literals), out(tape.outputs()[0]) {
    set_inputs(f, point, [&](double x) { return Decimal(x, literals.bits); });
    evaluate(f);
  }
  std::vector<Decimal> of(const Plane<Decimal>& plane, SlotId slot) const {
    std::vector<Decimal> numbers;
    for (std::size_t i = 0; i < tape.shape(slot).size(); ++i) numbers.push_back(plane.get(tape.offset(slot) + i));
    return numbers;
  }
  Tape tape;
  NumericFrame<Decimal> f;
  SlotId out;
};

}  // namespace

Reference reference_at(const Problem& p, const Point& point, const Literals& literals) {
  Evaluated program(p, point, literals);
  const Tape& tape = program.tape;
  NumericFrame<Decimal>& f = program.f;
  const SlotId out = program.out;
  const std::size_t m = tape.shape(out).size();
  Reference r{program.of(f.values, out), {}};
  for (std::size_t k = 0; k < p.wrt.size(); ++k) r.blocks.emplace_back(m * size_of(p, k), f.zero());

  if (m <= p.inputs()) {
    for (std::size_t i = 0; i < m; ++i) {
      f.clear_adjoints();
      f.adjoints.set(tape.offset(out) + i, Decimal(1.0, literals.bits));
      pull_back(f);
      for (std::size_t k = 0; k < p.wrt.size(); ++k)
        if (const SlotId s = tape.wrt()[k]; s != Tape::no_slot)
          for (std::size_t e = 0; e < size_of(p, k); ++e)
            r.blocks[k][i * size_of(p, k) + e] = f.adjoints.get(tape.offset(s) + e);
    }
    return r;
  }
  for (std::size_t k = 0; k < p.wrt.size(); ++k)
    for (std::size_t e = 0; e < size_of(p, k); ++e) {
      const SlotId s = tape.wrt()[k];
      if (s == Tape::no_slot) continue;
      f.clear_tangents(1);
      f.tangents[0].set(tape.offset(s) + e, Decimal(1.0, literals.bits));
      push_forward(f);
      for (std::size_t i = 0; i < m; ++i) r.blocks[k][i * size_of(p, k) + e] = f.tangents[0].get(tape.offset(out) + i);
    }
  return r;
}

Reference reference_jvp(const Problem& p, const Point& point, const std::vector<std::vector<double>>& directions,
                        const Literals& literals) {
  Evaluated program(p, point, literals);
  NumericFrame<Decimal>& f = program.f;
  f.clear_tangents(1);
  for (std::size_t k = 0; k < p.wrt.size(); ++k)
    if (const SlotId s = program.tape.wrt()[k]; s != Tape::no_slot)
      for (std::size_t e = 0; e < size_of(p, k); ++e)
        f.tangents[0].set(program.tape.offset(s) + e, Decimal(directions[k][e], literals.bits));
  push_forward(f);
  Reference r{program.of(f.values, program.out), {}};
  r.blocks.push_back(program.of(f.tangents[0], program.out));
  return r;
}

Reference reference_vjp(const Problem& p, const Point& point, const std::vector<double>& cotangent,
                        const Literals& literals) {
  Evaluated program(p, point, literals);
  NumericFrame<Decimal>& f = program.f;
  f.clear_adjoints();
  for (std::size_t i = 0; i < cotangent.size(); ++i)
    f.adjoints.set(program.tape.offset(program.out) + i, Decimal(cotangent[i], literals.bits));
  pull_back(f);
  Reference r{program.of(f.values, program.out), {}};
  for (std::size_t k = 0; k < p.wrt.size(); ++k) {
    const SlotId s = program.tape.wrt()[k];
    r.blocks.push_back(s == Tape::no_slot ? std::vector<Decimal>(size_of(p, k), f.zero()) : program.of(f.adjoints, s));
  }
  return r;
}

std::vector<Decimal> reference_hessian(const Problem& p, const Point& point, const Literals& literals) {
  using D = Dual<Decimal>;
  const Tape tape = Tape::record(*p.graph, std::span(&p.output, 1), p.wrt);
  NumericFrame<D> f(tape, literals);
  const Decimal zero(0.0, literals.bits), one(1.0, literals.bits);
  set_inputs(f, point, [&](double x) { return D{Decimal(x, literals.bits), {zero}}; });
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < p.wrt.size(); ++k)
    for (std::size_t e = 0; e < size_of(p, k); ++e)
      places.push_back(tape.wrt()[k] == Tape::no_slot ? std::size_t(-1) : tape.offset(tape.wrt()[k]) + e);
  const std::size_t n = places.size();
  std::vector<Decimal> h(n * n, zero);
  for (std::size_t j = 0; j < n; ++j) {
    if (places[j] == std::size_t(-1)) continue;
    const D x = f.values.get(places[j]);
    f.values.set(places[j], {x.v, {one}});
    evaluate(f);
    f.clear_adjoints();
    f.adjoints.set(tape.offset(tape.outputs()[0]), {one, {zero}});
    pull_back(f);
    for (std::size_t i = 0; i < n; ++i)
      if (places[i] != std::size_t(-1)) h[i * n + j] = f.adjoints.get(places[i]).t[0];
    f.values.set(places[j], {x.v, {zero}});
  }
  return h;
}

namespace {

// What floor, a comparison, argmax gave, in the order in which they are evaluated, those within loops too.
class Pieces {
 public:
  bool same_as(const Pieces& other) const {
    return known_ && other.known_ &&
           std::equal(numbers_.begin(), numbers_.end(), other.numbers_.begin(), other.numbers_.end(),
                      [](const Decimal& x, const Decimal& y) { return x == y || (isnan(x) && isnan(y)); });
  }
  void take(const NumericFrame<Decimal>& f, const Instruction& i) {
    if (i.op == Op::iota) return;
    const Tape& tape = f.tape;
    const auto add = [&](auto&& piece) {
      for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e) numbers_.push_back(piece(e));
    };
    const auto operand = [&](std::size_t j, std::size_t e) {
      const SlotId s = tape.arguments(i)[j];
      return f.values.get(tape.offset(s) + (tape.shape(s).scalar() ? 0 : e));
    };
    if (i.op == op_of<Iterate>)
      rounds(f, i);
    else if (row_of(i.op).differentiable == 0)
      add([&](std::size_t e) { return f.values.get(tape.offset(i.out) + e); });
    else if (i.op == op_of<Mod>)
      add([&](std::size_t e) { return floor(operand(0, e) / operand(1, e)); });
  }

 private:
  static constexpr std::uint64_t most_rounds = 10000;  // of all loops

  void rounds(const NumericFrame<Decimal>& f, const Instruction& loop) {
    explain::LoopRounds<Decimal> run(f, loop);
    rounds_ += run.count();
    known_ = known_ && rounds_ <= most_rounds;
    while (known_ && run.next())
      for (const Instruction& i : run.frame().tape.code()) take(run.frame(), i);
  }

  std::vector<Decimal> numbers_;
  std::uint64_t rounds_ = 0;
  bool known_ = true;
};

// The number of one output a step away, and the pieces that it is made of there.
class Stepped {
 public:
  Stepped(const Problem& p, const Point& point, std::size_t k, std::size_t by, std::size_t output, int bits)
      : tape_(Tape::record(*p.graph, std::span(&p.output, 1), p.wrt)),
        point_(point),
        slot_(tape_.wrt()[k]),
        by_(by),
        output_(output),
        bits_(bits),
        x_(point.at(p.wrt[k])[by], bits) {}

  struct Number {
    Decimal value;
    Pieces pieces;
  };
  Number at(const Decimal& step) const {
    NumericFrame<Decimal> f(tape_, {.bits = bits_});
    set_inputs(f, point_, [&](double number) { return Decimal(number, bits_); });
    if (slot_ != Tape::no_slot) f.values.set(tape_.offset(slot_) + by_, x_ + step);
    Pieces pieces;
    evaluate_each(f, [&](const Instruction& i) { pieces.take(f, i); });
    return {f.values.get(tape_.offset(tape_.outputs()[0]) + output_), std::move(pieces)};
  }

 private:
  Tape tape_;
  const Point& point_;
  SlotId slot_;
  std::size_t by_, output_;
  int bits_;
  Decimal x_;
};

// In many digits: doubles would take slopes below theirs for 0.
bool as_good_as(const Decimal& other, const Decimal& slope) { return abs(other - slope) <= abs(slope) * 1e-9; }

// Over a step of x*2^-fall, or less where the function rises otherwise over a shorter one.
std::optional<Decimal> slope_over(const Stepped& f, const Decimal& h) {
  const auto here = f.at(h * 0.0), up = f.at(h), down = f.at(-h), near = f.at(h * 0x1p-20);
  // Steps that are many to a function in pieces look like a slope.
  if (!up.pieces.same_as(here.pieces) || !down.pieces.same_as(here.pieces)) return std::nullopt;
  const Decimal above = (up.value - here.value) / h, below = (here.value - down.value) / h;
  const Decimal slope = (above + below) / 2.0;
  if (!as_good_as(above, slope) || !as_good_as(below, slope)) return std::nullopt;
  // A function that is flat here and odd, as x^3 is, rises alike on both sides; over a shorter step it rises less.
  const Decimal shorter = (near.value - here.value) / (h * 0x1p-20);
  return as_good_as(shorter, slope) ? std::optional(slope) : std::nullopt;
}

}  // namespace

std::optional<double> reference_slope(const Problem& p, const Point& point, std::size_t k, std::size_t by,
                                      std::size_t output, int bits) {
  const double x = point.at(p.wrt[k])[by];
  std::optional<Decimal> before;
  // What a step changes may be far below the values on the way: twice the digits must not change it.
  for (int wide = 3 * bits; wide <= 24 * bits; wide *= 2) {
    Decimal h(std::max(std::fabs(x), 0x1p-60), wide);
    mpfr_div_2si(h.get(), h.get(), bits, MPFR_RNDN);
    const std::optional<Decimal> slope = slope_over(Stepped(p, point, k, by, output, wide), h);
    if (!slope) return std::nullopt;
    if (before && as_good_as(*before, *slope)) return slope->to_double();
    before = slope;
  }
  return std::nullopt;
}

double ulps(double x, const Decimal& reference) {
  const double r = reference.to_double();
  if (std::isnan(x) || std::isnan(r))
    return std::isnan(x) && std::isnan(r) ? 0 : std::numeric_limits<double>::infinity();
  if (x == r && !std::isfinite(x)) return 0;
  if (!std::isfinite(x) || !std::isfinite(r)) return std::numeric_limits<double>::infinity();
  const double magnitude = std::max(std::fabs(r), std::numeric_limits<double>::min());
  const double unit = std::ldexp(1.0, std::ilogb(magnitude) - 52);
  return std::fabs((Decimal(x) - reference).to_double()) / unit;
}

double relative_error(double x, const Decimal& reference) {
  const double r = reference.to_double();
  if (std::isnan(x) || std::isnan(r))
    return std::isnan(x) && std::isnan(r) ? 0 : std::numeric_limits<double>::infinity();
  if (x == r) return 0;
  if (!std::isfinite(x) || !std::isfinite(r) || r == 0) return std::numeric_limits<double>::infinity();
  return std::fabs(((Decimal(x) - reference) / reference).to_double());
}

}  // namespace wengert
