#include "wengert/explain/stability.hpp"

#include <cmath>
#include <unordered_map>

#include "inspection.hpp"
#include "stability_measure.hpp"
#include "stability_pattern.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::Inspection;
using stable::digits;
using stable::error_of;

constexpr double worth_telling = 1;  // digits that an operation must lose to be named
constexpr std::size_t most_texts = 100;  // nodes that are written out: each costs its size
constexpr int levels_up = 4;         // from the operation that loses digits to one whose rewrite cures it

class Examiner {
 public:
  Examiner(const Problem& p, const Point& point, int digits_wanted)
      : at_(p, point), point_(point), exact_(at_.tape, {.bits = Decimal::bits_for(digits_wanted)}), bits_(Decimal::bits_for(digits_wanted)) {
    explain::give_inputs(exact_, point, [&](double x) { return Decimal(x, bits_); });
    evaluate(exact_);
    errors_.resize(at_.tape.elements());
    for (std::size_t k = 0; k < errors_.size(); ++k)
      if (at_.live[k]) errors_[k] = error_of(at_.frame.values.get(k), exact_.values.get(k));
    // A literal is the nearest double in both programs; pi and e are not.
    for (const Tape::Known& k : at_.tape.constants()) errors_[at_.tape.offset(k.slot)] = 0;
  }

  Stability run() {
    Stability s;
    const auto names = explain::value_names(at_.graph, at_.tape);
    for (const Instruction& i : at_.tape.code()) {
      const std::size_t out = at_.tape.offset(i.out);
      std::size_t worst = at_.tape.elements();
      for (std::size_t e = 0; e < at_.tape.shape(i.out).size(); ++e)
        if (at_.live[out + e] && (worst == at_.tape.elements() || errors_[out + e] > errors_[out + worst])) worst = e;
      if (worst == at_.tape.elements()) continue;
      NodeStability n = look_at(i, worst);
      n.name = names[i.out];
      s.nodes.push_back(std::move(n));
    }
    const SlotId out = at_.tape.outputs()[0];
    for (std::size_t e = 0; e < at_.tape.shape(out).size(); ++e) {
      const std::size_t k = at_.tape.offset(out) + e;
      s.digits_lost = std::max(s.digits_lost, digits(errors_[k]));
      s.overflowed = s.overflowed || (!std::isfinite(at_.frame.values.get(k)) && std::isfinite(exact_.values.get(k).to_double()));
    }
    return s;
  }

 private:
  NodeStability look_at(const Instruction& i, std::size_t e) {
    const std::size_t at = at_.tape.offset(i.out) + e;
    NodeStability n;
    n.node = at_.tape.node(i);
    n.span = at_.graph.span(n.node);
    n.element = e;
    n.value = at_.frame.values.get(at);
    n.exact = exact_.values.get(at).to_string(20);
    n.digits_lost = digits(errors_[at]);
    double before = 0;
    bool wild = false;
    explain::each_operand(at_.frame, i, e, [&](std::size_t k) {
      before = std::max(before, errors_[k]);
      wild = wild || !std::isfinite(at_.frame.values.get(k));
    });
    n.lost_here = std::max(0.0, n.digits_lost - digits(before));
    n.cause = cause(i, e, n, wild);
    if ((!n.cause.empty() || n.digits_lost >= worth_telling) && ++texts_ <= most_texts) n.text = explain::brief(at_.graph, n.node, 60);
    if (n.cause.empty()) return n;
    n.cure = cure_for(n.node);
    if (!n.cure && n.cause == "cancellation") n.hint = stable::hint_for(Expr(at_.graph, n.node));
    return n;
  }

  std::string cause(const Instruction& i, std::size_t e, const NodeStability& n, bool wild) const {
    const Decimal& exact = exact_.values.get(at_.tape.offset(i.out) + e);
    if (i.op == Op::iota || isnan(exact)) return {};
    if (std::isinf(n.value) && !wild && !isinf(exact)) return "overflow";
    if (std::fabs(n.value) < 0x1p-1022 && !(exact == 0.0) && std::fabs(exact.to_double()) < 0x1p-1022 && !wild && stands_alone(i, e)) return "underflow";
    if (n.lost_here < worth_telling) return {};
    if (i.op == op_of<Add> || i.op == op_of<Sub> || i.op == op_of<Sum> || i.op == op_of<MatMul>) return "cancellation";
    return absorbed(i, e) ? "absorption" : "amplification";
  }

  // The operands themselves had not underflowed.
  bool stands_alone(const Instruction& i, std::size_t e) const {
    bool alone = true;
    explain::each_operand(at_.frame, i, e, [&](std::size_t k) { alone = alone && (errors_[k] < 1e15); });
    return alone;
  }

  // An operand is a sum in which one term lost its digits beside the other: 1 + x.
  bool absorbed(const Instruction& i, std::size_t e) const {
    for (SlotId s : at_.tape.arguments(i)) {
      const Node& n = at_.graph[at_.tape.node(s)];
      if (n.op != op_of<Add> && n.op != op_of<Sub>) continue;
      const auto terms = at_.graph.arguments(at_.tape.node(s));
      double size[2] = {0, 0};
      for (SlotId t = 0; t < at_.tape.slot_count(); ++t)
        for (std::size_t j = 0; j < 2; ++j)
          if (at_.tape.node(t) == terms[j]) size[j] = std::fabs(at_.value(t, at_.tape.shape(s).scalar() ? 0 : e));
      const double small = std::min(size[0], size[1]), large = std::max(size[0], size[1]);
      if (small < 0.1 * large) return true;
    }
    return false;
  }

  // The first rewrite of the node, or of one that it is a part of, that is better at this point.
  std::optional<Cure> cure_for(NodeId node) {
    std::vector<NodeId> level{node};
    for (int up = 0; up <= levels_up && !level.empty(); ++up) {
      std::vector<NodeId> above;
      for (const NodeId id : level) {
        if (const auto cure = measured(id)) return cure;
        for (const Instruction& i : at_.tape.code())
          for (SlotId a : at_.tape.arguments(i))
            if (at_.tape.node(a) == id && above.size() < 8) above.push_back(at_.tape.node(i));
      }
      level = std::move(above);
    }
    return {};
  }

  std::optional<Cure> measured(NodeId id) {
    if (const auto it = cures_.find(id); it != cures_.end()) return it->second;
    const stable::Sample here{point_, 2000};
    std::optional<Cure>& best = cures_[id];
    const auto all = stable::candidates(Expr(at_.graph, id));
    if (all.empty()) return best;
    const stable::Measured old = stable::measure(at_.graph, id, here);
    double error = old.error;
    for (const stable::Candidate& c : all) {
      FixOptions inside;
      inside.samples = 16;
      inside.point = &point_;
      const Expr after = fix(c.e, inside);
      const stable::Measured fresh = stable::measure(at_.graph, after.id, here);
      if (!old.defined || !stable::equal(old, fresh) || !(8 * (fresh.error + 1) < error + 1)) continue;
      error = fresh.error;
      best = Cure{std::string(c.name), std::string(c.condition), id, after.id, explain::brief(at_.graph, id, 60),
                  explain::brief(at_.graph, after.id, 60), digits(old.error), digits(fresh.error)};
    }
    return best;
  }

  Inspection at_;
  const Point& point_;
  NumericFrame<Decimal> exact_;
  int bits_;
  std::size_t texts_ = 0;
  std::vector<double> errors_;  // by element, in units of 2^-53
  std::unordered_map<NodeId, std::optional<Cure>> cures_;
};

std::string one_decimal(double x) { return shortest(std::round(x * 10) / 10); }

}  // namespace

Stability stability(const Problem& problem, const Point& point, int digits_wanted) { return Examiner(problem, point, digits_wanted).run(); }

std::string stability_text(const Stability& s, const Sources& sources) {
  std::string out = s.overflowed ? "The value overflows.\n"
                    : s.digits_lost < worth_telling ? "The value has all its digits but " + one_decimal(s.digits_lost) + ".\n"
                                                    : "The value loses " + one_decimal(s.digits_lost) + " of 16 digits.\n";
  for (const NodeStability& n : s.nodes) {
    if (n.cause.empty()) continue;
    const std::string where = explain::located(sources, n.span);
    out += explain::wrapped(n.name + " = " + n.text + (where.empty() ? "" : "   (" + where + ")"), 98, 4) + "\n" + explain::marked_line(sources, n.span);
    out += explain::wrapped("  " + n.cause + ": " + one_decimal(n.lost_here) + " digits are lost here; " + shortest(n.value) + " is exactly " + n.exact, 98, 4) + "\n";
    if (n.cure) {
      out += explain::wrapped("  " + n.cure->name + ": " + n.cure->before_text + "  ->  " + n.cure->after_text, 98, 6) + "\n";
      out += "    loses " + one_decimal(n.cure->lost_after) + " digits instead of " + one_decimal(n.cure->lost_before) +
             (n.cure->condition.empty() ? "" : ", " + n.cure->condition) + "\n";
    } else if (!n.hint.empty()) {
      out += explain::wrapped("  " + n.hint, 98, 4) + "\n";
    }
  }
  return out;
}

}  // namespace wengert
