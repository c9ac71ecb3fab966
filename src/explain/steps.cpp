#include "wengert/explain/steps.hpp"

#include <algorithm>
#include <optional>

#include "steps_rules.hpp"
#include "trace_table.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

using steps::SweepFrame;

Expr as_column(const Expr& e) { return reshape(e, {static_cast<std::uint32_t>(e.shape().size()), 1}); }

// What `diff` prints before it is simplified.
Expr whole_derivative(const Expr& y, const Expr& x) {
  if (x.shape().scalar()) return derivative(y, x, Form::shown);
  return y.shape().scalar() ? gradient(y, x, Form::shown) : jacobian(y, x, Form::shown);
}

constexpr std::size_t written_out = 30;  // operations of a program whose lines do without names

class Deriver {
 public:
  Deriver(const Expr& y, const Expr& x, const Expr& answer, bool blackboard)
      : g_(*y.graph),
        y_(y),
        x_(x),
        tape_(Tape::record(g_, std::span(&y.id, 1), std::span(&x.id, 1))),
        answer_(answer),
        blackboard_(blackboard),
        frame_(steps::frame_of(tape_, g_)) {
    d_.by = g_.input_of(x.id).name;
    d_.differentials = !x.shape().scalar();
    d_.by_name = operations() > written_out;
  }

  std::size_t operations() const {
    return static_cast<std::size_t>(std::count_if(tape_.code().begin(), tape_.code().end(),
                                                  [&](const Instruction& i) { return tape_.active(i.out); }));
  }

  // The first rules, then the end.
  Derivation abridged(std::size_t lines, const KnownSums& known) {
    open_tangents();
    ask();
    std::size_t told = 0;
    std::optional<NodeId> next = first_pending();
    for (; next && told < lines; ++told) {
      apply(*next);
      next = first_pending();
    }
    if (next) d_.left_out = operations() - std::min(operations(), told);
    std::string end = !d_.differentials     ? "simplification"
                      : y_.shape().scalar() ? "the factor of the differential is the gradient"
                                            : "the factor of the differential is the Jacobian";
    if (next) end = std::to_string(d_.left_out) + " more rules, and " + end;
    const TextOptions plain{.pending = &d_.pending};
    if (!next && to_text(line(), plain).all() == to_text(answer_, plain).all())
      d_.lines.back().expression = answer_;
    else
      add(DerivationLine::Kind::gap, end, answer_, line().id, answer_.id);
    assume(known);
    return std::move(d_);
  }

  // Nothing if the lines end elsewhere than `diff` does.
  std::optional<Derivation> run(const KnownSums& known) {
    sweep();
    ask();
    while (const std::optional<NodeId> next = first_pending()) apply(*next);
    if (!d_.differentials && simplify(line()) != answer_ && present(apart_) && simplify(apart_) == answer_)
      add(DerivationLine::Kind::rewrite, "fractions taken apart", apart_, line().id, apart_.id);
    simplify_last({});
    if (d_.differentials) read_off(answer_);
    if (line() != answer_) return std::nullopt;
    assume(known);
    return std::move(d_);
  }

 private:
  struct Rule {
    Expr tangent, apart;
    steps::Applied applied;
    NodeId node = no_node;
    std::vector<NodeId> sums;  // pending arguments that are sums too
  };

  Expr line() const { return d_.lines.back().expression; }

  NodeId pending_for(const Expr& of) {
    const NodeId id = g_.input(d_.differentials ? "d" : "diff", of.shape());
    d_.pending.emplace(id, PendingDerivative{of.id, d_.differentials ? std::string() : d_.by});
    return id;
  }

  void seed_tangents() {
    const SlotId seed = tape_.wrt()[0];
    if (seed == Tape::no_slot) return;
    frame_.tangents[seed] = d_.differentials ? Expr(g_, pending_for(x_)) : number(g_, 1);
    if (d_.differentials) differential_ = frame_.tangents[seed].id;
  }

  // What an operation's rule says of its arguments' derivatives; without a tangent where they all are absent.
  Rule rule_of(const Instruction& i) {
    Rule rule;
    rule.node = tape_.node(i);
    std::vector<bool> varies;
    for (const SlotId s : tape_.arguments(i)) {
      varies.push_back(present(frame_.tangents[s]));
      if (varies.back() && steps::is_sum(i.op) && steps::is_sum(g_[tape_.node(s)].op))
        rule.sums.push_back(frame_.tangents[s].id);
    }
    rule.applied = steps::name_rule(g_, rule.node, varies, [&](NodeId id) { return id == x_.id; });
    const steps::Stated stated =
        blackboard_ ? steps::blackboard_rule(frame_, i, g_) : steps::Stated{steps::pushed(frame_, i), {}};
    if (!present(stated.whole)) return rule;
    rule.tangent = broadcast(stated.whole, tape_.shape(i.out));
    rule.apart = present(stated.apart) ? broadcast(stated.apart, tape_.shape(i.out)) : rule.tangent;
    return rule;
  }

  // The forward sweep: every operation's rule, of derivatives that are inputs of their own.
  void sweep() {
    seed_tangents();
    for (const Instruction& i : tape_.code()) {
      if (!tape_.active(i.out)) continue;
      Rule rule = rule_of(i);
      if (!present(rule.tangent)) continue;
      const NodeId stands = pending_for(Expr(g_, rule.node));
      frame_.tangents[i.out] = Expr(g_, stands);
      rules_.emplace(stands, std::move(rule));
    }
    tangent_ = frame_.tangents[tape_.outputs()[0]];
    find_meanings();
  }

  // The same with rules that are made when they are told.
  void open_tangents() {
    seed_tangents();
    for (const Instruction& i : tape_.code()) {
      if (!tape_.active(i.out)) continue;
      const NodeId stands = pending_for(Expr(g_, tape_.node(i)));
      frame_.tangents[i.out] = Expr(g_, stands);
      untold_.emplace(stands, &i);
    }
    tangent_ = frame_.tangents[tape_.outputs()[0]];
  }

  const Rule& rule_for(NodeId pending) {
    if (const auto it = rules_.find(pending); it != rules_.end()) return it->second;
    const Instruction& i = *untold_.at(pending);
    const Expr stands = frame_.tangents[i.out];
    frame_.tangents[i.out] = Expr();
    Rule rule = rule_of(i);
    frame_.tangents[i.out] = stands;
    if (!present(rule.tangent)) rule.tangent = rule.apart = broadcast(number(g_, 0), tape_.shape(i.out));
    return rules_.emplace(pending, std::move(rule)).first->second;
  }

  // Rules in each other, in the order in which they arose.
  void find_meanings() {
    std::vector<NodeId> order;
    for (const auto& [id, rule] : rules_) order.push_back(id);
    std::sort(order.begin(), order.end());
    std::unordered_map<NodeId, Expr> known, apart;
    for (const NodeId id : order) {
      known.emplace(id, substitute(rules_.at(id).tangent, known));
      apart.emplace(id, substitute(rules_.at(id).apart, apart));
      d_.meanings.emplace_back(id, known.at(id));
    }
    if (present(tangent_) && apart.contains(tangent_.id)) apart_ = apart.at(tangent_.id);
  }

  void ask() {
    DerivationLine question;
    const Expr zero = broadcast(number(g_, 0), y_.shape());
    question.expression = present(tangent_) ? tangent_ : zero;
    if (!present(tangent_)) {  // nothing varies: the question has to be there all the same
      const Expr stands(g_, pending_for(y_));
      d_.meanings.emplace_back(stands.id, zero);
      question.expression = stands;
      d_.lines.push_back(question);
      add(DerivationLine::Kind::rule, "constant rule", zero, stands.id, zero.id);
      return;
    }
    if (tangent_.node().op != Op::input) {  // y is x itself
      const Expr stands(g_, pending_for(y_));
      d_.meanings.emplace_back(stands.id, tangent_);
      question.expression = stands;
      d_.lines.push_back(question);
      add(DerivationLine::Kind::rule, "identity", tangent_, stands.id, tangent_.id);
      return;
    }
    d_.lines.push_back(question);
  }

  DerivationLine& add(DerivationLine::Kind kind, std::string rule, const Expr& e, NodeId before, NodeId after) {
    DerivationLine& next = d_.lines.emplace_back();
    next.kind = kind;
    next.rule = std::move(rule);
    next.expression = e;
    next.before = before;
    next.after = after;
    return next;
  }

  // The first derivative still to be taken, from the left.
  std::optional<NodeId> first_pending() const {
    std::vector<NodeId> open{line().id};
    std::unordered_set<NodeId> seen;
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (!seen.insert(id).second) continue;
      if (rules_.contains(id) || untold_.contains(id)) return id;
      const auto x = g_.arguments(id);
      open.insert(open.end(), x.rbegin(), x.rend());
    }
    return std::nullopt;
  }

  void apply(NodeId pending) {
    const Rule& rule = rule_for(pending);
    std::unordered_map<NodeId, Expr> replaced{{pending, with_sums(rule)}};
    const Expr after = replaced.at(pending);
    DerivationLine& next =
        add(DerivationLine::Kind::rule, rule.applied.name, substitute(line(), replaced), pending, after.id);
    next.span = g_.span(rule.node);
    const auto text = [&](NodeId id) {
      if (!d_.by_name) return to_text(Expr(g_, id), {.share = false, .limit = 60}).all();
      const std::string* name = g_.name_of(id);
      return name != nullptr
                 ? *name
                 : explain::clipped(to_text(Expr(g_, id), {.share = false, .definitions = true}).expression, 60);
    };
    next.chain = rule.applied.chain;
    if (next.chain)
      next.inner = text(rule.applied.inner[0]);
    else if (rule.applied.inner.size() == 2)
      next.parts = "u = " + text(rule.applied.inner[0]) + ", v = " + text(rule.applied.inner[1]);
  }

  // a + b - c is one sum: the sums in it are put in at once, innermost first.
  Expr with_sums(const Rule& rule) {
    std::vector<NodeId> all(rule.sums);
    for (std::size_t k = 0; k < all.size(); ++k) {
      const Rule& inner = rule_for(all[k]);
      all.insert(all.end(), inner.sums.begin(), inner.sums.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::unordered_map<NodeId, Expr> known;
    for (const NodeId id : all) known.emplace(id, substitute(rules_.at(id).tangent, known));
    return substitute(rule.tangent, known);
  }

  // A line for every rewrite that the simplifier tells of and that changes what stands there.
  void simplify_last(const KnownSums& known) {
    struct Rewrite {
      std::vector<std::string_view> names;
      std::string condition;
      Expr before, after;
    };
    std::vector<Rewrite> all;
    const Expr simple = simplify(line(), [&](const RewriteStep& step) {
      if (all.empty() || all.back().before != step.before || all.back().after != step.after)
        all.push_back({{}, {}, step.before, step.after});
      all.back().names.push_back(step.name);
      if (!step.condition.empty())
        all.back().condition += (all.back().condition.empty() ? "" : "; ") + condition_of(step);
    }, known);
    for (const Rewrite& r : all) {
      const Expr next = substitute(line(), {{r.before.id, r.after}});
      if (next == line()) continue;
      std::string name;
      for (const std::string_view n : r.names)
        if (r.names.size() == 1 || n != "order") name += (name.empty() ? "" : ", ") + std::string(n);
      put_rewrite(name, r.condition, next, r.before.id, r.after.id);
    }
    if (line() != simple) put_rewrite("order", {}, simple, line().id, simple.id);
  }

  // What follows from sums of constants.
  void assume(const KnownSums& known) {
    if (!known.all.empty() || !known.columns.empty()) simplify_last(known);
  }

  // That a sum is 1 is said of the constant by its name.
  std::string condition_of(const RewriteStep& step) const {
    const Node& before = step.before.node();
    if (before.op != op_of<Sum>) return std::string(step.condition);
    const NodeId constant = g_.arguments(step.before.id)[0];
    if (g_[constant].op != Op::input) return std::string(step.condition);
    const std::string name = g_.input_of(constant).name;
    return before.payload == along::all ? "the elements of " + name + " sum to 1" : "each column of " + name + " sums to 1";
  }

  // Neighbours by the same rewrite are one line.
  void put_rewrite(const std::string& name, const std::string& condition, const Expr& e, NodeId before, NodeId after) {
    DerivationLine& last = d_.lines.back();
    const TextOptions plain{.pending = &d_.pending};
    if (to_text(last.expression, plain).all() ==
        to_text(e, plain).all()) {  // such as a strong product that became an ordinary one
      last.expression = e;
      return;
    }
    if (last.kind == DerivationLine::Kind::rewrite && last.rule == name && last.condition == condition) {
      last.expression = e;
      last.before = d_.lines[d_.lines.size() - 2].expression.id;
      last.after = e.id;
      return;
    }
    add(DerivationLine::Kind::rewrite, name, e, before, after).condition = condition;
  }

  // dy is linear in dx: what dx is multiplied with is the derivative.
  void read_off(const Expr& answer) {
    const Expr before = line();
    if (differential_ != no_node) {
      const Expr dx(g_, differential_);
      Expr linear;
      if (!y_.shape().scalar())
        linear = reshape(matmul(answer, as_column(dx)), y_.shape());
      else if (x_.shape().cols == 1)
        linear = matmul(transpose(answer), dx);
      else
        linear = total(answer * dx, along::all);
      if (linear != before)
        add(DerivationLine::Kind::reading, "collect the differential", linear, before.id, linear.id);
    }
    const char* name = y_.shape().scalar() ? "the factor of the differential is the gradient"
                                           : "the factor of the differential is the Jacobian";
    add(DerivationLine::Kind::reading, name, answer, line().id, answer.id);
  }

  Graph& g_;
  Expr y_, x_;
  Tape tape_;
  Expr answer_;  // what `diff` prints
  bool blackboard_;
  Derivation d_;
  SweepFrame frame_;
  std::unordered_map<NodeId, Rule> rules_;                 // by the input that stands for the derivative
  std::unordered_map<NodeId, const Instruction*> untold_;  // whose rules are not made yet
  Expr tangent_;
  Expr apart_;  // the derivative with every rule's terms apart
  NodeId differential_ = no_node;
};

}  // namespace

Result<Derivation> derive(const Expr& y, const Expr& x, const DerivationOptions& options) {
  // Made first: its shared parts are then named in the order in which `diff` names them.
  const Expr answer = simplify(whole_derivative(y, x));
  Deriver first(y, x, answer, true);
  if (first.operations() > options.operations) return first.abridged(options.lines, options.known);
  if (auto d = first.run(options.known)) return std::move(*d);
  // The rules as the sweep states them end where `diff` does, which is the same sweep.
  if (auto d = Deriver(y, x, answer, false).run(options.known)) return std::move(*d);
  // Loops that the derivative makes are new ones each time: then the end is the sweep's, in one line.
  Deriver last(y, x, answer, true);
  return last.abridged(last.operations(), options.known);
}

}  // namespace wengert
