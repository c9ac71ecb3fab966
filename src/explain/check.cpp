#include "wengert/explain/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "check_mistakes.hpp"
#include "check_samples.hpp"
#include "wengert/explain/drawing.hpp"
#include "wengert/print/text.hpp"
#include "wengert/rewrite/simplify.hpp"
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"

namespace wengert {

namespace {

using checking::Candidate;
using checking::Compared;

constexpr std::size_t sample_count = 12;
constexpr std::size_t most_nodes = 2000;
constexpr std::size_t most_numbers = 24;  // of a point that is told

Expr derivative_of(const Expr& y, const Expr& x) {
  if (x.shape().scalar()) return derivative(y, x, Form::shown);
  return y.shape().scalar() ? gradient(y, x, Form::shown) : jacobian(y, x, Form::shown);
}

bool is_zero(const Expr& e) {
  const Graph& g = *e.graph;
  const NodeId id = e.node().op == op_of<Broadcast> ? g.arguments(e.id)[0] : e.id;
  return g.is_constant(id, 0);
}

// A constant answer for an array says the same of every element.
Expr fitted(const Expr& answer, Shape shape) { return answer.shape().scalar() ? broadcast(answer, shape) : answer; }

class Checker {
 public:
  explicit Checker(const StudentAnswer& q) : q_(q), g_(*q.y.graph) {}

  Result<Checked> run() {
    if (g_.reachable(std::span(&q_.y.id, 1)).size() > most_nodes)
      return Diagnostic{.kind = Kind::limit,
                        .message = "the expression has too many operations to look for a mistake in"};
    const Expr truth = derivative_of(q_.y, q_.x);
    out_.derivative = simplify(truth);
    if (q_.answer.shape() != out_.derivative.shape() && !q_.answer.shape().scalar()) return wrong_shape();
    answer_ = fitted(q_.answer, out_.derivative.shape());
    if (is_zero(simplify(out_.derivative - answer_)) || simplify(answer_) == out_.derivative) {
      out_.right = true;
      return std::move(out_);
    }
    // The accurate form of the derivative: its values are compared.
    stable_ = stable_form();
    const std::array both{stable_, answer_};
    points_ = checking::common_points(both, q_.point, sample_count);
    if (points_.empty())
      return Diagnostic{.kind = Kind::domain,
                        .message = "no point was found at which both the derivative and the answer have a value"};
    out_.decided = Checked::Decided::sampling;
    out_.points = points_.size();
    for (const Point& at : points_)
      if (checking::compare(stable_, answer_, at) == Compared::different) {
        tell_point(at);
        name_mistake();
        return std::move(out_);
      }
    out_.right = true;
    return std::move(out_);
  }

 private:
  Expr stable_form() const {
    if (q_.x.shape().scalar()) return derivative(q_.y, q_.x);
    return q_.y.shape().scalar() ? gradient(q_.y, q_.x) : jacobian(q_.y, q_.x);
  }

  Result<Checked> wrong_shape() {
    const Shape is = q_.answer.shape(), right = out_.derivative.shape();
    if (is != right.transposed()) {
      out_.mistake = {
          MistakeKind::unknown, "the answer is " + to_string(is) + ", the derivative is " + to_string(right), {}};
      return std::move(out_);
    }
    answer_ = transpose(q_.answer);
    stable_ = stable_form();
    const std::array both{stable_, answer_};
    points_ = checking::common_points(both, q_.point, sample_count);
    out_.decided = Checked::Decided::sampling;
    out_.points = points_.size();
    const bool transposed = !points_.empty() && std::all_of(points_.begin(), points_.end(), [&](const Point& at) {
      return checking::compare(stable_, answer_, at) == Compared::equal;
    });
    const std::string shapes = "the answer is " + to_string(is) + ", the derivative is " + to_string(right);
    if (transposed) {
      out_.mistake = {MistakeKind::layout, shapes + ": it is the transpose, the other layout", {}};
    } else {
      if (!points_.empty()) tell_point(points_[0]);
      name_mistake();
      out_.mistake.message += "; and " + shapes;
    }
    return std::move(out_);
  }

  void tell_point(const Point& at) {
    const auto right = checking::value_of(stable_, at), mine = checking::value_of(answer_, at);
    if (!right || !mine) return;
    std::size_t e = 0;
    while (e + 1 < right->size() && checking::near({(*right)[e]}, {(*mine)[e]})) ++e;
    out_.expected = (*right)[e].to_double();
    out_.answered = (*mine)[e].to_double();
    out_.element = element_name("", stable_.shape(), e);
    std::vector<NodeId> inputs;
    std::size_t numbers = 0;
    for (const auto& [id, values] : at) inputs.push_back(id), numbers += values.size();
    if (numbers > most_numbers) return;
    std::sort(inputs.begin(), inputs.end());
    for (const NodeId id : inputs)
      for (std::size_t k = 0; k < at.at(id).size(); ++k)
        out_.at.emplace_back(element_name(g_.input_of(id).name, g_[id].shape, k), at.at(id)[k]);
  }

  void name_mistake() {
    const bool named = checking::each_candidate(q_, out_.derivative, [&](const Candidate& c) {
      if (!is_answer(c.answer)) return false;
      out_.mistake = {c.kind, c.message, c.span};
      return true;
    });
    if (!named) out_.mistake = {MistakeKind::unknown, unknown_message(), {}};
  }

  // At every point where both have a value, and at two points at least.
  bool is_answer(const Expr& candidate) {
    if (!present(candidate) || (candidate.shape() != answer_.shape() && !candidate.shape().scalar())) return false;
    const Expr c = fitted(candidate, answer_.shape());
    std::size_t equal = 0;
    for (std::size_t k = 0; k < points_.size(); ++k) {
      if (k >= mine_.size()) mine_.push_back(checking::value_of(answer_, points_[k]));
      const auto other = checking::value_of(c, points_[k]);
      if (!other || !mine_[k]) continue;
      if (!checking::near(*other, *mine_[k])) return false;
      ++equal;
    }
    return equal >= std::min<std::size_t>(2, points_.size());
  }

  // What the answer and the derivative have to do with each other, at all points alike.
  std::string unknown_message() {
    Relation by_difference, by_ratio;
    double furthest = 0;
    for (std::size_t k = 0; k < points_.size(); ++k) {
      const auto right = checking::value_of(stable_, points_[k]), mine = checking::value_of(answer_, points_[k]);
      if (!right || !mine || right->size() != mine->size()) continue;
      for (std::size_t e = 0; e < right->size(); ++e) {
        const Decimal &r = (*right)[e], &m = (*mine)[e];
        const double scale = std::max(std::fabs(r.to_double()), std::fabs(m.to_double()));
        if (scale > 0) furthest = std::max(furthest, std::fabs((m - r).to_double()) / scale);
        by_difference.meet(m - r);
        if (r.to_double() != 0 || m.to_double() != 0) by_ratio.meet(m / r);
      }
    }
    if (furthest > 0 && furthest < 1e-2) return "it is close: is a constant rounded?";
    if (by_ratio.constant()) return "it is " + by_ratio.text() + " times the derivative";
    if (by_difference.constant())
      return "it is the derivative " + std::string(by_difference.number() < 0 ? "minus " : "plus ") +
             by_difference.magnitude();
    return "it is not the derivative, and no known mistake gives it";
  }

  // Whether numbers are all the same.
  class Relation {
   public:
    void meet(const Decimal& x) {
      ++met_;
      if (!first_)
        first_ = x;
      else if (std::fabs((x - *first_).to_double()) > 1e-30 * std::fabs(first_->to_double()))
        same_ = false;
    }
    // Of few values everything looks constant.
    bool constant() const { return same_ && met_ >= 3 && std::isfinite(number()) && number() != 0; }
    double number() const { return first_->to_double(); }
    std::string text() const { return brief(number()); }
    std::string magnitude() const { return brief(std::fabs(number())); }

   private:
    std::optional<Decimal> first_;
    std::size_t met_ = 0;
    bool same_ = true;
  };

  const StudentAnswer& q_;
  Graph& g_;
  Expr answer_, stable_;
  std::vector<Point> points_;
  std::vector<std::optional<std::vector<Decimal>>> mine_;  // the answer's values at the points
  Checked out_;
};

}  // namespace

std::string_view to_string(MistakeKind kind) {
  static constexpr std::array<std::string_view, 10> names{"inner-factor",         "sign",   "product",  "quotient",
                                                          "power-of-exponential", "power",  "variable", "layout",
                                                          "missing-path",         "unknown"};
  return names[static_cast<std::size_t>(kind)];
}

Result<Checked> check_answer(const StudentAnswer& question) { return Checker(question).run(); }

}  // namespace wengert
