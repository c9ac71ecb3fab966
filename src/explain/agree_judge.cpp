#include <algorithm>
#include <cmath>

#include "agree_wanted.hpp"
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

constexpr double complex_truncation = 1e-150;  // the square of its step, times what third derivatives there may be
constexpr int rough_bits[] = {40, 52, 54, 51, 43, 37};

class Judge {
 public:
  Judge(Agreement& a, const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals,
        const Reference* reference)
      : agreement_(a), problem_(p), question_(wanted), point_(point), literals_(literals), reference_(reference) {}

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
        if (r.mode == Mode::complex_step && std::fabs(block[i] - t) <= complex_truncation) continue;
        if (within_rounding(k, i, block[i], t)) {
          lost_digits(k, i, block[i], t);
          continue;
        }
        disagree(agreement_, std::string(to_string(r.mode)) + " gives " + shortest(block[i]) + " and " + against + " " +
                                 shortest(t) + place(k, i));
        return;
      }
    }
  }

  // What rounding can do here: the same sweep in 40 bits errs 2^13 times as much as in 53. In one precision it may happen
  // to err not at all, in several it will not; those near 53 see what a large error would hide, such as a softmax
  // that saturates. What cancels exactly in one sweep may not in the other: both are looked at.
  bool within_rounding(std::size_t k, std::size_t i, double x, double truth) {
    if (reference_ == nullptr || !std::isfinite(x) || !std::isfinite(truth)) return false;
    for (std::size_t r = 0; r < std::size(rough_bits); ++r) {
      if (r == rough_.size())
        rough_.push_back(reference_of(problem_, question_, point_, {.bits = rough_bits[r], .as_written = literals_.as_written}));
      const double error = std::fabs((rough_[r].blocks[k][i] - reference_->blocks[k][i]).to_double());
      if (std::fabs(x - truth) <= 256 * std::ldexp(error, rough_bits[r] - 53)) return true;
    }
    return question_.what == Quantity::jacobian && within_rounding_forward(k, i, x, truth);
  }
  bool within_rounding_forward(std::size_t k, std::size_t i, double x, double truth) {
    std::vector<std::vector<double>> direction;
    for (const NodeId w : problem_.wrt) direction.emplace_back((*problem_.graph)[w].shape.size(), 0.0);
    const std::size_t width = direction[k].size();
    direction[k][i % width] = 1;
    for (const int bits : rough_bits) {
      const Reference rough = reference_jvp(problem_, point_, direction, {.bits = bits, .as_written = literals_.as_written});
      const double error = std::fabs((rough.blocks[0][i / width] - reference_->blocks[k][i]).to_double());
      if (std::fabs(x - truth) <= 256 * std::ldexp(error, bits - 53)) return true;
    }
    return false;
  }

  void lost_digits(std::size_t k, std::size_t i, double x, double truth) {
    if (agreement_.verdict == Verdict::agree) agreement_.verdict = Verdict::explained;
    if (said_cancellation_) return;
    said_cancellation_ = true;
    const double relative = truth == 0 ? 1 : std::fabs((x - truth) / truth);
    const int digits = std::max(0, static_cast<int>(-std::log10(std::max(relative, 1e-17))));
    const std::string left = digits == 0 ? "no digit" : std::to_string(digits) + (digits == 1 ? " digit" : " digits");
    agreement_.warnings.push_back(
        {Kind::cancellation,
         "rounding leaves " + left + " of the derivative" + place(k, i) + ": " + shortest(x) + " where it is " +
             shortest(truth),
         {},
         "a subtraction of nearly equal numbers loses them in every mode; --digits 50 computes with more",
         {}});
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

  std::string place(std::size_t k, std::size_t i) const { return place_of(problem_, question_, k, i); }

  Agreement& agreement_;
  const Problem& problem_;
  const Wanted& question_;
  const Point& point_;
  Literals literals_;
  const Reference* reference_;
  std::vector<Reference> rough_;
  bool said_cancellation_ = false;
};

}  // namespace

void disagree(Agreement& a, std::string what) {
  const bool excused = std::any_of(a.warnings.begin(), a.warnings.end(), [](const Diagnostic& d) {
    return d.kind == Kind::kink || d.kind == Kind::strong_zero || d.kind == Kind::domain;
  });
  a.verdict = excused ? (a.verdict == Verdict::differ ? Verdict::differ : Verdict::explained) : Verdict::differ;
  if (a.disagreement.empty()) a.disagreement = std::move(what);
}

void judge(Agreement& a, const Problem& p, const Wanted& wanted, const Point& point, const Literals& literals,
           const Reference* reference) {
  Judge(a, p, wanted, point, literals, reference).judge();
}

}  // namespace wengert::agreeing
