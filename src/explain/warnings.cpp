// Kinks, values outside a domain, and strong zeros that decided a derivative, at one point.
//
// One evaluation and one reverse sweep are looked at, element by element. What only a branch that was
// not chosen depends on is not looked at.
#include <cmath>
#include <set>

#include "wengert/explain/agree.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rules/table.hpp"
#include "wengert/sweep/propagate.hpp"

namespace wengert {

namespace {

using Frame = NumericFrame<double>;

class Inspector {
 public:
  Inspector(const Problem& p, const Point& point)
      : problem_(p), graph_(*p.graph), tape_(Tape::record(graph_, std::span(&p.output, 1), p.wrt)), frame_(tape_) {
    for (const Tape::Given& g : tape_.inputs())
      if (const auto it = point.find(g.node); it != point.end())
        for (std::size_t e = 0; e < it->second.size(); ++e) frame_.values.set(tape_.offset(g.slot) + e, it->second[e]);
    evaluate(frame_);
    frame_.clear_adjoints();
    const SlotId out = tape_.outputs()[0];
    for (std::size_t e = 0; e < tape_.shape(out).size(); ++e) frame_.adjoints.set(tape_.offset(out) + e, 1.0);
    pull_back(frame_);
    find_live();
    find_varying();
  }

  std::vector<Diagnostic> run() {
    for (const Instruction& i : tape_.code()) {
      if (i.op == Op::iota) continue;
      const Row& row = row_of(i.op);
      if (row.elementwise) look_at_elements(i, row);
      else look_at_array(i, row);
    }
    return std::move(found_);
  }

 private:
  std::size_t place(SlotId s, std::size_t e) const { return tape_.offset(s) + (tape_.shape(s).scalar() ? 0 : e); }
  double value(SlotId s, std::size_t e) const { return frame_.values.get(place(s, e)); }

  // Elements that the output depends on through chosen branches.
  void find_live() {
    live_.assign(tape_.elements(), false);
    const SlotId out = tape_.outputs()[0];
    for (std::size_t e = 0; e < tape_.shape(out).size(); ++e) live_[tape_.offset(out) + e] = true;
    const auto code = tape_.code();
    for (std::size_t k = code.size(); k-- > 0;) {
      const Instruction& i = code[k];
      if (i.op == Op::iota) continue;
      const auto arguments = tape_.arguments(i);
      const std::size_t n = tape_.shape(i.out).size();
      if (i.op == op_of<Select>) {
        for (std::size_t e = 0; e < n; ++e)
          if (live_[tape_.offset(i.out) + e]) {
            live_[place(arguments[0], e)] = true;
            live_[place(arguments[truth(value(arguments[0], e)) ? 1 : 2], e)] = true;
          }
      } else if (row_of(i.op).elementwise) {
        for (std::size_t e = 0; e < n; ++e)
          if (live_[tape_.offset(i.out) + e])
            for (SlotId a : arguments) live_[place(a, e)] = true;
      } else if (i.op == op_of<Part> || i.op == op_of<Place>) {
        mark_parts(i, arguments);
      } else {
        bool any = false;
        for (std::size_t e = 0; e < n; ++e) any = any || live_[tape_.offset(i.out) + e];
        if (any)
          for (SlotId a : arguments)
            for (std::size_t e = 0; e < tape_.shape(a).size(); ++e) live_[tape_.offset(a) + e] = true;
      }
    }
  }

  void mark_parts(const Instruction& i, std::span<const SlotId> arguments) {
    const auto slices = tape_.slices(i);
    for (std::size_t j = 0; j < arguments.size(); ++j) {
      const SlotId small = i.op == op_of<Part> ? i.out : arguments[j], large = i.op == op_of<Part> ? arguments[0] : i.out;
      const Slice& s = slices[j];
      for (std::size_t r = 0; r < s.shape.rows; ++r)
        for (std::size_t c = 0; c < s.shape.cols; ++c) {
          const std::size_t in_small = tape_.offset(small) + r * s.shape.cols + c;
          const std::size_t in_large = tape_.offset(large) + (s.row + r) * tape_.shape(large).cols + s.col + c;
          if (i.op == op_of<Part>) { if (live_[in_small]) live_[in_large] = true; }
          else if (live_[in_large]) live_[in_small] = true;
        }
    }
  }

  // Values that depend on an input at all: a comparison of constants has no kink.
  void find_varying() {
    varying_.assign(tape_.slot_count(), false);
    for (const Tape::Given& g : tape_.inputs()) varying_[g.slot] = true;
    for (const Instruction& i : tape_.code())
      for (SlotId a : tape_.arguments(i)) varying_[i.out] = varying_[i.out] || varying_[a];
  }

  void say(Kind kind, const Instruction& i, std::string message, std::string help = {}) {
    if (!said_.insert({kind, i.out}).second) return;
    found_.push_back({kind, std::move(message), graph_.span(tape_.node(i)), std::move(help), {}});
  }

  static std::string title(const Row& row) {
    return row.info->notation == Notation::call ? std::string(row.info->name) : "`" + std::string(row.info->name) + "`";
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
      if (varying_[i.out] && row.kink != nullptr && row.kink(x)) kink(i, row, x, arguments.size());
      const double y = frame_.values.get(tape_.offset(i.out) + e);
      if (std::isnan(y) && !nan_before) outside(i, row, x, arguments.size(), y);
      if (std::isinf(y) && !infinite_before && !nan_before) outside(i, row, x, arguments.size(), y);
      if (tape_.active(i.out)) strong_zero(i, row, e, y, x, arguments);
    }
  }

  static std::string listed(const double* x, std::size_t n) {
    std::string out;
    for (std::size_t j = 0; j < n; ++j) out += (j > 0 ? ", " : "") + shortest(x[j]);
    return out;
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
    const bool huge = std::isinf(y) && (i.op == op_of<Exp> || i.op == op_of<Mul> || i.op == op_of<Add> || i.op == op_of<Sub> ||
                                        i.op == op_of<Sinh> || i.op == op_of<Cosh> || (i.op == op_of<Pow> && x[0] != 0));
    say(Kind::domain, i, title(row) + " of " + listed(x, n) + " is " + shortest(y) +
                             (huge ? ": larger than any double" : std::isnan(y) ? ": outside its domain" : ": a pole"), help);
  }

  // 0 times an infinity or a NaN in the reverse sweep.
  void strong_zero(const Instruction& i, const Row& row, std::size_t e, double y, const double* x, std::span<const SlotId> arguments) {
    const auto partials = element_partials(i.op);
    if (partials == nullptr) return;
    const double g = frame_.adjoints.get(tape_.offset(i.out) + e);
    double p[3] = {0, 0, 0};
    partials(y, x, p);
    for (std::size_t j = 0; j < arguments.size(); ++j) {
      if (!varies(row, j) || !tape_.active(arguments[j])) continue;
      if (i.op == op_of<Select>) continue;  // the branch that was not chosen contributes nothing by definition
      const bool zero = g == 0 || p[j] == 0, wild = !std::isfinite(g) || !std::isfinite(p[j]);
      if (zero && wild) {
        const double other = g == 0 ? p[j] : g;
        say(Kind::strong_zero, i, "in the derivative of " + title(row) + " 0 meets " + shortest(other) + ": a path with a zero factor contributes 0",
            "printed as a formula and evaluated elsewhere, this product may give NaN");
      }
    }
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
    if (nan_after && !nan_before) say(Kind::domain, i, title(row) + " gives nan" + (wild_before ? " from infinite elements" : ""));
    else if (infinite_after && !wild_before) say(Kind::domain, i, title(row) + " is infinite: larger than any double");
    if (row.array_kink != nullptr && varying_[i.out] && !arguments.empty()) {
      const Shape s = tape_.shape(arguments[0]);
      if (row.array_kink(tape_.payload(i), s, frame_.values.all().data() + tape_.offset(arguments[0]), frame_.values.get(tape_.offset(i.out))))
        say(Kind::kink, i, title(row) + " has a kink here: " + std::string(row.info->convention));
    }
    if ((i.op == op_of<MatMul> || i.op == op_of<StrongMatMul>) && tape_.active(i.out) && wild_before) {
      bool zero = false;
      for (std::size_t e = 0; e < shape.size(); ++e) zero = zero || frame_.adjoints.get(tape_.offset(i.out) + e) == 0;
      if (zero) say(Kind::strong_zero, i, "in the derivative of a product 0 meets an infinity or a NaN: a path with a zero factor contributes 0");
    }
  }

  const Problem& problem_;
  const Graph& graph_;
  Tape tape_;
  Frame frame_;
  std::vector<bool> live_, varying_;
  std::set<std::pair<Kind, SlotId>> said_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> warnings_at(const Problem& problem, const Point& point) { return Inspector(problem, point).run(); }

}  // namespace wengert
