// The repair of a whole expression: each node's rewrites, tried and measured, from the inputs on.
#include <algorithm>
#include <unordered_map>

#include "inspection.hpp"
#include "stability_measure.hpp"
#include "stability_pattern.hpp"
#include "wengert/explain/stability.hpp"

namespace wengert {

namespace {

using namespace stable;
using Frame = SymbolicFrame<Expr>;

constexpr double noise = 4;         // units in the last place that forms may differ by
constexpr double worthwhile = 8;    // times smaller an error must be somewhere
constexpr int rounds_inside = 2;    // a rewrite's own new nodes are repaired so many levels deep

class Repairer {
 public:
  Repairer(Graph& graph, const FixOptions& options, std::vector<Cure>* cures) : graph_(graph), options_(options), cures_(cures), work_(static_cast<double>(options.work)) {}

  Expr repaired(const Expr& e, int depth) {
    const Tape tape = Tape::record(graph_, std::span(&e.id, 1));
    Frame f(tape);
    for (SlotId s = 0; s < tape.slot_count(); ++s) f.values[s] = Expr(graph_, tape.node(s));
    for (const Instruction& i : tape.code()) {
      const NodeId original = tape.node(i);
      if (const auto known = done_.find(original); known != done_.end()) {
        f.values[i.out] = Expr(graph_, known->second);
        continue;
      }
      bool changed = false;
      for (SlotId a : tape.arguments(i)) changed = changed || f.values[a].id != tape.node(a);
      if (changed && i.op != Op::iota) kernel<Frame>(i.op).value(f, i);
      f.values[i.out] = best_of(Expr(graph_, original), f.values[i.out], depth);
      done_[original] = f.values[i.out].id;
      if (f.values[i.out].id != original) {
        graph_.derive_span(f.values[i.out].id, original);
        done_[f.values[i.out].id] = f.values[i.out].id;
      }
    }
    return f.values[tape.outputs()[0]];
  }

 private:
  // The node as it is by now, or the first rewrite of it or of the node as written that measures better.
  Expr best_of(const Expr& written, Expr current, int depth) {
    std::vector<Candidate> all = candidates(current);
    if (!(written == current))
      for (Candidate& c : candidates(written)) all.push_back(std::move(c));
    for (const Candidate& c : all) {
      const Expr better = depth < rounds_inside ? repaired(c.e, depth + 1) : c.e;
      if (better == current || better.shape() != current.shape() || !improves(current, better, c)) continue;
      current = better;
    }
    return current;
  }

  bool improves(const Expr& before, const Expr& after, const Candidate& c) {
    const std::vector<Sample> points = samples(graph_, before.id, options_.samples, options_.seed, options_.point);
    const double cost = operations(graph_, before.id) + operations(graph_, after.id);
    double gain = 1;
    Cure cure;
    for (const Sample& s : points) {
      work_ -= cost * s.bits / 400;
      if (work_ < 0) return false;
      const Measured old = measure(graph_, before.id, s);
      if (!old.defined) continue;
      const Measured fresh = measure(graph_, after.id, s);
      if (!equal(old, fresh)) {
        if (reliable(before.id, s, old)) return false;
        continue;
      }
      if (fresh.error > 2 * old.error + noise && error_around(graph_, after.id, s) > 2 * std::max(old.error, error_around(graph_, before.id, s)) + noise) return false;
      const double now = (old.error + noise) / (fresh.error + noise);
      if (now > gain) {
        gain = now;
        cure.lost_before = digits(old.error);
        cure.lost_after = digits(fresh.error);
      }
    }
    if (gain < worthwhile) return false;
    if (cures_ != nullptr) {
      cure.name = c.name;
      cure.condition = c.condition;
      cure.before = before.id;
      cure.after = after.id;
      cure.before_text = explain::brief(graph_, before.id, 60);
      cure.after_text = explain::brief(graph_, after.id, 60);
      cures_->push_back(std::move(cure));
    }
    return true;
  }

  // More digits do not change the exact value, and it is not a 0 that no number of digits would resolve.
  bool reliable(NodeId node, Sample s, const Measured& old) {
    for (const Decimal& x : old.exact)
      if (x == 0.0) return false;
    work_ -= 4 * operations(graph_, node) * s.bits / 400;
    s.bits *= 4;
    return equal(old, measure(graph_, node, s));
  }

  Graph& graph_;
  const FixOptions& options_;
  std::vector<Cure>* cures_;
  double work_;
  std::unordered_map<NodeId, NodeId> done_;
};

}  // namespace

Expr fix(const Expr& e, const FixOptions& options, std::vector<Cure>* cures) {
  std::vector<Cure> all;
  const Expr out = Repairer(*e.graph, options, &all).repaired(e, 0);
  if (cures != nullptr) {
    // What a rewrite that was not taken did inside itself is not told.
    const auto reached = e.graph->reachable({&out.id, 1});
    for (Cure& c : all)
      if (std::binary_search(reached.begin(), reached.end(), c.after)) cures->push_back(std::move(c));
  }
  return out;
}

std::vector<CureRule> cure_rules() {
  std::vector<CureRule> out;
  for (const NodeRule& r : node_rules()) out.push_back({r.name, r.example, r.condition});
  for (const PairRule& r : pair_rules()) out.push_back({r.name, r.example, r.condition});
  return out;
}

}  // namespace wengert
