#include "wengert/explain/gradcheck.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "gradcheck_probe.hpp"
#include "wengert/explain/kinks.hpp"
#include "wengert/explain/reference.hpp"
#include "wengert/print/text.hpp"

namespace wengert {

namespace {

using explain::Coordinate;
using explain::in_digits;
using explain::Probe;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double tiny_step = 1e-100;      // of the judge's differences, relative to the coordinate
constexpr double kink_tolerance = 1e-12;  // a point this near to a kink may be on it when computed in doubles

bool agree(double a, double b, double slack) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::fabs(a - b) <= slack;
}

Decimal scaled(Decimal x, int power_of_two) {
  mpfr_mul_2si(x.get(), x.get(), power_of_two, MPFR_RNDN);
  return x;
}

class Checker {
 public:
  Checker(const Problem& p, const Point& point, const std::vector<Block>& supplied, const GradCheckOptions& options)
      : problem_(p), point_(point), options_(options), probe_(p, point), own_(supplied.empty()) {
    for (std::size_t k = 0; k < p.wrt.size(); ++k)
      for (std::size_t e = 0; e < (*p.graph)[p.wrt[k]].shape.size(); ++e) all_.push_back({k, e});
    supplied_ = own_ ? prepare(Mode::reverse, p).jacobian(point).blocks : supplied;
    for (std::size_t k = 0; k < p.wrt.size(); ++k)
      if (k >= supplied_.size() || supplied_[k].size() != probe_.outputs() * width(k)) throw std::invalid_argument("the supplied derivative by " + name(k) + " has another shape");
    allow_for_rounding();
  }

  GradCheck run() {
    GradCheck c;
    const std::vector<Coordinate> chosen = all_.size() <= options_.most_elements ? all_ : suspicious();
    if (!chosen.empty()) {
      if (all_.size() <= options_.most_elements) {
        finite_ = prepare(Mode::finite, problem_).jacobian(point_);
        complex_ = prepare(Mode::complex_step, problem_).jacobian(point_);
      }
      for (const Coordinate& x : chosen) c.inputs.push_back(check(x));
    }
    std::stable_sort(c.inputs.begin(), c.inputs.end(), [](const InputCheck& a, const InputCheck& b) { return badness(a) > badness(b); });
    conclude(c);
    return c;
  }

 private:
  std::size_t width(std::size_t k) const { return (*problem_.graph)[problem_.wrt[k]].shape.size(); }
  const std::string& name(std::size_t k) const { return problem_.graph->input_of(problem_.wrt[k]).name; }
  double entry(const std::vector<Block>& blocks, std::size_t output, const Coordinate& c) const { return blocks[c.input][output * width(c.input) + c.element]; }
  double scale(const Coordinate& c) const { const double x = std::fabs(probe_.coordinate(c)); return x == 0 ? 1 : x; }

  // What rounding alone may do to a right derivative: what it does to the reverse mode's here and at points a rounding away, and what
  // the same sweep in 40 bits, which errs 2^13 times as much as one in 53, tells.
  void allow_for_rounding() {
    const Literals digits{.bits = Decimal::bits_for(50)};
    const Reference fine = reference_at(problem_, point_, digits), rough = reference_at(problem_, point_, {.bits = 40});
    for (std::size_t k = 0; k < fine.blocks.size(); ++k) {
      Block slack;
      for (std::size_t i = 0; i < fine.blocks[k].size(); ++i) {
        const double error = std::fabs((rough.blocks[k][i] - fine.blocks[k][i]).to_double());
        slack.push_back(std::isfinite(error) ? 256 * std::ldexp(error, -13) : 0);
      }
      rounding_.push_back(std::move(slack));
    }
    const Prepared reverse = prepare(Mode::reverse, problem_);
    for (const double away : {0.0, 0x1p-50, -0x1p-49, 0x1p-48}) {
      Point near = point_;
      for (auto& [id, x] : near)
        for (double& v : x) v *= 1 + away;
      const Reference there = away == 0 ? fine : reference_at(problem_, near, digits);
      const Derivative d = reverse.jacobian(near);
      for (std::size_t k = 0; k < rounding_.size(); ++k)
        for (std::size_t i = 0; i < rounding_[k].size(); ++i) {
          const double error = std::fabs((in_digits(d.blocks[k][i]) - there.blocks[k][i]).to_double());
          if (std::isfinite(error)) rounding_[k][i] = std::max(rounding_[k][i], 8 * error);
        }
    }
  }
  double slack(std::size_t output, const Coordinate& c, double truth) const {
    return options_.tolerance * std::fabs(truth) + entry(rounding_, output, c) + std::numeric_limits<double>::min();
  }

  // --- one coordinate

  struct Slopes {
    std::vector<double> left, right, both;
    std::vector<double> error;  // of both: what a smaller step changes, and
    std::vector<double> rounding;  // that of the values
  };
  // A slope far below the value, such as that of exp(-1e4*x^2) + z, drowns in the rounding of the value: then more digits are taken.
  Slopes slopes(const Coordinate& c) {
    const Slopes s = slopes(c, probe_);
    bool seen = true;
    for (std::size_t i = 0; i < probe_.outputs(); ++i) {
      const double size = std::max(std::fabs(s.both[i]), std::fabs(entry(supplied_, i, c)));
      seen = seen && !(s.rounding[i] > options_.tolerance * size && size > 0);
    }
    if (seen) return s;
    if (!finest_) finest_ = std::make_unique<Probe>(problem_, point_, explain::finest_bits);
    return slopes(c, *finest_);
  }
  Slopes slopes(const Coordinate& c, Probe& probe) {
    const Decimal two = in_digits(2), h = in_digits(scale(c)) * in_digits(tiny_step), half = h / two;
    const auto up = probe.values(c, h), down = probe.values(c, -h), up2 = probe.values(c, half), down2 = probe.values(c, -half);
    Slopes s;
    for (std::size_t i = 0; i < probe.outputs(); ++i) {
      const Decimal& f = probe.exactly_here()[i];
      const Decimal wide = (up[i] - down[i]) / (h * two), narrow = (up2[i] - down2[i]) / h;
      s.right.push_back(((up[i] - f) / h).to_double());
      s.left.push_back(((f - down[i]) / h).to_double());
      s.both.push_back(narrow.to_double());
      s.rounding.push_back(std::fabs(scaled(f / h, 12 - probe.bits()).to_double()));
      s.error.push_back(2 * std::fabs((wide - narrow).to_double()) + s.rounding.back());
    }
    return s;
  }

  InputCheck check(const Coordinate& c) {
    const Slopes s = slopes(c);
    InputCheck worst;
    double most = -1;
    for (std::size_t i = 0; i < probe_.outputs(); ++i) {
      InputCheck r = judge(c, i, s);
      if (badness(r) > most) {
        most = badness(r);
        worst = std::move(r);
      }
    }
    measure(worst, c);
    return worst;
  }

  InputCheck judge(const Coordinate& c, std::size_t output, const Slopes& s) {
    InputCheck r;
    r.input = c.input;
    r.element = c.element;
    r.output = output;
    r.name = name(c.input) + (width(c.input) == 1 ? "" : ", element " + std::to_string(c.element + 1));
    r.supplied = entry(supplied_, output, c);
    r.left = s.left[output];
    r.right = s.right[output];
    r.truth = s.both[output];
    const double allowed = slack(output, c, r.truth) + (std::isfinite(s.error[output]) ? s.error[output] : 0);
    const bool smooth = agree(r.left, r.right, 1e-12 * std::max(std::fabs(r.left), std::fabs(r.right)) + allowed);
    if (!std::isfinite(probe_.here()[output]) || isnan(probe_.exactly_here()[output])) {
      r.wrong = Wrong::undefined;
      r.why = "the function has no value here";
    } else if (std::isnan(r.left) != std::isnan(r.right)) {
      // At the edge of the domain the slope of the inner side counts.
      r.truth = std::isnan(r.left) ? r.right : r.left;
      if (std::fabs(r.truth) > 1e12 && (!std::isfinite(r.supplied) || std::fabs(r.supplied) > 1e12)) r.wrong = Wrong::undefined, r.why = "the slope is infinite at the edge of the domain";
      else if (!agree(r.supplied, r.truth, slack(output, c, r.truth))) r.wrong = Wrong::supplied;
    } else if (std::isnan(r.left)) {
      r.wrong = Wrong::undefined;
      r.why = "the function has no values beside the point";
    } else if (std::isfinite(r.supplied) && agree(r.supplied, r.truth, allowed)) {
      r.wrong = !smooth ? Wrong::kink : agree(r.supplied, r.truth, allowed - entry(rounding_, output, c)) ? Wrong::nobody : Wrong::rounding;
    } else if (!smooth || near_kink()) {
      judge_at_kink(r, c, allowed);
    } else {
      r.wrong = Wrong::supplied;
    }
    if (r.wrong == Wrong::kink && r.why.empty())
      r.why = "the point is on a kink: the slopes are " + shortest(r.left) + " and " + shortest(r.right) + ", and the gradient lies between them";
    if (r.wrong == Wrong::rounding)
      r.why = shortest(r.supplied) + " where it is " + shortest(r.truth) + " is no more than rounding does to the right formula here (see stability)";
    if (r.wrong == Wrong::supplied && r.why.empty()) r.why = diagnose(r);
    return r;
  }

  // A jump has no slopes; the conventions give it those of its pieces. A kink that the doubles sit on may be a rounding away in many digits.
  void judge_at_kink(InputCheck& r, const Coordinate& c, double allowed) {
    double low = std::min(r.left, r.right), high = std::max(r.left, r.right);
    const bool jump = std::max(std::fabs(low), std::fabs(high)) > 1e15 * std::max(1.0, std::fabs(probe_.here()[r.output]));
    for (const double step : {1e-10, 1e-8}) {
      const Slopes wide = beside(c, step);
      low = std::min({jump ? wide.left[r.output] : low, wide.left[r.output], wide.right[r.output]});
      high = std::max({jump ? wide.left[r.output] : high, wide.left[r.output], wide.right[r.output]});
    }
    const double more = allowed + 1e-6 * std::max(std::fabs(low), std::fabs(high));
    const bool between = r.supplied >= low - more && r.supplied <= high + more;
    r.left = low;
    r.right = high;
    r.wrong = between ? Wrong::kink : Wrong::supplied;
  }
  // Slopes on both sides, each taken away from the point itself, so that a jump there is not in them.
  Slopes beside(const Coordinate& c, double relative_step) {
    const Decimal h = in_digits(scale(c)) * in_digits(relative_step), two = in_digits(2);
    const auto up = probe_.values(c, h), up2 = probe_.values(c, h * two), down = probe_.values(c, -h), down2 = probe_.values(c, -(h * two));
    Slopes s;
    for (std::size_t i = 0; i < probe_.outputs(); ++i) {
      s.right.push_back(((up2[i] - up[i]) / h).to_double());
      s.left.push_back(((down[i] - down2[i]) / h).to_double());
    }
    return s;
  }
  bool near_kink() {
    if (!near_kink_) near_kink_ = !kinks(problem_, point_, kink_tolerance).empty();
    return *near_kink_;
  }

  // What kind of mistake it looks like.
  static std::string diagnose(const InputCheck& r) {
    const double t = r.truth, s = r.supplied;
    const std::string both = shortest(s) + " where it is " + shortest(t);
    if (!std::isfinite(s)) return both;
    if (agree(s, -t, 1e-6 * std::fabs(t))) return both + ": the sign";
    if (s == 0) return both + ": a path is missing";
    const double factor = s / t;
    if (std::isfinite(factor) && std::fabs(factor - std::round(factor)) < 1e-6 && std::fabs(factor) < 1e4) return both + ": " + shortest(std::round(factor)) + " times too large";
    if (std::isfinite(1 / factor) && std::fabs(1 / factor - std::round(1 / factor)) < 1e-6 && std::fabs(factor) > 1e-4) return both + ": a factor " + shortest(std::round(1 / factor)) + " is missing";
    return both;
  }

  // --- what double precision sees

  void measure(InputCheck& r, const Coordinate& c) {
    const double size = scale(c);
    const std::size_t i = r.output;
    for (int k = -3; k <= 3; ++k) {
      const double x = probe_.coordinate(c), h = (x + size * 1e-7 * k) - x;
      const double error = std::fabs((in_digits(probe_.values(c, h)[i]) - probe_.values(c, in_digits(h))[i]).to_double());
      if (std::isfinite(error)) r.noise = std::max(r.noise, error);
    }
    r.noise = std::max(r.noise, epsilon / 2 * std::fabs(probe_.here()[i]));
    // The third derivative, by differences in many digits, gives the step where truncation meets noise.
    const Decimal h = in_digits(size) * in_digits(1e-6), two = in_digits(2);
    const auto a = probe_.values(c, h * two), b = probe_.values(c, h), d = probe_.values(c, -h), e = probe_.values(c, -(h * two));
    const double third = std::fabs(((a[i] - two * b[i] + two * d[i] - e[i]) / (two * h * h * h)).to_double());
    r.best_h = third > 0 && std::isfinite(third) ? std::clamp(std::cbrt(3 * r.noise / third), 1e-15 * size, size) : 1e-2 * size;
    if (!finite_.blocks.empty()) {
      r.finite = entry(finite_.blocks, i, c);
      r.estimate = entry(finite_.estimates, i, c);
      if (complex_.unavailable.empty()) r.complex_step = entry(complex_.blocks, i, c);
      if (r.wrong == Wrong::nobody && !agree(r.finite, r.truth, 100 * r.estimate + 1e-6 * std::fabs(r.truth) + slack(i, c, r.truth))) {
        r.wrong = Wrong::numeric;
        r.why = "finite differences give " + shortest(r.finite) + " and do not see it: the function changes on a scale below their steps";
      } else if (r.wrong == Wrong::nobody && r.estimate > 1e-3 * std::fabs(r.truth) && r.truth != 0) {
        r.wrong = Wrong::numeric;
        r.why = "the noise of the values, " + shortest(r.noise) + ", hides it from finite differences";
      }
    }
    r.slope = taylor_slope(r, c);
  }

  // |f(x+h) - f(x) - h g| for falling h: 2 in the logarithms where g is right, 1 where it is wrong.
  std::optional<double> taylor_slope(const InputCheck& r, const Coordinate& c) {
    if (!std::isfinite(r.supplied)) return {};
    const Decimal g = in_digits(r.supplied), size = in_digits(scale(c));
    std::vector<double> x, y;
    for (int k = 4; k <= 9; ++k) {
      const Decimal h = size * in_digits(std::pow(10.0, -k));
      const Decimal up = (probe_.values(c, h)[r.output] - probe_.exactly_here()[r.output]) - h * g;
      const double remainder = std::fabs(up.to_double()), linear = std::fabs((h * g).to_double());
      // What the rounding of g itself leaves is no remainder of the function's.
      if (!std::isfinite(remainder) || remainder <= 64 * epsilon * linear + std::fabs(h.to_double()) * entry(rounding_, r.output, c)) continue;
      x.push_back(std::log10(h.to_double()));
      y.push_back(std::log10(remainder));
    }
    if (x.size() < 2) return {};
    double mx = 0, my = 0, xy = 0, xx = 0;
    for (std::size_t k = 0; k < x.size(); ++k) mx += x[k] / static_cast<double>(x.size()), my += y[k] / static_cast<double>(x.size());
    for (std::size_t k = 0; k < x.size(); ++k) xy += (x[k] - mx) * (y[k] - my), xx += (x[k] - mx) * (x[k] - mx);
    return xy / xx;
  }

  std::vector<CurvePoint> curve_of(const InputCheck& r) {
    const Coordinate c{r.input, r.element};
    std::vector<CurvePoint> curve;
    const double x = probe_.coordinate(c), unit = r.truth == 0 ? 1 : std::fabs(r.truth);
    for (int k = 0; k <= 32; ++k) {
      const double h = (x + scale(c) * std::pow(10.0, -0.5 * k)) - x;
      if (h == 0) break;
      const double up = probe_.values(c, h)[r.output], down = probe_.values(c, -h)[r.output], f = probe_.here()[r.output];
      curve.push_back({h, std::fabs((up - f) / h - r.truth) / unit, std::fabs((up - down) / (2 * h) - r.truth) / unit});
    }
    return curve;
  }

  // --- many elements: groups whose derivative along a direction is wrong are halved

  std::vector<Coordinate> suspicious() {
    std::vector<Coordinate> wrong;
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, all_.size()}};
    while (!open.empty() && wrong.size() < 8) {
      const auto [from, until] = open.back();
      open.pop_back();
      if (!group_is_wrong(from, until)) continue;
      if (until - from == 1) wrong.push_back(all_[from]);
      else open.insert(open.end(), {{(from + until) / 2, until}, {from, (from + until) / 2}});
    }
    return wrong.empty() ? std::vector<Coordinate>{all_[0]} : wrong;
  }

  bool group_is_wrong(std::size_t from, std::size_t until) {
    const std::vector<Coordinate> group(all_.begin() + static_cast<std::ptrdiff_t>(from), all_.begin() + static_cast<std::ptrdiff_t>(until));
    std::vector<double> direction;
    std::uint64_t state = from * 2654435761u + until;
    for (const Coordinate& c : group) {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      direction.push_back(scale(c) * (1 + static_cast<double>(state >> 40) * 0x1p-24) * ((state >> 33) % 2 == 0 ? 1 : -1));
    }
    const Decimal h = in_digits(tiny_step);
    const auto up = probe_.values(group, direction, h), down = probe_.values(group, direction, -h);
    for (std::size_t i = 0; i < probe_.outputs(); ++i) {
      Decimal sum = in_digits(0);
      double allowed = 0;
      for (std::size_t k = 0; k < group.size(); ++k) {
        const double g = entry(supplied_, i, group[k]);
        if (!std::isfinite(g)) return true;
        sum += in_digits(g) * in_digits(direction[k]);
        allowed += std::fabs(direction[k]) * (1e-12 * std::fabs(g) + entry(rounding_, i, group[k]));
      }
      const Decimal slope = (up[i] - down[i]) / (h * in_digits(2));
      if (!(std::fabs((slope - sum).to_double()) <= allowed + 1e-25 * std::fabs(slope.to_double()))) return true;
    }
    return false;
  }

  // --- the verdict

  static double badness(const InputCheck& r) {
    const double relative = std::isfinite(r.supplied) ? std::min(1e6, std::fabs(r.supplied - r.truth) / std::max(std::fabs(r.truth), 1e-300)) : 1e6;
    const double kind = r.wrong == Wrong::supplied ? 4 : r.wrong == Wrong::undefined ? 3 : r.wrong == Wrong::kink ? 2 : r.wrong == Wrong::rounding ? 1.5 : r.wrong == Wrong::numeric ? 1 : 0;
    return 1e7 * kind + relative;
  }

  void conclude(GradCheck& c) {
    if (c.inputs.empty()) {
      c.verdict = "there is nothing to differentiate by";
      return;
    }
    const InputCheck& worst = c.inputs[0];
    c.curve = curve_of(worst);
    c.wrong = worst.wrong;
    c.right = worst.wrong != Wrong::supplied;
    if (worst.wrong != Wrong::nobody) c.culprit = worst.name;
    const std::string whose = own_ ? "the derivative by " : "the supplied derivative by ";
    switch (worst.wrong) {
      case Wrong::nobody: c.verdict = std::string(own_ ? "the gradient" : "the supplied gradient") + " is right, and finite differences agree"; break;
      case Wrong::supplied: c.verdict = whose + worst.name + " is wrong: " + worst.why; break;
      case Wrong::numeric: c.verdict = whose + worst.name + " is right; finite differences are not: " + worst.why; break;
      case Wrong::kink: c.verdict = whose + worst.name + " holds by convention: " + worst.why; break;
      case Wrong::rounding: c.verdict = whose + worst.name + " cannot be told from the right one: " + worst.why; break;
      case Wrong::undefined: c.verdict = whose + worst.name + " cannot be checked: " + worst.why; break;
    }
  }

  const Problem& problem_;
  const Point& point_;
  const GradCheckOptions& options_;
  Probe probe_;
  std::unique_ptr<Probe> finest_;
  bool own_;
  std::vector<Coordinate> all_;
  std::vector<Block> supplied_, rounding_;
  Derivative finite_, complex_;
  std::optional<bool> near_kink_;
};

}  // namespace

GradCheck gradcheck(const Problem& problem, const Point& point, const std::vector<Block>& supplied, const GradCheckOptions& options) {
  return Checker(problem, point, supplied, options).run();
}

}  // namespace wengert
