#include "wengert/explain/kinks.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "inspection.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::Inspection;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int steps_aside = 40;  // doublings of the distance to a kink until its row no longer reports one

// An operation on its own: its value and slopes at any operands, by its row's kernels.
class Primitive {
 public:
  explicit Primitive(Op op) : op_(op) {
    Graph g;
    for (int j = 0; j < row_of(op).arity; ++j) arguments_.push_back(g.input("x", {}));
    const NodeId node = g.node(op, arguments_, {});
    tape_ = Tape::record(g, {&node, 1}, arguments_);
  }
  double value(const double* x) const {
    NumericFrame<double> f(tape_);
    for (std::size_t j = 0; j < arguments_.size(); ++j)
      if (tape_.wrt()[j] != Tape::no_slot) f.values.set(tape_.offset(tape_.wrt()[j]), x[j]);
    evaluate(f);
    return f.values.get(tape_.offset(tape_.outputs()[0]));
  }
  double slope(const double* x, std::size_t by) const {
    const auto partials = element_partials(op_);
    if (partials == nullptr || !varies(row_of(op_), by)) return 0;
    double p[3] = {0, 0, 0};
    partials(value(x), x, p);
    return p[by];
  }

 private:
  Op op_;
  std::vector<NodeId> arguments_;
  Tape tape_;
};

class Finder {
 public:
  Finder(const Problem& p, const Point& point, double tolerance) : at_(p, point), tolerance_(tolerance) {
    maker_.assign(at_.tape.slot_count(), nullptr);
    for (const Instruction& i : at_.tape.code()) maker_[i.out] = &i;
  }

  std::vector<KinkReport> run() {
    for (const Instruction& i : at_.tape.code()) {
      if (i.op == Op::iota || !at_.varying[i.out]) continue;
      const Row& row = row_of(i.op);
      if (row.kink != nullptr) look_at_elements(i, row);
      else if (row.array_kink != nullptr) look_at_array(i, row);
    }
    return std::move(found_);
  }

 private:
  struct Found {
    std::size_t argument;
    double at, distance;
  };

  void look_at_elements(const Instruction& i, const Row& row) {
    const auto a = at_.tape.arguments(i);
    if (a.size() == 2 && a[0] == a[1]) return;  // max(x, x) is x
    std::size_t reported = found_.size();
    for (std::size_t e = 0; e < at_.tape.shape(i.out).size(); ++e) {
      if (!at_.live[at_.tape.offset(i.out) + e]) continue;
      double x[3] = {0, 0, 0};
      bool usable = true;
      for (std::size_t j = 0; j < a.size(); ++j) {
        x[j] = at_.value(a[j], e);
        usable = usable && !std::isnan(x[j]);
      }
      if (!usable) continue;
      const auto kink = nearest(i, row, x, e);
      if (!kink) continue;
      if (reported == found_.size()) found_.push_back(describe(i, row, x, *kink, e));
      else ++found_[reported].elements;
    }
  }

  // The nearest kink along an argument that varies: one of the numbers at which rows have kinks, asked of the row.
  std::optional<Found> nearest(const Instruction& i, const Row& row, const double* x, std::size_t e) const {
    const auto a = at_.tape.arguments(i);
    std::optional<Found> best;
    for (std::size_t j = 0; j < a.size(); ++j) {
      if (!at_.varying[a[j]]) continue;
      const double other = a.size() == 2 ? x[1 - j] : 0;
      const double allowed = tolerance_ * scale(a[j], at_.place(a[j], e), x[j]);
      const double whole = std::round(x[j]);
      for (const double c : {x[j], 0.0, whole, whole - 0.5, whole + 0.5, other, -other, 1 / other, std::round(x[j] / other) * other}) {
        const double distance = std::fabs(x[j] - c);
        if (!(distance <= allowed) || (best && distance >= best->distance)) continue;
        double near[3] = {x[0], x[1], x[2]};
        for (const double exactly : {c, std::nextafter(c, -infinity), std::nextafter(c, infinity)}) {
          near[j] = exactly;
          if (exactly != c && distance == 0) continue;
          if (!row.kink(near)) continue;
          best = Found{j, exactly, std::fabs(x[j] - exactly)};
          break;
        }
      }
    }
    return best;
  }

  // The size of the numbers that an operand was added up from: what its distance from a kink is measured by.
  double scale(SlotId s, std::size_t element, double x) const {
    double size = std::max(1.0, std::fabs(x));
    const Instruction* i = maker_[s];
    if (i == nullptr || (i->op != op_of<Add> && i->op != op_of<Sub>)) return size;
    for (SlotId a : at_.tape.arguments(*i)) {
      const double part = std::fabs(at_.value(a, element - at_.tape.offset(s)));
      if (std::isfinite(part)) size = std::max(size, part);
    }
    return size;
  }

  KinkReport describe(const Instruction& i, const Row& row, const double* x, const Found& kink, std::size_t e) {
    const std::size_t n = at_.tape.arguments(i).size(), j = kink.argument;
    const Primitive primitive(i.op);
    KinkReport r = begin(i, row);
    r.arguments.assign(x, x + n);
    r.argument = j;
    r.at = kink.at;
    r.exact = kink.distance == 0;
    r.element = e;
    double side[3] = {x[0], x[1], x[2]};
    const auto beside = [&](double towards) {
      double step = 0;
      side[j] = std::nextafter(kink.at, towards);
      for (int k = 0; k < steps_aside && row.kink(side); ++k) {
        step = step == 0 ? 2 * std::fabs(side[j] - kink.at) : 2 * step;
        side[j] = kink.at + (towards > 0 ? step : -step);
      }
    };
    beside(-infinity);
    r.left = primitive.slope(side, j);
    r.value_left = primitive.value(side);
    beside(infinity);
    r.right = primitive.slope(side, j);
    r.value_right = primitive.value(side);
    r.jump = std::fabs(r.value_left - r.value_right) > 1e-6 * std::max(std::fabs(r.value_left), std::fabs(r.value_right)) &&
             std::fabs(r.value_left - r.value_right) > 1e-12;
    r.used = primitive.slope(x, j);
    r.note = branches(i, e);
    return r;
  }

  KinkReport begin(const Instruction& i, const Row& row) {
    KinkReport r;
    r.node = at_.tape.node(i);
    r.span = at_.graph.span(r.node);
    r.name = std::string(row.info->name);
    r.text = explain::brief(at_.graph, r.node, 48);
    r.convention = row.info->convention.empty() ? "derivative 0" : std::string(row.info->convention);
    return r;
  }

  // What an `if` with this condition does there.
  std::string branches(const Instruction& condition, std::size_t e) const {
    for (const Instruction& i : at_.tape.code()) {
      if (i.op != op_of<Select> || i.first == i.second || at_.tape.arguments(i)[0] != condition.out) continue;
      const auto a = at_.tape.arguments(i);
      const double yes = at_.value(a[1], e), no = at_.value(a[2], e);
      if (yes == no) return "both branches of the `if` are " + shortest(yes) + " here: it does not jump";
      return "the branches of the `if` are " + shortest(yes) + " and " + shortest(no) + " here: it jumps";
    }
    return {};
  }

  // --- array operations: elements that are nearly equal, or nearly 0, made so

  void look_at_array(const Instruction& i, const Row& row) {
    const Tape& tape = at_.tape;
    bool alive = false;
    for (std::size_t e = 0; e < tape.shape(i.out).size(); ++e) alive = alive || at_.live[tape.offset(i.out) + e];
    if (!alive) return;
    const SlotId a = tape.arguments(i)[0];
    const Shape shape = tape.shape(a);
    std::vector<double> x(shape.size());
    for (std::size_t e = 0; e < x.size(); ++e) x[e] = at_.frame.values.get(tape.offset(a) + e);
    if (x.size() == 1) return;
    const bool exact = row.array_kink(tape.payload(i), shape, x.data(), value_of(i, x)[0]);
    std::vector<double> snapped = exact ? x : together(x);
    if (!exact && (snapped == x || !row.array_kink(tape.payload(i), shape, snapped.data(), value_of(i, snapped)[0]))) return;

    KinkReport r = begin(i, row);
    r.exact = exact;
    r.arguments = {x[0]};
    r.at = snapped[0];
    // The first element whose slopes differ.
    for (std::size_t e = 0; e < x.size(); ++e) {
      const double c = snapped[e];
      const auto slope_at = [&](double t) {
        std::vector<double> moved = snapped;
        moved[e] = t;
        return slope_of(i, moved, e);
      };
      const double h = std::max(1e-150, 1e-8 * std::fabs(c));
      const double left = slope_at(c - h), right = slope_at(c + h);
      if (left == right) continue;
      r.argument = e;
      r.element = e;
      r.arguments = {x[e]};
      r.at = c;
      r.left = left;
      r.right = right;
      r.used = slope_of(i, x, e);
      break;
    }
    found_.push_back(std::move(r));
  }

  // Runs of elements closer than the tolerance become equal; those near 0 become 0.
  std::vector<double> together(const std::vector<double>& x) const {
    std::vector<std::size_t> order(x.size());
    for (std::size_t e = 0; e < x.size(); ++e) order[e] = e;
    for (const double v : x)
      if (std::isnan(v)) return x;
    std::sort(order.begin(), order.end(), [&](std::size_t l, std::size_t r) { return x[l] < x[r]; });
    std::vector<double> out = x;
    double largest = 1;
    for (const double v : x)
      if (std::isfinite(v)) largest = std::max(largest, std::fabs(v));
    const double allowed = tolerance_ * largest;
    bool all_small = true;
    for (const double v : x) all_small = all_small && std::fabs(v) <= tolerance_;
    for (std::size_t k = 1; k < order.size(); ++k)
      if (x[order[k]] - x[order[k - 1]] <= allowed) out[order[k]] = out[order[k - 1]];
    if (all_small) out.assign(x.size(), 0.0);
    return out;
  }

  // The operation alone, on other elements of its first argument.
  std::vector<double> value_of(const Instruction& i, const std::vector<double>& x) {
    Graph g;
    const Problem p = alone(g, i);
    return value_at(g, p.output, {{p.wrt[0], x}});
  }
  double slope_of(const Instruction& i, const std::vector<double>& x, std::size_t e) {
    Graph g;
    const Problem p = alone(g, i);
    const Derivative d = prepare(Mode::reverse, p).jacobian({{p.wrt[0], x}});
    double sum = 0;
    for (std::size_t k = 0; k < d.value.size(); ++k) sum += d.blocks[0][k * x.size() + e];
    return sum;
  }
  Problem alone(Graph& g, const Instruction& i) const {
    const NodeId x = g.input("x", at_.tape.shape(at_.tape.arguments(i)[0]));
    const NodeId y = g.node(i.op, {&x, 1}, at_.tape.shape(i.out), at_.tape.payload(i));
    return {&g, y, {x}};
  }

  Inspection at_;
  double tolerance_;
  std::vector<const Instruction*> maker_;  // by slot
  std::vector<KinkReport> found_;
};

}  // namespace

std::vector<KinkReport> kinks(const Problem& problem, const Point& point, double tolerance) {
  return Finder(problem, point, tolerance).run();
}

std::string kinks_text(const std::vector<KinkReport>& found, const Sources& sources) {
  if (found.empty()) return "No kink or jump here.\n";
  std::string out;
  for (const KinkReport& k : found) {
    const std::string where = explain::located(sources, k.span);
    std::string head = (k.text.empty() ? k.name : k.text) + (where.empty() ? "" : " at " + where);
    if (k.elements > 1) head += " (" + std::to_string(k.elements) + " elements, the first is number " + std::to_string(k.element + 1) + ")";
    out += explain::wrapped(head, 98, 2) + "\n" + explain::marked_line(sources, k.span);
    std::string values;
    for (const double x : k.arguments) values += (values.empty() ? "" : " and ") + shortest(x);
    out += explain::wrapped("  at " + values + (k.exact ? ": on the " : ": " + shortest(std::fabs(k.arguments[std::min(k.argument, k.arguments.size() - 1)] - k.at)) + " from the ") +
                                (k.jump ? "jump" : "kink") + " at " + shortest(k.at), 98, 4) + "\n";
    out += "  slope " + shortest(k.left) + " on the left, " + shortest(k.right) + " on the right; used: " + shortest(k.used) + "\n";
    if (k.jump) out += "  the value jumps from " + shortest(k.value_left) + " to " + shortest(k.value_right) + "\n";
    if (!k.note.empty()) out += explain::wrapped("  " + k.note, 98, 4) + "\n";
    out += explain::wrapped("  convention: " + k.convention, 98, 4) + "\n";
  }
  return out;
}

}  // namespace wengert
