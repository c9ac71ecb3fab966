// Kinks, values outside a domain, and strong zeros that decided a derivative, at one point.
//
// One evaluation and one reverse sweep are looked at, element by element. What only a branch that was
// not chosen depends on is not looked at.
#include <algorithm>
#include <cmath>
#include <set>

#include "wengert/explain/agree.hpp"
#include "blame_repairs.hpp"
#include "inspection.hpp"
#include "loop_births.hpp"
#include "loop_kinks.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

using explain::listed;
using explain::title;

class Warnings {
 public:
  Warnings(const Problem& p, const Point& point)
      : at_(p, point, Keep::values), graph_(at_.graph), tape_(at_.tape), frame_(at_.frame), live_(at_.live) {}

  // Each operation when the reverse sweep comes to it: its adjoint is whole, and not yet passed on.
  std::vector<Diagnostic> run() {
    frame_.clear_adjoints();
    const SlotId out = tape_.outputs()[0];
    for (std::size_t e = 0; e < tape_.shape(out).size(); ++e) frame_.adjoints.set(tape_.adjoint_offset(out) + e, 1.0);
    const auto code = tape_.code();
    std::uint32_t passed = 0;
    for (std::size_t k = code.size(); k-- > 0;) {
      const Instruction& i = code[k];
      if (i.op == Op::iota) continue;
      tape_.pause(passed);
      const Row& row = row_of(i.op);
      if (row.elementwise) look_at_elements(i, row);
      else look_at_array(i, row);
      if (!tape_.active(i.out)) continue;
      kernel<NumericFrame<double>>(i.op).pull(frame_, i);
      frame_.pass_on(i.out);
    }
    if (infinite_derivative()) {
      for (const Pole& pole : poles_) say(Kind::domain, pole.i, pole.message, pole.help);
      for (const Instruction& i : code)
        if (i.op == op_of<Iterate> && tape_.active(i.out))
          if (const auto born = explain::slope_in_loop(frame_, i)) say_in_loop(i, *born);
    }
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.operation < b.operation; });
    std::vector<Diagnostic> in_order;
    for (Found& f : found_) in_order.push_back(std::move(f.diagnostic));
    return in_order;
  }

 private:
  double value(SlotId s, std::size_t e) const { return at_.value(s, e); }

  void say(Kind kind, const Instruction& i, std::string message, std::string help = {}) {
    if (!said_.insert({kind, i.out}).second) return;
    found_.push_back({i.out, {kind, std::move(message), graph_.span(tape_.node(i)), std::move(help), {}}});
  }

  // The loop is marked, and the operation within it.
  void say_in_loop(const Instruction& loop, const explain::LoopBirth& born) {
    const std::size_t before = found_.size();
    const NodeId node = born.tape->node(born.by.out);
    double x[3] = {0, 0, 0};
    std::copy(born.operands.begin(), born.operands.end(), x);
    say(Kind::domain, loop, born.message, explain::repair({graph_, *born.tape, node, x, born.made, born.in_value}));
    if (found_.size() > before && graph_.span(node).known()) found_.back().diagnostic.labels.push_back({graph_.span(node), "here"});
  }

  void look_at_elements(const Instruction& i, const Row& row) {
    const auto arguments = tape_.arguments(i);
    double x[3] = {0, 0, 0};
    for (std::size_t e = 0; e < tape_.shape(i.out).size(); ++e) {
      if (!live_[tape_.offset(i.out) + e]) continue;
      bool nan_before = false, infinite_before = false;
      for (std::size_t j = 0; j < arguments.size(); ++j) {
        x[j] = value(arguments[j], e);
        const bool looked_at = i.op != op_of<Select> || j == 0 || truth(x[0]) == (j == 1);
        nan_before = nan_before || (std::isnan(x[j]) && looked_at);
        infinite_before = infinite_before || (std::isinf(x[j]) && looked_at);
      }
      if (at_.varying[i.out] && row.kink != nullptr && row.kink(x)) kink(i, row, x, arguments.size());
      const double y = frame_.values.get(tape_.offset(i.out) + e);
      if (std::isnan(y) && !nan_before) outside(i, row, x, arguments.size(), y);
      if (std::isinf(y) && !infinite_before && !nan_before) outside(i, row, x, arguments.size(), y);
      if (tape_.active(i.out)) strong_zero(i, row, e, y, x, arguments);
    }
  }

  void kink(const Instruction& i, const Row& row, const double* x, std::size_t n) {
    const std::string convention(row.info->convention.empty() ? "derivative 0" : row.info->convention);
    if (row.info->notation == Notation::infix)
      say(Kind::kink, i, "both sides of `" + std::string(row.info->name) + "` are equal (" + shortest(x[0]) + "): " + convention);
    else
      say(Kind::kink, i, title(row) + " has a kink or a jump at " + listed(x, n) + ": " + convention);
  }

  void outside(const Instruction& i, const Row& row, const double* x, std::size_t n, double y) {
    std::string help;
    if (i.op == op_of<Pow> && x[0] < 0) help = "a negative base wants an integer exponent; for roots there are cbrt(x) and abs(x)";
    if (i.op == op_of<Log> && x[0] == 0) help = "if the factor before the logarithm is 0 there, xlogy(a, b) is a*log(b) with 0*log(0) = 0";
    say(Kind::domain, i, explain::what_happened(i.op, row, x, n, y), help);
  }

  // 0 times an infinity or a NaN in the reverse sweep.
  void strong_zero(const Instruction& i, const Row& row, std::size_t e, double y, const double* x, std::span<const SlotId> arguments) {
    const auto partials = element_partials(i.op);
    if (partials == nullptr) return;
    const double g = frame_.adjoints.get(tape_.adjoint_offset(i.out) + e);
    double p[3] = {0, 0, 0};
    partials(y, x, p);
    for (std::size_t j = 0; j < arguments.size(); ++j) {
      if (!varies(row, j) || !tape_.active(arguments[j])) continue;
      if (i.op == op_of<Select>) continue;  // the branch that was not chosen contributes nothing by definition
      const bool zero = g == 0 || p[j] == 0, wild = !std::isfinite(g) || !std::isfinite(p[j]);
      if (!zero && !std::isfinite(p[j]) && std::isfinite(g)) pole(i, row, x, arguments.size(), y, p[j]);
      if (zero && wild) {
        const double other = g == 0 ? p[j] : g;
        say(Kind::strong_zero, i, "in the derivative of " + title(row) + " 0 meets " + shortest(other) + ": a path with a zero factor contributes 0",
            "printed as a formula and evaluated elsewhere, this product may give NaN");
      }
    }
  }

  // A slope that is infinite or none where the operands and the value are numbers; said if that comes to an input.
  void pole(const Instruction& i, const Row& row, const double* x, std::size_t n, double y, double slope) {
    if (!std::isfinite(y) || !std::all_of(x, x + n, [](double v) { return std::isfinite(v); })) return;
    const explain::Trouble trouble{graph_, tape_, tape_.node(i), x, slope, false};
    poles_.push_back({i, "the derivative of " + title(row) + " at " + listed(x, n) + " is " + shortest(slope), explain::repair(trouble)});
  }

  bool infinite_derivative() const {
    for (const Tape::Given& given : tape_.inputs())
      for (std::size_t e = 0; tape_.active(given.slot) && e < tape_.shape(given.slot).size(); ++e)
        if (!std::isfinite(frame_.adjoints.get(tape_.adjoint_offset(given.slot) + e))) return true;
    return false;
  }

  void look_at_array(const Instruction& i, const Row& row) {
    const Shape shape = tape_.shape(i.out);
    const auto arguments = tape_.arguments(i);
    bool alive = false, nan_after = false, wild_before = false, nan_before = false, infinite_after = false;
    for (std::size_t e = 0; e < shape.size(); ++e)
      if (live_[tape_.offset(i.out) + e]) {
        alive = true;
        const double y = frame_.values.get(tape_.offset(i.out) + e);
        nan_after = nan_after || std::isnan(y);
        infinite_after = infinite_after || std::isinf(y);
      }
    if (!alive) return;
    for (SlotId a : arguments)
      for (std::size_t e = 0; e < tape_.shape(a).size(); ++e) {
        const double x = frame_.values.get(tape_.offset(a) + e);
        nan_before = nan_before || std::isnan(x);
        wild_before = wild_before || !std::isfinite(x);
      }
    if (i.op == op_of<LogDet> && (nan_after || infinite_after) && !wild_before) {
      return say(Kind::domain, i, infinite_after ? "logdet of a singular matrix is -inf: its determinant is 0" : "logdet is nan: the determinant is negative",
                 nan_after ? "the logarithm of its size: logdet(A'*A)/2" : "");
    }
    if (i.op == op_of<SingularCofactors> && tape_.active(i.out) && frame_.values.get(tape_.offset(arguments[1])) == 0)
      say(Kind::domain, i, "second derivatives of det at a singular matrix are not known here: nan",
          "up to 6x6 they are, and so are those of a determinant that is written out in minors");
    const bool system = i.op == op_of<Solve> || i.op == op_of<Inv>;
    const bool loop = i.op == op_of<Iterate> || i.op == op_of<IterateAdjoint>;
    if (loop && !wild_before)
      if (const auto born = explain::value_in_loop(frame_, i)) return say_in_loop(i, *born);
    if (system && nan_after && !wild_before) say(Kind::singular, i, "the matrix is singular: `" + std::string(row.info->name) + "` has no value here");
    else if (nan_after && !nan_before) say(Kind::domain, i, title(row) + " gives nan" + (wild_before ? " from infinite elements" : ""));
    else if (infinite_after && !wild_before) say(Kind::domain, i, title(row) + " is infinite: larger than any double");
    if (i.op == op_of<Iterate> && at_.varying[i.out])
      if (const auto inside = explain::kink_in_loop(frame_, i)) say(Kind::kink, i, *inside);
    if (row.array_kink != nullptr && at_.varying[i.out] && !arguments.empty()) {
      const Shape s = tape_.shape(arguments[0]);
      if (row.array_kink(tape_.payload(i), s, frame_.values.all().data() + tape_.offset(arguments[0]), frame_.values.get(tape_.offset(i.out))))
        say(Kind::kink, i, title(row) + " has a kink here: " + std::string(row.info->convention));
    }
    if ((i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) && tape_.active(i.out) && wild_before) {
      bool zero = false;
      for (std::size_t e = 0; e < shape.size(); ++e) zero = zero || frame_.adjoints.get(tape_.adjoint_offset(i.out) + e) == 0;
      if (zero) say(Kind::strong_zero, i, "in the derivative of a product 0 meets an infinity or a NaN: a path with a zero factor contributes 0");
    }
  }

  explain::Inspection at_;
  const Graph& graph_;
  const Tape& tape_;
  NumericFrame<double>& frame_;
  const std::vector<bool>& live_;
  std::set<std::pair<Kind, SlotId>> said_;
  struct Found {
    SlotId operation;
    Diagnostic diagnostic;
  };
  std::vector<Found> found_;
  struct Pole {
    Instruction i;
    std::string message, help;
  };
  std::vector<Pole> poles_;
};

}  // namespace

std::vector<Diagnostic> warnings_at(const Problem& problem, const Point& point) { return Warnings(problem, point).run(); }

std::vector<Diagnostic> second_warnings_at(const Problem& problem, const Point& point) {
  std::vector<Expr> by;
  for (const NodeId x : problem.wrt) by.emplace_back(*problem.graph, x);
  std::vector<Diagnostic> found;
  for (const Expr& slope : vjp({*problem.graph, problem.output}, by, number(*problem.graph, 1)))
    for (Diagnostic& d : warnings_at({problem.graph, slope.id, problem.wrt}, point)) {
      const bool told = std::any_of(found.begin(), found.end(), [&](const Diagnostic& f) { return f.span == d.span && f.message == d.message; });
      if ((d.kind == Kind::domain || d.kind == Kind::singular) && !told) found.push_back(std::move(d));
    }
  return found;
}

}  // namespace wengert
