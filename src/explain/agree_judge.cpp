#include <algorithm>
#include <cmath>

#include "agree_wanted.hpp"
#include "rounding_modes.hpp"
#include "wengert/explain/rounding.hpp"
#include "wengert/print/text.hpp"

namespace wengert::agreeing {

namespace {

double largest(const Block& block) {
  double m = 0;
  for (const double x : block)
    if (std::isfinite(x)) m = std::max(m, std::fabs(x));
  return m;
}

bool close(double x, double y, double scale) {
  if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && std::isnan(y);
  if (x == y) return true;
  return std::fabs(x - y) <= close_relative * std::max(std::fabs(x), std::fabs(y)) + close_to_largest * scale;
}

bool computed(const ModeReport& r) {
  return !r.skipped_seconds && r.derivative.unavailable.empty() && !r.derivative.blocks.empty();
}

constexpr double orders = RoundingBounds::orders;

// Whether a reader was told that something is special about this point.
bool told_of_the_point(const Agreement& a) {
  return std::any_of(a.warnings.begin(), a.warnings.end(), [](const Diagnostic& d) {
    return d.kind == Kind::kink || d.kind == Kind::strong_zero || d.kind == Kind::domain || d.kind == Kind::singular;
  });
}

class Judge {
 public:
  Judge(Agreement& a, const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals,
        const Reference* reference)
      : agreement_(a), problem_(p), question_(wanted), point_(point), bits_(literals.bits), reference_(reference) {}

  // Every pair of exact modes, and the differences within their own estimate.
  void judge() {
    const ModeReport* first = nullptr;
    for (const ModeReport& r : agreement_.modes) {
      if (!computed(r) || r.mode == Mode::finite) continue;
      if (first == nullptr) first = &r;
      compare_blocks(r, *first);
    }
    for (const ModeReport& r : agreement_.modes)
      if (computed(r) && r.mode == Mode::finite) judge_finite(r, first);
  }

 private:
  void compare_blocks(const ModeReport& r, const ModeReport& first) {
    const auto truth = [&](std::size_t k, std::size_t i) {
      return reference_ != nullptr ? reference_->blocks[k][i].to_double() : first.derivative.blocks[k][i];
    };
    const std::string against = reference_ != nullptr ? "50 digits" : std::string(to_string(first.mode));
    for (std::size_t k = 0; k < r.derivative.blocks.size(); ++k) {
      const Block& block = r.derivative.blocks[k];
      const double scale = largest(block);
      for (std::size_t i = 0; i < block.size(); ++i) {
        const double t = truth(k, i);
        if (close(block[i], t, scale)) continue;
        // The complex step adds real and imaginary parts of what is no number.
        if (r.mode == Mode::complex_step && std::isnan(block[i]) && value_undefined()) continue;
        if (within_rounding(k, i, block[i], t) || (r.mode == Mode::cross && within_cross(k, i, block[i], t))) {
          lost_digits(k, i, block[i], t);
          continue;
        }
        if (r.mode == Mode::complex_step && within_complex_step(k, i, block[i], t)) {
          lost_by_step(k, i, block[i], t);
          continue;
        }
        if (by_order(r.mode, k, i, block[i], t)) {
          if (agreement_.verdict == Verdict::agree) agreement_.verdict = Verdict::explained;
          continue;
        }
        disagree(agreement_, r.mode,
                 std::string(to_string(r.mode)) + " gives " + shortest(block[i]) + " and " + against + " " +
                     shortest(t) + place(k, i));
        return;
      }
    }
  }

  bool value_undefined() const {
    return std::any_of(agreement_.value.begin(), agreement_.value.end(), [](double y) { return !std::isfinite(y); });
  }
  // Whether rounding explains the difference: the bound is infinite where it decides if there is a number at all.
  bool within_rounding(std::size_t k, std::size_t i, double x, double truth) {
    const double bound = rounding().of(k, i).bound;
    return std::isinf(bound) || std::fabs(x - truth) <= orders * bound;
  }
  bool within_cross(std::size_t k, std::size_t i, double x, double truth) {
    const double bound = eliminated().of(k, i);
    return std::isinf(bound) || std::fabs(x - truth) <= orders * bound;
  }
  bool within_complex_step(std::size_t k, std::size_t i, double x, double truth) {
    if (!complex_) complex_.emplace(problem_, question_, point_);
    const double bound = complex_->of(k, i);
    return std::isinf(bound) || std::fabs(x - truth) <= orders * bound;
  }
  // Where something on the way is no number, the sweeps' orders may differ: infinities of several paths cancel in one
  // of them, an exact 0 annihilates them in the other. Each mode must still give what one of the sweeps gives, and an
  // elimination what its own order leads to.
  bool by_order(Mode mode, std::size_t k, std::size_t i, double x, double truth) {
    const RoundingBounds::Bound ways = rounding().of(k, i);
    const bool told = told_of_the_point(agreement_) || given_no_number();
    const auto same = [&](double way) {
      return std::isnan(x) ? std::isnan(way) : close(x, way, 0) || std::fabs(x - way) <= orders * ways.bound;
    };
    if (!(std::isfinite(x) && std::isfinite(truth))) {
      if (mode == Mode::cross) return told && same(eliminated().value(k, i));
      if (question_.what == Quantity::hessian) return told;  // its sweeps have more than these two orders
    }
    if (std::isfinite(ways.forward) && std::isfinite(ways.reverse)) return false;
    return told && (same(ways.forward) || same(ways.reverse));
  }
  // An input that is no number itself needs no warning.
  bool given_no_number() const {
    for (const NodeId id : problem_.graph->reachable({&problem_.output, 1}))
      if (const auto it = point_.find(id); it != point_.end())
        for (const double x : it->second)
          if (!std::isfinite(x)) return true;
    return false;
  }
  const CrossBounds& eliminated() {
    if (!cross_) cross_.emplace(problem_, question_, point_);
    return *cross_;
  }
  RoundingBounds& rounding() {
    if (!rounding_) rounding_.emplace(problem_, question_, point_);
    return *rounding_;
  }

  void lost_digits(std::size_t k, std::size_t i, double x, double truth) {
    if (agreement_.verdict == Verdict::agree) agreement_.verdict = Verdict::explained;
    if (said_cancellation_) return;
    said_cancellation_ = true;
    if (std::isinf(rounding().of(k, i).bound))
      agreement_.warnings.push_back(lost_altogether(k, i, x, truth));
    else
      agreement_.warnings.push_back(
          {Kind::cancellation,
           "rounding leaves " + digits_left(x, truth) + " of the derivative" + place(k, i) + ": " + shortest(x) +
               " where it is " + shortest(truth),
           {},
           "a subtraction of nearly equal numbers loses them in every mode; --digits 50 computes with more",
           {}});
  }

  void lost_by_step(std::size_t k, std::size_t i, double x, double truth) {
    if (agreement_.verdict == Verdict::agree) agreement_.verdict = Verdict::explained;
    if (said_step_) return;
    said_step_ = true;
    agreement_.warnings.push_back(
        {Kind::note,
         "the complex step leaves " + digits_left(x, truth) + " of the derivative" + place(k, i) + ": " + shortest(x) +
             " where it is " + shortest(truth),
         {},
         "numbers on the way are so large or so small that its step is rounded; see the other modes",
         {}});
  }

  static std::string digits_left(double x, double truth) {
    const bool comparable = truth != 0 && std::isfinite(truth) && std::isfinite(x);
    const double relative = comparable ? std::fabs((x - truth) / truth) : 1;
    const int digits = std::max(0, static_cast<int>(-std::log10(std::max(relative, 1e-17))));
    return digits == 0 ? "no digit" : std::to_string(digits) + (digits == 1 ? " digit" : " digits");
  }

  Diagnostic lost_altogether(std::size_t k, std::size_t i, double x, double truth) {
    const std::string difference =
        "the derivative" + place(k, i) + " is " + shortest(x) + " in doubles where it is " + shortest(truth);
    const auto at = rounding().where();
    if (at && at->overflow)
      return {Kind::cancellation,
              "overflow: " + at->operation + " is too large for a double; " + difference,
              at->span,
              "doubles end at 1.8e308; --digits 50 computes without an end",
              {}};
    return {
        Kind::cancellation,
        "rounding decides " +
            (at ? "whether " + at->operation + (at->in_derivative ? " has a derivative here" : " is a number here")
                : std::string("this derivative")) +
            "; " + difference,
        at ? at->span : Span{},
        "an argument is as near to the edge of what is defined as rounding moves it; --digits 50 computes with more",
        {}};
  }

  void judge_finite(const ModeReport& r, const ModeReport* exact) {
    for (std::size_t k = 0; k < r.derivative.blocks.size(); ++k)
      for (std::size_t i = 0; i < r.derivative.blocks[k].size(); ++i) {
        const double x = r.derivative.blocks[k][i], estimate = r.derivative.estimates[k][i];
        double truth = 0;
        if (exact != nullptr)
          truth = exact->derivative.blocks[k][i];
        else if (reference_ != nullptr)
          truth = reference_->blocks[k][i].to_double();
        else
          return;
        if (close(x, truth, 0) || std::fabs(x - truth) <= 100 * estimate + 1e-7 * std::fabs(truth)) continue;
        if (const auto slope = slope_by_values(k, i);
            slope && !within_rounding(k, i, *slope, truth) && !close(*slope, truth, 0)) {
          disagree(agreement_, r.mode,
                   "the values rise by " + shortest(*slope) + place(k, i) +
                       " in many digits, and the exact modes give " + shortest(truth));
          return;
        }
        if (agreement_.verdict == Verdict::agree) agreement_.verdict = Verdict::explained;
        if (!agreement_.warnings.empty()) return;
        agreement_.warnings.push_back({Kind::note,
                                       "finite differences do not resolve the derivative" + place(k, i) + " (" +
                                           shortest(x) + ", the other modes " + shortest(truth) + "): " +
                                           (std::isnan(x) ? "a step away the function has no value"
                                                          : "the function changes on a scale below their steps"),
                                       {},
                                       "see the other modes; or change the point a little",
                                       {}});
        return;
      }
  }

  // What no rule has a part in: a difference of values over a step that neither rounding nor curvature shows in.
  std::optional<double> slope_by_values(std::size_t k, std::size_t i) const {
    if (question_.what != Quantity::jacobian) return std::nullopt;
    const std::size_t size = (*problem_.graph)[problem_.wrt[k]].shape.size();
    return reference_slope(problem_, point_, k, i % size, i / size, bits_);
  }

  std::string place(std::size_t k, std::size_t i) const { return place_of(problem_, question_, k, i); }

  Agreement& agreement_;
  const Problem& problem_;
  const Wanted& question_;
  const Point& point_;
  int bits_;
  const Reference* reference_;
  std::optional<RoundingBounds> rounding_;
  std::optional<CrossBounds> cross_;
  std::optional<ComplexStepBounds> complex_;
  bool said_cancellation_ = false, said_step_ = false;
};

}  // namespace

// The sweeps share their conventions; what goes by values alone sees a kink, a strong zero, the edge of a domain
// otherwise.
void disagree(Agreement& a, Mode mode, std::string what) {
  if ((mode == Mode::finite || mode == Mode::complex_step) && told_of_the_point(a)) {
    if (a.verdict == Verdict::agree) a.verdict = Verdict::explained;
  } else {
    a.verdict = Verdict::differ;
  }
  if (a.disagreement.empty()) a.disagreement = std::move(what);
}

void judge(Agreement& a, const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals,
           const Reference* reference) {
  Judge(a, p, wanted, point, literals, reference).judge();
}

}  // namespace wengert::agreeing
