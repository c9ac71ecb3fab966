#include "recount.hpp"

#include <cmath>

#include "wengert/sweep/at_once.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert::mode_costs {

namespace {

constexpr std::uint64_t most_instructions = 200'000;
constexpr int steps = 10;

using Counter = SymbolicFrame<Counted>;

class Replay {
 public:
  explicit Replay(const Problem& p) : tape_(Tape::record(*p.graph, std::span(&p.output, 1), p.wrt)), frame_(tape_) {}

  const Tape& tape() const { return tape_; }
  OperationCount total() const { return total_; }
  void add(OperationCount c) { total_ += c; }

  void value() {
    for (const Tape::Known& k : tape_.constants()) frame_.values[k.slot] = {nullptr, tape_.shape(k.slot), 0};
    for (const Tape::Given& g : tape_.inputs()) frame_.values[g.slot] = {&total_, tape_.shape(g.slot), 0};
    for (const Instruction& i : tape_.code())
      if (i.op == Op::iota) frame_.values[i.out] = {nullptr, tape_.shape(i.out), 0};
    evaluate(frame_);
  }
  // One sweep with so many tangents at once: what does not depend on the tangent is computed once.
  void forward(std::size_t tangents) {
    OperationCount shared, each;
    count_in(&shared);
    frame_.clear_tangents();
    for (const SlotId s : tape_.wrt())
      if (s != Tape::no_slot) frame_.tangents[s] = {&each, tape_.shape(s), 1};
    push_forward(frame_);
    add(shared);
    for (std::size_t k = 0; k < tangents; ++k) add(each);
  }
  void reverse() {
    count_in(&total_);
    frame_.clear_adjoints();
    const SlotId out = tape_.outputs()[0];
    frame_.adjoints[out] = {&total_, tape_.shape(out), 0};
    pull_back(frame_);
    for (const SlotId s : tape_.wrt())
      if (s != Tape::no_slot) frame_.adjoint(s);
  }

 private:
  Tape tape_;
  Counter frame_;
  OperationCount total_;

  void count_in(OperationCount* counter) {
    for (SlotId s = 0; s < tape_.slot_count(); ++s)
      if (frame_.values[s].counter != nullptr) frame_.values[s].counter = counter;
  }
};

// Central differences at steps 10, 5, 2.5, ... hundredths of an input or of 1, and the table that extrapolates them.
void differences(Replay& r, const Problem& p, const Point& point) {
  r.value();
  for (const NodeId w : p.wrt)
    for (const double x : point.at(w)) {
      const double size = std::fabs(x);
      const bool one = size == 0 || !std::isfinite(size) || (size > 0.01 && size <= 1);
      for (int scale = 0; scale < (one ? 1 : 2); ++scale)
        for (std::uint64_t row = 0; row < steps; ++row) {
          r.value(), r.value();
          const std::uint64_t m = p.outputs();
          r.add({.add = m, .mul = 0, .div = m, .call = 0});                  // (up - down)/(2*h)
          r.add({.add = 2 * row * m, .mul = 0, .div = row * m, .call = 0});  // better + (better - worse)/(factor - 1)
        }
    }
}

std::uint64_t sweeps_of(Mode mode, const Problem& p) {
  switch (mode) {
    case Mode::reverse:
      return p.outputs();
    case Mode::forward:
      return p.inputs() / 8;
    case Mode::finite:
      return 40 * p.inputs();
    default:
      return p.inputs();
  }
}

}  // namespace

std::optional<OperationCount> recounted(Mode mode, const Problem& p, const Point& point) {
  Replay r(p);
  const bool written = mode == Mode::symbolic || mode == Mode::cross;  // a program of its own
  if (written || (1 + sweeps_of(mode, p)) * r.tape().code().size() > most_instructions) return std::nullopt;
  if (mode == Mode::finite) {
    differences(r, p, point);
    return r.total();
  }
  r.value();
  if (mode == Mode::reverse)
    for (std::uint64_t k = 0; k < p.outputs(); ++k) r.reverse();
  if (mode == Mode::forward)
    for (std::uint64_t k = 0, chunk = tangents_at_once(r.tape().elements()); k < p.inputs(); k += chunk)
      r.forward(std::min(chunk, p.inputs() - k));
  if (mode == Mode::complex_step)
    for (std::uint64_t k = 0; k < p.inputs(); ++k) r.value();
  return r.total();
}

}  // namespace wengert::mode_costs
