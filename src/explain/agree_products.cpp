// A mode that the budget leaves out is tried on a few products instead: w'Jv takes one of its sweeps,
// and another mode's sweep in the other direction gives the same number.
#include <algorithm>
#include <cmath>
#include <random>

#include "agree_wanted.hpp"
#include "wengert/explain/rounding.hpp"
#include "wengert/print/text.hpp"

namespace wengert::agreeing {

namespace {

using Directions = std::vector<std::vector<double>>;
constexpr int pairs = 3;

double dot(const std::vector<double>& a, const std::vector<double>& b, double* size = nullptr) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
    if (size != nullptr) *size += std::fabs(a[i] * b[i]);
  }
  return sum;
}

struct Pair {
  Directions v;
  std::vector<double> w;
};

Pair random_pair(const Problem& p, std::mt19937_64& random) {
  const auto draw = [&](std::size_t n) {
    std::vector<double> x(n);
    // 53 bits in [-1, 1): the same numbers with every standard library.
    for (double& e : x) e = std::ldexp(static_cast<double>(random() >> 11), -52) - 1;
    return x;
  };
  Pair pair;
  for (const NodeId w : p.wrt) pair.v.push_back(draw((*p.graph)[w].shape.size()));
  pair.w = draw(p.outputs());
  return pair;
}

struct Product {
  double value = 0;
  double size = 0;   // the sum of its terms' magnitudes, to judge rounding by
  double error = 0;  // finite differences' own estimate
};

Quantity way_of(Mode mode) { return mode == Mode::reverse ? Quantity::vjp : Quantity::jvp; }

Product product(const Prepared& f, const Pair& pair, const Point& point) {
  Product r;
  if (way_of(f.mode()) == Quantity::vjp) {
    const Directions adjoints = f.vjp(point, pair.w);
    for (std::size_t k = 0; k < adjoints.size(); ++k) r.value += dot(adjoints[k], pair.v[k], &r.size);
    return r;
  }
  std::vector<double> estimates;
  r.value = dot(f.jvp(point, pair.v, &estimates), pair.w, &r.size);
  for (std::size_t i = 0; i < estimates.size(); ++i) r.error += std::fabs(pair.w[i]) * estimates[i];
  return r;
}

}  // namespace

void compare_products(Agreement& a, const Problem& p, const Point& point, const AgreementOptions& options,
                      const Tape& tape, double value_work) {
  for (ModeReport& report : a.modes) {
    if (!report.skipped_seconds) continue;
    const Mode other = report.mode == Mode::reverse ? Mode::forward : Mode::reverse;
    if (!predict(report.mode, p, way_of(report.mode), tape, pairs * value_work).within(options)) continue;
    if (!predict(other, p, way_of(other), tape, pairs * value_work).within(options)) continue;
    const Prepared f = prepare(report.mode, p), witness = prepare(other, p);
    if (!f.unavailable().empty()) {
      report.derivative.unavailable = f.unavailable();
      continue;
    }
    std::mt19937_64 random(1);
    report.product_error = 0;
    for (int i = 0; i < pairs; ++i) {
      const Pair pair = random_pair(p, random);
      const Product mine = product(f, pair, point), theirs = product(witness, pair, point);
      const bool both_nan = std::isnan(mine.value) && std::isnan(theirs.value);
      if (both_nan || mine.value == theirs.value) continue;
      const double size = std::max(mine.size, theirs.size), difference = std::fabs(mine.value - theirs.value);
      report.product_error = std::max(*report.product_error, difference / size);
      const bool finite = report.mode == Mode::finite;
      if (difference <= close_relative * size + (finite ? 100 * mine.error + 1e-7 * size : 0)) continue;
      if (!finite && difference <= product_rounding(p, point, pair.v, pair.w)) continue;
      if (finite) {
        if (a.verdict == Verdict::agree) a.verdict = Verdict::explained;
        if (report.note.empty()) report.note = "the function changes on a scale below the steps of finite differences";
        continue;
      }
      disagree(a, report.mode,
               std::string(to_string(report.mode)) + " gives " + shortest(mine.value) +
                   " for a random product w'Jv and " + std::string(to_string(other)) + " " + shortest(theirs.value));
    }
  }
}

}  // namespace wengert::agreeing
