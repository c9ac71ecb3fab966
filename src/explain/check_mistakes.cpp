// A mistaken answer is the forward sweep with a mistaken rule at one operation, or at all of its kind.
#include "check_mistakes.hpp"

#include "check_rules.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert::checking {

namespace {

constexpr std::size_t most_sites = 200;

class Candidates {
 public:
  Candidates(const StudentAnswer& q, const Expr& derivative, const std::function<bool(const Candidate&)>& found)
      : q_(q), g_(*q.y.graph), derivative_(derivative), found_(found), sweep_(q.y, q.x) {}

  bool run() {
    if (!present(sweep_.root) || sweep_.sites.size() > most_sites) return by_another_variable() || other_layout();
    resolve();
    for (std::size_t s = 0; s < sweep_.sites.size(); ++s) wrong_.push_back(mistaken_rules(sweep_, s));
    return one_place(Likely::first) || one_place(Likely::sign) || whole_sign() || by_another_variable() ||
           other_layout() || everywhere() || one_place(Likely::last) || lost_terms() || lost_paths();
  }

 private:
  using Known = std::unordered_map<NodeId, Expr>;

  // What stands for each operation's derivative, by the right rules.
  void resolve() {
    for (const Site& s : sweep_.sites) right_.emplace(s.pending, substitute(s.tangent, right_));
  }

  // The answer when operation k has another tangent.
  Expr with(std::size_t k, const Expr& tangent) {
    Known known(right_);
    known[sweep_.sites[k].pending] = substitute(tangent, right_);
    for (std::size_t s = k + 1; s < sweep_.sites.size(); ++s)
      known[sweep_.sites[s].pending] = substitute(sweep_.sites[s].tangent, known);
    return answer(known);
  }

  Expr answer(const Known& known) {
    const Expr total = substitute(sweep_.root, known);
    if (!sweep_.differentials) return total;
    const Expr dx(g_, sweep_.seed.id);
    return total.shape().scalar() ? gradient(total, dx) : jacobian(total, dx);
  }

  // What explains much comes late: a wrong sign somewhere is often a rule with its terms swapped.
  enum class Likely : std::uint8_t { first, sign, last };
  static Likely likely(const WrongRule& w) {
    return w.unlikely ? Likely::last : w.kind == MistakeKind::sign ? Likely::sign : Likely::first;
  }
  bool one_place(Likely when) {
    for (std::size_t s = sweep_.sites.size(); s-- > 0;)
      for (const WrongRule& w : wrong_[s])
        if (likely(w) == when && found_({w.kind, w.message, g_.span(sweep_.sites[s].node), with(s, w.tangent)}))
          return true;
    return false;
  }

  bool whole_sign() { return found_({MistakeKind::sign, "the sign is wrong", {}, -derivative_}); }

  // The same mistake wherever it can be made.
  bool everywhere() {
    for (std::size_t kind = 0; kind < wrong_rule_names; ++kind) {
      Known known;
      std::size_t times = 0;
      std::string message;
      MistakeKind what = MistakeKind::unknown;
      Span span;
      for (std::size_t s = 0; s < sweep_.sites.size(); ++s) {
        Expr tangent = sweep_.sites[s].tangent;
        for (const WrongRule& w : wrong_[s])
          if (static_cast<std::size_t>(w.name) == kind) {
            tangent = w.tangent, message = w.message, what = w.kind, span = g_.span(sweep_.sites[s].node), ++times;
            break;
          }
        known.emplace(sweep_.sites[s].pending, substitute(tangent, known));
      }
      if (times > 1 && found_({what, message + " (and likewise in the other places)", span, answer(known)}))
        return true;
    }
    return false;
  }

  // A value that is used several times, with only one of the uses followed, or one left out.
  bool lost_paths() {
    for (const Shared& shared : sweep_.shared_values())
      for (const bool only : {true, false})
        for (std::size_t k = 0; k < shared.uses.size(); ++k) {
          const std::string value = written(Expr(g_, shared.node)),
                            through = written(Expr(g_, sweep_.sites[shared.uses[k].site].node));
          const std::string message =
              value + " is used " + std::to_string(shared.uses.size()) + " times: " +
              (only ? "only the path through " + through + " is there" : "the path through " + through + " is missing");
          if (found_({MistakeKind::missing_path, message, g_.span(shared.node), followed(shared, k, only)}))
            return true;
        }
    return false;
  }

  // Of a sum of several terms, one alone.
  bool lost_terms() {
    std::unordered_map<NodeId, std::size_t> site_of;
    std::vector<bool> inside(sweep_.sites.size());  // a part of another sum
    for (std::size_t s = 0; s < sweep_.sites.size(); ++s) {
      site_of.emplace(sweep_.sites[s].node, s);
      if (!steps::is_sum(g_[sweep_.sites[s].node].op)) continue;
      for (const Expr& x : sweep_.sites[s].x)
        if (const auto it = site_of.find(x.id); it != site_of.end()) inside[it->second] = true;
    }
    for (std::size_t s = sweep_.sites.size(); s-- > 0;) {
      if (!steps::is_sum(g_[sweep_.sites[s].node].op) || inside[s]) continue;
      Shared terms{sweep_.sites[s].node, {}};
      std::vector<std::size_t> open{s};
      while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (std::size_t j = 0; j < sweep_.sites[at].x.size(); ++j) {
          if (!present(sweep_.sites[at].dx[j])) continue;
          const auto part = site_of.find(sweep_.sites[at].x[j].id);
          if (part != site_of.end() && steps::is_sum(g_[sweep_.sites[at].x[j].id].op))
            open.push_back(part->second);
          else
            terms.uses.push_back({at, j});
        }
      }
      if (terms.uses.size() < 3 || terms.uses.size() > 40) continue;  // of two, each is tried as a rule of the sum
      for (std::size_t k = 0; k < terms.uses.size(); ++k) {
        const Use& use = terms.uses[k];
        const std::string message =
            "the sum has " + std::to_string(terms.uses.size()) + " terms that vary: only that of " +
            written(sweep_.sites[use.site].x[use.argument]) + " is there, the paths through the others are missing";
        if (found_({MistakeKind::missing_path, message, g_.span(terms.node), followed(terms, k, true)})) return true;
      }
    }
    return false;
  }

  Expr followed(const Shared& shared, std::size_t k, bool only) {
    Known known;
    for (std::size_t s = 0; s < sweep_.sites.size(); ++s) {
      std::vector<std::size_t> dropped;
      for (std::size_t u = 0; u < shared.uses.size(); ++u)
        if (shared.uses[u].site == s && (u == k) != only) dropped.push_back(shared.uses[u].argument);
      const Expr tangent = dropped.empty() ? sweep_.sites[s].tangent : sweep_.without(s, dropped);
      known.emplace(sweep_.sites[s].pending, substitute(tangent, known));
    }
    return answer(known);
  }

  bool by_another_variable() {
    for (const Expr& z : q_.others) {
      if (z == q_.x) continue;
      const Expr d = z.shape().scalar()      ? derivative(q_.y, z)
                     : q_.y.shape().scalar() ? gradient(q_.y, z)
                                             : jacobian(q_.y, z);
      if (d.shape() != derivative_.shape()) continue;
      const std::string name = g_.input_of(z.id).name;
      if (found_({MistakeKind::variable,
                  "this is the derivative by " + name + ", not by " + g_.input_of(q_.x.id).name,
                  {},
                  d}))
        return true;
    }
    return false;
  }

  // A' where A belongs, for a matrix that was taken as symmetric.
  bool taken_as_symmetric() {
    for (const NodeId id : g_.reachable(std::span(&derivative_.id, 1))) {
      const Shape s = g_[id].shape;
      if (g_[id].op != Op::input || id == q_.x.id || s.scalar() || s.rows != s.cols) continue;
      const Expr matrix(g_, id), turned = transpose(matrix);
      const std::string message =
          "this takes " + g_.input_of(id).name + " as symmetric: a transpose is missing or too many";
      if (found_({MistakeKind::layout, message, {}, substitute(derivative_, {{turned.id, matrix}})})) return true;
      if (found_({MistakeKind::layout,
                  message,
                  {},
                  substitute(substitute(derivative_, {{turned.id, matrix}}), {{id, turned}})}))
        return true;
    }
    return false;
  }

  bool other_layout() {
    if (taken_as_symmetric()) return true;
    if (derivative_.shape().scalar() || derivative_.shape() != derivative_.shape().transposed()) return false;
    return found_({MistakeKind::layout, "this is the transpose, the other layout", {}, transpose(derivative_)});
  }

  const StudentAnswer& q_;
  Graph& g_;
  Expr derivative_;
  const std::function<bool(const Candidate&)>& found_;
  PendingSweep sweep_;
  Known right_;
  std::vector<std::vector<WrongRule>> wrong_;
};

}  // namespace

bool each_candidate(const StudentAnswer& question, const Expr& derivative,
                    const std::function<bool(const Candidate&)>& found) {
  return Candidates(question, derivative, found).run();
}

}  // namespace wengert::checking
